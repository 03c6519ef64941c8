"""Users, by the opaque name that the identity provider gives them, and the roles and areas that they were granted.

Grants and their taking back are added one after the other; the latest of each holds.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from . import trail
from .act import Act
from .errors import UnfitError
from .schema import GrantRow
from .scope import AreaScope

__all__ = ["Access", "Grant", "Grantable", "access", "change", "history", "users"]

LONGEST_VALUE = 128


class Grantable(StrEnum):
    """What can be granted."""

    ROLE = "role"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Access:
    """What a user may do, and where. Who was granted nothing has neither."""

    user: str
    roles: frozenset[str]
    scope: AreaScope


@dataclass(frozen=True, slots=True)
class Grant:
    """Something granted to a user, or taken back."""

    user: str
    kind: Grantable
    value: str
    granted: bool
    at: dt.datetime
    who: str


def change(session: Session, act: Act, user: str, kind: Grantable, value: str, *, granted: bool) -> bool:
    """Grant something to a user, or take it back; tell whether that changed anything. ``*`` is every area.

    Raises:
        UnfitError: the user or what is granted has no name.
    """
    if not user or not 0 < len(value) <= LONGEST_VALUE:
        raise UnfitError(f"name the user, and a role or an area of 1 to {LONGEST_VALUE} characters")
    if (value in _held(session, user, kind)) == granted:
        return False
    session.execute(
        insert(GrantRow),
        [
            {
                "user_name": user,
                "kind": str(kind),
                "value": value,
                "granted": granted,
                "at": act.at,
                "who": act.who,
            }
        ],
    )
    what = f"{kind}_granted" if granted else f"{kind}_taken_back"
    trail.note(session, act, what, user, value=value)
    return True


def access(session: Session, user: str) -> Access:
    """Return what a user may do and where."""
    return Access(
        user,
        frozenset(_held(session, user, Grantable.ROLE)),
        AreaScope.of(_held(session, user, Grantable.AREA)),
    )


def users(session: Session) -> tuple[Access, ...]:
    """Return every user to whom something was ever granted, in the order of their names."""
    names = session.scalars(select(GrantRow.user_name).distinct().order_by(GrantRow.user_name))
    return tuple(access(session, name) for name in names)


def history(session: Session, user: str) -> tuple[Grant, ...]:
    """Return all that was granted to a user and taken back, in order."""
    query = select(GrantRow).where(GrantRow.user_name == user).order_by(GrantRow.seq)
    return tuple(
        Grant(row.user_name, Grantable(row.kind), row.value, row.granted, row.at, row.who)
        for row in session.scalars(query)
    )


def _held(session: Session, user: str, kind: Grantable) -> set[str]:
    last = (
        select(func.max(GrantRow.seq))
        .where(GrantRow.user_name == user, GrantRow.kind == str(kind))
        .group_by(GrantRow.value)
    )
    return set(session.scalars(select(GrantRow.value).where(GrantRow.seq.in_(last), GrantRow.granted)))
