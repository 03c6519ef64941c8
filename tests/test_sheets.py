"""What is answered for many cases at once is what is answered for each by itself.

On random rulebooks and random cases, columns are held to durable_rules and both
to the oracle: every answer, level, gap, finding, piece of evidence and due date.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from aboveline.answers import ANSWERED, Answer, QuestionAnswer, answer_case
from aboveline.audit import Auditor
from aboveline.backends.columnar import ColumnarBackend
from aboveline.facts import CaseFacts
from aboveline.rulebook import Rulebook, load_rulebook, lower
from aboveline.rulecases import read_rule_cases
from aboveline.scoring import Tally
from aboveline.sheets import ToldSheet, answer_sheet
from agreement import hold_to_oracle, recorded
from random_cases import DAY, Json, cases_about, records
from random_rules import QUESTIONS, rulebook_of, rulebooks

CASES_A_BATCH = 8
DAYS = [
    dt.date(2013, 3, 11),
    dt.date(2013, 4, 2),
    dt.date(2013, 7, 1),
    dt.date(2013, 12, 2),
    dt.date(2014, 1, 1),
]
KINDS_OF_ANSWER = {"sufficient", "insufficient", "not_applicable", "not_assessed"}


def listed(sheet: ToldSheet) -> list[list[tuple[Answer, str | None]]]:
    """Return the answers and levels of a sheet, case by case."""
    found = []
    for place in range(len(sheet.cases)):
        row: list[tuple[Answer, str | None]] = []
        for column in sheet.sheet.columns:
            at = None if column.level is None or column.level[place] < 0 else column.level[place]
            level = None if at is None else column.question.levels[at].id
            row.append((tuple(Answer)[column.answer[place]], level))
        found.append(row)
    return found


def counted(tally: Tally, rulebook: Rulebook) -> dict[str, tuple[Counter[Answer], Counter[str | None]]]:
    """Return all that a tally has counted."""
    return {q.id: (tally.of(q.id), tally.levels(q.id)) for q in rulebook.active}


def hold_sheet(sheet: ToldSheet, answers: Sequence[Sequence[QuestionAnswer]], rulebook: Rulebook) -> None:
    """Hold a sheet to the answers to each case: what is told is the same, and what is counted adds up."""
    assert [[(one.answer, one.level) for one in of_case] for of_case in answers] == listed(sheet)
    told = [
        one
        for of_case in answers
        for one in of_case
        if one.answer in {Answer.INSUFFICIENT, Answer.NOT_ASSESSED} or one.by == "override" or one.due_soon
    ]
    assert told == sorted(sheet.told, key=lambda one: (one.case, one.question))
    for places in (None, [], [0], [*range(0, len(answers), 2)]):
        one_by_one, at_once = Tally(), Tally()
        for place in range(len(answers)) if places is None else places:
            one_by_one.add(answers[place])
        at_once.add_counts(sheet.counts(places))
        assert counted(one_by_one, rulebook) == counted(at_once, rulebook)
    for of_case, (facts, by_answer, levels) in zip(answers, sheet.by_case(), strict=True):
        assert facts.case == of_case[0].case
        assert {a: tuple(one.question for one in of_case if one.answer is a) for a in Answer} == by_answer
        assert {one.question: one.level for one in of_case if one.level} == levels


def agreed(auditor: Auditor, backend: ColumnarBackend, cases: Sequence[CaseFacts]) -> Counter[str]:
    """Hold columns to durable_rules, and both to the oracle; count what came of it."""
    cases = [replace(facts, case=f"A-{n:05}") for n, facts in enumerate(cases)]
    answers = [auditor.answer(facts) for facts in cases]
    by_columns = backend.matches_of(cases)

    assert answers == [
        answer_case(facts, matches, auditor.rulebook)
        for facts, matches in zip(cases, by_columns, strict=True)
    ]
    hold_sheet(answer_sheet(cases, backend, auditor.rulebook), answers, auditor.rulebook)
    seen = Counter({"cases": len(cases)})
    for facts, of_case in zip(cases, answers, strict=True):
        hold_to_oracle(auditor, facts, of_case)
        seen["incomplete"] += bool(facts.incomplete)
        for one in of_case:
            seen[one.computed] += 1
            seen[one.by] += 1
            seen.update({"findings": len(one.findings), "due soon": len(one.due_soon), "gaps": len(one.gaps)})
            seen.update({"levels": one.level is not None, "level gaps": len(one.level_gaps)})
    return seen


@pytest.mark.parametrize("part", range(8))
def test_random_rules_on_random_cases(part: int) -> None:
    """On rulebooks nobody thought of, columns answer as durable_rules and the oracle do."""
    seen: Counter[str] = Counter()

    @seed(1_000 + part)
    @settings(max_examples=40)
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        book = data.draw(rulebooks())
        as_of = data.draw(st.sampled_from(book.days[len(book.days) // 3 :]))
        days = [*book.days, *(as_of - n * DAY for n in range(-1, 6))]
        rulebook = rulebook_of(book.questions)
        cases = [data.draw(records(book.spoken, days, QUESTIONS)) for _ in range(CASES_A_BATCH)]
        auditor = Auditor(rulebook, as_of)
        backend = ColumnarBackend(lower(rulebook, as_of))
        seen.update(agreed(auditor, backend, [auditor.facts(recorded(raw)) for raw in cases]))

    hold()

    wanted = {"findings", "gaps", "levels", "incomplete", "override", "judgement"}
    assert wanted | KINDS_OF_ANSWER <= set(+seen)
    assert 40 * CASES_A_BATCH <= seen["cases"]


@cache
def shipped(as_of: dt.date) -> tuple[Auditor, ColumnarBackend]:
    """Return both engines by the shipped rules as at a day."""
    auditor = Auditor(load_rulebook(), as_of)
    return auditor, ColumnarBackend(lower(auditor.rulebook, as_of))


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_shipped_rules_on_cases_about_their_deadlines(as_of: dt.date) -> None:
    """On the shipped rules, cases with dates on and beside the deadlines of a question come out the same."""
    auditor, backend = shipped(as_of)
    seen: Counter[str] = Counter()

    @seed(1_000 + as_of.toordinal())
    @settings(max_examples=20)
    @given(
        batch=st.lists(cases_about(auditor.rulebook, as_of), min_size=CASES_A_BATCH, max_size=CASES_A_BATCH)
    )
    def hold(batch: list[Json]) -> None:
        seen.update(agreed(auditor, backend, [auditor.facts(recorded(raw)) for raw in batch]))

    hold()

    assert {"due soon", "findings", "gaps"} | KINDS_OF_ANSWER <= set(+seen)
    assert 20 * CASES_A_BATCH <= seen["cases"]


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_all_rule_cases_in_one_batch(as_of: dt.date) -> None:
    """Every case beside a rule, on all questions and in one batch, is answered as it is by itself."""
    auditor, backend = shipped(as_of)
    every = read_rule_cases(auditor.rulebook, [])[DAYS.index(as_of) :: len(DAYS) * 3]
    cases = [replace(auditor.facts(one.record), case=f"A-{n:05}") for n, one in enumerate(every)]

    sheet = answer_sheet(cases, backend, auditor.rulebook)

    hold_sheet(sheet, [auditor.answer(facts) for facts in cases], auditor.rulebook)
    assert 100 < len(cases)
    assert sum(one.level is not None for one in sheet.told if one.answer in ANSWERED)


def test_no_cases_are_an_empty_sheet() -> None:
    """Of no cases there is nothing to count or tell."""
    auditor, backend = shipped(DAYS[3])

    sheet = answer_sheet([], backend, auditor.rulebook)

    assert ([], [], []) == (list(sheet.counts()), list(sheet.by_case()), list(sheet.told))


def test_batch_without_most_kinds_of_fact_is_answered_like_any_other() -> None:
    """Rules that read facts of which no case of a batch has any are answered all the same."""
    auditor, backend = shipped(DAYS[3])
    facts = [auditor.facts(recorded({"case": "A-00000"}))]

    hold_sheet(answer_sheet(facts, backend, auditor.rulebook), [auditor.answer(facts[0])], auditor.rulebook)
