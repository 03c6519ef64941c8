"""The store, as ``ports`` asks for it."""

from sqlalchemy.exc import SQLAlchemyError

from aboveline.store import Database, users

from .ports import Grants, StoreUnavailableError

__all__ = ["StoredHealth", "StoredUsers"]


class StoredUsers:
    """Knows who was granted what, by the grants in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grants_of(self, name: str) -> Grants:
        """Return what is granted to a user or a program now.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        try:
            with self._database.reading() as session:
                access = users.access(session, name)
        except SQLAlchemyError as error:
            raise StoreUnavailableError from error
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
