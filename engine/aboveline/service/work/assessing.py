"""Self-assessment and moderation: an assessor's own answers, and two assessors' beside each other."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from aboveline.answers import Answer, in_words
from aboveline.case.codes import JudgedAnswer
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.store import Act, AreaScope, UnfitError, assessments, judgements, moderation, own_assessments

from .answering import answer_record, question_of, record_of
from .auditing import Asked
from .desk import Desk
from .judged import latest_with
from .judging import Standing, is_no_change, keep
from .today import today_of

__all__ = ["LONGEST_SETTLED", "EngineDay", "engine_day", "finish", "own_of", "save", "self_views", "settle"]

LONGEST_SETTLED = 1500
"""Characters that a settlement's reason may have: which assessments it was between is added to it."""


@dataclass(frozen=True)
class EngineDay:
    """As at which day, and by which standards, the engine answers beside assessors, and in which audit it did."""

    as_of: dt.date
    standards: str
    audit: str | None


def own_of(session: Session, scope: AreaScope, case: str, assessor: str) -> assessments.Assessment | None:
    """Return somebody's own assessment of a case, if they have begun one. Nobody else's draft is read.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    return next((one for one in assessments.of_case(session, scope, case) if one.assessor == assessor), None)


def save(
    desk: Desk, act: Act, scope: AreaScope, case: str, drafts: Mapping[str, assessments.Draft]
) -> assessments.Assessment:
    """Put down somebody's own answers to questions of a case, in an assessment that is begun where none was.

    Raises:
        NotFoundError: there is no such case in the areas.
        ConflictError: it is finished.
    """
    with desk.database.begin() as session:
        mine = own_assessments.begin(session, act, scope, case)
        return own_assessments.save(session, act, scope, mine.id, drafts)


def finish(desk: Desk, act: Act, scope: AreaScope, case: str) -> assessments.Assessment:
    """Hand in somebody's own assessment of a case.

    Raises:
        NotFoundError: there is no such case in the areas.
        ConflictError: nothing is answered in it, or it is finished already.
    """
    with desk.database.begin() as session:
        mine = own_assessments.begin(session, act, scope, case)
        return own_assessments.hand_in(session, act, scope, mine.id)


def settle(
    desk: Desk,
    act: Act,
    scope: AreaScope,
    case: str,
    agreed: Mapping[str, tuple[JudgedAnswer, str]],
    *,
    holds_from: dt.date | None = None,
) -> None:
    """Keep what was agreed for questions of a case, each with its reason. Both assessments stay as they are.

    What was agreed is an assessor's answer like any other, with a reason that
    names both assessments, from the day on which the case was last audited
    unless another is named. Where it is the computed answer none is needed.

    Raises:
        NotFoundError: there is no such case in the areas, or no such question is asked.
        UnfitError: a reason is missing or too long, or the day cannot be.
    """
    with desk.database.reading() as session:
        engine = engine_day(desk, session, scope, case)
        record, _ = record_of(session, scope, case)
        both = moderation.compare(assessments.of_case(session, scope, case)).pairs
    today = today_of(desk.clock)
    holds_from = holds_from or engine.as_of
    if holds_from > today:
        raise UnfitError("the day must be today or before")
    answered = answer_record(record, holds_from, engine.standards)
    with desk.database.begin() as session:
        for question, (answer, reason) in agreed.items():
            question_of(answered.rulebook, question)
            if not 0 < len(reason := reason.strip()) <= LONGEST_SETTLED:
                raise UnfitError(f"give a reason of 1 to {LONGEST_SETTLED:,} characters")
            moderation.settle(session, act, scope, case=case, question=question, answer=answer, reason=reason)
            standing = Standing.answered(answered, question)
            if not is_no_change(standing, answer):
                whole = f"{reason} {_between(both, question)}".strip()
                keep(session, act, scope, standing, answer, whole, holds_from=holds_from, until=today)


def engine_day(desk: Desk, session: Session, scope: AreaScope, case: str) -> EngineDay:
    """Return as at which day the engine answers a case beside its assessors: that of the latest audit it is in, or else today.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    one = latest_with(session, scope, case)
    if one is None:
        return EngineDay(today_of(desk.clock), DEFAULT_STANDARDS, None)
    return EngineDay(one.as_of, Asked.of(one).standards, one.id)


def _between(both: Sequence[moderation.Pair], question: str) -> str:
    """Name the two assessments between which something was settled."""
    for pair in both:
        for one in pair.questions:
            if one.question == question and one.first is not None and one.second is not None:
                first, second = (
                    f"{judgements.staff_code(who)} ({in_words(str(said))})"
                    for who, said in ((pair.first, one.first), (pair.second, one.second))
                )
                return f"Settled between the assessments of {first} and {second}."
    return ""


def self_views(session: Session, scope: AreaScope) -> dict[str, dict[str, Answer]]:
    """Return assessors' answers by case and question, of the assessments that are finished: for a case, the one begun first."""
    found: dict[str, dict[str, Answer]] = {}
    for one in assessments.handed_in(session, scope):
        found.setdefault(one.case, {q: Answer(answer) for q, answer in one.answers.items()})
    return found
