"""On rulebooks put together at random, and on the shipped rules about their deadlines, what holds of any answer.

``test_oracle`` has fewer rules and whole cases; here the rules are of every form
that the language has, over every kind of fact.
"""

import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from aboveline.answers import QuestionAnswer
from aboveline.audit import Auditor
from aboveline.case import CaseRecord, read_record
from aboveline.facts import CaseFacts
from aboveline.rulebook import Question, Rulebook, load_rulebook
from aboveline.rulebook.language import AllOf, Modifier, patterns_in
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY
from oracle import Result, evaluate
from random_cases import CODES, DAY, SINGLE, Json, cases_about, numbers_of, records
from random_rules import QUESTIONS, Book, rulebook_of, rulebooks

CASES_A_BOOK = 8
DAYS = [
    dt.date(2013, 3, 11),
    dt.date(2013, 4, 2),
    dt.date(2013, 7, 1),
    dt.date(2013, 12, 2),
    dt.date(2014, 1, 1),
]
KINDS_OF_ANSWER = {"sufficient", "insufficient", "not_applicable", "not_assessed"}


def said(one: QuestionAnswer) -> Result:
    """Put an answer into the oracle's words."""
    return Result(
        answer=one.answer,
        computed=one.computed,
        gaps=frozenset((gap.kind, gap.id, gap.field) for gap in one.gaps),
        findings=frozenset(
            (f.deficiency, f.finding, f.put_right, f.due, frozenset((e.kind, e.id) for e in f.evidence))
            for f in one.findings
        ),
        due_soon=frozenset((due.deficiency, due.due) for due in one.due_soon),
        level=one.level,
        level_gaps=frozenset((gap.kind, gap.id, gap.field) for gap in one.level_gaps),
    )


def recorded(raw: Json) -> CaseRecord:
    """Read a record, which must be one."""
    record = read_record(json.dumps(raw, default=str).encode(), "random")
    assert isinstance(record, CaseRecord), [str(problem) for problem in record.problems]
    return record


def agreed(auditor: Auditor, facts: CaseFacts) -> Counter[str]:
    """Hold every answer to a case to the oracle; count what came of it."""
    seen = Counter({"cases": 1})
    for one in auditor.answer(facts):
        expected = evaluate(auditor.rulebook.question(one.question), auditor.rulebook, facts)

        assert expected == said(one), one.question
        assert len(expected.findings) == len(one.findings)
        assert len(expected.due_soon) == len(one.due_soon)
        seen[expected.computed] += 1
        seen.update({"findings": len(one.findings), "due soon": len(one.due_soon), "gaps": len(one.gaps)})
        seen.update({"levels": one.level is not None, "level gaps": len(one.level_gaps)})
    return seen


def as_at(book: Book) -> st.SearchStrategy[dt.date]:
    """Return days for an audit to stand at: late enough that something has happened."""
    return st.sampled_from(book.days[len(book.days) // 3 :])


def cases_of(book: Book, as_of: dt.date) -> st.SearchStrategy[Json]:
    """Return cases of a random rulebook, about its days and those just before the audit's."""
    days = [*book.days, *(as_of - n * DAY for n in range(-1, 6)), *(as_of - n * DAY for n in range(4))]
    return records(book.spoken, days, QUESTIONS)


# The oracle


@pytest.mark.parametrize("part", range(10))
def test_random_rules_on_random_cases(part: int) -> None:
    """On rulebooks nobody thought of, every answer, gap, finding and due date is the oracle's."""
    seen: Counter[str] = Counter()

    @seed(part)
    @settings(max_examples=40)
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        book = data.draw(rulebooks())
        as_of = data.draw(as_at(book))
        auditor = Auditor(rulebook_of(book.questions), as_of)
        for _ in range(CASES_A_BOOK):
            seen.update(agreed(auditor, auditor.facts(recorded(data.draw(cases_of(book, as_of))))))

    hold()

    assert {"findings", "gaps", "levels"} | KINDS_OF_ANSWER <= set(+seen)
    assert 40 * CASES_A_BOOK <= seen["cases"]


@cache
def shipped(as_of: dt.date) -> Auditor:
    """Return an auditor by the shipped rules as at a day."""
    return Auditor(load_rulebook(), as_of)


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_shipped_rules_on_cases_about_their_deadlines(as_of: dt.date) -> None:
    """On the shipped rules, cases about one question, with dates on and beside its deadlines, come out as the oracle has it."""
    auditor = shipped(as_of)
    seen: Counter[str] = Counter()

    @seed(as_of.toordinal())
    @settings(max_examples=400)
    @given(raw=cases_about(auditor.rulebook, as_of))
    def hold(raw: Json) -> None:
        seen.update(agreed(auditor, auditor.facts(recorded(raw))))

    hold()

    assert {"due soon", "findings", "gaps"} | KINDS_OF_ANSWER <= set(+seen)
    assert 400 <= seen["cases"]


# What must be true of any answer


@pytest.mark.parametrize("part", range(2))
def test_order_of_facts_does_not_matter(part: int) -> None:
    """The same facts in another order give the same answers: by random rules and by the shipped."""

    def hold(auditor: Auditor, raw: Json, number: int) -> None:
        facts = auditor.facts(recorded(raw))
        shuffled = random.Random(number).sample(facts.facts, len(facts.facts))

        assert auditor.answer(facts) == auditor.answer(replace(facts, facts=tuple(shuffled)))

    @seed(part)
    @settings(max_examples=40)
    @given(data=st.data(), number=st.integers(0, 2**32))
    def by_random_rules(data: st.DataObject, number: int) -> None:
        book = data.draw(rulebooks())
        as_of = data.draw(as_at(book))
        auditor = Auditor(rulebook_of(book.questions), as_of)
        for _ in range(CASES_A_BOOK):
            hold(auditor, data.draw(cases_of(book, as_of)), number)

    @seed(part)
    @settings(max_examples=100)
    @given(raw=cases_about(shipped(DAYS[3]).rulebook, DAYS[3]), number=st.integers(0, 2**32))
    def by_shipped_rules(raw: Json, number: int) -> None:
        hold(shipped(DAYS[3]), raw, number)

    by_random_rules()
    by_shipped_rules()


@pytest.mark.parametrize("part", range(2))
def test_answer_stands_whatever_is_recorded_later(part: int) -> None:
    """An answer given without gaps is the same whatever the needed fields that are missing turn out to be."""
    stood = Counter[bool]()

    def hold(auditor: Auditor, raw: Json, data: st.DataObject) -> None:
        later = filled(raw, auditor.rulebook, auditor.as_of, data)
        before, after = (auditor.answer(auditor.facts(recorded(one))) for one in (raw, later))
        for one, other in zip(before, after, strict=True):
            if not one.gaps:
                stood[later != raw] += 1
                assert (one.answer, one.computed, ()) == (other.answer, other.computed, other.gaps)
                assert {f.deficiency for f in one.findings} <= {f.deficiency for f in other.findings}
                if not one.level_gaps:
                    assert (one.level, ()) == (other.level, other.level_gaps)

    @seed(part)
    @settings(max_examples=40)
    @given(data=st.data())
    def by_random_rules(data: st.DataObject) -> None:
        book = data.draw(rulebooks())
        as_of = data.draw(as_at(book))
        auditor = Auditor(rulebook_of(book.questions), as_of)
        for _ in range(CASES_A_BOOK):
            hold(auditor, data.draw(cases_of(book, as_of)), data)

    @seed(part)
    @settings(max_examples=60)
    @given(raw=cases_about(shipped(DAYS[3]).rulebook, DAYS[3]), data=st.data())
    def by_shipped_rules(raw: Json, data: st.DataObject) -> None:
        hold(shipped(DAYS[3]), raw, data)

    by_random_rules()
    by_shipped_rules()

    assert 200 <= stood[True]


# Cases


def filled(raw: Json, rulebook: Rulebook, as_of: dt.date, data: st.DataObject) -> Json:
    """Record what is missing and needed, but where a rule asks whether it is recorded: that is an answer by itself."""
    asked = {
        (pattern.kind, condition.field)
        for question in rulebook.active
        for pattern, _ in patterns_in(AllOf((question.applies, question.excepts, *_bodies(question))))
        for condition in pattern.conditions
        if condition.modifier in {Modifier.KNOWN, Modifier.UNKNOWN}
    }
    needed = {(need.kind, need.field) for question in rulebook.active for need in question.needs} - asked
    days = [as_of - n * DAY for n in (0, 1, 2, 3, 5, 8, 14, 30, 90)]
    later = json.loads(json.dumps(raw, default=str))
    for kind, facts in later.items():
        kinds = {kind, UNFINISHED + kind} if kind in DONE_OR_NOT else {kind}
        missing = sorted(
            (of, name)
            for of, name in needed
            if of in kinds
            and name not in {"status", "completed_on"}
            and (kinds - {of}).isdisjoint(other for other, field in asked if field == name)
        )
        for fact in [facts] if kind in SINGLE else facts if missing else ():
            for of, name in missing:
                if name not in fact and VOCABULARY[of].fields[name].type != "id":
                    fact[name] = data.draw(_values(of, name, days))
    return dict(later)


def _bodies(question: Question) -> list[AllOf]:
    return [one.body for one in question.deficiencies] + [level.body for level in question.levels]


def _values(kind: str, name: str, days: Sequence[dt.date]) -> st.SearchStrategy[Any]:
    known = VOCABULARY[kind].fields[name]
    values: Mapping[str, Sequence[Any]] = {
        "bool": [True, False],
        "date": [str(day) for day in days],
        "enum": known.members,
        "int": numbers_of(known) if known.type == "int" else (),
        "text": CODES,
    }
    return st.sampled_from(values[known.type])
