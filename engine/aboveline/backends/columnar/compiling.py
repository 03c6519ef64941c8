"""Compile clauses to a plan: a tree of joins in which what several clauses bind is bound once.

A step takes a fact of a kind: tests that read that fact alone, and comparisons
with facts bound before. Clauses whose first steps are the same share them, and
clauses that ask the same of a case are one body, whatever question they are of.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from aboveline.rulebook import Clause
from aboveline.rulebook.clauses import Across, Part, Test

from .tables import Reads

__all__ = ["Body", "Comparison", "Node", "Plan", "Step", "compile_clauses"]


@dataclass(frozen=True)
class Comparison:
    """A test that compares a fact with one bound before."""

    test: Test
    other: Across


@dataclass(frozen=True)
class Step:
    """A fact of a kind: what is asked of it alone, and what of it beside the facts bound before."""

    kind: str
    alone: frozenset[Test]
    beside: frozenset[Comparison]


@dataclass
class Body:
    """What is asked where a node's facts are bound: nothing that is absent is there, and a witness, if any, is.

    ``clauses`` are those that ask it.
    """

    absent: frozenset[Step]
    witness: Step | None
    clauses: list[Clause] = field(default_factory=list)


@dataclass
class Node:
    """The facts bound so far, and where to go on from them."""

    bodies: list[Body] = field(default_factory=list)
    steps: dict[Step, "Node"] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The whole of the clauses, and the fields that they read."""

    root: Node
    reads: Reads


def compile_clauses(clauses: Collection[Clause]) -> Plan:
    """Return the plan of clauses. A clause that stands twice counts once."""
    root = Node()
    bodies: dict[tuple[tuple[Step, ...], frozenset[Step], Step | None], Body] = {}
    reads: dict[str, set[str]] = defaultdict(set)
    for clause in dict.fromkeys(clauses):
        steps = tuple(_step(part) for part in clause.parts)
        absent = frozenset(_step(part) for part in clause.absent)
        witness = _step(clause.witness) if clause.witness else None
        body = bodies.get((steps, absent, witness))
        if body is None:
            body = bodies[steps, absent, witness] = Body(absent, witness)
            _at(root, steps).bodies.append(body)
        body.clauses.append(clause)
        for kind, name in _read(clause):
            reads[kind] |= {name} if name else set()
    return Plan(root, {kind: frozenset(fields) for kind, fields in sorted(reads.items())})


def _step(part: Part) -> Step:
    alone = frozenset(test for test in part.tests if not isinstance(test.operand, Across))
    beside = frozenset(
        Comparison(test, test.operand) for test in part.tests if isinstance(test.operand, Across)
    )
    return Step(part.kind, alone, beside)


def _at(root: Node, steps: Iterable[Step]) -> Node:
    node = root
    for step in steps:
        node = node.steps.setdefault(step, Node())
    return node


def _read(clause: Clause) -> Iterator[tuple[str, str]]:
    """Yield the kind and name of every field that a clause reads; a kind with no name where it is bound or absent."""
    kinds = [part.kind for part in clause.parts]
    for part in (*clause.parts, *clause.absent, *((clause.witness,) if clause.witness else ())):
        yield part.kind, ""
        for test in part.tests:
            yield part.kind, test.field
            if isinstance(test.operand, Across):
                yield kinds[test.operand.position], test.operand.field
    if clause.due:
        yield kinds[clause.due.position], clause.due.field
