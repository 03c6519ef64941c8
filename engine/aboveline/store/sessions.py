"""Small texts kept under a key for a while, as sessions of those who signed in are: machinery, of which no trail is kept.

A key is a hash, made by whoever keeps something here: nobody who reads the
table can sign in by it. What has expired is cleared away as others are put.
"""

import datetime as dt

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from .schema import SessionRow

__all__ = ["get", "put", "renew", "take"]


def put(session: Session, key: str, text: str, expires_at: dt.datetime, now: dt.datetime) -> None:
    """Keep a text, in place of any under that key, and clear away what has expired."""
    session.execute(delete(SessionRow).where((SessionRow.key == key) | (SessionRow.expires_at <= now)))
    session.execute(insert(SessionRow), [{"key": key, "text": text, "expires_at": expires_at}])


def renew(session: Session, key: str, text: str, expires_at: dt.datetime) -> None:
    """Keep a text in place of the one under that key, and none where there is none: what was taken stays away."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.key == key)
        .values(text=text, expires_at=expires_at)
        .execution_options(synchronize_session=False)
    )


def get(session: Session, key: str, now: dt.datetime) -> str | None:
    """Return the text, or nothing where it is not kept or has expired."""
    return session.scalar(select(SessionRow.text).where(SessionRow.key == key, SessionRow.expires_at > now))


def take(session: Session, key: str, now: dt.datetime) -> str | None:
    """Return the text and keep it no longer: of two who ask at once, one gets it."""
    taken = session.execute(
        delete(SessionRow)
        .where(SessionRow.key == key)
        .returning(SessionRow.text, SessionRow.expires_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if taken is None or taken.expires_at <= now else taken.text
