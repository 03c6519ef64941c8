"""Scores by group, from answers to what is shown of them."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from aboveline.audit import audit
from aboveline.breakdowns import Characteristic
from aboveline.case import CaseRecord, read_record
from aboveline.reports import TableName, show, write_csv
from aboveline.result import AuditResult, GroupScore
from aboveline.rulebook import Rulebook
from books import book

AS_OF = dt.date(2013, 12, 2)
JUDGED = "applies: []\njudged: true\n"
PUBLISHED = {"female": (7, 1), "male": (20, 21)}
"""Who complied unaided: inspection-report-2014 O2 3.2 and 3.3 (women 88%, men 49%)."""


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return three judged questions, one of them not scored."""
    questions = {"PP-01": JUDGED, "PP-02": JUDGED, "PP-03": JUDGED + "scored: false\n"}
    return book(tmp_path_factory.mktemp("rules"), questions)


def records(answers: dict[str, dict[str, tuple[int, int]]]) -> Iterator[CaseRecord]:
    """Make cases of each gender with so many sufficient and insufficient answers to each question; the rest do not apply."""
    for gender, questions in answers.items():
        for n in range(max(sum(counts) for counts in questions.values())):
            said = {
                question: "sufficient" if n < good else "insufficient" if n < good + bad else "not_applicable"
                for question, (good, bad) in questions.items()
            }
            person: dict[str, Any] = {} if gender == "not_recorded" else {"person": {"gender": gender}}
            judgements = [
                {"question": question, "answer": answer, "made_on": "2013-11-01", "assessor": "QA-1"}
                for question, answer in said.items()
            ]
            record = read_record(
                json.dumps({"case": f"{gender}-{n}", "judgement": judgements, **person}).encode(), "test"
            )
            assert isinstance(record, CaseRecord)
            yield record


def audited(
    rulebook: Rulebook, answers: dict[str, dict[str, tuple[int, int]]], **settings: Any
) -> AuditResult:
    """Audit cases with these answers."""
    return audit(records(answers), rulebook, AS_OF, **settings)


def of(result: AuditResult, value: str) -> GroupScore:
    """Return a group of the breakdown by gender."""
    return next(group for group in result.breakdowns[0].groups if group.value == value)


def test_published_split_by_gender(rulebook: Rulebook) -> None:
    """7 of 8 women are 88%, 20 of 41 men 49%, each with its interval."""
    result = audited(rulebook, {gender: {"PP-03": counts} for gender, counts in PUBLISHED.items()})

    shown = {
        group.value: (q.sufficient, q.insufficient, q.score, q.interval)
        for group in result.breakdowns[0].groups
        for q in group.questions
        if q.id == "PP-03"
    }
    assert {"female": (7, 1, 88, (53, 98)), "male": (20, 21, 49, (34, 64))} == shown
    assert (8, 41) == (of(result, "female").cases, of(result, "male").cases)


def test_gender_is_the_default_and_the_manifest_says_so(rulebook: Rulebook) -> None:
    """What is asked for is broken down, in an order that does not depend on the asking."""
    answers = {"female": {"PP-01": (5, 0)}}
    by = (Characteristic.MAPPA, Characteristic.GENDER)

    default, asked = audited(rulebook, answers), audited(rulebook, answers, by=by, suppress_below=0)

    assert ["gender"] == [one.by for one in default.breakdowns]
    assert (("gender",), 5) == (default.manifest.by, default.manifest.suppress_below)
    assert ["gender", "mappa"] == [one.by for one in asked.breakdowns]
    assert (("gender", "mappa"), 0) == (asked.manifest.by, asked.manifest.suppress_below)


def test_question_with_few_counted_is_hidden_in_both_groups(rulebook: Rulebook) -> None:
    """Four women counted are not shown, nor are the men, who would give them away; other questions stand."""
    answers = {"female": {"PP-01": (4, 0), "PP-02": (5, 3)}, "male": {"PP-01": (9, 2), "PP-02": (8, 3)}}

    result = audited(rulebook, answers)

    for value in ("female", "male"):
        first, second, _ = of(result, value).questions
        assert (True, None, None, None, None) == (
            first.suppressed,
            first.sufficient,
            first.insufficient,
            first.score,
            first.interval,
        )
        assert not second.suppressed
    assert (8, 11) == (of(result, "female").cases, of(result, "male").cases)


def test_average_of_a_group_is_of_shown_questions(rulebook: Rulebook) -> None:
    """A hidden question moves no average, nor does one that is not scored; a group that shows nothing has none."""
    answers = {
        "female": {"PP-01": (4, 0), "PP-02": (4, 4), "PP-03": (8, 0)},
        "male": {"PP-01": (9, 2), "PP-02": (8, 2), "PP-03": (0, 9)},
    }

    result = audited(rulebook, answers)

    assert [(1, 50), (0, None)] == [(one.questions, one.score) for one in of(result, "female").outcomes]
    assert [(1, 80), (0, None)] == [(one.questions, one.score) for one in of(result, "male").outcomes]


def test_nobody_counted_is_shown_as_nobody(rulebook: Rulebook) -> None:
    """A question that is about nobody in a group has counts of 0 and no score: nothing was hidden."""
    answers = {"female": {"PP-01": (0, 0), "PP-02": (6, 0)}, "male": {"PP-01": (9, 2), "PP-02": (6, 0)}}

    question = of(audited(rulebook, answers), "female").questions[0]

    assert (0, 0, None, None, False) == (
        question.sufficient,
        question.insufficient,
        question.score,
        question.interval,
        question.suppressed,
    )


def test_sample_is_described_by_every_characteristic(rulebook: Rulebook) -> None:
    """The sample has each characteristic, whatever scores are broken down by; those that do not say are a group."""
    answers = {"female": {"PP-01": (8, 0)}, "male": {"PP-01": (9, 0)}, "not_recorded": {"PP-01": (6, 0)}}

    result = audited(rulebook, answers, by=())

    described = {one.by: {g.value: g.cases for g in one.groups} for one in result.sample}
    assert list(Characteristic) == list(described)
    assert {"female": 8, "male": 9, "not_recorded": 6} == described["gender"]
    assert {"not_identified": 23} == described["mappa"]
    assert () == result.breakdowns


def test_few_cases_are_hidden_in_the_sample_too(rulebook: Rulebook) -> None:
    """What the breakdown hides of a group, the sample hides; with 0 both show it."""
    answers = {"female": {"PP-01": (2, 0)}, "male": {"PP-01": (9, 0)}, "not_recorded": {"PP-01": (20, 0)}}

    hidden, shown = (audited(rulebook, answers, suppress_below=below) for below in (5, 0))

    assert [None, None, 20] == [group.cases for group in hidden.sample[0].groups]
    assert [None, None, 20] == [group.cases for group in hidden.breakdowns[0].groups]
    assert [2, 9, 20] == [group.cases for group in shown.sample[0].groups]
    assert [2, 9, 20] == [group.cases for group in shown.breakdowns[0].groups]


def test_no_case_has_no_group(rulebook: Rulebook) -> None:
    """An audit of nothing has nothing to break down."""
    assert () == audit([], rulebook, AS_OF).breakdowns[0].groups


def test_csv_has_a_row_for_each_group_and_question(rulebook: Rulebook) -> None:
    """A spreadsheet has what the JSON has; hidden numbers are empty cells, marked."""
    answers = {"female": {"PP-01": (4, 0), "PP-02": (5, 3)}, "male": {"PP-01": (9, 2), "PP-02": (8, 3)}}

    text = write_csv(audited(rulebook, answers), TableName.BREAKDOWNS)

    rows = {(r["group"], r["id"]): r for r in csv.DictReader(io.StringIO(text)) if r["of"] == "question"}
    hidden, shown = rows["female", "PP-01"], rows["female", "PP-02"]
    assert ("", "", "True") == (hidden["sufficient"], hidden["n"], hidden["suppressed"])
    assert ("5", "3", "8", "63", "31", "86") == tuple(
        shown[key]
        for key in ("sufficient", "insufficient", "n", "score_percent", "low_percent", "high_percent")
    )


def test_terminal_says_what_is_too_few(tmp_path: Path, rulebook: Rulebook) -> None:
    """A person reads counts with interval, "too few to show" and "nobody", and never a blank."""
    answers = {
        "female": {"PP-01": (4, 0), "PP-02": (5, 3), "PP-03": (0, 0)},
        "male": {"PP-01": (9, 2), "PP-02": (8, 3), "PP-03": (6, 0)},
    }
    with (tmp_path / "shown.txt").open("w", encoding="utf-8") as file:
        Console(file=file, width=160).print(show(audited(rulebook, answers)))

    text = (tmp_path / "shown.txt").read_text(encoding="utf-8")

    for words in (
        "female: 8, male: 11",
        "5 of 8 (63%; 31 to 86)",
        "nobody",
        "1 question with too few cases to show in any group.",
        "Numbers below 5 are not shown",
    ):
        assert words in text, words
