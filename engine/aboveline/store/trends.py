"""How outcomes went from one audit to the next."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from .errors import NotFoundError
from .schema import AuditAreaRow, AuditOutcomeRow, AuditResultRow, AuditRow
from .scope import AreaScope

__all__ = ["OutcomePoint", "trend"]


@dataclass(frozen=True, slots=True)
class OutcomePoint:
    """The score of an outcome in one audit: ``sufficient`` of ``n`` answers to its questions, by case and question."""

    audit: str
    as_of: dt.date
    outcome: str
    title: str
    score: int | None
    score_range: tuple[int, int] | None
    sufficient: int
    n: int


def trend(
    session: Session, scope: AreaScope, over: AreaScope, *, limit: int = 12
) -> tuple[tuple[OutcomePoint, ...], ...]:
    """Return the scores of the last audits that are done over the very same areas, the earliest first.

    Audits over other areas are of other cases, and would make a trend out of
    who was asked. They are in the order of the days they stand at.

    Raises:
        NotFoundError: the areas are not all in the scope.
    """
    if not scope.covers(over):
        raise NotFoundError("there is no such area")
    same = [
        exists().where(AuditAreaRow.audit_id == AuditRow.id, AuditAreaRow.area == area) for area in over.named
    ]
    others = exists().where(AuditAreaRow.audit_id == AuditRow.id, AuditAreaRow.area.not_in(over.named))
    chosen = session.execute(
        select(AuditRow.id, AuditRow.as_of)
        .join(AuditResultRow, AuditResultRow.audit_id == AuditRow.id)
        .where(*same, ~others)
        .order_by(AuditRow.as_of.desc(), AuditRow.id.desc())
        .limit(limit)
    ).all()
    points: dict[str, list[OutcomePoint]] = defaultdict(list)
    days = dict(chosen)
    query = select(AuditOutcomeRow).where(AuditOutcomeRow.audit_id.in_(days)).order_by(AuditOutcomeRow.place)
    for row in session.scalars(query):
        between = None if row.low is None or row.high is None else (row.low, row.high)
        points[row.audit_id].append(
            OutcomePoint(
                row.audit_id,
                days[row.audit_id],
                row.outcome,
                row.title,
                row.score,
                between,
                row.sufficient,
                row.n,
            )
        )
    return tuple(tuple(points[audit]) for audit, _ in reversed(chosen))
