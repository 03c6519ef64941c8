"""Say what should be done: the recommendations of the framework that shortfalls call for.

The framework lists the questions that lead to each. It is made where a listed
question scores below a threshold, and enough cases fall short on those that do
(``rulebook.thresholds``). Where no deficiency was found, as in a judgement, the
shortfall is as severe as the worst deficiency that the question knows, and medium
where it knows none.
"""

from collections.abc import Collection, Iterable, Iterator

from aboveline.highlights import highlight, worst_first
from aboveline.result import DeficiencyCount, Recommendation
from aboveline.rulebook import Question, Rulebook, Severity
from aboveline.rulebook.thresholds import Thresholds
from aboveline.scoring import QuestionScore
from aboveline.shortfalls import Shortfalls

__all__ = ["recommend"]

_RISING = list(Severity)


def recommend(
    questions: Collection[QuestionScore],
    short: Shortfalls,
    rulebook: Rulebook,
    limits: Thresholds,
    *,
    named: bool = True,
) -> tuple[Recommendation, ...]:
    """Return the recommendations that are called for: those of most cases first, then the most severe.

    Args:
        questions: the scores of all questions.
        short: the cases that fall short on them.
        rulebook: what was audited by.
        limits: the thresholds in force.
        named: name the cases. Where they are not, they are only counted.
    """
    made = _made(questions, short, rulebook, limits, named=named)
    return tuple(sorted(made, key=lambda one: (-one.n, -_RISING.index(one.severity), one.id)))


def _made(
    questions: Collection[QuestionScore],
    short: Shortfalls,
    rulebook: Rulebook,
    limits: Thresholds,
    *,
    named: bool,
) -> Iterator[Recommendation]:
    by_id = {question.id: question for question in rulebook.active}
    for advice in rulebook.framework.recommendations.values():
        below = [
            highlight(question, question.score, by_id[question.id].outcome)
            for question in questions
            if question.id in advice.questions
            and question.score is not None
            and question.score < limits.recommendation_below_percent
        ]
        concerned = [by_id[one.question] for one in below]
        asked = [one.id for one in concerned]
        many = short.count(asked)
        if below and many >= limits.recommendation_cases:
            yield Recommendation(
                id=advice.id,
                text=advice.text,
                severity=max(_severities(concerned, short), key=_RISING.index),
                questions=tuple(sorted(below, key=worst_first)),
                deficiencies=_deficiencies(concerned, short),
                cases=tuple(sorted(short.cases(asked))) if named else (),
                falling_short=None if named else many,
            )


def _severities(questions: Iterable[Question], short: Shortfalls) -> Iterator[Severity]:
    """Yield how severe the shortfalls on questions are."""
    for question in questions:
        known = [deficiency.severity for deficiency in question.deficiencies]
        yield from (one.severity for one in question.deficiencies if short.found[question.id, one.id])
        if short.unfound[question.id]:
            yield max(known or [Severity.MEDIUM], key=_RISING.index)


def _deficiencies(questions: Iterable[Question], short: Shortfalls) -> tuple[DeficiencyCount, ...]:
    """Count the cases of each deficiency that was found, those of most cases first."""
    counts = (
        DeficiencyCount(deficiency=one.id, question=question.id, severity=one.severity, cases=cases)
        for question in questions
        for one in question.deficiencies
        if (cases := short.found[question.id, one.id])
    )
    return tuple(sorted(counts, key=lambda one: (-one.cases, -_RISING.index(one.severity), one.deficiency)))
