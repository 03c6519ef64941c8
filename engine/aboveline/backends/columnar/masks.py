"""What a test says of every row of a table, and what a comparison sets beside what."""

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from aboveline.rulebook.clauses import Across, Members, Op, Test
from aboveline.rulebook.language import Unit
from aboveline.vocabulary import VOCABULARY

from .days import Numbers, day_number, down, later_by_months, up
from .tables import Column, Tables, Truths

__all__ = ["Masks"]

_DAYS_IN_A_WEEK = 7
_NO_TEXT = -1
_SMALL = 100_000
_SAID = {False: 0, True: 1, None: 2}
_Compare = Callable[[Numbers, Numbers | int], Truths]
_COMPARE: Mapping[Op, _Compare] = {
    Op.EQUALS: np.equal,
    Op.DIFFERS: np.not_equal,
    Op.AT_LEAST: np.greater_equal,
    Op.AT_MOST: np.less_equal,
    Op.BEFORE: np.less,
    Op.AFTER: np.greater,
}


class Masks:
    """Reads the columns of some tables. What was worked out for one clause is kept for the next."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[tuple[str, Test], Truths] = {}
        self._numbers: dict[tuple[str, str, str, int], Numbers] = {}

    def of_test(self, kind: str, test: Test) -> Truths:
        """Tell of every row whether a test of its own fields holds."""
        key = kind, test
        if key not in self._known:
            self._known[key] = self._holds(kind, test)
        return self._known[key]

    def compare(
        self, test: Test, other: Across, kind: str, rows: Numbers, other_kind: str, other_rows: Numbers
    ) -> Truths:
        """Compare rows of a kind with as many of another. What is not recorded compares with nothing."""
        mine, theirs = self._column(kind, test.field), self._column(other_kind, other.field)
        holds: Truths = mine.recorded[rows] & theirs.recorded[other_rows]
        ops: tuple[Op, ...] = (test.op,)
        if other.unit is Unit.WORKING_DAYS and test.op is Op.EQUALS:
            ops = (Op.AT_LEAST, Op.AT_MOST)  # a day off is two numbers, and only a working day equals another
        for op in ops:
            left, right = self._sides(op, test.field, other, kind, other_kind)
            holds &= _COMPARE[op](left[rows], right[other_rows])
        return holds

    def past(self, kind: str, due: Across, as_of: dt.date) -> Truths:
        """Tell of every row whether what was due so long after a date was due before a day.

        Rows of which the date is not recorded are past, or not: nobody asks.
        """
        today = np.array([day_number(as_of)])
        if due.unit is Unit.WORKING_DAYS:
            ends = self._date(kind, due.field, "down" if due.amount >= 0 else "up") + due.amount
            return ends <= down(today - 1)
        return self._shifted(kind, due) < today

    def _holds(self, kind: str, test: Test) -> Truths:
        column = self._column(kind, test.field)
        operand = test.operand
        if isinstance(operand, Members):
            among, settled = self._members(kind, test.field, operand)
            match test.op:
                case Op.UNRECORDED:
                    return ~(column.recorded & settled)
                case Op.MEMBER:
                    return column.recorded & settled & among
                case Op.NOT_MEMBER:
                    return column.recorded & settled & ~among
            raise TypeError(test)  # pragma: no cover - lowering makes no other test of a list
        if test.op is Op.RECORDED:
            return column.recorded
        if test.op is Op.UNRECORDED:
            return ~column.recorded
        if operand is None or isinstance(operand, Across):  # pragma: no cover - the plan keeps these apart
            raise TypeError(test)
        return column.recorded & _COMPARE[test.op](column.values, self._constant(operand))

    def _members(self, kind: str, field: str, members: Members) -> tuple[Truths, Truths]:
        """Tell of every row whether its code is in a list, and whether that can be told."""
        column = self._column(kind, field)
        if not column.recorded.any():
            return column.recorded, column.recorded
        texts = None if VOCABULARY[kind].fields[field].type == "int" else self._texts()
        said = _told(column, lambda number: members.holds(number if texts is None else texts[number]))
        return (said == _SAID[True]) & column.recorded, (said != _SAID[None]) & column.recorded

    def _texts(self) -> list[str]:
        return list(self._tables.texts)

    def _constant(self, value: bool | int | str | dt.date) -> int:  # noqa: FBT001 - a truth is a value like another
        if isinstance(value, dt.date):
            return day_number(value)
        return self._tables.texts.get(value, _NO_TEXT) if isinstance(value, str) else int(value)

    def _sides(
        self, op: Op, field: str, other: Across, kind: str, other_kind: str
    ) -> tuple[Numbers, Numbers]:
        """Return the columns that a comparison sets beside each other."""
        if other.unit is Unit.WORKING_DAYS and VOCABULARY[kind].fields[field].type == "date":
            left = self._date(kind, field, "up" if op in {Op.AT_MOST, Op.AFTER} else "down")
            right = self._date(other_kind, other.field, "down" if other.amount >= 0 else "up")
            return left, right + other.amount
        return self._column(kind, field).values, self._shifted(other_kind, other)

    def _shifted(self, kind: str, other: Across) -> Numbers:
        """Return a column with time added in days, weeks or months."""
        if other.unit is Unit.MONTHS:
            return self._date(kind, other.field, "months", other.amount)
        values = self._column(kind, other.field).values
        return values + other.amount * (_DAYS_IN_A_WEEK if other.unit is Unit.WEEKS else 1)

    def _date(self, kind: str, field: str, side: str, months: int = 0) -> Numbers:
        key = kind, field, side, months
        if key not in self._numbers:
            days = self._column(kind, field).values
            self._numbers[key] = (
                later_by_months(days, months)
                if side == "months"
                else up(days)
                if side == "up"
                else down(days)
            )
        return self._numbers[key]

    def _column(self, kind: str, field: str) -> Column:
        return self._tables.by_kind[kind].columns[field]


def _told(column: Column, tell: Callable[[int], bool | None]) -> NDArray[np.int8]:
    """Return what is told of the value of every row, asked once for each of the different values."""
    values = column.values
    if values.min() < 0 or values.max() > max(_SMALL, len(values)):
        found, place = np.unique(values, return_inverse=True)
        return np.array([_SAID[tell(one)] for one in found.tolist()], np.int8)[place]
    # Most are codes, which are small numbers, and need no sorting.
    found = np.flatnonzero(np.bincount(values)) if column.among is None else column.among
    table = np.zeros(int(found.max()) + 1, np.int8)
    table[found] = [_SAID[tell(one)] for one in found.tolist()]
    return table.take(values)
