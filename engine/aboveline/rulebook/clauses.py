"""Lower questions to clauses: the one form that every backend compiles.

A clause is a conjunction: facts that are there, and facts that are not. An
``any`` becomes a clause for each branch; parameters and lists become constants
as at a date. Where a field that a question needs is not recorded, what a
pattern says of it can be neither true nor false, so there are two sorts:

- a **certain** clause holds whatever the unrecorded fields may be: its positive
  patterns read recorded fields only, and nothing that *might* match is there
  under ``without``;
- a **gap** clause holds where it would take an unrecorded field to decide. It
  says which fields of which facts those are.

``docs/decisions/0003-unrecorded-fields.md`` has the reasons.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, combinations, product

from dateutil.relativedelta import relativedelta

from aboveline.problems import InputError, Problem
from aboveline.vocabulary import VOCABULARY
from aboveline.workdays import add_working_days

from .book import Rulebook
from .data import CodeList
from .language import (
    AllOf,
    AnyOf,
    Condition,
    Item,
    ListName,
    Modifier,
    Need,
    ParameterName,
    Pattern,
    Question,
    Reference,
    Status,
    Unit,
    Without,
)

__all__ = ["APPLIES", "EXCEPT", "Across", "Clause", "Gap", "Members", "Op", "Part", "Test", "lower"]

APPLIES = "applies"
EXCEPT = "except"
MOST_GAPS = 5
"""Fields that may be unrecorded in one branch. Each doubles the clauses."""


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


_ABOUT_RECORDING = frozenset({Op.RECORDED, Op.UNRECORDED})


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
            case Unit.WORKING_DAYS if self.amount:
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
    """One conjunction of a question's ``applies``, ``except`` or deficiency (``part`` is its id).

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


@dataclass(frozen=True)
class _Atom:
    """A field (or its membership of a closed list) that may turn out to be unrecorded."""

    position: int
    field: str
    members: Members | None = None

    def unrecorded(self) -> Test:
        return Test(self.field, Op.UNRECORDED, self.members)


Branch = tuple[tuple[Pattern, ...], tuple[Pattern, ...]]


def lower(rulebook: Rulebook, as_of: dt.date) -> tuple[Clause, ...]:
    """Return the clauses of every active question, with the parameters in force on a date.

    Raises:
        InputError: a parameter that a question mentions has no value on that date.
    """
    problems: list[Problem] = []
    clauses: list[Clause] = []
    for question in rulebook.questions:
        if question.status is Status.ACTIVE:
            clauses += _Lowering(question, rulebook, as_of, problems).clauses()
    if problems:
        raise InputError(set(problems))
    return tuple(clauses)


class _Lowering:
    def __init__(
        self, question: Question, rulebook: Rulebook, as_of: dt.date, problems: list[Problem]
    ) -> None:
        self.question = question
        self.rulebook = rulebook
        self.as_of = as_of
        self.problems = problems

    def clauses(self) -> Iterator[Clause]:
        bodies: list[tuple[str, Item, Reference | None]] = [
            (APPLIES, self.question.applies, None),
            (EXCEPT, self.question.excepts, None),
            *((d.id, d.body, d.due) for d in self.question.deficiencies),
        ]
        for part, body, due in bodies:
            for branch in _branches(body):
                yield from self._branch(part, branch, due)

    def _branch(self, part: str, branch: Branch, due: Reference | None) -> Iterator[Clause]:
        positives, negatives = branch
        # Negation is about a fact that is there; where the rule names none, about the audit itself.
        positives = positives or (Pattern("audit", (), None, 0),)
        places = {pattern.alias: n for n, pattern in enumerate(positives) if pattern.alias}
        tests = [tuple(self._test(c, places) for c in pattern.conditions) for pattern in positives]
        denied = [Part(p.kind, tuple(self._test(c, places) for c in p.conditions)) for p in negatives]
        when = self._across(due, places) if due else None
        across = [
            t.operand
            for t in chain(*tests, *(part.tests for part in denied))
            if isinstance(t.operand, Across)
        ]
        across += [when] if when else []
        kinds = [pattern.kind for pattern in positives]

        atoms = sorted(
            {a for n, kind in enumerate(kinds) for a in self._atoms(n, kind, tests[n])}
            | {
                _Atom(a.position, a.field) for a in across if self._may_be_missing(kinds[a.position], a.field)
            },
            key=lambda atom: (atom.position, atom.field, atom.members.name if atom.members else ""),
        )
        if len(atoms) > MOST_GAPS:
            reason = f"{part} reads {len(atoms)} fields that may be unrecorded, and {MOST_GAPS} is the most: split it"
            self.problems.append(Problem(self.question.path, self.question.line, part, reason))
            return
        guards = [
            tuple(Test(a.field, Op.RECORDED) for a in atoms if a.position == n and not a.members)
            for n in range(len(kinds))
        ]
        certain = tuple(Part(kind, guards[n] + tests[n], positives[n].alias) for n, kind in enumerate(kinds))
        possible = [list(self._variants(part)) for part in denied]
        base = Clause(self.question.id, part, certain, tuple(chain(*_without_fields(possible))), due=when)
        yield base
        for missing in _subsets(atoms):
            yield self._with_missing(base, set(missing), tests, denied, kinds)
        for variants in possible:
            for variant, fields in variants:
                if fields:
                    gaps = tuple(Gap(len(kinds), field) for field in fields)
                    yield replace(base, absent=tuple(denied), witness=variant, gaps=gaps)

    def _with_missing(
        self,
        base: Clause,
        missing: set[_Atom],
        tests: list[tuple[Test, ...]],
        denied: list[Part],
        kinds: list[str],
    ) -> Clause:
        """Return the clause that holds where some fields are unrecorded and the rest could still match."""
        lost = {(atom.position, atom.field) for atom in missing}

        def reads_lost(test: Test, position: int | None) -> bool:
            own = position is not None and _decided_by([a for a in missing if a.position == position], test)
            return own or (
                isinstance(test.operand, Across) and (test.operand.position, test.operand.field) in lost
            )

        parts = []
        for n, kind in enumerate(kinds):
            unrecorded = tuple(atom.unrecorded() for atom in sorted(missing, key=_name) if atom.position == n)
            guards = tuple(
                t
                for t in base.parts[n].tests
                if t.op is Op.RECORDED and t not in tests[n] and (n, t.field) not in lost
            )
            kept = tuple(test for test in tests[n] if not reads_lost(test, n))
            parts.append(Part(kind, unrecorded + guards + kept, base.parts[n].alias))
        due_unknown = base.due is not None and (base.due.position, base.due.field) in lost
        return replace(
            base,
            parts=tuple(parts),
            absent=tuple(part for part in denied if not any(reads_lost(test, None) for test in part.tests)),
            gaps=tuple(
                sorted(
                    {Gap(atom.position, atom.field) for atom in missing},
                    key=lambda gap: (gap.position, gap.field),
                )
            ),
            due=None if due_unknown else base.due,
            due_unknown=due_unknown,
        )

    def _variants(self, part: Part) -> Iterator[tuple[Part, tuple[str, ...]]]:
        """Yield every way a part under ``without`` could match, with the fields left open in each."""
        atoms = sorted(self._atoms(0, part.kind, part.tests), key=_name)
        for missing in [(), *_subsets(atoms)]:
            kept = tuple(test for test in part.tests if not _decided_by(missing, test))
            open_fields = tuple(sorted({atom.field for atom in missing}))
            yield Part(part.kind, tuple(atom.unrecorded() for atom in missing) + kept), open_fields

    def _atoms(self, position: int, kind: str, tests: tuple[Test, ...]) -> Iterator[_Atom]:
        for test in tests:
            if test.op in _ABOUT_RECORDING:
                continue
            if (
                isinstance(test.operand, Members)
                and isinstance(test.operand.codes, CodeList)
                and test.operand.codes.others
            ):
                yield _Atom(position, test.field, test.operand)
            elif self._may_be_missing(kind, test.field):
                yield _Atom(position, test.field)

    def _may_be_missing(self, kind: str, field: str) -> bool:
        return not VOCABULARY[kind].fields[field].recorded and Need(kind, field) in self.question.needs

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


def _decided_by(missing: Iterable[_Atom], test: Test) -> bool:
    """Tell whether a test reads one of these. A test of whether a field is recorded asks that very thing, and stays."""
    return test.op not in _ABOUT_RECORDING and any(
        atom.field == test.field and (atom.members is None or atom.members == test.operand)
        for atom in missing
    )


def _without_fields(variants: list[list[tuple[Part, tuple[str, ...]]]]) -> Iterator[list[Part]]:
    """Take the parts out of variants, without the fields each leaves open."""
    for one in variants:
        yield [part for part, _ in one]


def _branches(item: Item) -> list[Branch]:
    """Write an item in disjunctive normal form: what is there and what is not, for each branch."""
    match item:
        case Pattern():
            return [((item,), ())]
        case Without(patterns):
            return [((), patterns)]
        case AnyOf(items):
            return [branch for inner in items for branch in _branches(inner)]
        case AllOf(items):
            return [
                (tuple(chain(*(there for there, _ in picked))), tuple(chain(*(gone for _, gone in picked))))
                for picked in product(*(_branches(inner) for inner in items))
            ]


def _subsets(atoms: Iterable[_Atom]) -> Iterator[tuple[_Atom, ...]]:
    """Yield every subset but the empty one, the smallest first."""
    pool = tuple(atoms)
    return chain.from_iterable(combinations(pool, size) for size in range(1, len(pool) + 1))


def _name(atom: _Atom) -> tuple[str, str]:
    return atom.field, atom.members.name if atom.members else ""
