"""Parameters and code lists: which value is in force, and what a code is a member of."""

import datetime as dt

import pytest

from aboveline.rulebook.data import CodeList, Parameter, ParameterValue

DAYS = Parameter(
    "days",
    "Days to ask",
    "days",
    (
        ParameterValue(dt.date(2022, 1, 1), 15, "a later standard"),
        ParameterValue(dt.date(2007, 1, 1), 21, "our reading"),
    ),
    "parameters/p.yaml",
    1,
)


@pytest.mark.parametrize(
    ("date", "value"),
    [
        (dt.date(2006, 12, 31), None),
        (dt.date(2007, 1, 1), 21),
        (dt.date(2021, 12, 31), 21),
        (dt.date(2022, 1, 1), 15),
    ],
)
def test_value_is_in_force_from_its_first_day(date: dt.date, value: int | None) -> None:
    """A value counts from its start on until the next one starts, and nothing counts before the first."""
    in_force = DAYS.at(date)

    assert value == (in_force.value if in_force else None)


@pytest.mark.parametrize(
    ("code", "closed", "member"),
    [
        ("00801", True, True),
        ("10501", True, False),
        ("99999", True, None),
        ("99999", False, False),
        ("008", True, True),
    ],
)
def test_code_in_neither_part_of_a_closed_list_cannot_be_told(
    code: str, closed: bool, member: bool | None
) -> None:
    """With its others named, a list leaves open what is in neither part; without, what is not in it is not a member."""
    codes = CodeList("grave", "d", "s", ("008*",), ("10501",) if closed else (), "lists/l.yaml", 1)

    assert member is codes.holds(code)


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("working_days", 5, "5 working days"),
        ("working_days", 1, "1 working day"),
        ("months", 1, "1 month"),
        ("weeks", 0, "0 weeks"),
        ("number", 1, "1"),
    ],
)
def test_value_is_said_with_its_unit(unit: str, value: int, said: str) -> None:
    """A number of a unit of time is said with it, one of it in the singular."""
    assert said == Parameter("few", "d", unit, (), "parameters/x.yaml", 1).said(value)
