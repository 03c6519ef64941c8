"""What is done by one at a time, and by another after it.

SQLite has one writer anyway. In PostgreSQL it is a lock by number, which ends
with its transaction, however that ends. Who takes several takes them in the
order of their numbers; the trail's is the last of all.
"""

from enum import IntEnum

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

__all__ = ["Turn", "alone", "lock"]

_OURS = 0x61626F76656C  # "abovel": the locks of a database may be used by others too


class Turn(IntEnum):
    """What is done by one at a time."""

    MIGRATION = 1
    UPLOAD = 2
    JUDGEMENT = 3
    TRAIL = 4


def alone(session: Session, turn: Turn) -> None:
    """Wait until nobody else is at it, and keep others out until the transaction ends."""
    lock(session.connection(), turn)


def lock(connection: Connection, turn: Turn) -> None:
    """Do so on a connection."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _OURS << 8 | turn})
