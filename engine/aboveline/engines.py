"""Which engine answers, and by how many cases at a time.

``durable_rules`` answers case by case, the columns many cases at once. Both give
the same answers: which of them it was stands in the manifest, and nothing else
tells.
"""

import gc
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain, islice
from typing import TypeVar

__all__ = ["AT_ONCE", "AT_ONCE_IN_A_PROCESS", "FEW", "Engine", "choose", "in_batches"]

FEW = 300
"""Cases up to which durable_rules is chosen, where it is left to us."""

AT_ONCE = 2_000
"""Cases that are answered at once by columns: more would cost memory and gain little time."""

AT_ONCE_IN_A_PROCESS = 500
"""The same where several processes share the cases: no process waits long for the last batch of another."""

T = TypeVar("T")


class Engine(StrEnum):
    """What answers the rules. ``auto`` is one of the next two, by how many cases there are; ``spark`` runs columns on Spark."""

    AUTO = "auto"
    DURABLE = "durable"
    COLUMNAR = "columnar"
    SPARK = "spark"


def choose(engine: Engine, cases: Iterator[T]) -> tuple[Engine, Iterator[T]]:
    """Return the engine for cases, and the cases, of which a few may have been read to tell."""
    if engine is not Engine.AUTO:
        return engine, cases
    first = list(islice(cases, FEW + 1))
    return Engine.DURABLE if len(first) <= FEW else Engine.COLUMNAR, chain(first, cases)


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items so many at a time, and at last those that are left.

    The garbage collector waits meanwhile, and looks at what is new after each
    batch. Left alone it would look at all findings so far again and again, for
    cycles that are not there, and take more time than the rules.
    """
    left = iter(items)
    waits = gc.isenabled()
    gc.disable()
    try:
        while batch := list(islice(left, size)):
            yield batch
            gc.collect(1)
    finally:
        if waits:
            gc.enable()
