"""What is wrong with an input, said so that a person can put it right."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

__all__ = ["InputError", "Problem", "did_you_mean", "in_order", "shown"]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place: ``source:line: path: reason``."""

    source: str
    line: int | None
    path: str
    reason: str

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.path}: {self.reason}" if self.path else f"{place}: {self.reason}"


class InputError(Exception):
    """An input cannot be used at all. Holds every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(in_order(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `` - did you mean 'x'?`` for the nearest known word, or nothing where none is near.

    For example ``did_you_mean("severty", ["severity", "title"])``.
    """
    best = process.extractOne(word, sorted(known), score_cutoff=60)
    return f" - did you mean '{best[0]}'?" if best else ""


def shown(path: Path) -> str:
    """Return a path as a person would type it: relative to where they stand, where that is shorter."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once, in the order of files and lines."""
    return sorted(set(problems), key=lambda one: (one.source, one.line or 0, one.path, one.reason))
