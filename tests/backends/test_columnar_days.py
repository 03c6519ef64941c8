"""Days as columns are what workdays and dateutil say of each day."""

import datetime as dt

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta

from aboveline.backends.columnar.days import day_number, down, later_by_months, up
from aboveline.backends.columnar.masks import Masks
from aboveline.backends.columnar.tables import tables_of
from aboveline.facts import CaseFacts, FlatFact
from aboveline.rulebook.clauses import Across
from aboveline.rulebook.language import Unit
from aboveline.workdays import numbers

DAY = dt.timedelta(days=1)
FIRST = dt.date(2011, 12, 1)
DAYS = [FIRST + n * DAY for n in range(1_500)]
FAR = [
    dt.date(1, 1, 1),
    dt.date(1899, 12, 31),
    dt.date(1969, 12, 31),
    dt.date(2101, 1, 3),
    dt.date(9998, 12, 31),
]
COLUMN = np.array([day_number(day) for day in (*DAYS, *FAR)])


def test_working_day_numbers_are_those_of_a_date() -> None:
    """Over four years, and far away, each day has the numbers that it has by itself."""
    expected = [numbers(day) for day in (*DAYS, *FAR)]

    assert [one.down for one in expected] == down(COLUMN).tolist()
    assert [one.up for one in expected] == up(COLUMN).tolist()


@pytest.mark.parametrize("months", [-14, -12, -1, 1, 2, 3, 11, 12, 36])
def test_months_end_where_dateutil_ends_them(months: int) -> None:
    """So many months after the 31st is the last day of a shorter month, in leap years too."""
    moved = later_by_months(COLUMN[: len(DAYS)], months)

    assert [day_number(day + relativedelta(months=months)) for day in DAYS] == moved.tolist()


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("amount", [-21, -5, -1, 0, 1, 2, 10, 13])
@pytest.mark.parametrize("as_of", [dt.date(2013, 4, 2), dt.date(2013, 12, 26), dt.date(2012, 2, 29)], ids=str)
def test_what_is_past_its_due_date_is_what_shift_says(unit: Unit, amount: int, as_of: dt.date) -> None:
    """Of every day, work due so long after it is late where the date that it was due is earlier than today."""
    due = Across(0, "visited_on", amount, unit)
    visits = tuple(FlatFact("home_visit", f"v{n}", {"visited_on": day}) for n, day in enumerate(DAYS))
    case = CaseFacts("A-1", as_of, visits, {}, {}, 0)
    tables = tables_of([case], {"home_visit": frozenset({"visited_on"})})

    late = Masks(tables).past("home_visit", due, as_of)

    assert [due.shift(day) < as_of for day in DAYS] == late.tolist()
