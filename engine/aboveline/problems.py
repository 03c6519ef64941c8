"""What is wrong with an input, said so that a person can put it right."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

__all__ = ["InputError", "Problem", "did_you_mean", "shown"]


@dataclass(frozen=True, order=True)
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
        self.problems = tuple(sorted(problems, key=_place))
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


def _place(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.source, problem.line or 0, problem.path, problem.reason)
