"""Days as numbers: calendar days, and working days of England and Wales.

Every date has a day number and two working-day numbers. For a working day the
two are the same. A Saturday, Sunday or bank holiday takes the number of the
working day *before* it in ``down`` (where a period starts) and of the one
*after* it in ``up`` (by when something was done). So work done on the Saturday
after a Friday deadline is late, and a period that starts on a Sunday does not
begin to run before Monday.

The bank holidays are those of the ``holidays`` library, for any year from 1900
to 2100; a test holds them to the government's own list.
"""

import datetime as dt
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

import holidays

__all__ = ["DayNumbers", "add_working_days", "bank_holidays", "is_working_day", "numbers"]

_SATURDAY = 5
_WEEK = 7
_FIVE = 5


class DayNumbers(NamedTuple):
    """A date as numbers that can be compared and added to."""

    day: int
    down: int
    up: int


@lru_cache(maxsize=65_536)
def numbers(date: dt.date) -> DayNumbers:
    """Return a date's day number and its two working-day numbers."""
    day = date.toordinal()
    passed = _working_days_through(day)
    return DayNumbers(day, passed, passed if is_working_day(date) else passed + 1)


def is_working_day(date: dt.date) -> bool:
    """Tell whether a date is neither a weekend nor a bank holiday."""
    return date.weekday() < _SATURDAY and date.toordinal() not in _bank_holiday_set()


@lru_cache(maxsize=65_536)
def add_working_days(date: dt.date, days: int) -> dt.date:
    """Return the working day so many working days after a date, or before it where ``days`` is negative.

    From a day that is not a working day, counting starts at the working day
    before it (or after it, when counting back).
    """
    step = 1 if days >= 0 else -1
    while not is_working_day(date):
        date -= dt.timedelta(days=step)
    for _ in range(abs(days)):
        date += dt.timedelta(days=step)
        while not is_working_day(date):
            date += dt.timedelta(days=step)
    return date


def _working_days_through(day: int) -> int:
    """Count the working days from day 1 (a Monday) up to and including a day."""
    weeks, rest = divmod(day, _WEEK)
    return weeks * _FIVE + min(rest, _FIVE) - bisect_right(bank_holidays(), day)


@lru_cache(maxsize=1)
def bank_holidays() -> tuple[int, ...]:
    """Return the day numbers of all bank holidays that fall on a weekday, in order."""
    known = holidays.country_holidays("GB", subdiv="ENG", years=range(1900, 2102))
    return tuple(sorted(day.toordinal() for day in known if day.weekday() < _SATURDAY))


@lru_cache(maxsize=1)
def _bank_holiday_set() -> frozenset[int]:
    return frozenset(bank_holidays())
