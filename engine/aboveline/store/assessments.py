"""Self-assessments: what assessors put down for the questions of a case, each by themselves.

There is one for each assessor of a case. It is a draft, to which one can come
back, until it is handed in; then it can be read beside another's, and changed
only after it was taken back, which is kept too. What was put down for a
question is added to, and the latest holds.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aboveline.case.codes import JudgedAnswer
from aboveline.case.judgement import QuestionId

from . import cases, trail
from .act import Act, new_id
from .errors import ConflictError, NotFoundError, UnfitError
from .paging import Page, checked, page_of
from .schema import AssessmentEntryRow, AssessmentRow, AssessmentStateRow
from .scope import AreaScope

__all__ = [
    "Assessment",
    "AssessmentState",
    "Draft",
    "Entry",
    "begin",
    "get",
    "hand_in",
    "of_case",
    "own",
    "save",
    "take_back",
]

LONGEST_NOTE = 2000
_QUESTION: TypeAdapter[str] = TypeAdapter(QuestionId)


class AssessmentState(StrEnum):
    """Whether an assessment can be changed, or read beside another's."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is put down for a question. No answer takes back what was put down before."""

    answer: JudgedAnswer | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an assessor put down for a question last."""

    question: str
    answer: JudgedAnswer | None
    note: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Assessment:
    """An assessor's assessment of a case, with the entries that hold, in the order of questions."""

    id: str
    case: str
    assessor: str
    at: dt.datetime
    state: AssessmentState
    entries: tuple[Entry, ...]

    @property
    def answers(self) -> dict[str, JudgedAnswer]:
        """The answer to each question that has one."""
        return {one.question: one.answer for one in self.entries if one.answer is not None}


def begin(session: Session, act: Act, scope: AreaScope, case: str) -> Assessment:
    """Return one's assessment of a case, begun now if it had not been.

    Raises:
        NotFoundError: there is no such case in the areas.
        ConflictError: one began it twice at the same moment: ask again.
    """
    cases.hold(session, scope, case)
    found = _ids(session, case, act.who)
    if not found:
        made = new_id(act.at)
        try:
            session.execute(
                insert(AssessmentRow), [{"id": made, "case_id": case, "assessor": act.who, "at": act.at}]
            )
        except IntegrityError:
            raise ConflictError("this assessment was begun just now: ask for it again") from None
        _put(session, act, made, case, AssessmentState.DRAFT)
        trail.note(session, act, "assessment_begun", made)
        found = (made,)
    return _assessments(session, found)[0]


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
    return _assessments(session, (mine.id,))[0]


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
    return _assessments(session, (mine.id,))[0]


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
    return _assessments(session, (mine.id,))[0]


def get(session: Session, scope: AreaScope, assessment: str) -> Assessment:
    """Return an assessment. Whether somebody may see another's draft is for the caller to say: they should not.

    Raises:
        NotFoundError: there is no such assessment in the areas.
    """
    found = _assessments(session, (assessment,))
    if found:
        try:
            cases.require(session, scope, found[0].case)
        except NotFoundError:
            found = ()
    if not found:
        raise NotFoundError("there is no such assessment")
    return found[0]


def of_case(session: Session, scope: AreaScope, case: str) -> tuple[Assessment, ...]:
    """Return every assessment of a case, in the order in which they were begun.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    cases.require(session, scope, case)
    return _assessments(session, _ids(session, case, None))


def own(
    session: Session, scope: AreaScope, assessor: str, *, after: str | None = None, limit: int = 50
) -> Page[Assessment, str]:
    """Return somebody's own assessments, the latest begun first."""
    query = (
        select(AssessmentRow.id)
        .where(AssessmentRow.assessor == assessor, *cases.seen_by(scope, AssessmentRow.__table__.c.case_id))
        .order_by(AssessmentRow.id.desc())
        .limit(checked(limit))
    )
    if after is not None:
        query = query.where(AssessmentRow.id < after)
    found = {one.id: one for one in _assessments(session, tuple(session.scalars(query)))}
    return page_of([(id_, found[id_]) for id_ in sorted(found, reverse=True)], limit)


def handed_in(session: Session, scope: AreaScope) -> tuple[Assessment, ...]:
    """Return every assessment that is handed in, in the order in which they were begun."""
    query = (
        select(AssessmentRow.id)
        .where(*cases.seen_by(scope, AssessmentRow.__table__.c.case_id))
        .order_by(AssessmentRow.id)
    )
    found = _assessments(session, tuple(session.scalars(query)))
    return tuple(one for one in found if one.state is AssessmentState.HANDED_IN)


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


def _ids(session: Session, case: str, assessor: str | None) -> tuple[str, ...]:
    query = select(AssessmentRow.id).where(AssessmentRow.case_id == case).order_by(AssessmentRow.id)
    if assessor is not None:
        query = query.where(AssessmentRow.assessor == assessor)
    return tuple(session.scalars(query))


def _put(session: Session, act: Act, assessment: str, case: str, state: AssessmentState) -> None:
    session.execute(
        insert(AssessmentStateRow),
        [{"assessment_id": assessment, "case_id": case, "state": str(state), "at": act.at}],
    )


def _assessments(session: Session, ids: Collection[str]) -> tuple[Assessment, ...]:
    made: list[Assessment] = []
    in_order = sorted(ids)
    for start in range(0, len(in_order), 500):
        some = in_order[start : start + 500]
        state, entry = AssessmentStateRow, AssessmentEntryRow
        states = {
            one.assessment_id: AssessmentState(one.state)
            for one in session.scalars(select(state).where(state.assessment_id.in_(some)).order_by(state.seq))
        }
        last = (
            select(func.max(entry.seq))
            .where(entry.assessment_id.in_(some))
            .group_by(entry.assessment_id, entry.question)
        )
        entries: dict[str, list[Entry]] = {id_: [] for id_ in some}
        for one in session.scalars(select(entry).where(entry.seq.in_(last)).order_by(entry.question)):
            answer = None if one.answer is None else JudgedAnswer(one.answer)
            entries[one.assessment_id].append(Entry(one.question, answer, one.note, one.at))
        query = select(AssessmentRow).where(AssessmentRow.id.in_(some)).order_by(AssessmentRow.id)
        made += [
            Assessment(row.id, row.case_id, row.assessor, row.at, states[row.id], tuple(entries[row.id]))
            for row in session.scalars(query)
        ]
    return tuple(made)
