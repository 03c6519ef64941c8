"""Self-assessments: what assessors put down for the questions of a case, each by themselves.

There is one for each assessor of a case. It is a draft, to which one can come
back, until it is handed in; then it can be read beside another's, and changed
only after it was taken back, which is kept too. What was put down for a
question is added to, and the latest holds. What an assessor does to their own
is in ``own_assessments``.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aboveline.case.codes import JudgedAnswer

from . import cases
from .errors import NotFoundError
from .paging import Page, checked, page_of
from .schema import AssessmentEntryRow, AssessmentRow, AssessmentStateRow
from .scope import AreaScope

__all__ = [
    "Assessment",
    "AssessmentState",
    "Draft",
    "Entry",
    "get",
    "handed_in",
    "of_case",
    "own",
]

LONGEST_NOTE = 2000


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
    return _assessments(session, _ids(session, case))


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


def _ids(session: Session, case: str) -> tuple[str, ...]:
    query = select(AssessmentRow.id).where(AssessmentRow.case_id == case).order_by(AssessmentRow.id)
    return tuple(session.scalars(query))


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
