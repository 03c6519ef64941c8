"""Values for a field that would meet its conditions, or fail one of them, at the boundary.

Values are not reasoned out. Those at and beside what the rule names are
tried on the conditions, and of those that do the nearest is taken.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from aboveline.facts import FlatFact, Scalar
from aboveline.rulebook.clauses import Across
from aboveline.rulebook.data import CodeList
from aboveline.rulebook.language import Condition, Modifier, Reference
from aboveline.vocabulary import VOCABULARY

from .branches import Branch
from .holds import Bound, Reading
from .traced import Way

__all__ = ["Ends", "failing", "meeting", "read_elsewhere"]

_CODES = ("00000", "ZZZZZ")
"""Codes to try where anything but a rule's own will do."""

_EARLIEST = {Modifier.AT_LEAST, Modifier.AFTER}
_LATEST = {Modifier.AT_MOST, Modifier.BEFORE}
_A_FEW = 12
_DAY = dt.timedelta(days=1)
_YEAR = dt.timedelta(days=365)


class Ends(NamedTuple):
    """A value that would do, at the boundary, and one that should do as well, far from it."""

    near: Scalar
    far: Scalar


def meeting(
    kind: str, conditions: Iterable[Condition], bound: Bound, reading: Reading, was: Scalar | None = None
) -> Ends | None:
    """Return values of one field that meet all its conditions: the nearest to what it was, else the last in time."""
    asked = tuple(conditions)
    fit = [
        value
        for value in (*_candidates(kind, asked, bound, reading), *([] if was is None else [was]))
        if all(_holds(c, value, kind, bound, reading) is True for c in asked)
    ]
    modifiers = {condition.modifier for condition in asked}
    return _ends(fit, was, latest=bool(modifiers & _LATEST) or not modifiers & _EARLIEST)


def failing(
    kind: str, condition: Condition, bound: Bound, reading: Reading, was: Scalar | None = None
) -> Ends | None:
    """Return values that fail a condition: the nearest to what it was, else to what was wanted."""
    fit = [
        value
        for value in _candidates(kind, (condition,), bound, reading)
        if _holds(condition, value, kind, bound, reading) is False
    ]
    return _ends(fit, was, latest=condition.modifier not in _LATEST)


def read_elsewhere(
    branch: Branch, way: Way, alias: str | None, field: str, reading: Reading
) -> list[dt.date]:
    """Return days that a date read off a fact could be, those where it begins to matter first.

    They are worked back from the other dates that are compared with it, and
    from the date of the audit, by when a deficiency must be due.
    """
    found: list[tuple[int, dt.date]] = []
    for verdict in chain(way.there, *way.gone):
        for condition in verdict.pattern.conditions:
            day = verdict.fact.values.get(condition.field)
            if _reads(condition.operand, alias, field) and isinstance(day, dt.date):
                found += _before(condition.operand, day, reading)
    if _reads(branch.due, alias, field):
        found += _before(branch.due, reading.as_of, reading)
    days = dict.fromkeys(day for _, day in sorted(found or [(0, reading.as_of)]))
    return [day for day in days if day <= reading.as_of]


def _reads(operand: object, alias: str | None, field: str) -> bool:
    return isinstance(operand, Reference) and (operand.alias, operand.field) == (alias, field)


def _before(operand: object, day: dt.date, reading: Reading) -> list[tuple[int, dt.date]]:
    """Return the days about the one from which, with a reference's time added, one comes to a day; and how near."""
    start = day
    if isinstance(operand, Reference) and operand.offset:
        back = -operand.offset.sign * reading.amount(operand)
        start = Across(0, operand.field, back, operand.offset.unit).shift(day)
    over_a_long_weekend = range(-4, 5)
    return [(abs(n), start + n * _DAY) for n in over_a_long_weekend]


def _candidates(kind: str, conditions: tuple[Condition, ...], bound: Bound, reading: Reading) -> list[Scalar]:
    field = VOCABULARY[kind].fields[conditions[0].field]
    wanted = [
        value
        for c in conditions
        if c.modifier not in {Modifier.KNOWN, Modifier.UNKNOWN}
        and (value := reading.wanted(c, bound)) is not None
    ]
    named = list(chain.from_iterable(_named(value) for value in wanted))
    match field.type:
        case "bool":
            return [True, False]
        case "date":
            days = [day for value in named if isinstance(value, dt.date) for day in _beside(value)]
            latest = dt.date.max if field.tense == "planned" else reading.as_of
            return [day for day in [*days, reading.as_of, reading.as_of - _YEAR] if day <= latest]
        case "int":
            numbers = [value for value in named if isinstance(value, int)]
            beside = (n + step for n in numbers for step in (-1, 1))
            return [*numbers, *(n for n in beside if n >= 0), 1, 0]
        case "enum":
            return [*named, *field.members]
        case "id":
            return named
    return [*named, *_CODES]


def _named(value: object) -> Iterator[Scalar]:
    """Yield the values that an operand names. Of a code that ends in ``*``, one that begins so."""
    match value:
        case CodeList():
            for code in (*_some(value.members), *_some(value.others)):
                yield code.removesuffix("*").ljust(5, "0") if code.endswith("*") else code
        case tuple():
            yield from value
        case bool() | int() | str() | dt.date():
            yield value


def _some(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return a few codes from all over a list, which may be of hundreds."""
    return codes[:: max(1, len(codes) // _A_FEW)]


def _beside(day: dt.date) -> tuple[dt.date, ...]:
    """Return a day, those next to it, and one long before and after, to see that no other boundary is near."""
    return day - _YEAR, day - _DAY, day, day + _DAY, day + _YEAR


def _holds(condition: Condition, value: Scalar, kind: str, bound: Bound, reading: Reading) -> bool | None:
    return reading.holds(condition, FlatFact(kind, "", {condition.field: value}), bound)


def _ends(fit: list[Scalar], was: Scalar | None, *, latest: bool) -> Ends | None:
    days = [value for value in fit if isinstance(value, dt.date)]
    if not days:
        return Ends(fit[0], fit[-1]) if fit else None
    first, last = min(days), max(days)
    if isinstance(was, dt.date):
        near = min(days, key=lambda day: (abs(day - was), day))
    else:
        near = last if latest else first
    return Ends(near, first if near - first > last - near else last)
