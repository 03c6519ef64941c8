"""Whether a condition holds of a fact: true, false, or open.

It is open (none) where a field that the question needs is not recorded, or a
code is in neither part of a closed list. This reads the rule as it is written;
the engine reads it lowered to clauses. Tests hold the two to each other.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aboveline.facts import FlatFact, Scalar
from aboveline.rulebook import Question, Rulebook
from aboveline.rulebook.clauses import Across
from aboveline.rulebook.data import CodeList
from aboveline.rulebook.language import (
    Condition,
    ListName,
    Modifier,
    Need,
    ParameterName,
    Reference,
)

__all__ = ["Bound", "Reading", "Truth", "Wanted", "all_hold", "any_holds"]

Truth = bool | None
"""True, false, or none where an unrecorded field would decide."""

Bound = Mapping[str, FlatFact]
"""The facts that a rule's aliases stand for."""

Wanted = Scalar | tuple[int | str, ...] | CodeList | None
"""What a field is compared with, nothing left to look up; none where the fact it is read off does not say."""


def all_hold(truths: Iterable[Truth]) -> Truth:
    """Return whether all of several things hold: one that is false settles it, whatever is open."""
    found = set(truths)
    return False if False in found else None if None in found else True


def any_holds(truths: Iterable[Truth]) -> Truth:
    """Return whether any of several things holds: one that is true settles it, whatever is open."""
    found = set(truths)
    return True if True in found else None if None in found else False


@dataclass(frozen=True)
class Reading:
    """One question, read with the numbers and lists of its rulebook as at a date."""

    question: Question
    rulebook: Rulebook
    as_of: dt.date

    def needs(self, kind: str, field: str) -> bool:
        """Tell whether the question needs a field to be recorded."""
        return Need(kind, field) in self.question.needs

    def holds(self, condition: Condition, fact: FlatFact, bound: Bound) -> Truth:
        """Tell whether a condition holds of a fact, given the facts bound before it."""
        found = fact.values.get(condition.field)
        if condition.modifier is Modifier.KNOWN:
            return found is not None
        if condition.modifier is Modifier.UNKNOWN:
            return found is None
        wanted = self.wanted(condition, bound)
        lacking = []
        if found is None:
            closed = isinstance(wanted, CodeList) and bool(wanted.others)
            lacking.append(closed or self.needs(fact.kind, condition.field))
        if wanted is None and isinstance(condition.operand, Reference):
            other = bound.get(condition.operand.alias)
            lacking.append(other is None or self.needs(other.kind, condition.operand.field))
        if lacking:
            return None if all(lacking) else False
        return compare(condition.modifier, found, wanted)

    def wanted(self, condition: Condition, bound: Bound) -> Wanted:
        """Return what a condition compares its field with."""
        match condition.operand:
            case Reference():
                return self.read(condition.operand, bound)
            case ParameterName(name):
                return self.number(name)
            case ListName(name):
                return self.rulebook.lists[name]
        return condition.operand

    def read(self, reference: Reference, bound: Bound) -> Scalar | None:
        """Return the value a reference stands for, its time added; none where it is not recorded."""
        fact = bound.get(reference.alias)
        start = fact.values.get(reference.field) if fact else None
        if reference.offset is None or not isinstance(start, dt.date):
            return start
        amount = reference.offset.sign * self.amount(reference)
        return Across(0, reference.field, amount, reference.offset.unit).shift(start)

    def amount(self, reference: Reference) -> int:
        """Return how much time a reference adds, without its sign."""
        if reference.offset is None:
            return 0
        amount = reference.offset.amount
        return self.number(amount.name) if isinstance(amount, ParameterName) else amount

    def number(self, name: str) -> int:
        """Return the value of a parameter in force."""
        in_force = self.rulebook.parameters[name].at(self.as_of)
        if in_force is None:  # pragma: no cover - the audit has refused by then
            raise KeyError(name)
        return in_force.value

    def lost(self, condition: Condition, bound: Bound) -> tuple[FlatFact, str] | None:
        """Return the fact and its field that a condition is held against, where it is needed and not recorded."""
        operand = condition.operand
        fact = bound.get(operand.alias) if isinstance(operand, Reference) else None
        if fact is None or not isinstance(operand, Reference) or operand.field in fact.values:
            return None
        return (fact, operand.field) if self.needs(fact.kind, operand.field) else None

    def leaves_open(self, condition: Condition, fact: FlatFact) -> bool:
        """Tell whether it is the fact's own field that leaves a condition open."""
        found = fact.values.get(condition.field)
        if found is None:
            return True
        codes = (
            self.rulebook.lists.get(condition.operand.name)
            if isinstance(condition.operand, ListName)
            else None
        )
        return codes is not None and codes.holds(str(found)) is None


def compare(modifier: Modifier, found: Any, wanted: Any) -> Truth:
    """Compare two recorded values."""
    match modifier:
        case Modifier.IS:
            return bool(found == wanted)
        case Modifier.AT_LEAST:
            return bool(found >= wanted)
        case Modifier.AT_MOST:
            return bool(found <= wanted)
        case Modifier.BEFORE:
            return bool(found < wanted)
        case Modifier.AFTER:
            return bool(found > wanted)
    match wanted:
        case CodeList():
            member = wanted.holds(str(found))
        case tuple():
            member = found in wanted
        case _:
            member = found == wanted
    if member is None:
        return None
    return member is (modifier is Modifier.IN)
