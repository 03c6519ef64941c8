"""Count cases and answers by group, and turn the counts into what is shown of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from aboveline.answers import Answer, QuestionAnswer
from aboveline.backends.columnar import Numbers
from aboveline.facts import CaseFacts
from aboveline.result import (
    Breakdown,
    GroupOutcome,
    GroupQuestion,
    GroupScore,
    GroupSize,
    SampleCharacteristic,
)
from aboveline.rulebook import Question, Rulebook
from aboveline.scoring import Count, Tally, percent

from .characteristics import Characteristic, in_order, value_of
from .interval import wilson
from .suppression import Counts, hidden_answers, hidden_sizes

__all__ = ["SUPPRESS_BELOW", "Grouping"]

SUPPRESS_BELOW = 5
"""Numbers below this are not shown, unless somebody asks otherwise."""


class Grouping:
    """Counts the cases of every group, and the answers of those that scores are broken down by."""

    def __init__(self, by: Collection[Characteristic], suppress_below: int = SUPPRESS_BELOW) -> None:
        self.by = tuple(one for one in Characteristic if one in by)
        self.suppress_below = suppress_below
        self._sizes: dict[Characteristic, Counter[str]] = {one: Counter() for one in Characteristic}
        self._tallies: dict[Characteristic, dict[str, Tally]] = {one: defaultdict(Tally) for one in self.by}

    def add(self, facts: CaseFacts, answers: Iterable[QuestionAnswer]) -> None:
        """Count one case and its answers."""
        of_case = tuple(answers)
        for one in Characteristic:
            value = value_of(one, facts)
            self._sizes[one][value] += 1
            if one in self._tallies:
                self._tallies[one][value].add(of_case)

    def add_many(
        self, cases: Sequence[CaseFacts], counts: Callable[[Sequence[int]], Iterable[Count]]
    ) -> None:
        """Count many cases, and their answers as ``counts`` tells them of the cases in some places."""
        for one in Characteristic:
            places: dict[str, list[int]] = defaultdict(list)
            for place, facts in enumerate(cases):
                places[value_of(one, facts)].append(place)
            for value, of_value in places.items():
                self._sizes[one][value] += len(of_value)
                if one in self._tallies:
                    self._tallies[one][value].add_counts(counts(of_value))

    def add_groups(
        self,
        groups: Callable[[Characteristic], tuple[Sequence[str], Numbers]],
        counts: Callable[[Numbers], Iterable[Count]],
    ) -> None:
        """Count many cases, of which ``groups`` tells each group and the group of each case, and their answers."""
        for one in Characteristic:
            names, of_case = groups(one)
            for name, many in zip(names, np.bincount(of_case, minlength=len(names)).tolist(), strict=True):
                self._sizes[one][name] += many
            if one in self._tallies:
                for number, name in enumerate(names):
                    self._tallies[one][name].add_counts(counts(np.flatnonzero(of_case == number)))

    def merge(self, other: "Grouping") -> None:
        """Count what was counted of other cases by the same characteristics."""
        for one in Characteristic:
            self._sizes[one].update(other._sizes[one])  # noqa: SLF001 - one of our own
        for one, tallies in self._tallies.items():
            for value, tally in other._tallies[one].items():  # noqa: SLF001 - one of our own
                tallies[value].merge(tally)

    def sample(self) -> tuple[SampleCharacteristic, ...]:
        """Describe the cases by every characteristic."""
        return tuple(self._described(one) for one in Characteristic)

    def breakdowns(self, rulebook: Rulebook) -> tuple[Breakdown, ...]:
        """Return the scores of each group, by each characteristic that was asked for."""
        return tuple(self._breakdown(one, rulebook) for one in self.by)

    def _described(self, one: Characteristic) -> SampleCharacteristic:
        sizes = self._sizes[one]
        hidden = hidden_sizes(sizes, self.suppress_below)
        return SampleCharacteristic(
            by=one,
            threshold=self.suppress_below,
            groups=tuple(
                GroupSize(value=value, cases=None if value in hidden else sizes[value])
                for value in in_order(one, sizes)
            ),
        )

    def _breakdown(self, one: Characteristic, rulebook: Rulebook) -> Breakdown:
        tallies = self._tallies[one]
        hidden: dict[str, frozenset[str]] = {}
        described = self._described(one)
        small = {group.value for group in described.groups if group.cases is None}
        for question in rulebook.active:
            answers = {value: _counts(tally, question) for value, tally in tallies.items()}
            hidden[question.id] = hidden_answers(answers, self._sizes[one], small, self.suppress_below)
        return Breakdown(
            by=one,
            threshold=self.suppress_below,
            groups=tuple(_group(group, tallies[group.value], rulebook, hidden) for group in described.groups),
        )


def _group(
    group: GroupSize, tally: Tally, rulebook: Rulebook, hidden: Mapping[str, frozenset[str]]
) -> GroupScore:
    questions = {
        question.id: _question(question, _counts(tally, question), group.value in hidden[question.id])
        for question in rulebook.active
    }
    return GroupScore(
        value=group.value,
        cases=group.cases,
        outcomes=tuple(_outcomes(rulebook, questions)),
        questions=tuple(questions.values()),
    )


def _question(question: Question, counts: Counts, suppressed: bool) -> GroupQuestion:  # noqa: FBT001 - the truth about one cell
    good, bad = counts
    if suppressed or not good + bad:
        shown = None if suppressed else 0
        return GroupQuestion(
            id=question.id,
            sufficient=shown,
            insufficient=shown,
            score=None,
            interval=None,
            suppressed=suppressed,
        )
    return GroupQuestion(
        id=question.id,
        sufficient=good,
        insufficient=bad,
        score=percent(Fraction(good, good + bad)),
        interval=wilson(good, good + bad),
        suppressed=False,
    )


def _outcomes(rulebook: Rulebook, questions: Mapping[str, GroupQuestion]) -> Iterator[GroupOutcome]:
    """Yield the averages. They are of shown numbers alone, so a reader learns nothing by them."""
    for outcome in rulebook.framework.outcomes.values():
        shares = [
            share
            for question in rulebook.active
            if question.scored and set(outcome.criteria) & set(question.criteria)
            if (share := _share(questions[question.id])) is not None
        ]
        mean = sum(shares, Fraction()) / len(shares) if shares else None
        yield GroupOutcome(
            id=outcome.id, questions=len(shares), score=None if mean is None else percent(mean)
        )


def _share(question: GroupQuestion) -> Fraction | None:
    good, bad = question.sufficient, question.insufficient
    return None if good is None or bad is None or not good + bad else Fraction(good, good + bad)


def _counts(tally: Tally, question: Question) -> Counts:
    counts = tally.of(question.id)
    return counts[Answer.SUFFICIENT], counts[Answer.INSUFFICIENT]
