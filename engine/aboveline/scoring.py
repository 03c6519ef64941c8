"""Turn answers into scores: the proportion of work above the line.

A question's score is sufficient out of sufficient and insufficient. The
inspection states two averages for an outcome (inspection-report-2014,
appendix 5): over its scored questions, and over its criteria, each of them the
average of its questions. The first is the default; both are given. A stage is
the average of its criteria. A question counts to every criterion it names.

Where evidence is missing a score has a range: every gap counted as
insufficient, and every gap counted as sufficient. Averages are taken before
rounding, and percentages are rounded half up.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import NamedTuple

from aboveline.answers import ANSWERED, Answer, QuestionAnswer
from aboveline.case.base import Record
from aboveline.rulebook import Question, Rulebook
from aboveline.rulebook.data import Outcome

__all__ = [
    "Average",
    "Count",
    "CriterionScore",
    "LevelCount",
    "OutcomeScore",
    "QuestionScore",
    "Scores",
    "StageScore",
    "Tally",
    "percent",
    "score",
]


class Average(StrEnum):
    """Which of the two averages an outcome's score is."""

    QUESTIONS = "questions"
    CRITERIA = "criteria"


class LevelCount(Record):
    """How many cases are at a level of a question."""

    level: str
    title: str
    cases: int


class QuestionScore(Record):
    """How a question came out over all cases. ``score`` is a whole percentage, none where nothing counts.

    ``levels`` are those that the question has, in its order. They and
    ``without_level`` add up to the answers above and below the line.
    """

    id: str
    title: str
    criteria: tuple[str, ...]
    scored: bool
    sufficient: int
    insufficient: int
    not_applicable: int
    not_assessed: int
    score: int | None
    score_range: tuple[int, int] | None
    levels: tuple[LevelCount, ...] = ()
    without_level: int = 0


class CriterionScore(Record):
    """The average of a criterion's questions. ``questions`` counts those that have a score."""

    id: str
    title: str
    questions: int
    score: int | None
    score_range: tuple[int, int] | None


class StageScore(Record):
    """The average of a stage's criteria."""

    id: str
    score: int | None
    score_range: tuple[int, int] | None


class OutcomeScore(Record):
    """The score of an outcome by the average that was asked for, and by each. ``criteria`` are those it is made of."""

    id: str
    title: str
    criteria: tuple[str, ...] = ()
    questions: int
    score: int | None
    score_range: tuple[int, int] | None
    by_questions: int | None
    by_criteria: int | None


class Scores(Record):
    """Every score of an audit."""

    questions: tuple[QuestionScore, ...]
    criteria: tuple[CriterionScore, ...]
    stages: tuple[StageScore, ...]
    outcomes: tuple[OutcomeScore, ...]


class Count(NamedTuple):
    """How many cases have an answer to a question, at a level of it or at none."""

    question: str
    answer: Answer
    level: str | None
    cases: int


class Tally:
    """Counts the answers to each question, and the levels of those above or below the line."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[Answer]] = {}
        self._levels: dict[str, Counter[str | None]] = {}

    def add(self, answers: Iterable[QuestionAnswer]) -> None:
        """Count the answers of one case."""
        self.add_counts(Count(one.question, one.answer, one.level, 1) for one in answers)

    def add_counts(self, counts: Iterable[Count]) -> None:
        """Count what is counted already."""
        for one in counts:
            self._counts.setdefault(one.question, Counter())[one.answer] += one.cases
            if one.answer in ANSWERED:
                self._levels.setdefault(one.question, Counter())[one.level] += one.cases

    def merge(self, other: "Tally") -> None:
        """Count what was counted of other cases."""
        for question, answers in other._counts.items():  # noqa: SLF001 - one of our own
            self._counts.setdefault(question, Counter()).update(answers)
        for question, levels in other._levels.items():  # noqa: SLF001 - one of our own
            self._levels.setdefault(question, Counter()).update(levels)

    def of(self, question: str) -> Counter[Answer]:
        """Return how often each answer was given to a question."""
        return self._counts.get(question, Counter())

    def levels(self, question: str) -> Counter[str | None]:
        """Return how many cases are at each level of a question, and how many at none."""
        return self._levels.get(question, Counter())


class _Share:
    """A proportion as counted, and at its lowest and highest over evidence gaps. ``counted`` is none where nothing counts."""

    def __init__(self, counted: Fraction | None, low: Fraction, high: Fraction) -> None:
        self.counted = counted
        self.low = low
        self.high = high

    @property
    def score(self) -> int | None:
        return None if self.counted is None else percent(self.counted)

    @property
    def score_range(self) -> tuple[int, int]:
        return percent(self.low), percent(self.high)


def score(tally: Tally, rulebook: Rulebook, average: Average = Average.QUESTIONS) -> Scores:
    """Score every active question, criterion, stage and outcome."""
    shares = {question.id: _share(tally.of(question.id)) for question in rulebook.active}

    def over(criteria: Collection[str]) -> list[_Share]:
        return [
            share
            for question in rulebook.active
            if question.scored and set(criteria) & set(question.criteria) and (share := shares[question.id])
        ]

    framework = rulebook.framework
    by_criterion = {name: over([name]) for name in framework.criteria}
    criteria = {name: _mean(found) for name, found in by_criterion.items()}
    return Scores(
        questions=tuple(_question(question, tally, shares[question.id]) for question in rulebook.active),
        criteria=tuple(
            _criterion(name, title, by_criterion[name], criteria[name])
            for name, title in framework.criteria.items()
        ),
        stages=tuple(_stage(name, members, criteria) for name, members in framework.stages.items()),
        outcomes=tuple(
            _outcome(outcome, over(outcome.criteria), criteria, average)
            for outcome in framework.outcomes.values()
        ),
    )


def percent(share: Fraction) -> int:
    """Return a proportion as a whole percentage, rounded half up: 5 of 8 is 63."""
    return floor(share * 100 + Fraction(1, 2))


def _share(counts: Mapping[Answer, int]) -> _Share | None:
    good, bad, unknown = (
        counts.get(a, 0) for a in (Answer.SUFFICIENT, Answer.INSUFFICIENT, Answer.NOT_ASSESSED)
    )
    everything = good + bad + unknown
    if not everything:
        return None
    counted = Fraction(good, good + bad) if good + bad else None
    return _Share(counted, Fraction(good, everything), Fraction(good + unknown, everything))


def _mean(shares: list[_Share]) -> _Share | None:
    if not shares:
        return None
    counted = [share.counted for share in shares if share.counted is not None]
    return _Share(
        sum(counted, Fraction()) / len(counted) if counted else None,
        sum((share.low for share in shares), Fraction()) / len(shares),
        sum((share.high for share in shares), Fraction()) / len(shares),
    )


def _scored(shares: list[_Share]) -> int:
    return sum(share.counted is not None for share in shares)


def _question(question: Question, tally: Tally, share: _Share | None) -> QuestionScore:
    counts, levels = tally.of(question.id), tally.levels(question.id)
    return QuestionScore(
        id=question.id,
        title=question.title,
        criteria=question.criteria,
        scored=question.scored,
        sufficient=counts.get(Answer.SUFFICIENT, 0),
        insufficient=counts.get(Answer.INSUFFICIENT, 0),
        not_applicable=counts.get(Answer.NOT_APPLICABLE, 0),
        not_assessed=counts.get(Answer.NOT_ASSESSED, 0),
        score=share.score if share else None,
        score_range=share.score_range if share else None,
        levels=tuple(
            LevelCount(level=level.id, title=level.title, cases=levels[level.id]) for level in question.levels
        ),
        without_level=levels[None] if question.levels else 0,
    )


def _criterion(name: str, title: str, questions: list[_Share], share: _Share | None) -> CriterionScore:
    return CriterionScore(
        id=name,
        title=title,
        questions=_scored(questions),
        score=share.score if share else None,
        score_range=share.score_range if share else None,
    )


def _stage(name: str, members: tuple[str, ...], criteria: Mapping[str, _Share | None]) -> StageScore:
    share = _mean([one for member in members if (one := criteria[member])])
    return StageScore(
        id=name, score=share.score if share else None, score_range=share.score_range if share else None
    )


def _outcome(
    outcome: Outcome, questions: list[_Share], criteria: Mapping[str, _Share | None], average: Average
) -> OutcomeScore:
    by_questions = _mean(questions)
    by_criteria = _mean([one for name in outcome.criteria if (one := criteria[name])])
    chosen = by_questions if average is Average.QUESTIONS else by_criteria
    return OutcomeScore(
        id=outcome.id,
        title=outcome.title,
        criteria=outcome.criteria,
        questions=_scored(questions),
        score=chosen.score if chosen else None,
        score_range=chosen.score_range if chosen else None,
        by_questions=by_questions.score if by_questions else None,
        by_criteria=by_criteria.score if by_criteria else None,
    )
