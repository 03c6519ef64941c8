"""Facts are what was recorded by a day: what had not happened by then is left out, and counted."""

import datetime as dt
import json
from typing import Any

import pytest

from aboveline.case import CaseRecord, read_record
from aboveline.facts import CaseFacts, FlatFact, flatten

AS_OF = dt.date(2013, 12, 2)
DAY = dt.timedelta(days=1)


def flat(as_of: dt.date | str = AS_OF, **facts: Any) -> CaseFacts:
    """Flatten a record made of facts, as at a day."""
    record = read_record(json.dumps({"case": "A-1", **facts}).encode(), "test")
    assert isinstance(record, CaseRecord), record.problems
    return flatten(record, as_of if isinstance(as_of, dt.date) else dt.date.fromisoformat(as_of))


def of_kind(facts: CaseFacts, *kinds: str) -> list[FlatFact]:
    """Return the facts of some kinds."""
    return [fact for fact in facts.facts if fact.kind in kinds]


def test_every_case_has_the_audit_the_person_the_area_and_the_sentence() -> None:
    """A record that says nothing has four facts, and the audit knows its day."""
    facts = flat()

    assert [("area", "area"), ("audit", "audit"), ("person", "person"), ("sentence", "sentence")] == [
        (fact.kind, fact.id) for fact in facts.facts
    ]
    assert [{"id": "audit", "as_of": AS_OF}, {"id": "sentence"}] == [
        fact.values for fact in of_kind(facts, "audit", "sentence")
    ]


def test_facts_are_in_the_order_of_kind_and_id() -> None:
    """Facts come in one order, whatever order the record has them in."""
    facts = flat(
        warning=[{"id": "b", "issued_on": "2013-05-01"}, {"id": "a", "issued_on": "2013-06-01"}],
        check=[{"agency": "police"}, {"agency": "health"}],
    )

    assert [("check", "check-1"), ("check", "check-2"), ("warning", "a"), ("warning", "b")] == [
        (fact.kind, fact.id) for fact in of_kind(facts, "check", "warning")
    ]


def test_values_are_dates_truths_numbers_and_text() -> None:
    """What is recorded keeps its type, a code is text, and what is not recorded is not there."""
    (fact,) = of_kind(
        flat(
            factor=[{"name": "finance", "identified_on": "2013-05-01", "linked_to_harm": False, "score": 0}]
        ),
        "factor",
    )

    assert {
        "id": "factor-1",
        "name": "finance",
        "identified_on": dt.date(2013, 5, 1),
        "linked_to_harm": False,
        "score": 0,
    } == fact.values
    assert str is type(fact.values["name"])


def test_what_is_done_unless_recorded_is_recorded_as_not_done() -> None:
    """Unrecorded work counts as not done: the field is there and says no."""
    (fact,) = of_kind(flat(restorative_offer=[{"offered_on": "2013-05-01"}]), "restorative_offer")

    assert fact.values["taken_up"] is False


@pytest.mark.parametrize(
    ("as_of", "there", "left_out"), [("2013-04-30", 0, 1), ("2013-05-01", 1, 0), ("2013-05-02", 1, 0)]
)
def test_fact_that_began_later_is_left_out_as_a_whole(as_of: str, there: int, left_out: int) -> None:
    """As at the day before it began a fact is not there; on the day it is."""
    facts = flat(as_of, home_visit=[{"visited_on": "2013-05-01"}])

    assert (there, left_out) == (len(of_kind(facts, "home_visit")), facts.left_out)


@pytest.mark.parametrize(
    ("as_of", "recorded", "left_out"), [("2013-05-31", False, 1), ("2013-06-01", True, 0)]
)
def test_what_happened_later_is_left_out_by_itself(as_of: str, recorded: bool, left_out: int) -> None:
    """A concern that ended later stands, and has not ended."""
    facts = flat(as_of, concern=[{"raised_on": "2013-05-01", "ended_on": "2013-06-01"}])

    assert [recorded] == ["ended_on" in fact.values for fact in of_kind(facts, "concern")]
    assert left_out == facts.left_out


def test_what_is_planned_is_known_before_its_day() -> None:
    """A day to come is never left out."""
    facts = flat("2013-03-01", sentence={"sentenced_on": "2013-03-01", "expected_end_on": "2014-02-28"})

    assert dt.date(2014, 2, 28) == of_kind(facts, "sentence")[0].values["expected_end_on"]
    assert 0 == facts.left_out


def test_fact_without_a_day_of_its_own_is_always_there() -> None:
    """A check whose day was not written down is there as at any day: when it was made is not recorded."""
    assert 1 == len(of_kind(flat("1990-01-01", check=[{"agency": "police"}]), "check"))


@pytest.mark.parametrize("kind", ["assessment", "plan", "review"])
@pytest.mark.parametrize("status", ["open", "signed", "awaiting_psr", "awaiting_sbc", "locked_incomplete"])
def test_only_what_is_complete_is_a_fact_of_its_kind(kind: str, status: str) -> None:
    """In any status but complete it is unfinished, though it carries a day of completion."""
    what = {"of": "risk_of_harm"} if kind == "review" else {"type": _TYPE[kind]}
    record: dict[str, Any] = {kind: [{**what, "status": status, "completed_on": "2013-05-01"}]}
    facts = flat(**record)

    assert [(f"unfinished_{kind}", status)] == [
        (fact.kind, fact.values["status"]) for fact in of_kind(facts, kind, f"unfinished_{kind}")
    ]
    assert "completed_on" not in of_kind(facts, f"unfinished_{kind}")[0].values


_TYPE = {"assessment": "rosh_screening", "plan": "sentence_plan"}


@pytest.mark.parametrize("kind", ["assessment", "plan", "review"])
def test_what_was_completed_later_was_unfinished(kind: str) -> None:
    """As at the day before its completion it is unfinished, and how it stood then is not recorded."""
    what = {"of": "risk_of_harm"} if kind == "review" else {"type": _TYPE[kind]}
    raw = {kind: [{**what, "status": "complete", "completed_on": "2013-05-01"}]}
    before, after = flat("2013-04-30", **raw), flat("2013-05-01", **raw)

    assert [(f"unfinished_{kind}", 1)] == [
        (fact.kind, before.left_out) for fact in of_kind(before, kind, f"unfinished_{kind}")
    ]
    assert not {"status", "completed_on"} & set(of_kind(before, f"unfinished_{kind}")[0].values)
    assert [(kind, 0)] == [(fact.kind, after.left_out) for fact in of_kind(after, kind, f"unfinished_{kind}")]
    assert dt.date(2013, 5, 1) == of_kind(after, kind)[0].values["completed_on"]
    assert "status" not in of_kind(after, kind)[0].values


def _said(made_on: str, answer: str, question: str = "PP-01") -> dict[str, str]:
    return {"question": question, "answer": answer, "made_on": made_on, "assessor": "QA-1", "reason": answer}


@pytest.mark.parametrize("kind", ["judgement", "override"])
@pytest.mark.parametrize(
    ("as_of", "answer", "left_out"),
    [
        ("2013-05-31", None, 3),
        ("2013-06-01", "insufficient", 2),
        ("2013-06-30", "insufficient", 2),
        ("2013-07-01", "sufficient", 0),  # two on one day: the later in the record
    ],
)
def test_latest_word_of_an_assessor_counts(kind: str, as_of: str, answer: str | None, left_out: int) -> None:
    """What was said last by the day counts; what was said later is left out."""
    facts = flat(
        as_of,
        **{
            kind: [
                _said("2013-07-01", "not_applicable"),
                _said("2013-07-01", "sufficient"),
                _said("2013-06-01", "insufficient"),
            ]
        },
    )
    said = facts.judgements if kind == "judgement" else facts.overrides

    assert answer == (str(said["PP-01"].answer) if "PP-01" in said else None)
    assert left_out == facts.left_out


def test_each_question_has_its_own_latest_judgement() -> None:
    """A judgement of one question says nothing of another, nor does an override."""
    facts = flat(
        judgement=[
            _said("2013-07-01", "sufficient"),
            _said("2013-06-01", "insufficient", "PP-02"),
        ],
        override=[_said("2013-06-01", "not_applicable", "PP-03")],
    )

    assert {"PP-01": "sufficient", "PP-02": "insufficient"} == {
        question: str(one.answer) for question, one in facts.judgements.items()
    }
    assert {"PP-03": "not_applicable"} == {
        question: str(one.answer) for question, one in facts.overrides.items()
    }
    assert [] == of_kind(facts, "judgement", "override")


def test_kinds_that_the_source_cannot_hold_are_named_with_their_unfinished() -> None:
    """Where a source cannot hold every plan, it cannot hold every unfinished plan either."""
    assert {"check", "plan", "unfinished_plan"} == flat(incomplete=["check", "plan"]).incomplete


def test_ids_of_the_record_are_kept_and_the_rest_are_told_by_place() -> None:
    """A fact without an id is known by its kind and its place in the record, counted from one."""
    facts = flat(
        "2013-06-01",
        rosh=[
            {"level": "low", "classified_on": "2013-07-01"},
            {"id": "N:5", "level": "low", "classified_on": "2013-05-01"},
            {"level": "high", "classified_on": "2013-05-02"},
        ],
    )

    assert ["N:5", "rosh-3"] == [fact.id for fact in of_kind(facts, "rosh")]
    assert [("id", "rosh-3")] == [
        item for item in of_kind(facts, "rosh")[1].values.items() if item[0] == "id"
    ]
