"""Drafts of the rules: who sent one, as at which day it is tried and on whose cases, and what became of it.

A draft is text, and is kept as it was sent. It belongs to the areas of whoever
sent it, as an audit belongs to its own: it is seen only with all of them. What
it would do is in ``impacts``. None of its text enters the trail.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, insert, select
from sqlalchemy.orm import Session, aliased

from . import trail
from .act import Act, new_id
from .caseload import Extent, extent
from .errors import NotFoundError, UnfitError
from .packing import packed, unpacked
from .paging import Page, checked, page_of
from .schema import DraftAreaRow, DraftImpactRow, DraftRow, DraftStateRow
from .scope import AreaScope
from .states import State, need_way

__all__ = ["Draft", "files", "get", "move", "page", "put", "unfinished"]

LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. ``rulebook`` and ``cases`` are known when it is done; ``digest`` is of what it would do, as it is kept now.

    ``sent`` is the SHA-256 of its files as JSON; ``erased`` counts cases that were erased since it was tried on them.
    """

    id: str
    at: dt.datetime
    who: str
    label: str
    areas: tuple[str, ...]
    as_of: dt.date
    options: Mapping[str, str]
    extent: Extent
    sent: str
    state: State
    state_at: dt.datetime
    reason: str | None
    rulebook: str | None
    cases: int | None
    digest: str | None
    erased: int

    @property
    def scope(self) -> AreaScope:
        """The areas whose cases it is tried on."""
        return AreaScope.of(self.areas)


def put(
    session: Session,
    act: Act,
    scope: AreaScope,
    *,
    label: str,
    as_of: dt.date,
    texts: Mapping[str, str],
    options: Mapping[str, str] | None = None,
) -> Draft:
    """Keep a draft, to be tried on the caseload of the sender's areas as it stands now. A job does it.

    Raises:
        UnfitError: the label is empty or too long, or the sender has no area.
    """
    if not 0 < len(label := label.strip()) <= LONGEST_LABEL:
        raise UnfitError(f"give the draft a label of 1 to {LONGEST_LABEL} characters")
    if not scope.named:
        raise UnfitError("there is no case in these areas: upload case records first")
    until = extent(session)
    draft = new_id(act.at)
    digest, content = packed(json.dumps(dict(texts), sort_keys=True).encode())
    session.execute(
        insert(DraftRow),
        [
            {
                "id": draft,
                "at": act.at,
                "who": act.who,
                "label": label,
                "as_of": as_of,
                "options": json.dumps(dict(options or {}), sort_keys=True),
                "upto": until.upto,
                "said_upto": until.said_upto,
                "files": content,
                "digest": digest,
            }
        ],
    )
    session.execute(insert(DraftAreaRow), [{"draft_id": draft, "area": area} for area in scope.named])
    _put(session, act, draft, State.QUEUED, None)
    areas = list(scope.named)
    trail.note(
        session,
        act,
        "draft_sent",
        draft,
        as_of=as_of.isoformat(),
        areas=areas,
        files=len(texts),
        digest=digest,
    )
    return get(session, scope, draft)


def move(session: Session, act: Act, draft: str, state: State, reason: str | None = None) -> None:
    """Say how far a draft has come. ``impacts.save`` says that it is done, with what came of it.

    Raises:
        NotFoundError: there is no such draft.
        ConflictError: a draft cannot come to that state from where it is.
    """
    found = session.execute(select(DraftRow.id).where(DraftRow.id == draft).with_for_update()).first()
    if found is None:
        raise NotFoundError("there is no such draft")
    now = session.scalars(
        select(DraftStateRow.state)
        .where(DraftStateRow.draft_id == draft)
        .order_by(DraftStateRow.seq.desc())
        .limit(1)
    ).one()
    need_way(State(now), state, "draft")
    _put(session, act, draft, state, reason)
    trail.note(session, act, f"draft_{state}", draft)


def get(session: Session, scope: AreaScope, draft: str) -> Draft:
    """Return a draft.

    Raises:
        NotFoundError: there is no such draft, or it was tried on cases of areas that are not all in the scope.
    """
    row = session.scalars(select(DraftRow).where(DraftRow.id == draft, *_visible(scope))).one_or_none()
    if row is None:
        raise NotFoundError("there is no such draft")
    return _drafts(session, [row])[0]


def files(session: Session, scope: AreaScope, draft: str) -> dict[str, str]:
    """Return the files of a draft as they were sent, by their paths.

    Raises:
        NotFoundError: there is no such draft in the areas.
        ConflictError: they are not as they were kept.
    """
    get(session, scope, draft)
    row = session.execute(select(DraftRow.files, DraftRow.digest).where(DraftRow.id == draft)).one()
    found: dict[str, str] = json.loads(unpacked(row.files, row.digest))
    return found


def page(
    session: Session, scope: AreaScope, *, after: str | None = None, limit: int = 50
) -> Page[Draft, str]:
    """Return drafts, the latest first."""
    query = select(DraftRow).where(*_visible(scope)).order_by(DraftRow.id.desc()).limit(checked(limit))
    if after is not None:
        query = query.where(DraftRow.id < after)
    return page_of([(one.id, one) for one in _drafts(session, list(session.scalars(query)))], limit)


def unfinished(session: Session, scope: AreaScope, who: str) -> int:
    """Return how many drafts of somebody are waiting or being tried."""
    later = aliased(DraftStateRow)
    overtaken = exists().where(later.draft_id == DraftStateRow.draft_id, later.seq > DraftStateRow.seq)
    query = (
        select(func.count())
        .select_from(DraftRow)
        .join(DraftStateRow, DraftStateRow.draft_id == DraftRow.id)
        .where(DraftRow.who == who, *_visible(scope), ~overtaken)
        .where(DraftStateRow.state.in_([str(State.QUEUED), str(State.RUNNING)]))
    )
    return session.scalars(query).one()


def _visible(scope: AreaScope) -> list[ColumnElement[bool]]:
    if scope.areas is None:
        return []
    beyond = DraftAreaRow.area.not_in(sorted(scope.areas))
    return [~exists().where(DraftAreaRow.draft_id == DraftRow.id, beyond)]


def _put(session: Session, act: Act, draft: str, state: State, reason: str | None) -> None:
    session.execute(
        insert(DraftStateRow), [{"draft_id": draft, "at": act.at, "state": str(state), "reason": reason}]
    )


def _drafts(session: Session, rows: Sequence[DraftRow]) -> list[Draft]:
    ids = [row.id for row in rows]
    areas: dict[str, list[str]] = defaultdict(list)
    of_area = select(DraftAreaRow).where(DraftAreaRow.draft_id.in_(ids)).order_by(DraftAreaRow.area)
    for one in session.scalars(of_area):
        areas[one.draft_id].append(one.area)
    of_state = select(DraftStateRow).where(DraftStateRow.draft_id.in_(ids)).order_by(DraftStateRow.seq)
    states = {one.draft_id: one for one in session.scalars(of_state)}  # the later in order stands
    columns = ("draft_id", "rulebook", "cases", "digest", "erased")
    of_impact = select(*(getattr(DraftImpactRow, name) for name in columns)).where(
        DraftImpactRow.draft_id.in_(ids)
    )
    impacts = {one.draft_id: one for one in session.execute(of_impact)}
    made = []
    for row in rows:
        state, impact = states[row.id], impacts.get(row.id)
        made.append(
            Draft(
                id=row.id,
                at=row.at,
                who=row.who,
                label=row.label,
                areas=tuple(areas[row.id]),
                as_of=row.as_of,
                options=json.loads(row.options),
                extent=Extent(row.upto, row.said_upto),
                sent=row.digest,
                state=State(state.state),
                state_at=state.at,
                reason=state.reason,
                rulebook=impact.rulebook if impact else None,
                cases=impact.cases if impact else None,
                digest=impact.digest if impact else None,
                erased=impact.erased if impact else 0,
            )
        )
    return made
