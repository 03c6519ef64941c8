"""The rule language, as read and before anything is looked up.

A question says whom it is about (``applies``), who is excused (``except``) and
what is deficient (``deficiencies``), each in patterns. A pattern is a kind of
fact and conditions on its fields; a condition is a field, a modifier and an
operand. Everything knows the line it was written on.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as data
from enum import StrEnum
from itertools import chain, product
from typing import Literal

__all__ = [
    "AllOf",
    "AnyOf",
    "Condition",
    "Deficiency",
    "Item",
    "Level",
    "ListName",
    "Modifier",
    "Need",
    "Offset",
    "Operand",
    "ParameterName",
    "Pattern",
    "Patterns",
    "Question",
    "Reference",
    "Severity",
    "Source",
    "Status",
    "Unit",
    "Without",
    "branches",
    "patterns_in",
]


class Modifier(StrEnum):
    """What a condition asks of its field.

    A condition on a field that is not recorded does not hold, whatever it
    asks, except ``unknown``.
    """

    IS = "is"  # the field equals the operand; written without a modifier
    NOT = "not"  # it is recorded and differs (from each, where the operand is a list)
    IN = "in"  # it equals one of a list
    AT_LEAST = "at_least"  # number or date: not below, not earlier
    AT_MOST = "at_most"  # number or date: not above, not later
    BEFORE = "before"  # date: earlier
    AFTER = "after"  # date: later
    KNOWN = "known"  # it is recorded
    UNKNOWN = "unknown"  # it is not


class Unit(StrEnum):
    """Units of time. A month after the 31st is the last day of a shorter month."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


class Severity(StrEnum):
    """How much a deficiency matters to somebody's safety or to the sentence."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Status(StrEnum):
    """Where a question stands. Only the active are audited."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True)
class ParameterName:
    """A number kept in ``parameters/``, by name."""

    name: str


@dataclass(frozen=True)
class ListName:
    """A code list kept in ``lists/``, by name."""

    name: str


@dataclass(frozen=True)
class Offset:
    """So much time after a date, or before it where ``sign`` is -1."""

    sign: Literal[1, -1]
    amount: int | ParameterName
    unit: Unit


@dataclass(frozen=True)
class Reference:
    """A field of a fact bound under an alias, with an offset where it is a date."""

    alias: str
    field: str
    offset: Offset | None = None
    line: int = data(default=0, compare=False)


Operand = bool | int | str | dt.date | tuple[int | str, ...] | Reference | ListName | ParameterName


@dataclass(frozen=True)
class Condition:
    """``field|modifier: operand``."""

    field: str
    modifier: Modifier
    operand: Operand
    line: int


@dataclass(frozen=True)
class Pattern:
    """``kind: {conditions, as: alias}``: a fact of the kind that meets every condition."""

    kind: str
    conditions: tuple[Condition, ...]
    alias: str | None
    line: int


@dataclass(frozen=True)
class AnyOf:
    """One of several items is enough."""

    items: tuple["Item", ...]


@dataclass(frozen=True)
class AllOf:
    """Every item must hold."""

    items: tuple["Item", ...]


@dataclass(frozen=True)
class Without:
    """There is no fact that matches any of the patterns."""

    patterns: tuple[Pattern, ...]


Item = Pattern | AnyOf | AllOf | Without
Patterns = tuple[Pattern, ...]


@dataclass(frozen=True)
class Source:
    """Where an expectation stands: a document and its paragraph."""

    document: str
    paragraph: str


@dataclass(frozen=True)
class Deficiency:
    """What makes the answer insufficient, and what to tell whoever will put it right.

    ``due`` is the last day on which the work is still in time; without one, the
    deficiency holds as soon as its patterns do.
    """

    id: str
    severity: Severity
    body: AllOf
    due: Reference | None
    finding: str
    put_right: str
    recommendation: str | None
    line: int


@dataclass(frozen=True)
class Level:
    """A level that an answered case may be at, as *good progress*. The first whose patterns hold is the case's."""

    id: str
    title: str
    body: AllOf
    line: int


@dataclass(frozen=True)
class Need:
    """``kind.field``: a field that must be recorded before the question can be decided."""

    kind: str
    field: str
    line: int = data(default=0, compare=False)


@dataclass(frozen=True)
class Question:
    """One question of the inspection."""

    id: str
    title: str
    outcome: str
    criteria: tuple[str, ...]
    status: Status
    replaced_by: str | None
    scored: bool
    sources: tuple[Source, ...]
    applies: AllOf
    excepts: AnyOf
    needs: tuple[Need, ...]
    deficiencies: tuple[Deficiency, ...]
    judged: bool
    known_gaps: tuple[str, ...]
    path: str
    line: int
    levels: tuple[Level, ...] = ()


def patterns_in(item: Item) -> Iterator[tuple[Pattern, bool]]:
    """Yield every pattern of an item, each with whether it stands under ``without``."""
    match item:
        case Pattern():
            yield item, False
        case AnyOf(items) | AllOf(items):
            for inner in items:
                yield from patterns_in(inner)
        case Without(patterns):
            for pattern in patterns:
                yield pattern, True


def branches(item: Item) -> list[tuple[Patterns, Patterns]]:
    """Write an item in disjunctive normal form: what is there and what is not, for each branch."""
    match item:
        case Pattern():
            return [((item,), ())]
        case Without(patterns):
            return [((), patterns)]
        case AnyOf(items):
            return [branch for inner in items for branch in branches(inner)]
        case AllOf(items):
            return [
                (tuple(chain(*(there for there, _ in picked))), tuple(chain(*(gone for _, gone in picked))))
                for picked in product(*(branches(inner) for inner in items))
            ]
