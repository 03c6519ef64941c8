"""Backends and work that end the process they run in, for tests of what becomes of the others.

What is to break stands in a folder that the environment names: a file for each
case or thing, with how many times it is still to break.
"""

import os
import signal
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from aboveline.backends import BackendError, DurableBackend, Match
from aboveline.facts import CaseFacts

__all__ = [
    "ALWAYS",
    "FOLDER",
    "Answering",
    "Breaking",
    "adding",
    "ending_before_it_begins",
    "raising",
    "unsendable",
]

FOLDER = "ABOVELINE_TEST_BREAKING"
ALWAYS = 1_000_000


def breaks(name: str) -> bool:
    """Tell whether a name is to break now, and count that it did."""
    file = Path(os.environ[FOLDER], name)
    left = int(file.read_text(encoding="ascii")) if file.exists() else 0
    if left:
        file.write_text(str(left - 1), encoding="ascii")
    return bool(left)


class Breaking(DurableBackend):
    """durable_rules, but for cases that kill its process."""

    def matches(self, facts: CaseFacts) -> Collection[Match]:
        """Return every match, or be gone."""
        if breaks(facts.case):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().matches(facts)


class Answering(DurableBackend):
    """durable_rules, but for cases that it cannot answer."""

    def matches(self, facts: CaseFacts) -> Collection[Match]:
        """Return every match.

        Raises:
            BackendError: the case is to break.
        """
        if breaks(facts.case):
            raise BackendError(facts.case, "it failed")
        return super().matches(facts)


def adding() -> Callable[[Iterable[int]], list[int]]:
    """Begin to list numbers, of which some kill and some leave."""

    def work(numbers: Iterable[int]) -> list[int]:
        found = []
        for number in numbers:
            if breaks(str(number)):
                os.kill(os.getpid(), signal.SIGKILL)
            if breaks(f"{number}.leaves"):
                os._exit(3)
            found.append(number)
        return found

    return work


def ending_before_it_begins() -> Callable[[Iterable[int]], list[int]]:
    """Begin nothing."""
    os._exit(4)


def raising() -> Callable[[Iterable[int]], list[int]]:
    """Begin work that goes wrong."""

    def work(numbers: Iterable[int]) -> list[int]:
        return [1 // (number - 3) for number in numbers]

    return work


class _Unsendable(list[int]):
    def __reduce__(self) -> Any:
        os._exit(5)


def unsendable() -> Callable[[Iterable[int]], list[int]]:
    """Begin work of which the process ends when it would tell what came of the number 3."""

    def work(numbers: Iterable[int]) -> list[int]:
        found = list(numbers)
        return _Unsendable(found) if 3 in found else found

    return work
