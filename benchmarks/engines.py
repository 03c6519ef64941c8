"""Measure our engines on the shipped rules: as cases grow in number, and as rules do."""

import statistics
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from benchmarks.caseload import AS_OF
from benchmarks.measure import peak_mib
from benchmarks.rulebooks import over

from aboveline.answers import answer_case
from aboveline.backends import Backend, DurableBackend
from aboveline.facts import CaseFacts
from aboveline.rulebook import Clause, Rulebook, lower

__all__ = ["ENGINES", "Growth", "as_cases_grow", "as_rules_grow"]

ENGINES: dict[str, Callable[[Collection[Clause]], Backend]] = {"durable": DurableBackend}


@dataclass(frozen=True)
class Growth:
    """Microseconds a case, for the rules and for the answers: the median of parts measured one after another."""

    size: int
    parts: int
    rules: float
    answers: float
    peak: float


def as_cases_grow(
    engine: str, facts: Sequence[CaseFacts], rulebook: Rulebook, parts: int, done: int = 0
) -> Growth:
    """Evaluate cases, on top of as many as were ``done``, in some parts of equal size."""
    backend = ENGINES[engine](lower(rulebook, AS_OF))
    return _growth(
        done + len(facts), parts, [_timed(backend, part, rulebook) for part in _split(facts, parts)]
    )


def as_rules_grow(
    engine: str, facts: Sequence[CaseFacts], rulebook: Rulebook, sizes: Sequence[int], parts: int
) -> list[Growth]:
    """Evaluate the same cases by the rulebook so many times over, in turn for each part of the cases."""
    books = {size: over(rulebook, size) for size in sizes}
    backends = {size: ENGINES[engine](lower(book, AS_OF)) for size, book in books.items()}
    timed: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
    for part in _split(facts, parts):
        for size in sizes:
            timed[size].append(_timed(backends[size], part, books[size]))
    return [_growth(size, parts, timed[size]) for size in sizes]


def _split(facts: Sequence[CaseFacts], parts: int) -> list[Sequence[CaseFacts]]:
    size = max(1, len(facts) // parts)
    return [facts[n * size : (n + 1) * size] for n in range(parts)]


def _timed(backend: Backend, facts: Sequence[CaseFacts], rulebook: Rulebook) -> tuple[float, float]:
    """Return microseconds a case for the rules and for the answers."""
    rules = answers = 0.0
    for case in facts:
        began = time.perf_counter()
        matches = backend.matches(case)
        matched = time.perf_counter()
        answer_case(case, matches, rulebook)
        answers += time.perf_counter() - matched
        rules += matched - began
    return rules / len(facts) * 1e6, answers / len(facts) * 1e6


def _growth(size: int, parts: int, timed: Sequence[tuple[float, float]]) -> Growth:
    rules, answers = (statistics.median(one) for one in zip(*timed, strict=True))
    return Growth(size, parts, rules, answers, peak_mib())
