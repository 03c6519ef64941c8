"""What the service asks of what is kept, said as protocols: the store answers, and in tests a dictionary.

All of them may wait on a database: the service calls them in a thread, never in
the loop that answers requests. Any may raise ``StoreUnavailableError``.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["EVERY_AREA", "Grants", "SessionStore", "StoreHealth", "StoreUnavailableError", "Users"]

EVERY_AREA = "*"
"""Granted in place of areas by name: all areas, and cases that have none."""


class StoreUnavailableError(Exception):
    """What is kept cannot be reached just now. Whoever raises it need not say more: it is answered 503."""


@dataclass(frozen=True)
class Grants:
    """What somebody was granted here, beside what their token says."""

    roles: frozenset[str] = field(default_factory=frozenset)
    areas: frozenset[str] = field(default_factory=frozenset)


class Users(Protocol):
    """Knows who was granted what."""

    def grants_of(self, name: str) -> Grants:
        """Return the grants of a user name, or of ``client:<id>`` for a program; none where nobody knows it."""
        ...


class StoreHealth(Protocol):
    """Knows how the database is."""

    def is_reachable(self) -> bool:
        """Say whether the database answers."""
        ...

    def is_current(self) -> bool:
        """Say whether its tables are those this version expects. Asked only if it answers."""
        ...


class SessionStore(Protocol):
    """Keeps small texts under keys for a while. A key is a hash: what is kept cannot be used to sign in."""

    def put(self, key: str, text: str, expires_at: dt.datetime) -> None:
        """Keep a text, in place of any under that key."""
        ...

    def renew(self, key: str, text: str, expires_at: dt.datetime) -> None:
        """Keep a text in place of the one under that key, if one is kept still: what was taken stays away."""
        ...

    def get(self, key: str, now: dt.datetime) -> str | None:
        """Return the text, or nothing where it is not kept or has expired."""
        ...

    def take(self, key: str, now: dt.datetime) -> str | None:
        """Return the text and keep it no longer: of two who ask at once, one gets it."""
        ...
