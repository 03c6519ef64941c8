"""What an assessor does to their own assessments: begin one, save to it, hand it in, take it back.

A draft is theirs alone. What is put down goes under the lock by which a case is
held, so of two that save at once the second sees what the first has saved.
"""

from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aboveline.case.judgement import QuestionId

from . import cases, trail
from .act import Act, new_id
from .assessments import LONGEST_NOTE, Assessment, AssessmentState, Draft, get, of_case
from .errors import ConflictError, NotFoundError, UnfitError
from .schema import AssessmentEntryRow, AssessmentRow, AssessmentStateRow
from .scope import AreaScope

__all__ = ["begin", "hand_in", "save", "take_back"]

_QUESTION: TypeAdapter[str] = TypeAdapter(QuestionId)


def begin(session: Session, act: Act, scope: AreaScope, case: str) -> Assessment:
    """Return one's assessment of a case, begun now if it had not been.

    Raises:
        NotFoundError: there is no such case in the areas.
        ConflictError: one began it twice at the same moment: ask again.
    """
    cases.hold(session, scope, case)
    mine = [one.id for one in of_case(session, scope, case) if one.assessor == act.who]
    if not mine:
        made = new_id(act.at)
        try:
            session.execute(
                insert(AssessmentRow), [{"id": made, "case_id": case, "assessor": act.who, "at": act.at}]
            )
        except IntegrityError:
            raise ConflictError("this assessment was begun just now: ask for it again") from None
        _put(session, act, made, case, AssessmentState.DRAFT)
        trail.note(session, act, "assessment_begun", made)
        mine = [made]
    return get(session, scope, mine[0])


def save(
    session: Session, act: Act, scope: AreaScope, assessment: str, drafts: Mapping[str, Draft]
) -> Assessment:
    """Put down answers to questions in one's own draft. What is as it was is not put down again.

    Raises:
        NotFoundError: there is no such assessment of one's own in the areas.
        ConflictError: it was handed in.
        UnfitError: no question can have such an id, or a note is too long.
    """
    mine = _own_draft(session, act, scope, assessment)
    for question, draft in drafts.items():
        try:
            _QUESTION.validate_python(question)
        except ValidationError:
            raise UnfitError("a question has an id such as CP-01") from None
        if len(draft.note) > LONGEST_NOTE:
            raise UnfitError(f"a note has at most {LONGEST_NOTE} characters")
    before = {one.question: Draft(one.answer, one.note) for one in mine.entries}
    rows = [
        {
            "assessment_id": mine.id,
            "case_id": mine.case,
            "question": question,
            "answer": None if draft.answer is None else str(draft.answer),
            "note": draft.note,
            "at": act.at,
        }
        for question, draft in drafts.items()
        if draft != before.get(question, Draft(None))
    ]
    if rows:
        session.execute(insert(AssessmentEntryRow), rows)
        changed = sorted({str(row["question"]) for row in rows})
        trail.note(session, act, "assessment_saved", mine.id, questions=changed)
    return get(session, scope, mine.id)


def hand_in(session: Session, act: Act, scope: AreaScope, assessment: str) -> Assessment:
    """Hand in one's own draft.

    Raises:
        NotFoundError: there is no such assessment of one's own in the areas.
        ConflictError: it was handed in before, or nothing is answered in it.
    """
    mine = _own_draft(session, act, scope, assessment)
    if not mine.answers:
        raise ConflictError("nothing is answered in this assessment: answer a question first")
    _put(session, act, mine.id, mine.case, AssessmentState.HANDED_IN)
    trail.note(session, act, "assessment_handed_in", mine.id, answered=len(mine.answers))
    return get(session, scope, mine.id)


def take_back(session: Session, act: Act, scope: AreaScope, assessment: str) -> Assessment:
    """Make a draft again of one's own assessment that was handed in.

    Raises:
        NotFoundError: there is no such assessment of one's own in the areas.
        ConflictError: it is a draft.
    """
    mine = _own(session, act, scope, assessment)
    if mine.state is AssessmentState.DRAFT:
        raise ConflictError("this assessment was not handed in")
    _put(session, act, mine.id, mine.case, AssessmentState.DRAFT)
    trail.note(session, act, "assessment_taken_back", mine.id)
    return get(session, scope, mine.id)


def _own(session: Session, act: Act, scope: AreaScope, assessment: str) -> Assessment:
    found = get(session, scope, assessment)
    cases.hold(session, scope, found.case)
    found = get(session, scope, assessment)  # again: it may have been handed in meanwhile
    if found.assessor != act.who:
        raise NotFoundError("there is no such assessment")
    return found


def _own_draft(session: Session, act: Act, scope: AreaScope, assessment: str) -> Assessment:
    found = _own(session, act, scope, assessment)
    if found.state is not AssessmentState.DRAFT:
        raise ConflictError("this assessment was handed in: take it back first")
    return found


def _put(session: Session, act: Act, assessment: str, case: str, state: AssessmentState) -> None:
    session.execute(
        insert(AssessmentStateRow),
        [{"assessment_id": assessment, "case_id": case, "state": str(state), "at": act.at}],
    )
