"""What a reader can work out: every table that agrees with what is shown, found by trying them all.

This knows nothing of how groups are chosen to be hidden, unless asked to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aboveline.breakdowns.suppression import Counts, hidden_answers, hidden_sizes

__all__ = ["Shown", "could_be", "show"]

Table = tuple[dict[str, int], dict[str, Counts]]
"""The cases of each group, and how many of them are sufficient and insufficient on one question."""


@dataclass(frozen=True)
class Shown:
    """A table, and the groups whose cases or answers are hidden. The whole sample's counts are shown."""

    sizes: Mapping[str, int]
    answers: Mapping[str, Counts]
    hidden_sizes: frozenset[str]
    hidden_answers: frozenset[str]
    below: int


def show(sizes: Mapping[str, int], answers: Mapping[str, Counts], below: int) -> Shown:
    """Hide what must be hidden."""
    small = hidden_sizes(sizes, below)
    return Shown(sizes, answers, small, hidden_answers(answers, sizes, small, below), below)


def could_be(shown: Shown, *, knows_the_program: bool = False) -> Iterator[Table]:
    """Yield every table that the reader holds possible.

    The reader knows that a listed group has a case, and that something below
    the threshold is hidden (but where all is hidden, nothing of which). One who
    knows the program also tries it on each table.
    """
    all_groups = len(shown.sizes)
    for sizes in _sizes(shown):
        if 0 < len(shown.hidden_sizes) < all_groups and not any(
            sizes[g] < shown.below for g in shown.hidden_sizes
        ):
            continue
        for answers in _answers(shown, sizes):
            if 0 < len(shown.hidden_answers) < all_groups and not _reason(shown, answers):
                continue
            same = not knows_the_program or (
                show(sizes, answers, shown.below) == Shown(sizes, answers, *_hidden(shown))
            )
            if same:
                yield sizes, answers


def _hidden(shown: Shown) -> tuple[frozenset[str], frozenset[str], int]:
    return shown.hidden_sizes, shown.hidden_answers, shown.below


def _reason(shown: Shown, answers: Mapping[str, Counts]) -> bool:
    counted = {g: sum(answers[g]) for g in shown.hidden_answers}
    return any(n and (g in shown.hidden_sizes or n < shown.below) for g, n in counted.items())


def _sizes(shown: Shown) -> Iterator[dict[str, int]]:
    hidden = sorted(shown.hidden_sizes)
    total = sum(shown.sizes[g] for g in hidden)
    for split in _splits(total, [total] * len(hidden), least=1):
        yield {**shown.sizes, **dict(zip(hidden, split, strict=True))}


def _answers(shown: Shown, sizes: Mapping[str, int]) -> Iterator[dict[str, Counts]]:
    hidden = sorted(shown.hidden_answers)
    good, bad = (sum(shown.answers[g][n] for g in hidden) for n in (0, 1))
    for goods in _splits(good, [sizes[g] for g in hidden]):
        for bads in _splits(bad, [sizes[g] - n for g, n in zip(hidden, goods, strict=True)]):
            answers = {**shown.answers, **dict(zip(hidden, zip(goods, bads, strict=True), strict=True))}
            if all(sum(answers[g]) <= sizes[g] for g in answers):
                yield answers


def _splits(total: int, most: list[int], *, least: int = 0) -> Iterator[tuple[int, ...]]:
    if not most:
        if total == 0:
            yield ()
        return
    for n in range(least, min(total, most[0]) + 1):
        for rest in _splits(total - n, most[1:], least=least):
            yield (n, *rest)
