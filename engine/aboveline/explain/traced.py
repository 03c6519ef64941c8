"""What a trace is made of: how each fact stands to each pattern, and the ways in which a branch is met.

A *way* is facts bound to all the patterns of a branch that must be there. It
holds where no fact stands under ``without``; it is open where an unrecorded
field would decide, or a fact that the record's source cannot hold.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import chain

from aboveline.answers import EvidenceGap
from aboveline.facts import FlatFact
from aboveline.rulebook.language import Condition, Pattern

from .branches import Branch
from .holds import Bound, Truth, all_hold, any_holds

__all__ = ["Step", "TracedBranch", "TracedPart", "Verdict", "Way", "field_gap", "not_in_source"]


@dataclass(frozen=True)
class Verdict:
    """How a fact stands to a pattern: the truth of each condition, in their order.

    ``open`` are fields of its own that leave a condition open, ``elsewhere``
    those of the facts it is held against. ``lacking`` are fields that others
    are held against, needed and not recorded; those only under ``without`` are
    ``loose``. ``apart``: it is of the kind that is wanted, but not finished.
    """

    pattern: Pattern
    fact: FlatFact
    bound: Bound
    truths: tuple[Truth, ...]
    open: tuple[str, ...]
    elsewhere: tuple[EvidenceGap, ...] = ()
    lacking: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    apart: bool = False

    @property
    def truth(self) -> Truth:
        """Whether the fact meets the pattern."""
        return False if self.apart else all_hold((*self.truths, *(None for _ in self.lacking)))

    @property
    def unrecorded(self) -> tuple[EvidenceGap, ...]:
        """What is not recorded of the fact itself, and read."""
        return tuple(
            field_gap(self.fact, field) for field in sorted({*self.open, *self.lacking, *self.loose})
        )

    @property
    def gaps(self) -> tuple[EvidenceGap, ...]:
        """What leaves it open whether the fact meets the pattern, were all its other conditions met."""
        own = (field_gap(self.fact, field) for field in sorted({*self.open, *self.lacking}))
        return (*own, *self.elsewhere)

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
        firm = any(verdict.truth is None for verdict in self.there)
        own = [gap for verdict in self.there for gap in verdict.unrecorded] if firm else []
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
    """``applies``, ``except``, a deficiency by its id, or a level.

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


def not_in_source(kind: str) -> EvidenceGap:
    """Return the gap that a kind of fact leaves which the record's source cannot hold."""
    return EvidenceGap(kind=kind, id=None, field=None, reason="not in this source")


def field_gap(fact: FlatFact, field: str) -> EvidenceGap:
    """Return the gap that a field leaves: it is not recorded, or holds a code that is in neither part of a closed list."""
    return EvidenceGap(
        kind=fact.kind,
        id=fact.id,
        field=field,
        reason="code not mapped" if field in fact.values else "not recorded",
    )
