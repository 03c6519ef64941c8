"""Case records: every version that was uploaded. The caseload is the latest of each."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from aboveline.case import CaseRecord

from .errors import NotFoundError
from .paging import Page, checked, page_of
from .schema import (
    AssessmentRow,
    CaseVersionRow,
    JudgementRow,
    ModerationRow,
)
from .scope import AreaScope
from .turns import Turn, alone

__all__ = [
    "CaseVersion",
    "StoredCase",
    "count",
    "get",
    "hold",
    "latest",
    "page",
    "require",
    "subjects",
    "versions",
]


@dataclass(frozen=True, slots=True)
class CaseVersion:
    """That there is a version of a case record."""

    case: str
    version: int
    area: str | None
    digest: str
    upload: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A version of a case record, with the record as it was uploaded."""

    stored: CaseVersion
    record: CaseRecord


def get(session: Session, scope: AreaScope, case: str, version: int | None = None) -> StoredCase:
    """Return a case record, the latest version where none is asked for.

    Raises:
        NotFoundError: there is no such case in the areas, or no such version of it.
    """
    query = current(scope).where(CaseVersionRow.case_id == case)
    row = session.scalars(query).one_or_none()
    if row is not None and version is not None:
        row = session.scalars(
            select(CaseVersionRow).where(CaseVersionRow.case_id == case, CaseVersionRow.version == version)
        ).one_or_none()
    if row is None:
        raise NotFoundError("there is no such case")
    return StoredCase(version_of(row), CaseRecord.model_validate_json(row.record))


def require(session: Session, scope: AreaScope, case: str) -> None:
    """See that there is a case.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    if (
        session.scalar(
            current(scope).where(CaseVersionRow.case_id == case).with_only_columns(CaseVersionRow.seq)
        )
        is None
    ):
        raise NotFoundError("there is no such case")


def hold(session: Session, scope: AreaScope, case: str) -> None:
    """See that there is a case, and that it is not erased before the transaction ends: for what is written of it.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    alone(session, Turn.JUDGEMENT)
    require(session, scope, case)


def versions(session: Session, scope: AreaScope, case: str) -> tuple[CaseVersion, ...]:
    """Return every version of a case, the latest first.

    Raises:
        NotFoundError: there is no such case in the areas. It is the latest version's area that counts.
    """
    require(session, scope, case)
    query = (
        select(CaseVersionRow).where(CaseVersionRow.case_id == case).order_by(CaseVersionRow.version.desc())
    )
    return tuple(version_of(row) for row in session.scalars(query))


def page(
    session: Session, scope: AreaScope, *, after: str | None = None, limit: int = 50, area: str | None = None
) -> Page[CaseVersion, str]:
    """Return the cases after one, in the order of their ids; of one area, where it is named."""
    query = current(scope).order_by(CaseVersionRow.case_id).limit(checked(limit))
    if after is not None:
        query = query.where(CaseVersionRow.case_id > after)
    if area is not None:
        query = query.where(CaseVersionRow.area == area)
    return page_of([(row.case_id, version_of(row)) for row in session.scalars(query)], limit)


def count(session: Session, scope: AreaScope, *, area: str | None = None) -> int:
    """Return how many cases there are."""
    query = current(scope)
    if area is not None:
        query = query.where(CaseVersionRow.area == area)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def latest(
    session: Session, scope: AreaScope, upto: int, *, after: str | None, limit: int
) -> Iterator[tuple[str, str]]:
    """Yield cases with the JSON of their records, as they stood after the version that is the last to count."""
    query = current(scope, upto).order_by(CaseVersionRow.case_id).limit(limit)
    if after is not None:
        query = query.where(CaseVersionRow.case_id > after)
    for row in session.execute(query.with_only_columns(CaseVersionRow.case_id, CaseVersionRow.record)):
        yield row.case_id, row.record


def last_version(session: Session) -> int:
    """Return the number of the last version that was uploaded of any case."""
    return session.scalar(select(func.max(CaseVersionRow.seq))) or 0


def subjects(session: Session, scope: AreaScope, case: str) -> tuple[str, ...]:
    """Return the subjects in the trail that tell of a case: its uploads, judgements, assessments, moderations.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    require(session, scope, case)
    found: set[str] = set()
    for column, of in (
        (CaseVersionRow.upload_id, CaseVersionRow.case_id),
        (JudgementRow.id, JudgementRow.case_id),
        (AssessmentRow.id, AssessmentRow.case_id),
        (ModerationRow.id, ModerationRow.case_id),
    ):
        found.update(session.scalars(select(column).where(of == case)))
    return tuple(sorted(found))


def within(scope: AreaScope, area: "ColumnElement[str | None]") -> list[ColumnElement[bool]]:
    """Return the condition that an area is among those of a scope; a case without one is only in the scope of all."""
    return [] if scope.areas is None else [area.in_(sorted(scope.areas))]


def seen_by(scope: AreaScope, case: "ColumnElement[str]") -> list[ColumnElement[bool]]:
    """Return the condition that a row's case is, by its latest version, in the areas of a scope."""
    if scope.areas is None:
        return []
    return [case.in_(current(scope).with_only_columns(CaseVersionRow.case_id))]


def current(scope: AreaScope, upto: int | None = None) -> Select[CaseVersionRow]:
    """Return the query for the latest version of every case of a scope, of those up to one where it is named."""
    later = aliased(CaseVersionRow)
    overtaken = and_(later.case_id == CaseVersionRow.case_id, later.version > CaseVersionRow.version)
    query = select(CaseVersionRow).where(*within(scope, CaseVersionRow.__table__.c.area))
    if upto is not None:
        overtaken = and_(overtaken, later.seq <= upto)
        query = query.where(CaseVersionRow.seq <= upto)
    return query.where(~exists().where(overtaken))


def version_of(row: CaseVersionRow) -> CaseVersion:
    """Return what there is of a version of a case."""
    return CaseVersion(row.case_id, row.version, row.area, row.digest, row.upload_id, row.at)
