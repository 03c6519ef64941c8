"""The action plan: what is to be done, by whom and when. A change is added, and the latest holds.

An action belongs to the areas of its audit, or to the area of its case, or to
those that it is put down for. Somebody may see it only with all of them. To put
one down and to change it is in ``planning``.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from .errors import NotFoundError
from .paging import Page, checked, page_of
from .schema import ActionAreaRow, ActionChangeRow, ActionRow
from .scope import AreaScope

__all__ = ["Action", "ActionState", "Change", "Plan", "get", "history", "page"]

LONGEST_TEXT = 2000
LONGEST_OWNER = 200


class ActionState(StrEnum):
    """How far an action has come."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, by whom, by when, and how far it has come."""

    text: str
    owner: str
    due: dt.date | None
    state: ActionState = ActionState.OPEN


@dataclass(frozen=True, slots=True)
class Change:
    """An action as it was put down or changed, with a note why."""

    version: int
    plan: Plan
    note: str
    at: dt.datetime
    who: str


@dataclass(frozen=True, slots=True)
class Action:
    """An action as it is now. ``version`` is what a change must be made to."""

    id: str
    at: dt.datetime
    who: str
    areas: tuple[str, ...]
    audit: str | None
    recommendation: str | None
    case: str | None
    version: int
    plan: Plan
    changed_at: dt.datetime


def get(session: Session, scope: AreaScope, action: str) -> Action:
    """Return an action as it is now.

    Raises:
        NotFoundError: there is no such action in the areas.
    """
    row = session.scalars(select(ActionRow).where(ActionRow.id == action, *_visible(scope))).one_or_none()
    if row is None:
        raise NotFoundError("there is no such action")
    return _actions(session, [row])[0]


def history(session: Session, scope: AreaScope, action: str) -> tuple[Change, ...]:
    """Return an action as it was put down and each change of it, in order.

    Raises:
        NotFoundError: there is no such action in the areas.
    """
    get(session, scope, action)
    query = (
        select(ActionChangeRow).where(ActionChangeRow.action_id == action).order_by(ActionChangeRow.version)
    )
    return tuple(_change(row) for row in session.scalars(query))


def page(
    session: Session,
    scope: AreaScope,
    *,
    audit: str | None = None,
    case: str | None = None,
    state: ActionState | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Action, str]:
    """Return actions, the latest put down first."""
    query = select(ActionRow).where(*_visible(scope)).order_by(ActionRow.id.desc()).limit(checked(limit))
    if audit is not None:
        query = query.where(ActionRow.audit_id == audit)
    if case is not None:
        query = query.where(ActionRow.case_id == case)
    if state is not None:
        later = aliased(ActionChangeRow)
        overtaken = exists().where(
            later.action_id == ActionChangeRow.action_id, later.version > ActionChangeRow.version
        )
        query = query.where(
            exists().where(
                ActionChangeRow.action_id == ActionRow.id, ActionChangeRow.state == str(state), ~overtaken
            )
        )
    if after is not None:
        query = query.where(ActionRow.id < after)
    found = _actions(session, list(session.scalars(query)))
    return page_of([(one.id, one) for one in found], limit)


def _visible(scope: AreaScope) -> list[ColumnElement[bool]]:
    if scope.areas is None:
        return []
    return [
        ~exists().where(
            ActionAreaRow.action_id == ActionRow.id, ActionAreaRow.area.not_in(sorted(scope.areas))
        )
    ]


def _actions(session: Session, rows: Sequence[ActionRow]) -> list[Action]:
    ids = [row.id for row in rows]
    areas: dict[str, list[str]] = defaultdict(list)
    for one in session.scalars(
        select(ActionAreaRow).where(ActionAreaRow.action_id.in_(ids)).order_by(ActionAreaRow.area)
    ):
        areas[one.action_id].append(one.area)
    query = (
        select(ActionChangeRow).where(ActionChangeRow.action_id.in_(ids)).order_by(ActionChangeRow.version)
    )
    last = {one.action_id: _change(one) for one in session.scalars(query)}  # the later in order stands
    return [
        Action(
            row.id,
            row.at,
            row.who,
            tuple(areas[row.id]),
            row.audit_id,
            row.recommendation,
            row.case_id,
            last[row.id].version,
            last[row.id].plan,
            last[row.id].at,
        )
        for row in rows
    ]


def _change(row: ActionChangeRow) -> Change:
    plan = Plan(row.text, row.owner, row.due, ActionState(row.state))
    return Change(row.version, plan, row.note, row.at, row.who)
