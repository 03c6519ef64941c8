"""Fixtures are what their scripts write, and everyone in them is invented."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from aboveline.audit import audit
from aboveline.case import read_cases, read_record
from aboveline.problems import InputError
from aboveline.rulebook import load_rulebook
from casework.days import AUDITED_ON
from casework.writing import lines

FIXTURES = Path(__file__).parents[1] / "fixtures"
TABLES = sorted(path.parent for path in FIXTURES.glob("*/cases.csv"))


def _script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_demonstration_is_what_its_script_writes() -> None:
    """The committed cases are the script's, to the byte."""
    folder = FIXTURES / "demonstration"

    written = "".join(line + "\n" for line in _script(folder / "make_cases.py").lines())

    assert written == (folder / "cases.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", TABLES, ids=lambda folder: folder.name)
def test_cases_are_what_their_tables_say(folder: Path) -> None:
    """The committed cases are those of the tables, to the byte."""
    written = "".join(line + "\n" for line in lines(folder, load_rulebook()))

    assert written == (folder / "cases.jsonl").read_text(encoding="utf-8")


def test_shortfall_that_changes_nothing_is_refused(tmp_path: Path) -> None:
    """What the entry says went wrong did not: the field it leaves out was never there."""
    shutil.copy(FIXTURES / "good-practice" / "cases.csv", tmp_path)
    (tmp_path / "shortfalls.yaml").write_text(
        "- {what: It was late, unset: {plan: {}}, fields: [who], in: [GP-licence, GP-recovery]}\n"
        "- {what: It was copied, set: {plan: {}}, to: {updates_previous: false}, in: [GP-recovery]}\n",
        encoding="utf-8",
    )

    with pytest.raises(InputError) as refused:
        lines(tmp_path, load_rulebook())

    assert [problem.reason for problem in refused.value.problems] == [
        "GP-licence has nothing to change",
        "GP-recovery has nothing to change",
    ]


def test_every_deficiency_is_found_somewhere() -> None:
    """Of every active question, each deficiency is found in a case of ``all-rules``, and no case lacks an answer."""
    rulebook = load_rulebook()
    cases = (FIXTURES / "all-rules" / "cases.jsonl").read_bytes().splitlines()

    result = audit([read_record(line, "all-rules") for line in cases], rulebook, AUDITED_ON)

    found = {finding.deficiency for finding in result.findings}
    silent = [one.id for question in rulebook.active for one in question.deficiencies if one.id not in found]
    assert not silent, f"found in no case of fixtures/all-rules: {', '.join(silent)}"
    assert result.cases == len(cases)
    assert not result.not_assessed


def test_cases_done_well_have_no_finding() -> None:
    """An audit finds nothing in twelve varied cases done well, and leaves no question of them unanswered."""
    result = audit(read_cases([FIXTURES / "good-practice" / "cases.jsonl"]), load_rulebook(), AUDITED_ON)

    assert 12 == result.cases
    assert () == result.findings
    assert () == result.judged_insufficient
    assert () == result.not_assessed
