"""The store, as ``ports`` asks for it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from aboveline.store import ConflictError, Database, sessions, users

from .clock import Clock
from .ports import Grants, StoreUnavailableError

__all__ = ["StoredHealth", "StoredSessions", "StoredUsers"]


class StoredUsers:
    """Knows who was granted what, by the grants in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grants_of(self, name: str) -> Grants:
        """Return what is granted to a user or a program now.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        with _reached(), self._database.reading() as session:
            access = users.access(session, name)
        return Grants(roles=access.roles, areas=frozenset(access.scope.named))


class StoredHealth:
    """Knows how the database is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_reachable(self) -> bool:
        """Say whether the database answers."""
        try:
            self._database.ping()
        except SQLAlchemyError:
            return False
        return True

    def is_current(self) -> bool:
        """Say whether its tables are those this version expects."""
        try:
            return self._database.is_current()
        except SQLAlchemyError:
            return False


class StoredSessions:
    """Keeps sessions in the database: every process knows them, and a restart signs nobody out."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(self, key: str, text: str, expires_at: dt.datetime) -> None:
        """Keep a text, in place of any under that key."""
        with _reached(), self._database.begin() as session:
            sessions.put(session, key, text, expires_at, self._clock.now())

    def renew(self, key: str, text: str, expires_at: dt.datetime) -> None:
        """Keep a text in place of the one under that key, if one is kept still.

        Whoever reads a page does not wait for somebody else's upload: if it is not their turn, their next page renews it.
        """
        with _reached(), suppress(ConflictError), self._database.begin(patience=0) as session:
            sessions.renew(session, key, text, expires_at)

    def get(self, key: str, now: dt.datetime) -> str | None:
        """Return the text, or nothing where it is not kept or has expired."""
        with _reached(), self._database.reading() as session:
            return sessions.get(session, key, now)

    def take(self, key: str, now: dt.datetime) -> str | None:
        """Return the text and keep it no longer."""
        with _reached(), self._database.begin() as session:
            return sessions.take(session, key, now)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailableError from error
