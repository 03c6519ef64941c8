"""Erasing cases: one of them, or those not uploaded since a day, first counted and then, by that number, erased."""

import datetime as dt
from dataclasses import dataclass

from aboveline.store import Act, AreaScope, ConflictError, UnfitError, retention

from .desk import Desk
from .today import today_of

__all__ = ["AT_MOST", "Erased", "erase_case", "erase_older", "would_erase"]

AT_MOST = 1000
"""So many cases are erased in one request at most. Each hundred is a transaction, and none is half erased."""

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Erased:
    """How many cases were erased, and how many more are as old."""

    erased: int
    left: int


def erase_case(
    desk: Desk, act: Act, scope: AreaScope, case: str, why: retention.Why = retention.Why.REQUEST
) -> retention.Tombstone:
    """Erase a case with all that was said, found or planned of it.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    with desk.database.begin() as session:
        tombstone = retention.erase(session, act, scope, case, why)
    desk.database.tidy()
    desk.forget()
    return tombstone


def would_erase(desk: Desk, scope: AreaScope, before: dt.date) -> int:
    """Return how many cases of the areas were not uploaded on a day or since. Nothing is erased.

    Raises:
        UnfitError: the day is to come.
    """
    with desk.database.reading() as session:
        return retention.count_older(session, scope, _moment(desk, before))


def erase_older(desk: Desk, act: Act, scope: AreaScope, before: dt.date, expected: int) -> Erased:
    """Erase the cases of the areas that were not uploaded on a day or since, if they are as many as is expected.

    Raises:
        UnfitError: the day is to come.
        ConflictError: they are more or fewer by now.
    """
    moment = _moment(desk, before)
    erased = 0
    while erased < AT_MOST:
        with desk.database.begin() as session:
            if not erased and (now := retention.count_older(session, scope, moment)) != expected:
                raise ConflictError(f"it would be {now:,} by now, and not {expected:,}: look at it again")
            some = retention.erase_older(session, act, scope, moment, limit=_AT_ONCE)
        if not some:
            break
        erased += len(some)
    desk.database.tidy()
    desk.forget()
    return Erased(erased, would_erase(desk, scope, before))


def _moment(desk: Desk, before: dt.date) -> dt.datetime:
    if before > today_of(desk.clock):
        raise UnfitError("this day is to come: every case is older")
    return dt.datetime.combine(before, dt.time(), dt.UTC)
