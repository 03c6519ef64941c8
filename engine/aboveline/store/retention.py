"""Erasing cases, one by its id or all that are older than a day, with everything that tells of them.

What remains is a tombstone that says when, by whom, why and how much; not which
case. The trail says the same. Audits keep their scores, which the case was
counted in, and list it nowhere any more; each says how many cases it so lost.
"""

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from . import cases, results, trail
from .act import Act, new_id
from .errors import NotFoundError
from .paging import Page, checked, page_of
from .schema import (
    ActionAreaRow,
    ActionChangeRow,
    ActionRow,
    AssessmentEntryRow,
    AssessmentRow,
    AssessmentStateRow,
    AuditAnswerRow,
    AuditFindingRow,
    AuditGapRow,
    CaseVersionRow,
    ErasingRow,
    JudgementRow,
    ModerationRow,
    TombstoneRow,
)
from .scope import AreaScope
from .turns import Turn, alone

__all__ = ["Tombstone", "Why", "erase", "erase_older", "older", "tombstones"]

OF_A_CASE = (
    AuditAnswerRow,
    AuditFindingRow,
    AuditGapRow,
    ActionChangeRow,
    ActionAreaRow,
    ActionRow,
    ModerationRow,
    AssessmentEntryRow,
    AssessmentStateRow,
    AssessmentRow,
    JudgementRow,
    CaseVersionRow,
)
"""Tables whose rows tell of a case, what depends on others first."""


class Why(StrEnum):
    """Why a case was erased."""

    REQUEST = "request"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That a case was erased. ``counts`` are the rows of each table, and the audits it was taken out of."""

    id: str
    at: dt.datetime
    who: str
    why: Why
    counts: dict[str, int]


def erase(session: Session, act: Act, scope: AreaScope, case: str, why: Why = Why.REQUEST) -> Tombstone:
    """Erase a case with all its versions and all that was said, found or planned of it.

    Afterwards, outside the transaction, ``Database.tidy`` clears SQLite's log of it. Backups are not reached.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    alone(session, Turn.UPLOAD)
    alone(session, Turn.JUDGEMENT)
    areas = session.execute(
        select(CaseVersionRow.area)
        .where(CaseVersionRow.case_id == case)
        .order_by(CaseVersionRow.version.desc())
        .limit(1)
    ).first()
    if areas is None or not scope.includes(areas.area):
        raise NotFoundError("there is no such case")
    session.execute(insert(ErasingRow), [{"case_id": case}])
    counts = {"audits": results.erase_case(session, act, case)}
    for table in OF_A_CASE:
        key = table.__table__.c.case_id
        many = session.scalar(select(func.count()).select_from(table).where(key == case)) or 0
        session.execute(delete(table).where(key == case).execution_options(synchronize_session=False))
        counts[table.__tablename__] = many
    session.execute(delete(ErasingRow).where(ErasingRow.case_id == case))
    made = Tombstone(new_id(act.at), act.at, act.who, why, counts)
    session.execute(
        insert(TombstoneRow),
        [
            {
                "id": made.id,
                "at": act.at,
                "who": act.who,
                "why": str(why),
                "counts": json.dumps(counts, sort_keys=True),
            }
        ],
    )
    trail.note(session, act, "case_erased", made.id, why=str(why), **counts)
    return made


def older(session: Session, scope: AreaScope, before: dt.datetime, *, limit: int = 100) -> tuple[str, ...]:
    """Return cases of which no version was uploaded since a moment."""
    query = (
        select(CaseVersionRow.case_id)
        .group_by(CaseVersionRow.case_id)
        .having(func.max(CaseVersionRow.at) < before)
        .order_by(CaseVersionRow.case_id)
    )
    if scope.areas is not None:
        query = query.where(*cases.seen_by(scope, CaseVersionRow.__table__.c.case_id))
    return tuple(session.scalars(query.limit(limit)))


def erase_older(
    session: Session, act: Act, scope: AreaScope, before: dt.datetime, *, limit: int = 100
) -> tuple[Tombstone, ...]:
    """Erase cases of which no version was uploaded since a moment, some at a time: ask again until there are none."""
    alone(session, Turn.UPLOAD)
    found = older(session, scope, before, limit=limit)
    erased = tuple(erase(session, act, scope, case, Why.AGE) for case in found)
    if erased:
        trail.note(
            session, act, "retention_applied", new_id(act.at), before=before.isoformat(), cases=len(erased)
        )
    return erased


def tombstones(session: Session, *, after: str | None = None, limit: int = 50) -> Page[Tombstone, str]:
    """Return tombstones, the latest first. They say nothing of a case, so they have no area."""
    query = select(TombstoneRow).order_by(TombstoneRow.id.desc()).limit(checked(limit))
    if after is not None:
        query = query.where(TombstoneRow.id < after)
    return page_of(
        [
            (row.id, Tombstone(row.id, row.at, row.who, Why(row.why), json.loads(row.counts)))
            for row in session.scalars(query)
        ],
        limit,
    )
