"""Lower questions to clauses: parameters and lists become constants as at a date, ``any`` a branch for each item."""

import datetime as dt
from collections.abc import Iterator

from aboveline.problems import InputError, Problem

from .book import Rulebook
from .clauses import APPLIES, EXCEPT, Across, Clause, Members, Op, Part, Test, level_part
from .language import (
    Condition,
    Item,
    ListName,
    Modifier,
    ParameterName,
    Pattern,
    Patterns,
    Question,
    Reference,
    branches,
)
from .unrecorded import MOST_GAPS, Branch, clauses_of, may_be_unrecorded

__all__ = ["branches", "lower"]


def lower(rulebook: Rulebook, as_of: dt.date) -> tuple[Clause, ...]:
    """Return the clauses of every active question, with the parameters in force on a date.

    Raises:
        InputError: a parameter that a question mentions has no value on that date.
    """
    problems: list[Problem] = []
    clauses = [
        clause
        for question in rulebook.active
        for clause in _Lowering(question, rulebook, as_of, problems).clauses()
    ]
    if problems:
        raise InputError(problems)
    return tuple(clauses)


class _Lowering:
    def __init__(
        self, question: Question, rulebook: Rulebook, as_of: dt.date, problems: list[Problem]
    ) -> None:
        self.question = question
        self.rulebook = rulebook
        self.as_of = as_of
        self.problems = problems
        self.needs = frozenset((need.kind, need.field) for need in question.needs)

    def clauses(self) -> Iterator[Clause]:
        bodies: list[tuple[str, Item, Reference | None]] = [
            (APPLIES, self.question.applies, None),
            (EXCEPT, self.question.excepts, None),
            *((d.id, d.body, d.due) for d in self.question.deficiencies),
            *((level_part(level.id), level.body, None) for level in self.question.levels),
        ]
        for part, body, due in bodies:
            for there, gone in branches(body):
                branch = self._branch(part, there, gone, due)
                many = may_be_unrecorded(branch)
                if many > MOST_GAPS:
                    reason = f"{part} reads {many} fields that may be unrecorded, and {MOST_GAPS} is the most: split it"
                    self.problems.append(Problem(self.question.path, self.question.line, part, reason))
                else:
                    yield from clauses_of(branch)

    def _branch(self, part: str, there: Patterns, gone: Patterns, due: Reference | None) -> Branch:
        # Absence is told of a fact that is there; where the rule names none, of the audit itself.
        there = there or (Pattern("audit", (), None, 0),)
        places = {pattern.alias: n for n, pattern in enumerate(there) if pattern.alias}

        def parts(patterns: Patterns) -> tuple[Part, ...]:
            return tuple(
                Part(p.kind, tuple(self._test(condition, places) for condition in p.conditions), p.alias)
                for p in patterns
            )

        when = self._across(due, places) if due else None
        return Branch(self.question.id, part, parts(there), parts(gone), when, self.needs)

    def _test(self, condition: Condition, places: dict[str, int]) -> Test:
        field, operand = condition.field, condition.operand
        match condition.modifier:
            case Modifier.KNOWN:
                return Test(field, Op.RECORDED)
            case Modifier.UNKNOWN:
                return Test(field, Op.UNRECORDED)
            case Modifier.IN | Modifier.NOT if isinstance(operand, tuple | ListName):
                return Test(
                    field,
                    Op.MEMBER if condition.modifier is Modifier.IN else Op.NOT_MEMBER,
                    self._members(operand),
                )
            case Modifier.IS:
                op = Op.EQUALS
            case Modifier.NOT:
                op = Op.DIFFERS
            case modifier:
                op = Op(str(modifier))
        match operand:
            case Reference():
                return Test(field, op, self._across(operand, places))
            case ParameterName(name):
                return Test(field, op, self._value(name))
            case ListName() | tuple():  # pragma: no cover - the checker lets a list go with in and not alone
                raise TypeError(operand)
        return Test(field, op, operand)

    def _across(self, reference: Reference, places: dict[str, int]) -> Across:
        position = places[reference.alias]
        if reference.offset is None:
            return Across(position, reference.field)
        amount = reference.offset.amount
        size = self._value(amount.name) if isinstance(amount, ParameterName) else amount
        return Across(position, reference.field, reference.offset.sign * size, reference.offset.unit)

    def _members(self, operand: ListName | tuple[int | str, ...]) -> Members:
        if isinstance(operand, ListName):
            return Members(operand.name, self.rulebook.lists[operand.name])
        return Members("/".join(str(code) for code in operand), operand)

    def _value(self, name: str) -> int:
        parameter = self.rulebook.parameters[name]
        in_force = parameter.at(self.as_of)
        if in_force is None:
            first = min(value.start for value in parameter.values)
            reason = f"{name} has no value on {self.as_of}: its first is from {first}"
            self.problems.append(Problem(parameter.path, parameter.line, name, reason))
            return 0
        return in_force.value
