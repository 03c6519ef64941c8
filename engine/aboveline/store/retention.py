"""Erasing cases, one by its id or all that are older than a day, with everything that tells of them.

What remains is a tombstone that says when, by whom, why and how much; not which
case. The trail says the same. Audits keep their scores, which the case was
counted in, and list it nowhere any more; each says how many cases it so lost.
"""

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from . import cases, impacts, results, trail
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
    AuditRow,
    CaseVersionRow,
    ErasingRow,
    JudgementRow,
    ModerationRow,
    TombstoneRow,
)
from .scope import AreaScope
from .turns import Turn, alone

__all__ = ["Tombstone", "Why", "count_older", "erase", "erase_older", "older", "tombstones"]

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
    MISTAKE = "mistake"
    ORDER = "order"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That a case was erased. ``counts`` are the rows of each table, and the audits and drafts it was taken out of."""

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
    return _erase(session, act, (case,), why)[0]


def older(session: Session, scope: AreaScope, before: dt.datetime, *, limit: int = 100) -> tuple[str, ...]:
    """Return cases of which no version was uploaded since a moment."""
    return tuple(session.scalars(_older(scope, before).order_by(CaseVersionRow.case_id).limit(limit)))


def count_older(session: Session, scope: AreaScope, before: dt.datetime) -> int:
    """Return how many cases there are of which no version was uploaded since a moment."""
    return session.scalar(select(func.count()).select_from(_older(scope, before).subquery())) or 0


def erase_older(
    session: Session, act: Act, scope: AreaScope, before: dt.datetime, *, limit: int = 100
) -> tuple[Tombstone, ...]:
    """Erase cases of which no version was uploaded since a moment, some at a time: ask again until there are none."""
    alone(session, Turn.UPLOAD)
    found = older(session, scope, before, limit=limit)
    if not found:
        return ()
    alone(session, Turn.JUDGEMENT)
    erased = _erase(session, act, found, Why.AGE)
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


def _older(scope: AreaScope, before: dt.datetime) -> Select[str]:
    query = (
        select(CaseVersionRow.case_id)
        .group_by(CaseVersionRow.case_id)
        .having(func.max(CaseVersionRow.at) < before)
    )
    if scope.areas is not None:
        query = query.where(*cases.seen_by(scope, CaseVersionRow.__table__.c.case_id))
    return query


def _erase(session: Session, act: Act, these: Collection[str], why: Why) -> tuple[Tombstone, ...]:
    session.execute(insert(ErasingRow), [{"case_id": case} for case in these])
    audits = results.erase_cases(session, act, these)
    drafts = impacts.erase_cases(session, act, these)
    counts: dict[str, dict[str, int]] = {
        case: {"audits": audits[case], "drafts": drafts[case]} for case in these
    }
    known = list(session.scalars(select(AuditRow.id)))
    for table in OF_A_CASE:
        key = table.__table__.c.case_id
        where = [key.in_(these)]
        if table is AuditAnswerRow:
            where.append(AuditAnswerRow.audit_id.in_(known))  # its key begins with the audit
        found: dict[str, int] = dict(
            session.execute(select(key, func.count()).where(*where).group_by(key)).all()
        )
        session.execute(delete(table).where(*where).execution_options(synchronize_session=False))
        for case in these:
            counts[case][table.__tablename__] = found.get(case, 0)
    session.execute(delete(ErasingRow).where(ErasingRow.case_id.in_(these)))
    made = tuple(Tombstone(new_id(act.at), act.at, act.who, why, counts[case]) for case in these)
    rows = [
        {
            "id": one.id,
            "at": act.at,
            "who": act.who,
            "why": str(why),
            "counts": json.dumps(one.counts, sort_keys=True),
        }
        for one in made
    ]
    session.execute(insert(TombstoneRow), rows)
    for one in made:
        trail.note(session, act, "case_erased", one.id, why=str(why), **one.counts)
    return made
