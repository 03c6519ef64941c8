"""The report's practice illustrations, as cases: what it praises is not found wanting, and what it finds wanting is found."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from aboveline.answers import Answer, QuestionAnswer
from aboveline.audit import Auditor
from aboveline.case import CaseRecord, read_cases
from aboveline.rulebook import load_rulebook

FOLDER = Path(__file__).parents[1] / "fixtures" / "practice-illustrations"
AS_OF = dt.date(2013, 12, 2)
EXPECTED = YAML(typ="safe", pure=True).load(FOLDER / "expected.yaml")
RULEBOOK = load_rulebook()


@pytest.fixture(scope="module")
def answers() -> dict[str, tuple[QuestionAnswer, ...]]:
    """Return the answers to every question, by case."""
    auditor = Auditor(RULEBOOK, AS_OF)
    records = list(read_cases([FOLDER / "cases.jsonl"]))
    return {one.case: auditor.answer(auditor.facts(one)) for one in records if isinstance(one, CaseRecord)}


def test_every_illustration_is_expected_to_be_something(
    answers: dict[str, tuple[QuestionAnswer, ...]],
) -> None:
    """The table, the records and what is expected are of the same cases."""
    with (FOLDER / "cases.csv").open(encoding="utf-8", newline="") as table:
        cases = [row["case"] for row in csv.DictReader(table)]

    assert cases == list(EXPECTED) == list(answers)


@pytest.mark.parametrize("case", EXPECTED)
def test_illustration_comes_out_as_the_report_tells_it(
    case: str, answers: dict[str, tuple[QuestionAnswer, ...]]
) -> None:
    """Exactly what is expected is found: deficiencies, and questions that an assessor alone found insufficient."""
    insufficient = [one for one in answers[case] if one.answer is Answer.INSUFFICIENT]
    found = [name for one in insufficient for name in [f.deficiency for f in one.findings] or [one.question]]

    assert EXPECTED[case]["deficiencies"] == sorted(found)


@pytest.mark.parametrize("case", EXPECTED)
def test_illustration_is_recorded_in_full(case: str, answers: dict[str, tuple[QuestionAnswer, ...]]) -> None:
    """Every question is answered: nothing is sufficient for want of a record, or left for an assessor."""
    assert [] == [one.question for one in answers[case] if one.answer is Answer.NOT_ASSESSED]


def test_work_that_is_praised_counts_to_no_score() -> None:
    """Where the report has praise alone, whatever is found is a fact of the case and not scored."""
    unscored = {question.id for question in RULEBOOK.active if not question.scored}
    wanting = {
        case
        for case, expected in EXPECTED.items()
        if {name.partition(".")[0] for name in expected["deficiencies"]} - unscored
    }

    assert 1 == len(wanting)
