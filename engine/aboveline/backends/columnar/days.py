"""Days as numbers, a column at a time: what ``workdays`` and ``Across.shift`` say of one date.

A day is a number of days since 1970-01-01, as numpy and Parquet count them.
"""

import datetime as dt
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from aboveline.workdays import bank_holidays

__all__ = ["Numbers", "day_number", "down", "later_by_months", "up"]

Numbers = NDArray[np.signedinteger]
"""Whole numbers, 32 or 64 bits wide: days, codes and the like take no more than 32."""

_EPOCH = dt.date(1970, 1, 1).toordinal()
_WEEK, _FIVE = 7, 5


def day_number(date: dt.date) -> int:
    """Return the number of a day."""
    return date.toordinal() - _EPOCH


def down(days: Numbers) -> Numbers:
    """Return the working-day numbers by which a period starts: those of the working day on or before each day."""
    weeks, rest = np.divmod(days + _EPOCH, _WEEK)
    passed = np.searchsorted(_bank_holidays(), days, side="right")
    numbers: Numbers = weeks * _FIVE + np.minimum(rest, _FIVE) - passed
    return numbers


def up(days: Numbers) -> Numbers:
    """Return the working-day numbers by which something was done: those of the working day on or after each day."""
    return down(days - 1) + 1


def later_by_months(days: Numbers, months: int) -> Numbers:
    """Return the days so many months later (or earlier): the last of the month where it is too short."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    target = month + months
    day_of_month = dates - month.astype("datetime64[D]")
    last = (target + 1).astype("datetime64[D]") - 1
    moved: Numbers = np.minimum(target.astype("datetime64[D]") + day_of_month, last).astype(np.int64)
    return moved


@lru_cache(maxsize=1)
def _bank_holidays() -> Numbers:
    return np.array(bank_holidays(), np.int64) - _EPOCH
