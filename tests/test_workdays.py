"""Working days are those of England and Wales, and each date's two numbers stand for its nearest working days."""

import datetime as dt
import warnings
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveline.workdays import add_working_days, is_working_day, numbers

with warnings.catch_warnings():
    # Its request library checks versions of its own dependencies on import; nothing is requested here.
    warnings.simplefilter("ignore")
    from govuk_bank_holidays.bank_holidays import BankHolidays

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
GOVERNMENT = {
    one["date"]
    for one in BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
}

dates = st.dates(FIRST + 400 * DAY, LAST - 400 * DAY)


def days(start: dt.date, end: dt.date) -> list[dt.date]:
    """Return every day from one to another, both included."""
    return [start + n * DAY for n in range((end - start).days + 1)]


def on_foot(date: dt.date, many: int) -> dt.date:
    """Go a number of working days forward, or back where it is negative, by looking at one day after another."""
    step = DAY if many >= 0 else -DAY
    while not is_working_day(date):
        date -= step
    for _ in range(abs(many)):
        date += step
        while not is_working_day(date):
            date += step
    return date


@pytest.mark.parametrize("year", range(2012, 2029))
def test_working_days_are_those_of_the_governments_list(year: int) -> None:
    """In every year of the government's own list, a weekday is a working day unless the list names it."""
    of_year = days(dt.date(year, 1, 1), dt.date(year, 12, 31))

    assert any(date.year == year for date in GOVERNMENT)
    assert [d for d in of_year if d.weekday() < 5 and d not in GOVERNMENT] == [
        d for d in of_year if is_working_day(d)
    ]


@pytest.mark.parametrize(
    ("date", "name"),
    [
        (dt.date(1977, 6, 7), "the Silver Jubilee"),
        (dt.date(1981, 7, 29), "a royal wedding"),
        (dt.date(1999, 12, 31), "the eve of the year 2000"),
        (dt.date(2002, 6, 3), "the Golden Jubilee"),
        (dt.date(2011, 4, 29), "a royal wedding"),
        (dt.date(2012, 6, 5), "the Diamond Jubilee"),
        (dt.date(2020, 5, 8), "an early May holiday moved to VE Day"),
        (dt.date(2022, 9, 19), "the funeral of Queen Elizabeth II"),
        (dt.date(2023, 5, 8), "the coronation of King Charles III"),
    ],
    ids=str,
)
def test_holidays_of_one_year_are_known(date: dt.date, name: str) -> None:
    """A holiday proclaimed for one year is no working day, also before the government's list begins."""
    assert not is_working_day(date), name


@pytest.mark.parametrize("moved", [dt.date(2002, 5, 27), dt.date(2012, 5, 28), dt.date(2020, 5, 4)], ids=str)
def test_holiday_that_was_moved_is_a_working_day(moved: dt.date) -> None:
    """A Monday whose holiday was moved away for one year is a working day."""
    assert is_working_day(moved)


def test_new_years_day_and_may_day_came_in_the_seventies() -> None:
    """Holidays count from when they became holidays: New Year's Day in the middle seventies, May Day in 1978."""
    assert [True, False] == [is_working_day(dt.date(year, 1, 1)) for year in (1973, 1976)]
    assert [True, False] == [is_working_day(dt.date(*day)) for day in ((1977, 5, 2), (1978, 5, 1))]


def test_calendar_days_are_numbered_one_by_one() -> None:
    """The day number goes up by one a day."""
    assert {1} == {
        numbers(b).day - numbers(a).day for a, b in pairwise(days(dt.date(2012, 1, 1), dt.date(2014, 12, 31)))
    }


def test_both_numbers_count_working_days_over_the_whole_calendar() -> None:
    """From 1900 to 2100: a working day has one number, the next working day the next; between them, down and up."""
    before = numbers(FIRST).down
    for date in days(FIRST + DAY, LAST):
        _, down, up = numbers(date)
        if is_working_day(date):
            assert (before + 1, before + 1) == (down, up), date
            before = down
        else:
            assert (before, before + 1) == (down, up), date


@pytest.mark.parametrize(
    ("date", "down", "up"),
    [
        (dt.date(2013, 3, 8), dt.date(2013, 3, 8), dt.date(2013, 3, 8)),  # a Friday
        (dt.date(2013, 3, 9), dt.date(2013, 3, 8), dt.date(2013, 3, 11)),  # the Saturday after it
        (dt.date(2013, 3, 10), dt.date(2013, 3, 8), dt.date(2013, 3, 11)),  # the Sunday
        (dt.date(2013, 3, 29), dt.date(2013, 3, 28), dt.date(2013, 4, 2)),  # Good Friday
        (dt.date(2013, 4, 1), dt.date(2013, 3, 28), dt.date(2013, 4, 2)),  # Easter Monday
        (dt.date(2012, 12, 25), dt.date(2012, 12, 24), dt.date(2012, 12, 27)),  # Christmas Day
        (
            dt.date(2011, 1, 3),
            dt.date(2010, 12, 31),
            dt.date(2011, 1, 4),
        ),  # New Year's Day fell on a Saturday
    ],
    ids=str,
)
def test_day_off_takes_the_number_before_and_the_number_after(
    date: dt.date, down: dt.date, up: dt.date
) -> None:
    """Down is the working day before a day off, where a period starts; up the one after, by when work was done."""
    assert (numbers(down).up, numbers(up).down) == (numbers(date).down, numbers(date).up)


def test_saturday_after_a_friday_deadline_is_late() -> None:
    """Five working days from a Friday run out on the next Friday: work done on the Saturday after is late."""
    start, deadline, saturday = dt.date(2013, 3, 1), dt.date(2013, 3, 8), dt.date(2013, 3, 9)

    assert deadline == add_working_days(start, 5)
    assert numbers(deadline).up <= numbers(start).down + 5
    assert not numbers(saturday).up <= numbers(start).down + 5


def test_period_that_starts_on_a_sunday_runs_from_monday() -> None:
    """One working day from a Sunday is the Monday, and five are the Friday."""
    sunday = dt.date(2013, 3, 10)

    assert [dt.date(2013, 3, 11), dt.date(2013, 3, 15)] == [add_working_days(sunday, n) for n in (1, 5)]


@pytest.mark.parametrize(
    ("start", "many", "end"),
    [
        (dt.date(2013, 3, 28), 1, dt.date(2013, 4, 2)),  # over Easter
        (dt.date(2013, 4, 2), -1, dt.date(2013, 3, 28)),  # and back
        (dt.date(2012, 12, 24), 3, dt.date(2012, 12, 31)),  # over Christmas
        (dt.date(2012, 12, 31), 1, dt.date(2013, 1, 2)),  # over the year's end
        (dt.date(2013, 3, 9), -1, dt.date(2013, 3, 8)),  # back from a Saturday: from the Monday to the Friday
        (dt.date(2013, 3, 9), 0, dt.date(2013, 3, 8)),  # no days from a Saturday: the Friday it counts as
        (dt.date(2013, 3, 8), 0, dt.date(2013, 3, 8)),
        (dt.date(2012, 6, 1), 1, dt.date(2012, 6, 6)),  # over a jubilee of two days
    ],
    ids=str,
)
def test_working_days_are_added_over_days_off(start: dt.date, many: int, end: dt.date) -> None:
    """Days off are passed over, forward and back."""
    assert end == add_working_days(start, many)


@given(dates, st.integers(-60, 60))
def test_adding_is_walking(date: dt.date, many: int) -> None:
    """Adding working days comes to where walking day by day comes to."""
    assert on_foot(date, many) == add_working_days(date, many)


@given(dates, st.integers(-90, 90), st.integers(-60, 60))
def test_comparing_numbers_is_comparing_with_the_day_the_period_ends(
    start: dt.date, apart: int, many: int
) -> None:
    """On or before, before, on or after, after that day: one comparison of numbers says which, for every date."""
    date = start + apart * DAY
    end = on_foot(start, many)
    number = (numbers(start).down if many >= 0 else numbers(start).up) + many

    assert (date <= end) == (numbers(date).up <= number)
    assert (date < end) == (numbers(date).down < number)
    assert (date >= end) == (numbers(date).down >= number)
    assert (date > end) == (numbers(date).up > number)
