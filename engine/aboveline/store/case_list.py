"""Cases as a list: found by how their ids begin, by area, and by how an audit answered a question; counted by the database.

Nothing here reads a record, and a page costs what it shows, however many cases
there are.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from aboveline.answers import Answer

from . import audits, cases
from .paging import Page, checked, page_of
from .schema import AuditAnswerRow, CaseVersionRow
from .scope import AreaScope

__all__ = ["EVERY_CASE", "Wanted", "areas", "count", "insufficient", "page"]

_LAST = "\U0010ffff"
"""Sorts after whatever an id may have in it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are wanted: what is none makes no difference. ``question`` and ``answer`` are of ``audit``."""

    begins: str | None = None
    area: str | None = None
    audit: str | None = None
    question: str | None = None
    answer: Answer | None = None


EVERY_CASE = Wanted()


def page(
    session: Session,
    scope: AreaScope,
    wanted: Wanted = EVERY_CASE,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[cases.CaseVersion, str]:
    """Return the cases after one, in the order of their ids.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    query = (
        cases.current(scope)
        .where(*_conditions(session, scope, wanted))
        .order_by(CaseVersionRow.case_id)
        .limit(checked(limit))
    )
    if after is not None:
        query = query.where(CaseVersionRow.case_id > after)
    return page_of([(row.case_id, cases.version_of(row)) for row in session.scalars(query)], limit)


def count(session: Session, scope: AreaScope, wanted: Wanted = EVERY_CASE) -> int:
    """Return how many cases there are.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    query = cases.current(scope).where(*_conditions(session, scope, wanted))
    return (
        session.scalar(
            select(func.count()).select_from(query.with_only_columns(CaseVersionRow.seq).subquery())
        )
        or 0
    )


def insufficient(
    session: Session, scope: AreaScope, audit: str, these: Collection[str]
) -> dict[str, int | None]:
    """Return how many insufficient answers each of some cases has in an audit; none where it was not in it.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    audits.get(session, scope, audit)
    short = func.count().filter(AuditAnswerRow.answer == str(Answer.INSUFFICIENT))
    query = (
        select(AuditAnswerRow.case_id, short)
        .where(AuditAnswerRow.audit_id == audit, AuditAnswerRow.case_id.in_(these))
        .group_by(AuditAnswerRow.case_id)
    )
    found: dict[str, int | None] = dict(session.execute(query).all())
    return {case: found.get(case) for case in these}


def areas(session: Session, scope: AreaScope) -> tuple[str, ...]:
    """Return the areas that cases of a scope are in now, in order.

    The areas that there ever were are few: of each it is asked whether a case is there.
    """
    ever = session.scalars(
        select(CaseVersionRow.area)
        .where(CaseVersionRow.area.is_not(None), *cases.within(scope, CaseVersionRow.__table__.c.area))
        .distinct()
        .order_by(CaseVersionRow.area)
    ).all()
    return tuple(
        area
        for area in ever
        if area is not None
        and session.scalar(
            cases.current(scope)
            .where(CaseVersionRow.area == area)
            .with_only_columns(CaseVersionRow.seq)
            .limit(1)
        )
        is not None
    )


def _conditions(session: Session, scope: AreaScope, wanted: Wanted) -> list[ColumnElement[bool]]:
    case = CaseVersionRow.__table__.c.case_id
    found: list[ColumnElement[bool]] = []
    if wanted.begins:
        found += [case >= wanted.begins, case < wanted.begins + _LAST]
    if wanted.area is not None:
        found.append(CaseVersionRow.__table__.c.area == wanted.area)
    if wanted.audit is not None and (wanted.question is not None or wanted.answer is not None):
        audits.get(session, scope, wanted.audit)
        asked = [AuditAnswerRow.audit_id == wanted.audit, AuditAnswerRow.case_id == case]
        if wanted.question is not None:
            asked.append(AuditAnswerRow.question == wanted.question)
        if wanted.answer is not None:
            asked.append(AuditAnswerRow.answer == str(wanted.answer))
        found.append(exists().where(*asked))
    return found
