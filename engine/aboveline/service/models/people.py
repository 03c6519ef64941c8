"""Users, and the trail of what they did, as the API takes and tells of them."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from aboveline.case.base import Record
from aboveline.service.security.roles import Role
from aboveline.service.work.granting import LONGEST_REASON

from .audits import Area
from .sent import Sent

__all__ = [
    "AccessRequest",
    "GrantView",
    "Trail",
    "TrailEntry",
    "TrailVerification",
    "UserView",
    "Users",
]


class AccessRequest(Sent):
    """What a user may do, and where, from now on: these and no others; and why."""

    roles: frozenset[Role]
    areas: Annotated[
        frozenset[Area], Field(max_length=500, description="`*` is every area, and cases of none")
    ]
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class GrantView(Record):
    """A role or an area given to a user, or taken back."""

    kind: str
    value: str
    granted: bool
    at: dt.datetime
    who: str


class UserView(Record):
    """A user, with the roles and areas that were granted here. Their token may bring other roles."""

    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    history: tuple[GrantView, ...] = ()


class Users(Record):
    """Every user to whom something was ever granted here, by name."""

    items: tuple[UserView, ...]


class TrailEntry(Record):
    """An entry of the trail, with the hash of the one before and its own."""

    seq: int
    at: dt.datetime
    who: str
    what: str
    subject: str
    correlation: str
    details: dict[str, str | int | bool | list[str] | None]
    previous: str
    hash: str


class Trail(Record):
    """Some entries, the latest first. ``next`` is what to ask for as ``before``, none at the end."""

    items: tuple[TrailEntry, ...]
    next: int | None


class TrailVerification(Record):
    """Whether the trail is whole. ``broken_at`` is the first entry that is not as it was written.

    Write ``entries`` and ``hash`` down elsewhere, and send them the next time.
    """

    whole: bool
    entries: int
    hash: str | None
    broken_at: int | None
    reason: str | None
