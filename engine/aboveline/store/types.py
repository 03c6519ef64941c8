"""How values are kept so that both databases give back what was put in."""

import datetime as dt
from typing import Any

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from .errors import UnfitError

__all__ = ["Moment", "Words", "is_text", "kept"]


class Moment(TypeDecorator[dt.datetime]):
    """A moment, kept in UTC. SQLite keeps no offset, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn a moment to UTC.

        Raises:
            UnfitError: it does not say its offset from UTC.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise UnfitError("a moment must say its offset from UTC")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - the base class calls it so
        """Give a moment its offset back."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Words(TypeDecorator[str]):
    """Text, of a certain length at most where one is given.

    PostgreSQL keeps no NUL, neither database keeps half a character, and SQLite
    minds no length: so all of these are refused here, for both alike.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the text is to the database."""
        # Byte by byte, so that both databases have the same order and a page ends at the same place in it.
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base class calls it so
        """Refuse what cannot be kept.

        Raises:
            UnfitError: there is a character in it that is no text, or it is too long.
        """
        if value is None:
            return None
        if not is_text(value):
            raise UnfitError("this text holds a character that cannot be kept: type it again")
        if self.length is not None and len(value) > self.length:
            raise UnfitError(f"this text is longer than {self.length} characters")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base class calls it so
        """Give text back as it is."""
        return None if value is None else str(value)


def is_text(value: str) -> bool:
    """Tell whether both databases can keep a text."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def kept(value: str) -> str:
    """Return a text with a mark in place of what cannot be kept: for what nobody can be asked to type again."""
    return value.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
