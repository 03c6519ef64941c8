"""Trace a question over the facts of a case: which patterns matched which facts, and which conditions failed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from aboveline.facts import CaseFacts, FlatFact
from aboveline.rulebook.language import Condition, Modifier, Pattern
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED

from .branches import Branch, parts
from .holds import Bound, Reading, Truth
from .traced import Step, TracedBranch, TracedPart, Verdict, Way, field_gap

__all__ = ["trace"]


def trace(reading: Reading, facts: CaseFacts) -> tuple[TracedPart, ...]:
    """Return every part of a question with how the facts of a case stand to it."""
    return tuple(
        TracedPart(
            part,
            tuple(_branch(branch, reading, facts) for branch in found),
            _in_doubt(found, facts),
        )
        for part, found in parts(reading.question)
    )


def _in_doubt(found: list[Branch], facts: CaseFacts) -> tuple[str, ...]:
    """Return the kinds that are looked for and the record cannot hold, where it has what is looked for beside them."""
    present = {fact.kind for fact in facts.facts} | facts.incomplete
    wanted = ({pattern.kind for pattern in branch.there} for branch in found)
    return tuple(sorted({kind for kinds in wanted if kinds <= present for kind in kinds & facts.incomplete}))


def _branch(branch: Branch, reading: Reading, facts: CaseFacts) -> TracedBranch:
    bindings: list[tuple[Verdict, ...]] = [()]
    steps: list[Step] = []
    for pattern in branch.there:
        longer: list[tuple[Verdict, ...]] = []
        nearest: dict[tuple[str, str], Verdict] = {}
        for binding in bindings:
            taken = {_key(one.fact) for one in binding}
            for verdict in _verdicts(pattern, _bound(binding), reading, facts, branch):
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
    gone = [tuple(sorted(_verdicts(p, bound, reading, facts, None), key=_rank)) for p in branch.gone]
    due = reading.read(branch.due, bound) if branch.due else None
    way = Way(binding, tuple(gone), bound, due=due if isinstance(due, dt.date) else None)
    if not facts.incomplete or way.truth is False:
        return way
    # What is held against a field that is not recorded is open already, if anything is.
    doubted = {
        pattern.kind
        for pattern in branch.gone
        if way.truth or not any(reading.lost(condition, bound) for condition in pattern.conditions)
    }
    return replace(way, doubted=tuple(sorted(doubted & facts.incomplete)))


def _verdicts(
    pattern: Pattern, bound: Bound, reading: Reading, facts: CaseFacts, there: Branch | None
) -> Iterator[Verdict]:
    """Yield how each fact of a kind stands to a pattern: one that must be ``there`` in a branch, or must not be."""
    unfinished = UNFINISHED + pattern.kind if pattern.kind in DONE_OR_NOT else None
    firm = there.read_by_there(pattern.alias) if there else frozenset()
    loose = there.read_by_gone(pattern.alias) - firm if there else frozenset()
    for fact in facts.facts:
        if fact.kind not in {pattern.kind, unfinished}:
            continue
        apart = fact.kind != pattern.kind
        truths = [_truth(condition, fact, bound, reading, apart=apart) for condition in pattern.conditions]
        undecided = [c for c, truth in zip(pattern.conditions, truths, strict=True) if truth is None]
        lost = [] if there else [found for c in pattern.conditions if (found := reading.lost(c, bound))]
        own = {
            c.field
            for c in undecided
            if reading.leaves_open(c, fact) and (there or not reading.lost(c, bound))
        }
        missing = {f for f in firm | loose if f not in fact.values and reading.needs(pattern.kind, f)}
        yield Verdict(
            pattern=pattern,
            fact=fact,
            bound=bound,
            truths=tuple(truths),
            open=tuple(sorted(own)),
            elsewhere=tuple(dict.fromkeys(field_gap(other, field) for other, field in lost)),
            lacking=tuple(sorted(missing & firm)),
            loose=tuple(sorted(missing & loose)),
            apart=apart,
        )


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
