"""What assessors say is kept, never changed, and counts when the case is audited."""

import datetime as dt
from collections.abc import Callable

import pytest

from aboveline.audit import audit
from aboveline.case import CaseRecord
from aboveline.case.codes import JudgedAnswer
from aboveline.rulebook import Rulebook
from aboveline.store import Act, AreaScope, Database, NotFoundError, UnfitError, caseload, judgements, trail
from aboveline.store.judgements import Kind, Said
from stored import ALL, SCARBOROUGH, YORK, record, upload

DAY = dt.date(2014, 2, 1)
AS_OF = dt.date(2014, 2, 28)


def say(
    database: Database,
    act: Act,
    case: str,
    answer: JudgedAnswer,
    *,
    question: str = "AS-01",
    scope: AreaScope = ALL,
    kind: Kind = Kind.OVERRIDE,
    made_on: dt.date = DAY,
    reason: str = "The report is in the paper file.",
) -> Said:
    """Say something of a case."""
    with database.begin() as session:
        return judgements.say(
            session,
            act,
            scope,
            kind,
            case=case,
            question=question,
            answer=answer,
            made_on=made_on,
            reason=reason,
        )


def test_an_override_counts_when_the_case_is_audited(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...], rulebook: Rulebook
) -> None:
    """The latest of a day stands in place of the computed answer; what was computed and why are told beside it."""
    upload(database, *york[:3], act=act())
    case = york[0].case
    say(database, act("ANNA"), case, JudgedAnswer.INSUFFICIENT, reason="Not there.")
    say(
        database, act("ben@example.org"), case, JudgedAnswer.NOT_APPLICABLE, reason="No report was asked for."
    )
    with database.reading() as session:
        now = caseload.extent(session)
    say(database, act("ANNA"), case, JudgedAnswer.SUFFICIENT, reason="Found later.")

    result = audit(caseload.caseload(database, ALL, now), rulebook, AS_OF)

    (told,) = result.overrides
    assert (case, "AS-01", "not_applicable") == (told.case, told.question, told.answer)
    assert "No report was asked for." == told.reason
    assert told.assessor.startswith("user-")
    assert 3 == result.cases
    assert () == result.rejected
    with database.reading() as session:
        whole = caseload.record(session, ALL, case)
        assert ["Not there.", "No report was asked for.", "Found later."] == [
            one.reason for one in whole.override
        ]
        assert 3 == len(judgements.of_case(session, ALL, case))
    assert CaseRecord.model_validate_json(whole.model_dump_json()) == whole


def test_one_that_is_made_later_than_the_audit_stands_does_not_count(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...], rulebook: Rulebook
) -> None:
    """As at an earlier day it had not been said."""
    upload(database, york[0], act=act())
    say(database, act(), york[0].case, JudgedAnswer.NOT_APPLICABLE, made_on=AS_OF + dt.timedelta(days=1))
    with database.reading() as session:
        whole = caseload.record(session, ALL, york[0].case)

    assert () == audit([whole], rulebook, AS_OF).overrides


def test_judgements_and_overrides_become_facts_of_their_kind(
    database: Database, act: Callable[..., Act]
) -> None:
    """Each after those that the record came with."""
    upload(database, record("A-1"), act=act())
    made = say(database, act(), "A-1", JudgedAnswer.SUFFICIENT, kind=Kind.JUDGEMENT)
    say(database, act(), "A-1", JudgedAnswer.INSUFFICIENT)

    with database.reading() as session:
        whole = caseload.record(session, YORK, "A-1")

    assert [(made.id, "ANNA")] == [(one.id, one.assessor) for one in whole.judgement]
    assert ["insufficient"] == [str(one.answer) for one in whole.override]


def test_only_in_ones_areas(database: Database, act: Callable[..., Act]) -> None:
    """A case of another area is as if it were not there, for writing and for reading."""
    upload(database, record("A-1"), record("S-1", "SCA"), act=act())
    made = say(database, act(), "S-1", JudgedAnswer.SUFFICIENT, scope=SCARBOROUGH)

    for case in ("S-1", "no-such"):
        with pytest.raises(NotFoundError, match=r"^there is no such case$"):
            say(database, act(), case, JudgedAnswer.SUFFICIENT, scope=YORK)
    with database.reading() as session:
        with pytest.raises(NotFoundError):
            judgements.of_case(session, YORK, "S-1")
        with pytest.raises(NotFoundError, match=r"^there is no such judgement$"):
            judgements.get(session, YORK, made.id)
        assert made == judgements.get(session, SCARBOROUGH, made.id)
        assert () == judgements.page(session, YORK).items
        assert (made,) == judgements.page(session, SCARBOROUGH).items
        assert {} == judgements.of_cases(session, YORK, ["S-1"])


@pytest.mark.parametrize(
    ("question", "reason"),
    [("AS-01", ""), ("AS-01", "   "), ("AS-01", "x" * 2001), ("as-1", "why"), ("AS-01", "a\0b")],
)
def test_a_reason_and_a_question_are_wanted(
    database: Database, act: Callable[..., Act], question: str, reason: str
) -> None:
    """Nothing is kept without; and the error repeats nothing."""
    upload(database, record("A-1"), act=act())

    with pytest.raises(UnfitError) as refused:
        say(database, act(), "A-1", JudgedAnswer.SUFFICIENT, question=question, reason=reason)

    assert "a\0b" not in str(refused.value)
    with database.reading() as session:
        assert () == judgements.of_case(session, ALL, "A-1")


def test_the_trail_says_who_and_not_why(database: Database, act: Callable[..., Act]) -> None:
    """The reason is narrative and stays out."""
    upload(database, record("CANARY-1"), act=act())
    made = say(database, act("BEN"), "CANARY-1", JudgedAnswer.SUFFICIENT, reason="CANARY")

    with database.reading() as session:
        (entry, _) = trail.entries(session)

    assert ("BEN", "override_made", made.id) == (entry.who, entry.what, entry.subject)
    assert "CANARY" not in repr(entry)


@pytest.mark.parametrize(
    ("user", "code"),
    [("ABC12D", "ABC12D"), ("JANE_1", "JANE_1"), ("a b", None), ("a@b.example", None), ("x" * 65, None)],
)
def test_an_address_does_not_stand_in_a_record(user: str, code: str | None) -> None:
    """What is no staff code is hashed, the same each time."""
    found = judgements.staff_code(user)

    assert found == (code or found)
    assert (user == found) == (code is not None)
    assert found == judgements.staff_code(user)


def test_pages_by_kind_and_question(database: Database, act: Callable[..., Act]) -> None:
    """The latest first."""
    upload(database, record("A-1"), act=act())
    made = [
        say(database, act(), "A-1", JudgedAnswer.SUFFICIENT, kind=kind, question=question)
        for kind in Kind
        for question in ("AS-01", "AS-02")
    ]

    with database.reading() as session:
        first = judgements.page(session, YORK, limit=3)
        rest = judgements.page(session, YORK, limit=3, after=first.after)
        assert made[::-1] == [*first.items, *rest.items]
        assert rest.after is None
        assert made[2:][::-1] == list(judgements.page(session, YORK, kind=Kind.OVERRIDE).items)
        assert [made[3], made[1]] == list(judgements.page(session, YORK, question="AS-02").items)
