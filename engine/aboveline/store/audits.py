"""Audits: what was asked for, and what became of it.

An audit belongs to the areas that it was asked for over. Somebody may see it,
its lists, exports and sums only with **all** of them. It is done over the
caseload as it stood when it was asked for, however often a worker begins again.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, insert, select
from sqlalchemy.orm import Session, aliased

from . import trail
from .act import Act, new_id
from .caseload import Extent, extent
from .errors import NotFoundError, UnfitError
from .paging import Page, checked, page_of
from .schema import AuditAreaRow, AuditResultRow, AuditRow, AuditStateRow
from .scope import AreaScope
from .states import State, need_way

__all__ = ["Audit", "Option", "State", "ask", "get", "move", "page"]

LONGEST_LABEL = 200

Option = str | int | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit. ``rulebook``, ``cases`` and ``cases_hash`` are known when it is done.

    ``erased`` counts cases that were erased since: they are counted in its
    scores as they were, and stand in none of its lists any more. ``digest`` is
    the SHA-256 of its result's JSON as it is now.
    """

    id: str
    at: dt.datetime
    who: str
    label: str
    areas: tuple[str, ...]
    as_of: dt.date
    options: Mapping[str, Option]
    extent: Extent
    state: State
    state_at: dt.datetime
    reason: str | None
    rulebook: str | None
    cases: int | None
    cases_hash: str | None
    digest: str | None
    erased: int

    @property
    def scope(self) -> AreaScope:
        """The areas that it is over."""
        return AreaScope.of(self.areas)


def ask(
    session: Session,
    act: Act,
    scope: AreaScope,
    *,
    label: str,
    as_of: dt.date,
    over: AreaScope,
    options: Mapping[str, Option] | None = None,
) -> Audit:
    """Ask for an audit of the caseload of some areas as it stands now. A job does it: see ``jobs.enqueue``.

    Raises:
        NotFoundError: it is to be over areas that whoever asks may not see.
        UnfitError: the label is empty or too long, or there is no area to be over.
    """
    if not 0 < len(label := label.strip()) <= LONGEST_LABEL:
        raise UnfitError(f"give the audit a label of 1 to {LONGEST_LABEL} characters")
    if not over.named:
        raise UnfitError("say which areas the audit is over")
    if not scope.covers(over):
        raise NotFoundError("there is no such area")
    until = extent(session)
    audit = new_id(act.at)
    session.execute(
        insert(AuditRow),
        [
            {
                "id": audit,
                "at": act.at,
                "who": act.who,
                "label": label,
                "as_of": as_of,
                "options": json.dumps(dict(options or {}), sort_keys=True),
                "upto": until.upto,
                "said_upto": until.said_upto,
            }
        ],
    )
    session.execute(insert(AuditAreaRow), [{"audit_id": audit, "area": area} for area in over.named])
    _put(session, act, audit, State.QUEUED, None)
    trail.note(session, act, "audit_asked_for", audit, as_of=as_of.isoformat(), areas=list(over.named))
    return get(session, scope, audit)


def move(session: Session, act: Act, audit: str, state: State, reason: str | None = None) -> None:
    """Say how far an audit has come. ``results.save`` says that it is done, with what came of it.

    Raises:
        NotFoundError: there is no such audit.
        ConflictError: an audit cannot come to that state from where it is.
    """
    # The row is locked, so that two who move it do so one after the other.
    found = session.execute(select(AuditRow.id).where(AuditRow.id == audit).with_for_update()).first()
    if found is None:
        raise NotFoundError("there is no such audit")
    now = State(
        session.scalars(
            select(AuditStateRow.state)
            .where(AuditStateRow.audit_id == audit)
            .order_by(AuditStateRow.seq.desc())
            .limit(1)
        ).one()
    )
    need_way(now, state, "audit")
    _put(session, act, audit, state, reason)
    trail.note(session, act, f"audit_{state}", audit)


def get(session: Session, scope: AreaScope, audit: str) -> Audit:
    """Return an audit.

    Raises:
        NotFoundError: there is no such audit, or it is over areas that are not all in the scope.
    """
    row = session.scalars(select(AuditRow).where(AuditRow.id == audit, *visible(scope))).one_or_none()
    if row is None:
        raise NotFoundError("there is no such audit")
    return _audits(session, [row])[0]


def page(
    session: Session,
    scope: AreaScope,
    *,
    state: State | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Audit, str]:
    """Return audits, the latest first."""
    query = select(AuditRow).where(*visible(scope)).order_by(AuditRow.id.desc()).limit(checked(limit))
    if state is not None:
        later = aliased(AuditStateRow)
        overtaken = exists().where(later.audit_id == AuditStateRow.audit_id, later.seq > AuditStateRow.seq)
        query = query.where(
            exists().where(
                AuditStateRow.audit_id == AuditRow.id, AuditStateRow.state == str(state), ~overtaken
            )
        )
    if after is not None:
        query = query.where(AuditRow.id < after)
    found = _audits(session, list(session.scalars(query)))
    return page_of([(one.id, one) for one in found], limit)


def visible(scope: AreaScope) -> list[ColumnElement[bool]]:
    """Return the condition that all areas of an audit are in a scope. An audit over all areas is in the scope of all alone."""
    if scope.areas is None:
        return []
    return [
        ~exists().where(AuditAreaRow.audit_id == AuditRow.id, AuditAreaRow.area.not_in(sorted(scope.areas)))
    ]


def _put(session: Session, act: Act, audit: str, state: State, reason: str | None) -> None:
    session.execute(
        insert(AuditStateRow), [{"audit_id": audit, "at": act.at, "state": str(state), "reason": reason}]
    )


def _audits(session: Session, rows: Sequence[AuditRow]) -> list[Audit]:
    ids = [row.id for row in rows]
    areas: dict[str, list[str]] = defaultdict(list)
    for audit, area in session.execute(
        select(AuditAreaRow.audit_id, AuditAreaRow.area)
        .where(AuditAreaRow.audit_id.in_(ids))
        .order_by(AuditAreaRow.area)
    ):
        areas[audit].append(area)
    states = {
        one.audit_id: one  # the later in order stands
        for one in session.scalars(
            select(AuditStateRow).where(AuditStateRow.audit_id.in_(ids)).order_by(AuditStateRow.seq)
        )
    }
    results = {
        one.audit_id: one
        for one in session.execute(
            select(
                AuditResultRow.audit_id,
                AuditResultRow.rulebook,
                AuditResultRow.cases,
                AuditResultRow.cases_hash,
                AuditResultRow.digest,
                AuditResultRow.erased,
            ).where(AuditResultRow.audit_id.in_(ids))
        )
    }
    made = []
    for row in rows:
        state, result = states[row.id], results.get(row.id)
        made.append(
            Audit(
                id=row.id,
                at=row.at,
                who=row.who,
                label=row.label,
                areas=tuple(areas[row.id]),
                as_of=row.as_of,
                options=json.loads(row.options),
                extent=Extent(row.upto, row.said_upto),
                state=State(state.state),
                state_at=state.at,
                reason=state.reason,
                rulebook=result.rulebook if result else None,
                cases=result.cases if result else None,
                cases_hash=result.cases_hash if result else None,
                digest=result.digest if result else None,
                erased=result.erased if result else 0,
            )
        )
    return made
