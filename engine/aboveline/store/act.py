"""Who does something, when, and in the course of which request: what every write is told.

No clock is read in the store. The edge reads its clock once for a request and
makes one ``Act`` of it; identifiers are made here of that time and chance
(RFC 9562, UUID version 7), so they sort as things were done.
"""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from .errors import UnfitError
from .types import is_text

__all__ = ["Act", "new_id"]

LONGEST_NAME = 255
LONGEST_CORRELATION = 128


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something at a moment. ``correlation`` joins it to the request and its log.

    Raises:
        UnfitError: the moment does not say its offset from UTC, or a name is empty or no name.
    """

    who: str
    at: dt.datetime
    correlation: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise UnfitError("a moment must say its offset from UTC")
        if not (0 < len(self.who) <= LONGEST_NAME and is_text(self.who)):
            raise UnfitError(f"a user's name has 1 to {LONGEST_NAME} characters")
        if not (len(self.correlation) <= LONGEST_CORRELATION and is_text(self.correlation)):
            raise UnfitError(f"a correlation id has at most {LONGEST_CORRELATION} characters")


def new_id(at: dt.datetime) -> str:
    """Return an identifier that nobody can guess and that sorts after those of earlier milliseconds."""
    since = int(at.timestamp() * 1000) & (1 << 48) - 1
    chance = secrets.randbits(74)
    return str(
        uuid.UUID(int=since << 80 | 0x7 << 76 | (chance >> 62) << 64 | 0b10 << 62 | chance & (1 << 62) - 1)
    )
