"""Two assessors assess a case by themselves, save and come back, and are compared when both have handed in."""

from collections.abc import Callable

import pytest

from aboveline.case.codes import JudgedAnswer
from aboveline.store import (
    Act,
    AreaScope,
    ConflictError,
    Database,
    NotFoundError,
    UnfitError,
    assessments,
    moderation,
    own_assessments,
    trail,
)
from aboveline.store.assessments import Assessment, AssessmentState, Draft
from stored import ALL, SCARBOROUGH, YORK, record, upload

GOOD, BAD, NONE = JudgedAnswer.SUFFICIENT, JudgedAnswer.INSUFFICIENT, JudgedAnswer.NOT_APPLICABLE


def begin(database: Database, act: Act, case: str = "A-1", scope: AreaScope = ALL) -> Assessment:
    """Begin, or come back."""
    with database.begin() as session:
        return own_assessments.begin(session, act, scope, case)


def save(database: Database, act: Act, one: Assessment, **answers: JudgedAnswer | None) -> Assessment:
    """Save answers to questions, as AS_01=GOOD."""
    drafts = {question.replace("_", "-"): Draft(answer) for question, answer in answers.items()}
    with database.begin() as session:
        return own_assessments.save(session, act, ALL, one.id, drafts)


def hand_in(database: Database, act: Act, one: Assessment) -> Assessment:
    """Hand in."""
    with database.begin() as session:
        return own_assessments.hand_in(session, act, ALL, one.id)


def assess(
    database: Database, act: Callable[..., Act], who: str, case: str, **answers: JudgedAnswer | None
) -> None:
    """Assess a case from beginning to end."""
    one = begin(database, act(who), case)
    save(database, act(who), one, **answers)
    hand_in(database, act(who), one)


def test_save_and_come_back(database: Database, act: Callable[..., Act]) -> None:
    """There is one for each assessor and case, and in it what was saved last."""
    upload(database, record("A-1"), act=act())
    first = begin(database, act())
    save(database, act(), first, AS_01=GOOD, AS_02=BAD)
    save(database, act(), first, AS_01=BAD, AS_02=None, AS_03=NONE)

    again = begin(database, act())

    assert first.id == again.id
    assert AssessmentState.DRAFT is again.state
    assert {"AS-01": BAD, "AS-03": NONE} == again.answers
    assert ["AS-01", "AS-02", "AS-03"] == [one.question for one in again.entries]
    assert first.id != begin(database, act("BEN")).id


def test_what_is_as_it_was_is_not_saved_again(database: Database, act: Callable[..., Act]) -> None:
    """Neither an answer that stands nor one that never was."""
    upload(database, record("A-1"), act=act())
    one = begin(database, act())
    save(database, act(), one, AS_01=GOOD)
    before = trail.Head(0, "")
    with database.reading() as session:
        before = trail.head(session) or before

    save(database, act(), one, AS_01=GOOD, AS_02=None)

    with database.reading() as session:
        assert before == trail.head(session)


def test_only_ones_own_draft_can_be_changed(database: Database, act: Callable[..., Act]) -> None:
    """Not another's, not after it was handed in; it can be taken back."""
    upload(database, record("A-1"), act=act())
    one = begin(database, act())
    with pytest.raises(ConflictError, match="nothing is answered"):
        hand_in(database, act(), one)
    save(database, act(), one, AS_01=GOOD)
    with pytest.raises(NotFoundError):
        save(database, act("BEN"), one, AS_01=BAD)
    with pytest.raises(NotFoundError):
        hand_in(database, act("BEN"), one)

    assert AssessmentState.HANDED_IN is hand_in(database, act(), one).state
    with pytest.raises(ConflictError, match="take it back"):
        save(database, act(), one, AS_01=BAD)
    with pytest.raises(ConflictError):
        hand_in(database, act(), one)
    with database.begin() as session:
        own_assessments.take_back(session, act(), ALL, one.id)
    with pytest.raises(ConflictError, match="not handed in"), database.begin() as session:
        own_assessments.take_back(session, act(), ALL, one.id)
    assert {"AS-01": BAD} == save(database, act(), one, AS_01=BAD).answers


def test_only_in_ones_areas(database: Database, act: Callable[..., Act]) -> None:
    """An assessment is where its case is, also for its own assessor after the case has moved."""
    upload(database, record("A-1"), act=act())
    one = begin(database, act(), scope=YORK)
    upload(database, record("A-1", "SCA"), act=act())

    with pytest.raises(NotFoundError):
        begin(database, act(), scope=YORK)
    with pytest.raises(NotFoundError), database.begin() as session:
        own_assessments.save(session, act(), YORK, one.id, {"AS-01": Draft(GOOD)})
    with database.reading() as session:
        for look in (assessments.of_case, moderation.settled, moderation.moderation):
            with pytest.raises(NotFoundError):
                look(session, YORK, "A-1")
        with pytest.raises(NotFoundError):
            assessments.get(session, YORK, one.id)
        assert () == assessments.own(session, YORK, "ANNA").items
        assert [one.id] == [found.id for found in assessments.own(session, SCARBOROUGH, "ANNA").items]


@pytest.mark.parametrize(("question", "note"), [("x", ""), ("AS-01", "y" * 2001), ("AS-01", "\ud800")])
def test_what_cannot_be_kept_is_refused(
    database: Database, act: Callable[..., Act], question: str, note: str
) -> None:
    """A question has an id, and a note has an end."""
    upload(database, record("A-1"), act=act())
    one = begin(database, act())

    with pytest.raises(UnfitError), database.begin() as session:
        own_assessments.save(session, act(), ALL, one.id, {question: Draft(GOOD, note)})


def test_moderation_compares_what_both_answered(database: Database, act: Callable[..., Act]) -> None:
    """Over two cases, of four pairs three agree; a draft and a case with one assessor do not count.

    ANNA says good, good, bad, good; BEN good, good, bad, bad. By chance (3 x 2 + 1 x 2) / 16 agree: kappa is 1/2.
    """
    upload(
        database, *[record(case) for case in ("A-1", "A-2", "A-3", "A-4")], record("S-1", "SCA"), act=act()
    )
    assess(database, act, "BEN", "A-1", AS_01=GOOD, AS_02=GOOD)
    assess(database, act, "ANNA", "A-1", AS_01=GOOD, AS_02=GOOD, AS_09=BAD)
    assess(database, act, "ANNA", "A-2", AS_01=BAD, AS_02=GOOD)
    assess(database, act, "BEN", "A-2", AS_01=BAD, AS_02=BAD)
    assess(database, act, "ANNA", "A-3", AS_01=GOOD)
    save(database, act("BEN"), begin(database, act("BEN"), "A-3"), AS_01=BAD)
    assess(database, act, "ANNA", "S-1", AS_01=GOOD)
    assess(database, act, "BEN", "S-1", AS_01=BAD)

    with database.reading() as session:
        found = moderation.moderation(session, YORK)
        one = moderation.moderation(session, YORK, "A-1")
        everywhere = moderation.moderation(session, ALL)

    assert (4, 3) == (found.agreement.compared, found.agreement.agreed)
    assert found.agreement.kappa == pytest.approx(0.5)
    assert ["AS-02", "AS-01"] == [one.question for one in found.questions]
    assert [("A-1", "ANNA", "BEN"), ("A-2", "ANNA", "BEN")] == [
        (pair.case, pair.first, pair.second) for pair in found.pairs
    ]
    assert [("AS-02", GOOD, BAD)] == [
        (q.question, q.first, q.second) for q in found.pairs[1].questions if q.differs
    ]
    assert [("AS-09", BAD, None)] == [
        (q.question, q.first, q.second) for q in found.pairs[0].questions if q.second is None
    ]
    assert one.agreement.kappa is None
    assert one.agreement.raw == pytest.approx(1)
    assert 5 == everywhere.agreement.compared


def test_a_third_assessor_does_not_count(database: Database, act: Callable[..., Act]) -> None:
    """The two who began first are compared."""
    upload(database, record("A-1"), act=act())
    for who, answer in (("CARL", GOOD), ("BEN", GOOD), ("ANNA", BAD)):
        assess(database, act, who, "A-1", AS_01=answer)

    with database.reading() as session:
        (pair,) = moderation.moderation(session, ALL, "A-1").pairs

    assert ("BEN", "CARL") == (pair.first, pair.second)


def test_what_was_settled_is_kept_with_its_reason(database: Database, act: Callable[..., Act]) -> None:
    """One after the other; the assessments stay as they are."""
    upload(database, record("A-1"), act=act())
    assess(database, act, "ANNA", "A-1", AS_01=GOOD)

    def settle(answer: JudgedAnswer, reason: str, question: str = "AS-01") -> None:
        with database.begin() as session:
            moderation.settle(
                session, act("MO"), YORK, case="A-1", question=question, answer=answer, reason=reason
            )

    settle(GOOD, "Agreed in the meeting.")
    settle(BAD, "Seen again.")
    for reason, question in (("  ", "AS-01"), ("x" * 2001, "AS-01"), ("why", "?")):
        with pytest.raises(UnfitError):
            settle(GOOD, reason, question)

    with database.reading() as session:
        found = moderation.settled(session, YORK, "A-1")
        assert {"AS-01": GOOD} == assessments.of_case(session, YORK, "A-1")[0].answers
        assert "meeting" not in repr(trail.entries(session))
    assert [(GOOD, "Agreed in the meeting."), (BAD, "Seen again.")] == [
        (one.answer, one.reason) for one in found
    ]
