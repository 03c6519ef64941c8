"""Clauses: the one form that every backend compiles.

A clause is a conjunction with nothing left to look up: facts that are there,
and facts that are not. ``lowering`` makes them of questions. Where a field that
a question needs is not recorded, what a pattern says of it can be neither true
nor false, so there are two sorts:

- a **certain** clause holds whatever the unrecorded fields may be: its positive
  patterns read recorded fields only, and nothing that *might* match is there
  under ``without``;
- a **gap** clause holds where it would take an unrecorded field to decide. It
  says which fields of which facts those are.

``docs/decisions/0003-unrecorded-fields.md`` has the reasons.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from aboveline.workdays import add_working_days

from .data import CodeList
from .language import Unit

__all__ = ["APPLIES", "EXCEPT", "Across", "Clause", "Gap", "Members", "Op", "Part", "Test", "level_part"]

APPLIES = "applies"
EXCEPT = "except"


def level_part(level: str) -> str:
    """Return the part of a question that a level is, by the level's id."""
    return f"level:{level}"


class Op(StrEnum):
    """What a test asks of a field."""

    RECORDED = "recorded"
    UNRECORDED = "unrecorded"
    EQUALS = "equals"
    DIFFERS = "differs"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"
    AFTER = "after"
    MEMBER = "member"
    NOT_MEMBER = "not_member"


@dataclass(frozen=True)
class Members:
    """A list that a code may be in, by name, or written out in the rule."""

    name: str
    codes: CodeList | tuple[int | str, ...]

    def holds(self, value: int | str) -> bool | None:
        """Tell whether a value is in the list: true, false, or none where that cannot be told."""
        return value in self.codes if isinstance(self.codes, tuple) else self.codes.holds(str(value))


@dataclass(frozen=True)
class Across:
    """A field of the clause's ``position``-th part, with time added where it is a date (taken off where negative)."""

    position: int
    field: str
    amount: int = 0
    unit: Unit = Unit.DAYS

    def shift(self, date: dt.date) -> dt.date:
        """Return a date with the time added."""
        match self.unit:
            case Unit.WORKING_DAYS:
                return add_working_days(date, self.amount)
            case Unit.MONTHS:
                return date + relativedelta(months=self.amount)
            case Unit.WEEKS:
                return date + dt.timedelta(weeks=self.amount)
        return date + dt.timedelta(days=self.amount)


@dataclass(frozen=True)
class Test:
    """One condition on one field, with nothing left to look up.

    ``UNRECORDED`` with ``Members`` also holds of a code that is in neither
    part of a closed list. Every other test holds of recorded fields only.
    """

    field: str
    op: Op
    operand: bool | int | str | dt.date | Members | Across | None = None


@dataclass(frozen=True)
class Part:
    """A fact of a kind that meets every test."""

    kind: str
    tests: tuple[Test, ...]
    alias: str | None = None


@dataclass(frozen=True)
class Gap:
    """A field of the clause's ``position``-th part that would decide, if it were recorded."""

    position: int
    field: str


@dataclass(frozen=True)
class Clause:
    """One conjunction of a question's ``applies``, ``except``, deficiency (``part`` is its id) or level.

    ``parts`` bind a fact each, never the same one twice; then the ``witness``
    may bind any; no fact matches a part of ``absent``. A clause without gaps
    is certain. The witness is the fact under ``without`` that has a gap.
    """

    question: str
    part: str
    parts: tuple[Part, ...]
    absent: tuple[Part, ...]
    witness: Part | None = None
    gaps: tuple[Gap, ...] = ()
    due: Across | None = None
    due_unknown: bool = False
