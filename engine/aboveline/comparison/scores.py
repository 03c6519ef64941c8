"""Set the scores of two audits side by side, each change with its interval.

An outcome is compared over the scored questions that have answers to compare
in both audits, so that other questions do not pass for other work.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import ceil, floor

from aboveline.result import AuditResult
from aboveline.scoring import Average, OutcomeScore, QuestionScore, percent

from .alike import Compared, alike
from .intervals import difference
from .model import Change, OutcomeChange, OutcomeSide, QuestionChange, QuestionSide, Standing, Verdict

__all__ = ["ScorePair"]

_NEARLY = 1e-9
"""What rounding outwards overlooks: the last digits of a sum of fractions."""

_ALL = Fraction(1)


class ScorePair:
    """The scores of two audits, and what of them is compared."""

    def __init__(self, before: AuditResult, after: AuditResult) -> None:
        self._questions = _by_id(before), _by_id(after)
        self._outcomes = {one.id: one for one in before.outcomes}, {one.id: one for one in after.outcomes}
        self._compared = alike(before, after)
        averages = {before.manifest.average, after.manifest.average}
        self._average = averages.pop() if len(averages) == 1 else Average.QUESTIONS

    def questions(self) -> tuple[QuestionChange, ...]:
        """Return every question of either audit, in the order of their ids."""
        before, after = self._questions
        return tuple(self._question(identifier) for identifier in sorted(before.keys() | after.keys()))

    def outcomes(self) -> tuple[OutcomeChange, ...]:
        """Return every outcome of either audit, in the order of the later one."""
        before, after = self._outcomes
        return tuple(
            self._outcome(name) for name in [*after, *(name for name in before if name not in after)]
        )

    def _question(self, identifier: str) -> QuestionChange:
        before, after = (questions.get(identifier) for questions in self._questions)
        was, now = self._compared
        comparable = before and after and was.n(identifier) and now.n(identifier)
        pairs = (
            None
            if was.answers is None or now.answers is None
            else len(was.answers.get(identifier, {}).keys() & now.answers.get(identifier, {}).keys())
        )
        return QuestionChange(
            id=identifier,
            title=(after or self._questions[0][identifier]).title,
            standing=Standing.ADDED
            if before is None
            else Standing.REMOVED
            if after is None
            else Standing.BOTH,
            before=_question_side(before),
            after=_question_side(after),
            pairs=pairs,
            compared=(was.counts[identifier], now.counts[identifier]) if comparable else None,
            change=_change(was, now, {identifier: _ALL}) if comparable else None,
        )

    def _outcome(self, name: str) -> OutcomeChange:
        before, after = (outcomes.get(name) for outcomes in self._outcomes)
        was, now = self._compared
        shared = self._shared(before, after) if before and after else ()
        weights = self._weights(shared, after.criteria) if after and shared else {}
        return OutcomeChange(
            id=name,
            title=(after or self._outcomes[0][name]).title,
            before=_outcome_side(before, self._questions[0]),
            after=_outcome_side(after, self._questions[1]),
            questions=shared,
            compared=(
                _like_for_like(was, weights),
                _like_for_like(now, weights),
            )
            if shared
            else None,
            change=_change(was, now, weights) if shared else None,
        )

    def _shared(self, before: OutcomeScore, after: OutcomeScore) -> tuple[str, ...]:
        """Return the scored questions of an outcome that have answers to compare in both audits."""
        there = {one.id for one in _scored(before, self._questions[0])}
        was, now = self._compared
        return tuple(
            one.id
            for one in _scored(after, self._questions[1])
            if one.id in there and was.n(one.id) and now.n(one.id)
        )

    def _weights(self, questions: Collection[str], criteria: Collection[str]) -> dict[str, Fraction]:
        """Return the weight of each question in an outcome: equal, or equal within equal criteria."""
        if self._average is Average.QUESTIONS:
            return dict.fromkeys(questions, Fraction(1, len(questions)))
        after = self._questions[1]
        members = [[q for q in questions if name in after[q].criteria] for name in criteria]
        within = [one for one in members if one]
        return {
            question: sum(
                (Fraction(1, len(within) * len(one)) for one in within if question in one), Fraction()
            )
            for question in questions
        }


def _by_id(audit: AuditResult) -> Mapping[str, QuestionScore]:
    return {one.id: one for one in audit.questions}


def _scored(outcome: OutcomeScore, questions: Mapping[str, QuestionScore]) -> tuple[QuestionScore, ...]:
    criteria = set(outcome.criteria)
    return tuple(one for one in questions.values() if one.scored and criteria & set(one.criteria))


def _question_side(question: QuestionScore | None) -> QuestionSide | None:
    if question is None:
        return None
    return QuestionSide(
        sufficient=question.sufficient,
        n=question.sufficient + question.insufficient,
        not_assessed=question.not_assessed,
        score=question.score,
    )


def _outcome_side(outcome: OutcomeScore | None, questions: Mapping[str, QuestionScore]) -> OutcomeSide | None:
    if outcome is None:
        return None
    n = sum(one.sufficient + one.insufficient for one in _scored(outcome, questions))
    return OutcomeSide(score=outcome.score, questions=outcome.questions, n=n if outcome.criteria else None)


def _like_for_like(compared: Compared, weights: Mapping[str, Fraction]) -> OutcomeSide:
    return OutcomeSide(
        score=percent(compared.score(weights)),
        questions=len(weights),
        n=sum(compared.n(question) for question in weights),
    )


def _change(before: Compared, after: Compared, weights: Mapping[str, Fraction]) -> Change:
    low, high = difference(before.measure(weights), after.measure(weights))
    lowest = floor(low * 1000 + _NEARLY) / 10
    highest = ceil(high * 1000 - _NEARLY) / 10
    points = (after.score(weights) - before.score(weights)) * 1000
    rounded = floor(abs(points) + Fraction(1, 2)) / 10
    return Change(
        points=-rounded if points < 0 < rounded else rounded,
        low=lowest,
        high=highest,
        verdict=Verdict.BETTER if lowest > 0 else Verdict.WORSE if highest < 0 else Verdict.NO_CLEAR_CHANGE,
    )
