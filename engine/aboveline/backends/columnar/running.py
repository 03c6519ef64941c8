"""Run a plan over tables: every way in which each body holds, for all cases at once.

Every table stands in the order of its cases, so a join on the case is arithmetic
on where each case begins: the rows of a case are paired with those bound of the
same case, and the pairs that do not compare are dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise

import numpy as np

from aboveline.facts import FlatFact

from .compiling import Body, Node, Plan, Step
from .days import Numbers
from .masks import Masks
from .tables import Tables, Truths

__all__ = ["Bound", "Hits", "Run", "facts_of"]

_NOWHERE = -1
MOST_PAIRS = 4_000_000
"""Pairs of facts that are looked at together. More are taken by turns, which bounds the memory."""


@dataclass(frozen=True)
class Bound:
    """Facts bound together, a place each: their cases, and for each position the kind and the rows of its table."""

    case: Numbers
    kinds: tuple[str, ...]
    rows: tuple[Numbers, ...]

    @cached_property
    def is_one_a_case(self) -> bool:
        """Tell whether no case has more than one of them, and they stand in the order of their cases."""
        return bool((self.case[1:] > self.case[:-1]).all())

    def take(self, which: Numbers | Truths) -> "Bound":
        """Return some of them."""
        return Bound(self.case[which], self.kinds, tuple(rows[which] for rows in self.rows))


@dataclass(frozen=True)
class Hits:
    """Every way in which a body holds: the facts bound, the witness last."""

    body: Body
    bound: Bound


@dataclass(frozen=True)
class _Rows:
    """The rows of a kind that meet tests of their own fields, of so many cases."""

    rows: Numbers
    case: Numbers
    cases: int

    @cached_property
    def there(self) -> Truths:
        """Tell of every case whether it has a row."""
        there = np.zeros(self.cases, np.bool_)
        there[self.case] = True
        return there

    @cached_property
    def starts(self) -> Numbers:
        """Where the rows of each case begin, and where the last end."""
        starts = np.zeros(self.cases + 1, np.int64)
        np.cumsum(np.bincount(self.case, minlength=self.cases), out=starts[1:])
        return starts


class Run:
    """One plan over some tables."""

    def __init__(self, plan: Plan, tables: Tables) -> None:
        self.plan = plan
        self.tables = tables
        self.masks = Masks(tables)
        self._rows: dict[tuple[str, object], _Rows] = {}

    def hits(self) -> Iterator[Hits]:
        """Yield what each body finds."""
        return self._below(self.plan.root, None)

    def _below(self, node: Node, bound: Bound | None) -> Iterator[Hits]:
        """Yield what the bodies of a node and of all below it find, of what is bound at the node."""
        if bound is not None:
            found: dict[Step, Truths] = {}
            for body in node.bodies:
                yield Hits(body, self._of_body(body, bound, found))
        for step, then in node.steps.items():
            after = self._first(step) if bound is None else self._join(bound, step, apart=True)
            yield from self._below(then, after)

    def _of_body(self, body: Body, bound: Bound, found: dict[Step, Truths]) -> Bound:
        """Return what is bound and has nothing beside it that must not be there; ``found`` remembers what has."""
        kept: Truths | None = None
        for step in body.absent:
            if step not in found:
                found[step] = self._there(bound, step)
            kept = ~found[step] if kept is None else kept & ~found[step]
        left = bound if kept is None else bound.take(kept)
        return left if body.witness is None else self._join(left, body.witness, apart=False)

    def _there(self, bound: Bound, step: Step) -> Truths:
        """Tell of all that is bound whether the case has a fact as a step says."""
        candidates = self._candidates(step)
        if not step.beside:
            return candidates.there[bound.case]
        there = np.zeros(len(bound.case), np.bool_)
        for left, right in self._pairs(bound, step, apart=False):
            there[left[self._holds(bound, left, step, right)]] = True
        return there

    def _join(self, bound: Bound, step: Step, *, apart: bool) -> Bound:
        """Return what is bound with a fact more; where ``apart``, one that is not bound yet."""
        lefts, rights = [], []
        for left, right in self._pairs(bound, step, apart=apart):
            holds = self._holds(bound, left, step, right)
            if apart:
                for kind, rows in zip(bound.kinds, bound.rows, strict=True):
                    if kind == step.kind:
                        holds &= rows[left] != right
            lefts.append(left[holds])
            rights.append(right[holds])
        left, right = (np.concatenate(some) if len(some) > 1 else some[0] for some in (lefts, rights))
        return Bound(
            bound.case[left], (*bound.kinds, step.kind), (*(rows[left] for rows in bound.rows), right)
        )

    def _first(self, step: Step) -> Bound:
        candidates = self._candidates(step)
        return Bound(candidates.case, (step.kind,), (candidates.rows,))

    def _holds(self, bound: Bound, left: Numbers, step: Step, right: Numbers) -> Truths:
        """Tell of pairs whether they compare as a step says."""
        found = [
            self.masks.compare(
                one.test,
                one.other,
                step.kind,
                right,
                bound.kinds[one.other.position],
                bound.rows[one.other.position][left],
            )
            for one in step.beside
        ]
        return reduce(np.logical_and, found) if found else np.ones(len(left), np.bool_)

    def _pairs(self, bound: Bound, step: Step, *, apart: bool) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield, for all that is bound, every row of its case that a step could take: places and rows.

        Where ``apart``, rows that are bound already are not wanted, and may be among them or not.
        """
        candidates = self._candidates(step)
        if bound.is_one_a_case:
            place = np.full(candidates.cases, _NOWHERE)
            place[bound.case] = np.arange(len(bound.case))
            left = place[candidates.case]
            here = np.flatnonzero(left != _NOWHERE)
            yield left[here], candidates.rows[here]
            return
        begin = candidates.starts[bound.case]
        many = candidates.starts[bound.case + 1] - begin
        # Where any fact of the kind would do, those that are bound already are among them, and alone make no pair.
        bound_already = bound.kinds.count(step.kind) if apart and not step.alone else 0
        here = np.flatnonzero(many > bound_already)
        begin, many = begin[here], many[here]
        ends = np.cumsum(many)
        total = int(ends[-1]) if len(ends) else 0
        cuts = [0, *np.searchsorted(ends, np.arange(MOST_PAIRS, total, MOST_PAIRS)).tolist(), len(many)]
        for first, last in pairwise(cuts):
            some = many[first:last]
            before = np.cumsum(some) - some
            right = np.arange(some.sum()) + np.repeat(begin[first:last] - before, some)
            yield np.repeat(here[first:last], some), candidates.rows[right]

    def _candidates(self, step: Step) -> _Rows:
        key = step.kind, step.alone
        if key not in self._rows:
            table = self.tables.by_kind[step.kind]
            if step.alone:
                kept = reduce(np.logical_and, (self.masks.of_test(step.kind, test) for test in step.alone))
                rows = np.flatnonzero(kept)
                self._rows[key] = _Rows(rows, table.case[rows], self.tables.cases)
            else:
                self._rows[key] = _Rows(np.arange(len(table.case)), table.case, self.tables.cases)
        return self._rows[key]


def facts_of(bound: Bound, tables: Tables) -> Iterator[tuple[int, tuple[FlatFact, ...]]]:
    """Yield facts bound together, with the place of their case."""
    facts = [
        map(tables.by_kind[kind].fact, rows.tolist())
        for kind, rows in zip(bound.kinds, bound.rows, strict=True)
    ]
    return zip(bound.case.tolist(), zip(*facts, strict=True), strict=True)
