"""Whether something recorded still runs or has ended, where a file says it twice: by a flag and by a day."""

import datetime as dt
from typing import NamedTuple

from .place import Place

__all__ = ["Ending", "ending"]


class Ending(NamedTuple):
    """``day`` is when it ended, ``None`` while it runs; where it is not ``known`` which, neither may be said."""

    known: bool
    day: dt.date | None = None


def ending(place: Place, key: str) -> Ending:
    """Read the flag ``active`` and the day at a key.

    What is active and yet has a day it ended is taken to run: the flag is the
    case system's own word, and a thing wrongly ended hides from every rule.
    What is not active and has no such day, or does not say whether it is
    active, is left out: a case record would take it to run.
    """
    active, day = place.flag("active"), place.day(key)
    if active and day:
        place.note(
            "it is active, and yet has the day it ended: it is taken to run, and this day is left out", key
        )
        return Ending(known=True)
    if active or day:
        return Ending(known=True, day=day)
    place.note(
        f"left out: it is not active, and {key}, the day it ended, is not there"
        if active is False
        else f"left out: it says neither whether it is active nor {key}, the day it ended"
    )
    return Ending(known=False)
