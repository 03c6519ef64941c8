"""Erase cases for good, one or all that are older than a day, and what is remembered of them here."""

import datetime as dt

from aboveline.store import Act, AreaScope, retention

from .desk import Desk

__all__ = ["AT_ONCE", "begin_of", "erase_case", "erase_older", "older"]

AT_ONCE = 500
"""Cases that are erased within a request. What is left is erased by asking again."""

_TOGETHER = 100


def begin_of(day: dt.date) -> dt.datetime:
    """Return the moment at which a day begins, as retention counts it."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def erase_case(desk: Desk, act: Act, scope: AreaScope, case: str, why: retention.Why) -> None:
    """Erase a case with everything that tells of it.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    with desk.database.begin() as session:
        retention.erase(session, act, scope, case, why)
    _after(desk)


def older(desk: Desk, scope: AreaScope, before: dt.date) -> int:
    """Return how many cases were not uploaded on a day or since."""
    with desk.database.reading() as session:
        return retention.count_older(session, scope, begin_of(before))


def erase_older(desk: Desk, act: Act, scope: AreaScope, before: dt.date) -> int:
    """Erase cases that were not uploaded on a day or since, so many at most as a request can; return how many."""
    many = 0
    while many < AT_ONCE:
        with desk.database.begin() as session:
            erased = retention.erase_older(session, act, scope, begin_of(before), limit=_TOGETHER)
        many += len(erased)
        if len(erased) < _TOGETHER:
            break
    _after(desk)
    return many


def _after(desk: Desk) -> None:
    desk.forget()
    desk.database.tidy()
