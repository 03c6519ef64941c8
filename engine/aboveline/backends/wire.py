"""Write clauses in the wire form of durable_rules.

Every fact is flattened to columns: numbers, text and truths that the engine can
compare. What a field becomes depends on how clauses read it:

- a date is a calendar day number, two working-day numbers (down for where a
  period starts, up for what was done by then) and, where months are added to
  it, the day number of that later day;
- membership of a list is a truth, worked out once for each fact;
- a code or an id that is compared across facts is a number too, since equality
  of text across facts goes through an index of the engine that is wrong.

What is not recorded has no column.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dateutil.relativedelta import relativedelta

from aboveline.facts import FlatFact, Scalar
from aboveline.rulebook.clauses import Across, Clause, Members, Op, Part, Test
from aboveline.rulebook.language import Unit
from aboveline.vocabulary import VOCABULARY
from aboveline.workdays import DayNumbers, numbers

__all__ = ["EVIDENCE", "SUBJECT", "WITNESS", "Columns", "Numbering", "Wire", "bodies", "write_clause"]

EVIDENCE = "evidence."
SUBJECT = "subject."
WITNESS = "witness."

Wire = dict[str, Any]
Column = Callable[[Mapping[str, Scalar], "Numbering"], Any]

_COMPARE = {Op.AT_LEAST: "$gte", Op.AT_MOST: "$lte", Op.BEFORE: "$lt", Op.AFTER: "$gt"}
_WORKING_DAY_SIDE = {Op.AT_LEAST: "down", Op.AT_MOST: "up", Op.BEFORE: "down", Op.AFTER: "up"}
_DAYS_IN_A_WEEK = 7


class Numbering(dict[str, int]):
    """Gives each text a number, the same one for the same text within a case."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


@dataclass
class Columns:
    """The columns that clauses read, by kind of fact. It grows as clauses are written."""

    by_kind: dict[str, dict[str, Column]]
    lists: dict[Members, int]

    @classmethod
    def empty(cls) -> "Columns":
        """Start with no columns."""
        return cls({}, {})

    def flat(self, fact: FlatFact, numbering: Numbering) -> Wire:
        """Return the columns of a fact that are recorded."""
        found: Wire = {"one": 1}
        for name, column in self.by_kind.get(fact.kind, {}).items():
            value = column(fact.values, numbering)
            if value is not None:
                found[name] = value
        return found

    def plain(self, kind: str, field: str) -> str:
        """Return the column that holds a field's value, a date's as its day number."""
        if VOCABULARY[kind].fields[field].type == "date":
            return self.date(kind, field, "day")
        if VOCABULARY[kind].fields[field].type == "id":
            return self.numbered(kind, field)
        return self._add(kind, f"f_{field}", lambda values, _: values.get(field))

    def date(self, kind: str, field: str, side: str) -> str:
        """Return the column that holds a date's ``day``, ``down`` or ``up`` number."""
        place = DayNumbers._fields.index(side)
        return self._add(kind, f"f_{field}_{side}", lambda values, _: _of_date(values, field, place))

    def months(self, kind: str, field: str, months: int) -> str:
        """Return the column that holds the day number so many months after a date."""
        sign = "plus" if months >= 0 else "minus"
        return self._add(
            kind,
            f"f_{field}_{sign}_{abs(months)}_months",
            lambda values, _: _of_date(values, field, 0, months),
        )

    def numbered(self, kind: str, field: str) -> str:
        """Return the column that holds a number for a code or an id."""
        return self._add(
            kind,
            f"f_{field}_number",
            lambda values, number: number[str(values[field])] if field in values else None,
        )

    def member(self, kind: str, field: str, members: Members) -> str:
        """Return the column that tells whether a code is in a list; it is not there where that cannot be told."""
        place = self.lists.setdefault(members, len(self.lists))
        holds = lru_cache(maxsize=4096)(members.holds)
        return self._add(
            kind,
            f"f_{field}_in_{place}",
            lambda values, _: holds(values[field]) if field in values else None,
        )

    def _add(self, kind: str, name: str, column: Column) -> str:
        self.by_kind.setdefault(kind, {}).setdefault(name, column)
        return name


def write_clause(clause: Clause, columns: Columns) -> Wire:
    """Return the ``all`` of a clause: its parts, its witness, what is absent, and the closing fact last."""
    kinds = [part.kind for part in clause.parts]
    patterns: list[Wire] = [
        {f"p{n}": _pattern(part, SUBJECT, kinds, columns)} for n, part in enumerate(clause.parts)
    ]
    if clause.witness:
        # A rule never takes one fact twice, negated patterns included. The witness may be a fact that is bound, and
        # may itself be what must not be there, so it is neither the subject nor the evidence, but a copy of its own.
        patterns.append({f"p{len(kinds)}": _pattern(clause.witness, WITNESS, kinds, columns)})
    patterns += [
        {f"n{n}$not": _pattern(part, EVIDENCE, kinds, columns)} for n, part in enumerate(clause.absent)
    ]
    return {"all": [*patterns, {"close": {"kind": f"{SUBJECT}close"}}]}


def bodies(rule: Wire) -> Iterator[tuple[str, Wire]]:
    """Yield the alias and the body of each pattern of a rule."""
    for pattern in rule["all"]:
        yield from pattern.items()


def _pattern(part: Part, role: str, kinds: list[str], columns: Columns) -> Wire:
    guards: list[Wire] = []
    constants: list[Wire] = []
    across: list[Wire] = []
    for test in part.tests:
        if isinstance(test.operand, Across):
            guards.append({"$ex": {columns.plain(part.kind, test.field): 1}})
            across += _across(test, test.operand, part.kind, kinds, columns)
        else:
            constants += _constant(test, part.kind, columns)
    if across:
        # The engine misreads a false last comparison across facts, so the last is one that is always true.
        across.append({"$gte": {"one": {"p0": "one"}}})
    wire = [{"kind": role + part.kind}, *_once(guards), *_once(constants), *across]
    return {"$and": wire} if len(wire) > 1 else wire[0]


def _constant(test: Test, kind: str, columns: Columns) -> list[Wire]:
    if isinstance(test.operand, Members):
        column = columns.member(kind, test.field, test.operand)
        return [{"$nex": {column: 1}} if test.op is Op.UNRECORDED else {column: test.op is Op.MEMBER}]
    column = columns.plain(kind, test.field)
    value = test.operand.toordinal() if isinstance(test.operand, dt.date) else test.operand
    match test.op:
        case Op.RECORDED:
            return [{"$ex": {column: 1}}]
        case Op.UNRECORDED:
            return [{"$nex": {column: 1}}]
        case Op.EQUALS:
            return [{column: value}]
        case Op.DIFFERS:
            return [{"$ex": {column: 1}}, {"$neq": {column: value}}]
    return [{_COMPARE[test.op]: {column: value}}]


def _across(test: Test, other: Across, kind: str, kinds: list[str], columns: Columns) -> list[Wire]:
    """Compare with a fact bound before; equality is both at least and at most."""
    if test.op is Op.EQUALS:
        return [
            w
            for op in (Op.AT_LEAST, Op.AT_MOST)
            for w in _compare(op, test.field, other, kind, kinds, columns)
        ]
    return _compare(test.op, test.field, other, kind, kinds, columns)


def _compare(op: Op, field: str, other: Across, kind: str, kinds: list[str], columns: Columns) -> list[Wire]:
    there = kinds[other.position]
    alias = f"p{other.position}"
    if VOCABULARY[kind].fields[field].type != "date":
        number = columns.plain if VOCABULARY[kind].fields[field].type == "int" else columns.numbered
        return [{_COMPARE[op]: {number(kind, field): {alias: number(there, other.field)}}}]
    amount = 0
    if other.unit is Unit.WORKING_DAYS:
        left = columns.date(kind, field, _WORKING_DAY_SIDE[op])
        right = columns.date(there, other.field, "down" if other.amount >= 0 else "up")
        amount = other.amount
    elif other.unit is Unit.MONTHS:
        left, right = columns.date(kind, field, "day"), columns.months(there, other.field, other.amount)
    else:
        left, right = columns.date(kind, field, "day"), columns.date(there, other.field, "day")
        amount = other.amount * (_DAYS_IN_A_WEEK if other.unit is Unit.WEEKS else 1)
    reference: Wire = {alias: right}
    if amount:
        reference = {"$add" if amount > 0 else "$sub": {"$l": reference, "$r": abs(amount)}}
    return [{_COMPARE[op]: {left: reference}}]


def _once(wires: Iterable[Wire]) -> list[Wire]:
    found: list[Wire] = []
    for wire in wires:
        if wire not in found:
            found.append(wire)
    return found


def _of_date(values: Mapping[str, Scalar], field: str, side: int, months: int = 0) -> int | None:
    date = values.get(field)
    if not isinstance(date, dt.date):
        return None
    return numbers(date + relativedelta(months=months) if months else date)[side]
