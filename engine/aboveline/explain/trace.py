"""Which patterns of a question matched which facts of a case, and which conditions failed.

A *way* is facts bound to all the patterns of a branch that must be there. It
holds where no fact stands under ``without``; it is open where an unrecorded
field would decide, or a fact that the record's source cannot hold.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from aboveline.answers import EvidenceGap
from aboveline.facts import CaseFacts, FlatFact
from aboveline.rulebook.language import Condition, Modifier, Pattern, Reference
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED

from .branches import Branch, parts
from .holds import Bound, Reading, Truth, all_hold, any_holds

__all__ = ["Step", "TracedBranch", "TracedPart", "Verdict", "Way", "trace"]


@dataclass(frozen=True)
class Verdict:
    """How a fact stands to a pattern: the truth of each condition, in their order.

    ``open`` are fields that leave its own conditions open, ``lacking`` fields
    that are read off it from elsewhere, needed and not recorded. ``apart``
    tells that it is of the kind the pattern wants, but not finished.
    """

    pattern: Pattern
    fact: FlatFact
    bound: Bound
    truths: tuple[Truth, ...]
    open: tuple[str, ...]
    lacking: tuple[str, ...] = ()
    apart: bool = False

    @property
    def truth(self) -> Truth:
        """Whether the fact meets the pattern."""
        return False if self.apart else all_hold((*self.truths, *(None for _ in self.lacking)))

    @property
    def gaps(self) -> tuple[EvidenceGap, ...]:
        """The fields of the fact that leave something open."""
        return tuple(
            EvidenceGap(
                kind=self.fact.kind,
                id=self.fact.id,
                field=field,
                reason="code not mapped" if field in self.fact.values else "not recorded",
            )
            for field in sorted({*self.open, *self.lacking})
        )

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The conditions that are false of the fact."""
        told = zip(self.pattern.conditions, self.truths, strict=True)
        return tuple(condition for condition, truth in told if truth is False)

    @property
    def rank(self) -> tuple[int, int, str, str]:
        """Puts facts that match first, then the open, then the nearest."""
        met = {True: 0, None: 1, False: 2}[self.truth]
        return met, len(self.failed) + self.apart, self.fact.kind, self.fact.id


@dataclass(frozen=True)
class Step:
    """A pattern that must be there, with how every fact of its kind stands to it.

    ``bound`` are the aliases that stand for one fact in every way so far.
    """

    pattern: Pattern
    verdicts: tuple[Verdict, ...]
    bound: Bound


@dataclass(frozen=True)
class Way:
    """Facts bound to all patterns that must be there, and how others stand to those that must not.

    ``doubted`` are the kinds of which a fact may stand under ``without`` all
    the same, since the record's source cannot hold them.
    """

    there: tuple[Verdict, ...]
    gone: tuple[tuple[Verdict, ...], ...]
    bound: Bound
    doubted: tuple[str, ...] = ()
    due: dt.date | None = None

    @property
    def truth(self) -> Truth:
        """Whether the branch holds in this way."""
        met = (verdict.truth for verdict in chain(*self.gone))
        gone = (None if truth is None else not truth for truth in met)
        return all_hold([*(v.truth for v in self.there), *gone, *(None for _ in self.doubted)])

    @property
    def gaps(self) -> frozenset[EvidenceGap]:
        """What leaves it open: fields of the facts bound, else of those that may stand under ``without``."""
        if self.truth is not None:
            return frozenset()
        own = [gap for verdict in self.there for gap in verdict.gaps]
        others = [gap for v in chain(*self.gone) if v.truth is None for gap in v.gaps]
        return frozenset([*(own or others), *map(not_in_source, self.doubted)])


@dataclass(frozen=True)
class TracedBranch:
    """A branch, the steps in which its patterns were looked for, and every way it was or might be met."""

    branch: Branch
    steps: tuple[Step, ...]
    ways: tuple[Way, ...]

    @property
    def truth(self) -> Truth:
        """Whether the branch holds: in one way for certain, else perhaps in one, else not."""
        return any_holds(way.truth for way in self.ways)


@dataclass(frozen=True)
class TracedPart:
    """``applies``, ``except`` or a deficiency, by its id.

    ``doubted`` are kinds it looks for that the record's source cannot hold.
    """

    part: str
    branches: tuple[TracedBranch, ...]
    doubted: tuple[str, ...] = ()

    @property
    def truth(self) -> Truth:
        """Whether the part holds: in one way for certain, else perhaps in one, else not."""
        return any_holds([*(branch.truth for branch in self.branches), *(None for _ in self.doubted)])

    @property
    def gaps(self) -> frozenset[EvidenceGap]:
        """What may make it hold."""
        found = [gap for traced in self.branches for way in traced.ways for gap in way.gaps]
        return frozenset([*found, *map(not_in_source, self.doubted)])

    def ways(self, *, truth: Truth) -> list[tuple[Branch, Way]]:
        """Return the ways that hold, are open, or do not hold, each with its branch."""
        return [(traced.branch, way) for traced in self.branches for way in traced.ways if way.truth is truth]


def trace(reading: Reading, facts: CaseFacts) -> tuple[TracedPart, ...]:
    """Return every part of a question with how the facts of a case stand to it."""
    return tuple(
        TracedPart(
            part,
            tuple(_branch(branch, reading, facts) for branch in found),
            tuple(sorted({p.kind for branch in found for p in branch.there} & facts.incomplete)),
        )
        for part, found in parts(reading.question)
    )


def not_in_source(kind: str) -> EvidenceGap:
    """Return the gap that a kind of fact leaves which the record's source cannot hold."""
    return EvidenceGap(kind=kind, id=None, field=None, reason="not in this source")


def _branch(branch: Branch, reading: Reading, facts: CaseFacts) -> TracedBranch:
    bindings: list[tuple[Verdict, ...]] = [()]
    steps: list[Step] = []
    for pattern in branch.there:
        read = branch.read_off(pattern.alias)
        longer: list[tuple[Verdict, ...]] = []
        nearest: dict[tuple[str, str], Verdict] = {}
        for binding in bindings:
            taken = {_key(one.fact) for one in binding}
            for verdict in _verdicts(pattern, _bound(binding), reading, facts, read):
                key = _key(verdict.fact)
                if key not in taken:  # one fact is never that of two patterns
                    nearest[key] = min(nearest.get(key, verdict), verdict, key=_rank)
                    longer += [(*binding, verdict)] if verdict.truth is not False else []
        steps.append(Step(pattern, tuple(sorted(nearest.values(), key=_rank)), _common(bindings)))
        bindings = longer
    ways = (_way(branch, binding, reading, facts) for binding in bindings)
    return TracedBranch(branch, tuple(steps), tuple(ways))


def _way(branch: Branch, binding: tuple[Verdict, ...], reading: Reading, facts: CaseFacts) -> Way:
    bound = _bound(binding)
    gone = (sorted(_verdicts(pattern, bound, reading, facts), key=_rank) for pattern in branch.gone)
    due = reading.read(branch.due, bound) if branch.due else None
    lost = {(one.pattern.alias, field) for one in binding for field in (*one.open, *one.lacking)}
    doubted = {p.kind for p in branch.gone if p.kind in facts.incomplete and not _reads(p, lost)}
    return Way(
        there=binding,
        gone=tuple(map(tuple, gone)),
        bound=bound,
        doubted=tuple(sorted(doubted)),
        due=due if isinstance(due, dt.date) else None,
    )


def _reads(pattern: Pattern, lost: set[tuple[str | None, str]]) -> bool:
    """Tell whether a pattern compares with a field that is lost. It is open then whatever is there."""
    operands = (c.operand for c in pattern.conditions)
    return any(isinstance(one, Reference) and (one.alias, one.field) in lost for one in operands)


def _verdicts(
    pattern: Pattern, bound: Bound, reading: Reading, facts: CaseFacts, read: tuple[str, ...] = ()
) -> Iterator[Verdict]:
    unfinished = UNFINISHED + pattern.kind if pattern.kind in DONE_OR_NOT else None
    for fact in facts.facts:
        if fact.kind in {pattern.kind, unfinished}:
            apart = fact.kind != pattern.kind
            truths = tuple(_truth(c, fact, bound, reading, apart=apart) for c in pattern.conditions)
            open_fields = reading.open_fields(pattern, truths, fact)
            lacking = (f for f in read if f not in fact.values and reading.needs(pattern.kind, f))
            yield Verdict(pattern, fact, bound, truths, open_fields, tuple(lacking), apart)


def _truth(condition: Condition, fact: FlatFact, bound: Bound, reading: Reading, *, apart: bool) -> Truth:
    """Return whether a condition holds; what is not finished has no day of completion to be too early or late."""
    if apart and condition.field == "completed_on" and condition.modifier is not Modifier.UNKNOWN:
        return True
    return reading.holds(condition, fact, bound)


def _bound(binding: tuple[Verdict, ...]) -> dict[str, FlatFact]:
    return {one.pattern.alias: one.fact for one in binding if one.pattern.alias}


def _common(bindings: list[tuple[Verdict, ...]]) -> Bound:
    """Return the aliases that stand for the same fact in every binding."""
    first, *others = [_bound(binding) for binding in bindings] or [{}]
    return {a: f for a, f in first.items() if all(a in b and _key(b[a]) == _key(f) for b in others)}


def _key(fact: FlatFact) -> tuple[str, str]:
    return fact.kind, fact.id


def _rank(verdict: Verdict) -> tuple[int, int, str, str]:
    return verdict.rank
