"""Self-assessment and moderation: an assessor's own answers, and two assessors' beside each other."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from aboveline.answers import Answer
from aboveline.case.codes import JudgedAnswer
from aboveline.store import Act, AreaScope, assessments, moderation, own_assessments

from .desk import Desk

__all__ = ["finish", "own_of", "save", "self_views", "settle"]


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
    desk: Desk, act: Act, scope: AreaScope, case: str, agreed: Mapping[str, tuple[JudgedAnswer, str]]
) -> None:
    """Keep what was agreed for questions of a case, each with its reason. Both assessments stay as they are.

    Raises:
        NotFoundError: there is no such case in the areas.
        UnfitError: a reason is missing or too long.
    """
    with desk.database.begin() as session:
        for question, (answer, reason) in agreed.items():
            moderation.settle(session, act, scope, case=case, question=question, answer=answer, reason=reason)


def self_views(session: Session, scope: AreaScope) -> dict[str, dict[str, Answer]]:
    """Return assessors' answers by case and question, of the assessments that are finished: for a case, the one begun first."""
    found: dict[str, dict[str, Answer]] = {}
    for one in assessments.handed_in(session, scope):
        found.setdefault(one.case, {q: Answer(answer) for q, answer in one.answers.items()})
    return found
