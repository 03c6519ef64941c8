"""Levels: the first that holds, never one that an unrecorded field could put in doubt."""

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from aboveline.answers import Answer, QuestionAnswer
from aboveline.audit import Auditor, audit
from aboveline.case import CaseRecord, read_record
from aboveline.explain import explain, lines
from aboveline.reports import TableName, show, write_csv
from aboveline.reports.rule import show_rule
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook
from books import book
from oracle import evaluate

AS_OF = dt.date(2013, 12, 2)
LATEST = "{without: [progress: {factor|unknown: true, recorded_on|after: p.recorded_on}]}"
RULE = f"""\
applies: [progress: {{factor|unknown: true}}]
except: [transfer: {{direction: out}}]
needs: [progress.level, transfer.direction]
deficiencies:
  - id: PP-01.1
    severity: high
    when:
      - progress: {{as: p, factor|unknown: true, level|in: [insufficient, deterioration]}}
      - {LATEST}
    finding: Too little progress.
    put_right: Look at the plan again.
levels:
  poor:
    title: Insufficient progress, or worse
    when: [progress: {{as: p, factor|unknown: true, level|in: [insufficient, deterioration]}}, {LATEST}]
  some:
    title: Some progress
    when: [progress: {{as: p, factor|unknown: true, level: some}}, {LATEST}]
  good:
    title: Good progress
    when: [progress: {{as: p, factor|unknown: true, level: good}}, {LATEST}]
"""
JUDGED = """\
applies: [objective: {}]
needs: [objective.status]
judged: true
levels:
  fully: {title: Fully achieved, when: [without: [objective: {status|not: fully_achieved}]]}
  partly: {title: Partly achieved, when: [objective: {status|in: [fully_achieved, partly_achieved]}]}
"""
REST = JUDGED + "  rest: {title: All the rest, when: [audit: {}]}\n"

Ask = Callable[..., QuestionAnswer]


def case(name: str = "A-1", **facts: Any) -> CaseRecord:
    """Make a record of facts."""
    made = read_record(json.dumps({"case": name, **facts}).encode(), "test")
    assert isinstance(made, CaseRecord), made.problems
    return made


def progress(*levels: str | None, day: str = "2013-09-01") -> dict[str, Any]:
    """Return progress of the whole case, a month apart or all on one day; a level may not be recorded."""
    days = [f"2013-{n:02d}-01" for n in range(3, 12)] if not day else [day] * len(levels)
    return {
        "progress": [
            {"recorded_on": when} | ({"level": level} if level else {})
            for when, level in zip(days, levels, strict=False)
        ]
    }


def objectives(*statuses: str | None, judged: str = "sufficient") -> dict[str, Any]:
    """Return objectives and a judgement of them."""
    said = {"question": "PP-02", "answer": judged, "made_on": "2013-11-01", "assessor": "QA-1"}
    return {"objective": [{"status": one} if one else {} for one in statuses], "judgement": [said]}


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return a question on progress and one on objectives, each with levels."""
    return book(tmp_path_factory.mktemp("rules"), {"PP-01": RULE, "PP-02": JUDGED})


@pytest.fixture(scope="module")
def auditor(rulebook: Rulebook) -> Auditor:
    """Return what answers by them."""
    return Auditor(rulebook, AS_OF)


def answers(auditor: Auditor, facts: dict[str, Any]) -> list[QuestionAnswer]:
    """Return the answers to both questions for a case."""
    return list(auditor.answer(auditor.facts(case(**facts))))


@pytest.mark.parametrize(
    ("facts", "answer", "level"),
    [
        (progress("good"), Answer.SUFFICIENT, "good"),
        (progress("some"), Answer.SUFFICIENT, "some"),
        (progress("deterioration"), Answer.INSUFFICIENT, "poor"),
        (progress("deterioration", "good", day=""), Answer.SUFFICIENT, "good"),
        (progress("good", "insufficient", day=""), Answer.INSUFFICIENT, "poor"),
        # Recorded on one day, both are the latest: the first level that holds.
        (progress("good", "some"), Answer.SUFFICIENT, "some"),
        # What is not recorded of an earlier entry does not matter.
        (progress(None, "good", day=""), Answer.SUFFICIENT, "good"),
        # No answer above or below the line, no level.
        (progress("good", None, day=""), Answer.NOT_ASSESSED, None),
        (progress("good") | {"transfer": [{"direction": "out"}]}, Answer.NOT_APPLICABLE, None),
        (progress("good") | {"transfer": [{}]}, Answer.NOT_ASSESSED, None),
        ({}, Answer.NOT_APPLICABLE, None),
        (
            {"progress": [{"factor": "attitudes", "recorded_on": "2013-09-01", "level": "good"}]},
            Answer.NOT_APPLICABLE,
            None,
        ),
    ],
)
def test_level_is_the_first_that_holds(
    auditor: Auditor, facts: dict[str, Any], answer: Answer, level: str | None
) -> None:
    """A case with an answer is at the first level whose patterns hold, and a case without one is at none."""
    first, _ = answers(auditor, facts)

    assert (answer, level, ()) == (first.answer, first.level, first.level_gaps)


@pytest.mark.parametrize(
    ("statuses", "level", "gaps"),
    [
        (["fully_achieved", "fully_achieved"], "fully", []),
        (["fully_achieved", "not_achieved"], "partly", []),
        (["not_achieved"], None, []),
        # It may be fully or partly achieved.
        (["fully_achieved", None], None, ["objective-2"]),
        # Whatever the second is, not everything was achieved: but something may have been.
        (["not_achieved", None], None, ["objective-2"]),
        # Not everything was, and something was: the other cannot change it.
        (["partly_achieved", None], "partly", []),
    ],
)
def test_level_in_doubt_is_not_told(
    auditor: Auditor, statuses: list[str | None], level: str | None, gaps: list[str]
) -> None:
    """Where an unrecorded field could put a case at another level, it has none, and the field is named."""
    _, second = answers(auditor, objectives(*statuses))

    assert Answer.SUFFICIENT is second.answer
    assert (level, gaps) == (second.level, [gap.id for gap in second.level_gaps])


def test_source_that_cannot_hold_the_facts_leaves_the_level_in_doubt(auditor: Auditor) -> None:
    """Where more objectives may exist than the source can hold, nobody can say that all were achieved."""
    _, second = answers(auditor, objectives("fully_achieved") | {"incomplete": ["objective"]})

    assert (None, ["not in this source"]) == (second.level, [gap.reason for gap in second.level_gaps])


SOME = {
    "progress": st.lists(
        st.fixed_dictionaries(
            {"recorded_on": st.sampled_from(["2013-09-01", "2013-10-01", "2013-12-03"])},
            optional={
                "level": st.sampled_from(["good", "some", "insufficient", "deterioration"]),
                "factor": st.just("attitudes"),
            },
        ),
        max_size=3,
    ),
    "objective": st.lists(
        st.fixed_dictionaries(
            {}, optional={"status": st.sampled_from(["fully_achieved", "partly_achieved", "not_achieved"])}
        ),
        max_size=3,
    ),
    "transfer": st.lists(st.fixed_dictionaries({}, optional={"direction": st.just("in")}), max_size=1),
    "incomplete": st.sampled_from([[], [], [], ["objective"], ["progress"]]),
    "judgement": st.just(objectives()["judgement"]),
}


def test_levels_are_those_of_the_oracle(auditor: Auditor) -> None:
    """Whatever is recorded or not, levels and what would decide them are a naive evaluator's."""
    seen = Counter[str]()

    @settings(max_examples=300)
    @given(facts=st.fixed_dictionaries(SOME))
    def hold(facts: dict[str, Any]) -> None:
        flat = auditor.facts(case(**facts))
        for one in auditor.answer(flat):
            expected = evaluate(auditor.rulebook.question(one.question), auditor.rulebook, flat)

            assert (expected.answer, expected.level) == (one.answer, one.level)
            assert expected.level_gaps == {(gap.kind, gap.id, gap.field) for gap in one.level_gaps}
            seen.update({f"level {one.level}": 1, "gaps": bool(one.level_gaps)})

    hold()

    assert (
        min(seen[name] for name in ("level poor", "level good", "level fully", "level partly", "gaps")) >= 10
    )


@pytest.mark.parametrize(("said", "level"), [("insufficient", None), ("sufficient", "good")])
def test_override_that_differs_takes_the_level_away(auditor: Auditor, said: str, level: str | None) -> None:
    """An assessor who says that the computed answer is wrong has said nothing of its level."""
    override = {
        "question": "PP-01",
        "answer": said,
        "made_on": "2013-11-01",
        "assessor": "QA-1",
        "reason": "r",
    }

    first, _ = answers(auditor, progress("good") | {"override": [override]})

    assert (said, level) == (first.answer, first.level)


@pytest.fixture(scope="module")
def result(rulebook: Rulebook) -> AuditResult:
    """Return the audit of six cases."""
    facts = [
        progress("good"),
        progress("good"),
        progress("some"),
        progress("insufficient"),
        objectives("fully_achieved"),
        objectives("fully_achieved", None, judged="insufficient"),
    ]
    return audit([case(f"A-{n}", **one) for n, one in enumerate(facts)], rulebook, AS_OF)


def test_levels_are_counted_in_their_order(result: AuditResult) -> None:
    """Cases at each level, and those whose level is not told, add up to the answers above and below the line."""
    first, second = result.questions

    assert [("poor", 1), ("some", 1), ("good", 2)] == [(one.level, one.cases) for one in first.levels]
    assert [("fully", 1), ("partly", 0)] == [(one.level, one.cases) for one in second.levels]
    assert (0, 1) == (first.without_level, second.without_level)
    for question in result.questions:
        counted = sum(level.cases for level in question.levels) + question.without_level
        assert question.sufficient + question.insufficient == counted


def test_levels_are_listed_by_case(result: AuditResult) -> None:
    """The list of answers has the levels that were told."""
    assert [
        {"PP-01": "good"},
        {"PP-01": "good"},
        {"PP-01": "some"},
        {"PP-01": "poor"},
        {"PP-02": "fully"},
        {},
    ] == [one.levels for one in result.answers]


def test_tables_have_the_levels(result: AuditResult) -> None:
    """CSV has counts in the table of questions and the level in that of answers."""
    questions = list(csv.DictReader(io.StringIO(write_csv(result, TableName.QUESTIONS))))
    listed = list(csv.DictReader(io.StringIO(write_csv(result, TableName.ANSWERS))))

    assert "Fully achieved: 1; Partly achieved: 0; level not told: 1" == questions[1]["levels"]
    assert {("A-0", "PP-01", "good"), ("A-4", "PP-02", "fully"), ("A-5", "PP-02", "")} <= {
        (row["case"], row["question"], row["level"]) for row in listed
    }


def test_levels_are_shown_to_a_person(result: AuditResult, rulebook: Rulebook) -> None:
    """A terminal shows how many are at each level, and the rule shows which there are."""
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(show(result))
    console.print(show_rule(rulebook.question("PP-01"), rulebook))
    text = console.export_text()

    assert "Levels of the cases that have an answer" in text
    assert "Level not told" in text
    assert "good: Good progress" in text


@pytest.mark.parametrize(
    ("facts", "question", "said"),
    [
        (progress("good"), "PP-01", "Level: Good progress"),
        (objectives("not_achieved"), "PP-02", "Level: None of them holds."),
        (
            objectives("fully_achieved", None),
            "PP-02",
            "Level: Not told: it turns on 'status' of objective objective-2 (not recorded).",
        ),
    ],
)
def test_explanation_says_the_level(
    rulebook: Rulebook, facts: dict[str, Any], question: str, said: str
) -> None:
    """An explanation names the level, or what would decide it, and how the facts stood to each."""
    told = list(lines(explain(case(**facts), question, rulebook, AS_OF)))

    assert said in told
    assert any(line.startswith("Level ") for line in told)


def test_last_level_can_be_all_the_rest(tmp_path: Path) -> None:
    """A level that holds of every case is the level of those at no other, unless another is in doubt."""
    rules = book(tmp_path, {"PP-02": REST})
    auditor = Auditor(rules, AS_OF)
    told = [
        auditor.answer(auditor.facts(case(**objectives(*statuses))))[0].level
        for statuses in (["fully_achieved"], ["not_achieved"], ["not_achieved", None])
    ]

    assert ["fully", "rest", None] == told
    assert "  This holds of every case." in lines(
        explain(case(**objectives("not_achieved")), "PP-02", rules, AS_OF)
    )


def test_explanation_without_an_answer_has_no_level(rulebook: Rulebook) -> None:
    """A case that the question is not about is at no level."""
    assert explain(case(), "PP-01", rulebook, AS_OF).level is None


def test_changes_that_are_proposed_alter_the_answer_not_the_level(rulebook: Rulebook, tmp_path: Path) -> None:
    """What would alter an answer is the same with levels and without."""
    plain = book(tmp_path, {"PP-01": RULE.partition("levels:")[0]})

    one, other = (explain(case(**progress("good")), "PP-01", rules, AS_OF) for rules in (rulebook, plain))

    assert one.changes == other.changes
    assert one.changes
