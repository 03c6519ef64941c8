"""The reader is quick with what is right and careful with the rest: it refuses what a careful reader refuses, in the same words."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aboveline.case import CaseRecord, Rejected, read_record
from aboveline.case.loading import _RepeatedKeyError

FIXTURES = Path(__file__).parents[2] / "fixtures"
LINES = [
    line
    for path in sorted(FIXTURES.glob("*/cases.jsonl"))
    for line in path.read_bytes().splitlines()
    if line.strip() and len(line) < 14_000
]
SMALL = json.dumps(
    {
        "case": "A-1",
        "check": [{"agency": "police", "made_on": "2013-03-04"}],
        "judgement": [
            {
                "question": "AS-01",
                "answer": "sufficient",
                "made_on": "2013-12-01",
                "assessor": "QA-1",
                "reason": 'he said: "no": so : be it',
            }
        ],
    }
).encode()


def keys_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object, having looked at each of its keys."""
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise _RepeatedKeyError
    return dict(pairs)


def careful(text: bytes) -> CaseRecord | None:
    """Read a record with every check there is, in turn."""
    try:
        json.loads(text, object_pairs_hook=keys_once)
        return CaseRecord.model_validate_json(text)
    except (ValidationError, ValueError, RecursionError):
        return None


def same(text: bytes) -> bool:
    """Tell whether a line was read, having held the reader to the careful one."""
    read = read_record(text, "here", 1)
    expected = careful(text)
    if expected is None:
        assert isinstance(read, Rejected), text
        assert read.problems
    else:
        assert isinstance(read, CaseRecord), text
        assert (expected, expected.model_fields_set) == (read, read.model_fields_set)
    return expected is not None


def test_every_fixture_is_read_the_same() -> None:
    """All records of the fixtures are read as the careful reader reads them."""
    assert all(same(line) for line in LINES)
    assert len(LINES) > 100


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        (b'{"case": "A-1"}', True),
        (b'{"case" : "A-1"}', True),
        (b'{"case"\t:\t"A-1", "check": []}', True),
        (b'{"case": "A-1", "case": "A-1"}', False),
        (b'{"case" : "A-1", "case": "A-1"}', False),
        (b'{"case"\r: "A-1", "case": "A-1"}', False),
        (b'{"case": "A-1", "\\u0063ase": "A-1"}', False),
        (b'{"case": "A-1", "check": [{"agency": "police", "agency" : "police"}]}', False),
        (b'{"case": "A-1", "person": {"gender": null, "gender": null}}', False),
        (b'{"case": "A-1", "area": {"ldu": "\\":", "ldu": ":"}}', False),
        (b'{"case": "A-1", "area": {"ldu": ":", "team": "\\":\\":"}}', True),
        (b'{"case": "A-1", "area": {"ldu": "a\\nb"}}', True),
        (b'{"case": "A-1", "area": {"ldu": "a\nb"}}', False),
        (b'{"case": "A-1", "area": {"ldu": "\xff"}}', False),
        (b'{"case": "A-1", "area": {"ldu": "\\ud800"}}', False),
        ('{"case": "A-1"}'.encode("utf-16"), False),
        (b'{"case": "A-1", "tier": [{"level": 2.0, "assigned_on": "2013-01-01"}]}', False),
        (b'{"case": "A-1", "tier": [{"level": NaN, "assigned_on": "2013-01-01"}]}', False),
        (b'{"case": "A-1",}', False),
        (b'{"case": "A-1"} {}', False),
    ],
)
def test_what_is_hard_to_tell_is_told(text: bytes, is_read: bool) -> None:
    """Keys twice, spelt or spaced otherwise; text that looks like a key; bytes that are no text."""
    assert is_read == same(text)


@given(st.integers(0, 2**32))
def test_changed_lines_are_read_or_refused_the_same(seed: int) -> None:
    """A line with bytes changed, taken out, or said again is read where a careful reader reads it, and nowhere else."""
    random = Random(seed)
    text = bytearray(SMALL)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text))
        match random.randrange(4):
            case 0:
                text[at : at + 1] = bytes([random.choice(b'":,{}[] \\\t\n\xff0a')])
            case 1:
                del text[at : at + random.randint(1, 12)]
            case 2:
                text[at:at] = text[at : at + random.randint(1, 30)]
            case _:
                text[at:at] = random.choice(
                    [b'"case": "A-1", ', b'"agency" :"police",', b'\\"', b'":', b" ", b'"']
                )
        text = text or bytearray(b"{}")
    same(bytes(text))


@given(st.integers(0, 2**32))
def test_field_given_twice_is_never_read(seed: int) -> None:
    """Wherever a field is said again, spaced in any way, the record is refused and the key named."""
    random = Random(seed)
    text = json.dumps(
        json.loads(SMALL),
        separators=(random.choice([",", ", ", ",\n"]), random.choice([":", ": ", " :", "\t: "])),
    )
    name = random.choice(['"case"', '"agency"', '"made_on"', '"reason"', '"check"'])
    start = text.index(name)
    end = next(
        n
        for n in range(start + len(name), len(text))
        if text[n] in ",}" and text[:n].count('"') % 2 == 0 and _whole(text[start:n])
    )
    read = read_record(f"{text[:start]}{text[start:end]}, {text[start:]}".encode(), "here")

    assert isinstance(read, Rejected)
    assert [f"the key '{name.strip(chr(34))}' stands twice in one object"] == [
        p.reason for p in read.problems
    ]


def _whole(part: str) -> bool:
    """Tell whether a key with its value is all there."""
    try:
        json.loads("{" + part + "}")
    except ValueError:
        return False
    return True
