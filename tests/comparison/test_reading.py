"""An audit is read from its JSON, and nothing else is taken for one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aboveline.comparison import read_audit
from aboveline.problems import InputError
from aboveline.result import AuditResult

Build = Callable[..., AuditResult]


@pytest.fixture
def written(build: Build) -> dict[str, Any]:
    """Return the JSON of an audit."""
    value: dict[str, Any] = json.loads(build({"A": "s", "B": "i"}).to_json())
    return value


def test_audit_is_read_as_it_was_written(build: Build, tmp_path: Path) -> None:
    """What is read is what was written."""
    audit = build({"A": "s", "B": "i"}, deficiencies=(("B", "AS-01.1"),))
    (tmp_path / "a.json").write_text(audit.to_json(), encoding="utf-8")

    assert audit == read_audit(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is not the JSON of an audit"),
        ('{"case": "A-1"}\n{"case": "A-2"}\n', "this is not the JSON of an audit"),
        ('{"case": "A-1"}', "not of an audit"),
        ("[]", "not of an audit"),
        ('{"manifest": 3}', "not of an audit"),
        ("\udcff", "not UTF-8"),
        ("[" * 100000, "nested too deeply"),
    ],
)
def test_what_is_no_audit_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Case records, other JSON and no JSON at all are refused, with what would do."""
    (tmp_path / "a.json").write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(InputError, match=said):
        read_audit(tmp_path / "a.json")


def test_missing_file_is_named_with_the_nearest(tmp_path: Path) -> None:
    """A slip in the name is answered with the name that comes near."""
    (tmp_path / "before.json").write_text("{}", encoding="utf-8")

    with pytest.raises(InputError, match=r"there is no such file - did you mean 'before.json'\?"):
        read_audit(tmp_path / "befor.json")
    with pytest.raises(InputError, match="this is a folder"):
        read_audit(tmp_path)


def test_audit_of_another_schema_is_refused(written: dict[str, Any], tmp_path: Path) -> None:
    """A field too many, one too few, or another version of the schema: the version that wrote it is named."""
    path = tmp_path / "a.json"
    for change in (
        {"manifest": {**written["manifest"], "schema_version": 2}},
        {"extra": 1},
        {"questions": [{"id": "AS-01"}]},
    ):
        path.write_text(json.dumps(written | change), encoding="utf-8")
        with pytest.raises(InputError, match=r"written by Aboveline 0\.1\.0 in a form that this version"):
            read_audit(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda audit: audit["answers"].pop(), "there are answers to 1 cases, and 2 were audited"),
        (lambda audit: audit["answers"][1].update(case="A"), "the case A stands twice"),
        (
            lambda audit: audit["questions"][0].update(sufficient=2, insufficient=0),
            "not those of the answers",
        ),
        (lambda audit: audit["questions"][0].update(not_applicable=5), "do not add up to the 2 cases"),
        (
            lambda audit: audit["answers"][0].update(sufficient=["AS-01", "AS-99"]),
            "AS-99, which is not among",
        ),
    ],
)
def test_audit_that_does_not_add_up_is_refused(
    written: dict[str, Any], tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    """A file that was cut or changed by hand is refused rather than compared."""
    change(written)
    (tmp_path / "a.json").write_text(json.dumps(written), encoding="utf-8")

    with pytest.raises(InputError, match=said):
        read_audit(tmp_path / "a.json")
