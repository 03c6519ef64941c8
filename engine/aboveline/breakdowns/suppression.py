"""Which numbers of a breakdown are not shown, so that none tells of a person or can be worked out.

A number below the threshold is not shown. Nor may it be had by subtraction: the
counts of the whole sample stand elsewhere in the same result. So the next
smallest group is hidden with it, and the next, until a reader who knows the
threshold and every number shown still finds each hidden number to have two
values at least. That goes for the cases of a group, and for each question for
the cases counted, sufficient and insufficient.

- Where what is hidden adds up to nothing insufficient (or nothing sufficient),
  the reader would know that of each group hidden; another is hidden then too.
- Where nothing is insufficient in the whole sample, that is no secret.
- A count of nobody is shown, unless it is wanted to hide another.
- The cases of a group that are hidden would show in the questions that are
  asked of everybody, so such a group shows nothing of a question that counts
  any case of such groups.
- Where every group is hidden there is nothing more to hide, and no more is
  shown than the whole sample's counts and that some group is small.

Each question is held by itself: of questions that hang together (one asked
only where another was answered so) a reader may know more than the numbers say.
A reader who would also run this over every table that there could be is kept in
doubt among three groups, and not always among more.
"""

from collections.abc import Callable, Collection, Mapping
from itertools import permutations

__all__ = ["Counts", "hidden_answers", "hidden_sizes"]

Counts = tuple[int, int]
"""How many cases of a group are sufficient and insufficient."""

_MOVES: tuple[tuple[Counts, frozenset[str]], ...] = (
    ((1, 0), frozenset({"counted", "sufficient"})),
    ((0, 1), frozenset({"counted", "insufficient"})),
    ((1, -1), frozenset({"sufficient", "insufficient"})),
)
"""What one group may have had in place of another, and the numbers of both that would differ by it."""


def hidden_sizes(sizes: Mapping[str, int], below: int) -> frozenset[str]:
    """Return the groups whose number of cases is not shown."""

    def could_be(sized: Mapping[str, int], hidden: frozenset[str]) -> bool:
        first = {group for group in hidden if sized[group] < below}
        return bool(first) and min(sized.values()) >= 1 and _next(sized, hidden, first)

    def in_doubt(hidden: frozenset[str]) -> bool:
        return all(
            any(
                could_be({**sizes, one: sizes[one] + n, other: sizes[other] - n}, hidden)
                for other in hidden - {one}
                for n in (1, -1)
            )
            for one in hidden
        )

    first = frozenset(group for group, size in sizes.items() if size < below)
    return _enough(first, sorted(sizes, key=lambda group: (sizes[group], group)), frozenset(), in_doubt)


def hidden_answers(
    answers: Mapping[str, Counts], sizes: Mapping[str, int], small: Collection[str], below: int
) -> frozenset[str]:
    """Return the groups whose answers to a question are not shown.

    Args:
        answers: the counts of every group.
        sizes: the cases of every group.
        small: the groups whose number of cases is not shown.
        below: numbers below this are not shown.
    """
    block = frozenset(small)
    counted = {group: sum(counts) for group, counts in answers.items()}
    first = frozenset(group for group, n in counted.items() if 0 < n < below and group not in block)
    if any(counted[group] for group in block):
        first |= block
    question = _Question(answers, sizes, block, below)
    return _enough(
        first, sorted(counted, key=lambda group: (counted[group], group)), block, question.in_doubt
    )


def _enough(
    first: frozenset[str],
    by_size: list[str],
    block: frozenset[str],
    in_doubt: Callable[[frozenset[str]], bool],
) -> frozenset[str]:
    """Add the next smallest until every hidden number is in doubt. Groups of the block are hidden together."""
    hidden = first
    for group in by_size:
        if not hidden or in_doubt(hidden):
            break
        hidden |= block if group in block else {group}
    return hidden


def _next(sized: Mapping[str, int], hidden: frozenset[str], first: Collection[str]) -> bool:
    """Tell whether the groups hidden beside the first would be the next smallest, were these the sizes."""
    added = [(sized[group], group) for group in hidden - set(first)]
    shown = [(size, group) for group, size in sized.items() if group not in hidden]
    return not added or not shown or max(added) < min(shown)


class _Question:
    """The counts of one question, and what a reader knows of them."""

    def __init__(
        self, answers: Mapping[str, Counts], sizes: Mapping[str, int], block: frozenset[str], below: int
    ) -> None:
        self.answers = answers
        self.sizes = sizes
        self.block = block
        self.below = below
        good, bad = (sum(counts[n] for counts in answers.values()) for n in (0, 1))
        # Where the whole sample has none of one, each group has none, and the other is all that it has.
        self.secret = {"counted"} | ({"sufficient", "insufficient"} if good and bad else set())

    def in_doubt(self, hidden: frozenset[str]) -> bool:
        """Tell whether each number of each hidden group could be another, for all that is shown."""
        wanted = {(group, number) for group in hidden for number in self.secret}
        for one, other in permutations(sorted(hidden), 2):
            for move, numbers in _MOVES:
                told = wanted & {(group, number) for group in (one, other) for number in numbers}
                if told and self._could_be(one, other, move, hidden):
                    wanted -= told
            if not wanted:
                return True
        return not wanted

    def _could_be(self, one: str, other: str, move: Counts, hidden: frozenset[str]) -> bool:
        """Tell whether one group could have this much more, and the other this much less."""
        good, bad = move
        changed = {
            one: (self.answers[one][0] + good, self.answers[one][1] + bad),
            other: (self.answers[other][0] - good, self.answers[other][1] - bad),
        }
        if any(min(counts) < 0 for counts in changed.values()):
            return False
        counted = {group: sum(changed.get(group, counts)) for group, counts in self.answers.items()}
        first = {group for group in hidden if self._is_reason(group, counted[group])}
        if first & self.block:
            first |= self.block
        return bool(first) and self._fits(counted) and _next(counted, hidden, first)

    def _fits(self, counted: Mapping[str, int]) -> bool:
        """Tell whether groups have as many cases as are counted in them, as far as the reader knows."""
        if any(counted[group] > self.sizes[group] for group in counted.keys() - self.block):
            return False
        in_block = sum(max(1, counted[group]) for group in self.block)
        return in_block <= sum(self.sizes[group] for group in self.block)

    def _is_reason(self, group: str, counted: int) -> bool:
        """Tell whether so many counted in a group are a reason to hide."""
        return counted > 0 and (group in self.block or counted < self.below)
