"""Write a caseload of invented people, as large as wanted: the same seed, the same bytes.

    python -m benchmarks.caseload CASES FILE [--seed 2014] [--as-of 2013-12-02] [--wrong 0.002]

The records of ``fixtures/york-and-north-yorkshire-2014`` and ``all-rules`` are
taken apart: the sentence, the risks, the plans and the work done of a made case
each come from another of their people, on the same kind of sentence. So there
are as many facts of each kind as those fixtures have. Then the days are moved to
another start of supervision and about it, and values are changed or lost at the
rates below. Each case depends on the seed and its own number alone, so a short
caseload is the beginning of a long one. Lines that are wrong come on top.

What this is for is measuring. Its scores mean nothing.
"""

import argparse
import datetime as dt
import gzip
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, BinaryIO, cast

from aboveline.rulebook import load_rulebook
from aboveline.vocabulary import DONE_OR_NOT, KnownField, known_field, record_kinds

__all__ = ["AS_OF", "RATES", "SEED", "Rates", "caseload", "write_caseload"]

AS_OF = dt.date(2013, 12, 2)
SEED = 2014
WRONG = 0.002

_FIXTURES = Path(__file__).parents[1] / "fixtures"
_SOURCES = ("york-and-north-yorkshire-2014", "all-rules")
_FIRST = dt.date(1990, 1, 1).toordinal()
_DAYS = [dt.date.fromordinal(_FIRST + n).isoformat() for n in range(40_000)]
_INCOMPLETE = (["home_visit"], ["contact", "signposting"], ["restorative_offer"])
_REASON = "Seen in the paper file; not carried over"

_GROUPS = (
    {"person", "area", "sentence", "offence", "court_report", "requirement", "licence_condition", "tier", "transfer", "judgement"},
    {"concern", "check", "referral", "child_protection_meeting", "assessment", "factor", "rosh", "significant_change", "victim", "victim_contact_offer", "restorative_offer", "approved_premises"},
    {"plan", "objective", "review", "registration", "mappa", "mappa_referral", "mappa_action", "visor", "oversight", "barrier"},
)  # fmt: skip
"""Kinds that come from one and the same person, for they hang together. The rest are a group of their own."""


@dataclass(frozen=True)
class Rates:
    """How often what happens to a made case: shares of cases, of facts, or of fields of a sort."""

    lost_fact: float = 0.02
    undated: float = 0.02
    not_recorded: float = 0.04
    act_not_done: float = 0.03
    answered_otherwise: float = 0.05
    day_moved: float = 0.25
    not_judged: float = 0.10
    overridden: float = 0.02
    incomplete: float = 0.02
    read_later: float = 0.02


RATES = Rates()


@dataclass(frozen=True)
class _Field:
    """A field of a fact of a template, and what may become of it. ``days`` is of a date, counted from the start."""

    name: str
    value: Any
    days: int | None
    tense: str | None
    lost_at: float
    moves: bool
    turns: bool


@dataclass(frozen=True)
class _Person:
    """Somebody of the fixtures, taken apart: by group and kind, each fact by its fields."""

    on_licence: bool
    groups: tuple[tuple[tuple[str, tuple[tuple[_Field, ...], ...]], ...], ...]


def caseload(cases: int, seed: int = SEED, as_of: dt.date = AS_OF, wrong: float = WRONG) -> Iterator[bytes]:
    """Yield the lines of a caseload: so many case records, and lines that are wrong among them."""
    maker = _Maker(seed, as_of)
    for number in range(1, cases + 1):
        random = Random(seed * 1_000_000_007 + number)
        record = maker.case(number, random)
        line = json.dumps(record).encode()
        yield line + b"\n"
        if random.random() < wrong:
            yield _wrong(record, line, random) + b"\n"


def write_caseload(
    path: Path, cases: int, seed: int = SEED, as_of: dt.date = AS_OF, wrong: float = WRONG
) -> None:
    """Write a caseload to a ``.jsonl`` or ``.jsonl.gz`` file."""
    with _opened(path) as file:
        for line in caseload(cases, seed, as_of, wrong):
            file.write(line)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("wb") as file:
        if path.suffix != ".gz":
            yield file
            return
        # Neither the clock nor the file's name goes into the header, so the bytes stay the same.
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=3, mtime=0) as packed:
            yield cast("BinaryIO", packed)


class _Maker:
    """Makes cases of the people of the fixtures."""

    def __init__(self, seed: int, as_of: dt.date) -> None:
        people = [
            _taken_apart(json.loads(line))
            for source in _SOURCES
            for line in (_FIXTURES / source / "cases.jsonl").read_bytes().splitlines()
        ]
        self._all = people
        self._alike = {kind: [one for one in people if one.on_licence == kind] for kind in (True, False)}
        self._questions = [question.id for question in load_rulebook().active]
        self._seed = seed
        self._as_of = as_of.toordinal() - _FIRST

    def case(self, number: int, random: Random) -> dict[str, Any]:
        """Return a case record."""
        first = self._all[int(random.random() * len(self._all))]
        alike = self._alike[first.on_licence]
        long_ago = random.randint(14, 730) if random.random() < 0.4 else random.randint(180, 330)  # noqa: PLR2004 - two in five began at any time, the rest as a sample would have it
        known_until = self._as_of + (60 if random.random() < RATES.read_later else 0)
        record: dict[str, Any] = {"case": f"SYN-{number:06}"}
        if random.random() < RATES.incomplete:
            record["incomplete"] = random.choice(_INCOMPLETE)
        for n in range(len(first.groups)):
            person = first if n == 0 else alike[int(random.random() * len(alike))]
            for kind, facts in person.groups[n]:
                self._facts(record, kind, facts, self._as_of - long_ago, known_until, random)
        if random.random() < RATES.overridden:
            record["override"] = [self._override(random)]
        _unlink(record)
        return record

    def _facts(
        self,
        record: dict[str, Any],
        kind: str,
        facts: tuple[tuple[_Field, ...], ...],
        start: int,
        known_until: int,
        random: Random,
    ) -> None:
        single = kind in _SINGLE
        lost = 0.0 if single else RATES.not_judged if kind == "judgement" else RATES.lost_fact
        found = []
        for fields in facts:
            if random.random() < lost:
                continue
            fact = _fact(fields, self._as_of if kind == "judgement" else start, known_until, random)
            if fact is None:
                continue
            if kind in DONE_OR_NOT and fact["status"] == "complete" and "completed_on" not in fact:
                fact["status"] = "open"
            found.append(fact)
        if single:
            record[kind] = found[0]
        elif found:
            record[kind] = found

    def _override(self, random: Random) -> dict[str, Any]:
        return {
            "question": random.choice(self._questions),
            "answer": random.choice(("sufficient", "insufficient", "not_applicable")),
            "made_on": _DAYS[self._as_of - random.randint(0, 20)],
            "assessor": f"QA-{random.randint(1, 9)}",
            "reason": _REASON,
        }


def _fact(fields: tuple[_Field, ...], start: int, known_until: int, random: Random) -> dict[str, Any] | None:
    """Return a fact with its days about another start; none where it had not begun when the record was read."""
    chance = random.random
    fact: dict[str, Any] = {}
    for field in fields:
        if field.lost_at and chance() < field.lost_at:
            continue
        value = field.value
        if field.days is not None:
            day = start + field.days
            if field.moves and chance() < RATES.day_moved:
                day += int(chance() * 12) - 2
            if day > known_until and field.tense is not None:
                if field.tense == "began":
                    return None
                continue
            value = _DAYS[day]
        elif field.turns and chance() < RATES.answered_otherwise:
            value = not value
        fact[field.name] = value
    return fact


_KNOWN: dict[str, dict[str, KnownField]] = {
    kind: {name: known_field(name, info) for name, info in model.model_fields.items()}
    for kind, model, _ in record_kinds()
}
_SINGLE = {kind for kind, _, single in record_kinds() if single}
_MAY_BE_LOST = {
    kind: {name for name, info in model.model_fields.items() if not info.is_required() and name != "id"}
    for kind, model, _ in record_kinds()
}
_LINKS = [
    (kind, name, known.links_to)
    for kind, fields in _KNOWN.items()
    for name, known in fields.items()
    if known.links_to
]


def _taken_apart(raw: dict[str, Any]) -> _Person:
    start = dt.date.fromisoformat(raw["sentence"]["started_on"])
    groups = []
    for kinds in (*_GROUPS, _KNOWN.keys() - set().union(*_GROUPS) - {"override"}):
        group = []
        for kind in sorted(kinds & raw.keys()):
            facts = [raw[kind]] if kind in _SINGLE else raw[kind]
            since = AS_OF if kind == "judgement" else start
            taken = (
                tuple(_field(kind, name, value, since) for name, value in fact.items()) for fact in facts
            )
            group.append((kind, tuple(taken)))
        groups.append(tuple(group))
    return _Person("custody" in raw["sentence"]["type"], tuple(groups))


def _field(kind: str, name: str, value: Any, since: dt.date) -> _Field:
    known = _KNOWN[kind][name]
    is_date = known.type == "date"
    lost_at = 0.0
    if (
        name in _MAY_BE_LOST[kind]
        and kind != "judgement"
        and not (kind in DONE_OR_NOT and name == "completed_on")
    ):
        is_act = known.type == "bool" and known.recorded
        lost_at = RATES.act_not_done if is_act else RATES.undated if is_date else RATES.not_recorded
    return _Field(
        name=name,
        value=value,
        days=(dt.date.fromisoformat(value) - since).days if is_date else None,
        tense=known.tense if known.tense != "planned" else None,
        lost_at=lost_at,
        moves=is_date and kind != "judgement",
        turns=known.type == "bool",
    )


def _unlink(record: dict[str, Any]) -> None:
    """Take out the links to facts that were lost."""
    for kind, name, kinds in _LINKS:
        for fact in record.get(kind, ()):
            if name in fact and not any(
                one.get("id") == fact[name] for to in kinds for one in record.get(to, ())
            ):
                del fact[name]


def _wrong(record: dict[str, Any], line: bytes, random: Random) -> bytes:
    """Return a line that is no case record, or a case that was read before."""
    named = record | {"case": f"{record['case']}-W"}
    match random.randrange(7):
        case 0:
            return line[: len(line) // 2]
        case 1:
            return line.replace(b'{"case"', b'{"case": "SYN", "case"', 1)
        case 2:
            return json.dumps(named | {"chek": []}).encode()
        case 3:
            return json.dumps(named | {"person": {"gender": "unknown"}}).encode()
        case 4:
            return json.dumps(named | {"plan": [{"type": "sentence_plan", "status": "complete"}]}).encode()
        case 5:
            return json.dumps(named | {"tier": [{"level": 1, "assigned_on": "2013-02-30"}]}).encode()
    return line


def main(arguments: list[str] | None = None) -> None:
    """Write a caseload as asked."""
    parser = argparse.ArgumentParser(description="Write a caseload of invented people.")
    parser.add_argument("cases", type=int)
    parser.add_argument("file", type=Path, help="a .jsonl or .jsonl.gz file to write")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--as-of", type=dt.date.fromisoformat, default=AS_OF)
    parser.add_argument("--wrong", type=float, default=WRONG, help="how many wrong lines for each case")
    asked = parser.parse_args(arguments)
    if not asked.file.name.endswith((".jsonl", ".jsonl.gz")):
        parser.error("a caseload is written to a .jsonl or .jsonl.gz file")
    write_caseload(asked.file, asked.cases, asked.seed, asked.as_of, asked.wrong)


if __name__ == "__main__":
    main(sys.argv[1:])
