"""Tell which questions stand out in their outcome: key strengths, and key areas for improvement.

Only scored questions with enough answers can. A question that counts to two
outcomes can stand out in both. How high, how low, how many: the rulebook's
parameters say (``rulebook.thresholds``).
"""

from collections.abc import Callable, Iterable, Iterator

from aboveline.result import Highlight
from aboveline.rulebook import Rulebook
from aboveline.rulebook.thresholds import Thresholds
from aboveline.scoring import QuestionScore

__all__ = ["highlight", "improvements", "strengths", "worst_first"]


def strengths(
    questions: Iterable[QuestionScore], rulebook: Rulebook, limits: Thresholds
) -> tuple[Highlight, ...]:
    """Return the best questions of each outcome, the highest score first."""

    def best_first(one: Highlight) -> tuple[int, int, str]:
        return -one.score, -one.sufficient, one.question

    return tuple(
        _standing_out(questions, rulebook, limits, lambda score: score >= limits.strength_percent, best_first)
    )


def improvements(
    questions: Iterable[QuestionScore], rulebook: Rulebook, limits: Thresholds
) -> tuple[Highlight, ...]:
    """Return the questions of each outcome that most need to improve, the lowest score first."""
    return tuple(
        _standing_out(
            questions, rulebook, limits, lambda score: score < limits.improvement_below_percent, worst_first
        )
    )


def highlight(question: QuestionScore, score: int, outcome: str) -> Highlight:
    """Return a question as one that stands out."""
    return Highlight(
        outcome=outcome,
        question=question.id,
        title=question.title,
        sufficient=question.sufficient,
        insufficient=question.insufficient,
        score=score,
    )


def worst_first(one: Highlight) -> tuple[int, int, str]:
    """Put the lowest score first; of two alike, the one in which more cases fall short."""
    return one.score, -one.insufficient, one.question


def _standing_out(
    questions: Iterable[QuestionScore],
    rulebook: Rulebook,
    limits: Thresholds,
    wanted: Callable[[int], bool],
    order: Callable[[Highlight], tuple[int, int, str]],
) -> Iterator[Highlight]:
    enough = [
        (question, question.score)
        for question in questions
        if question.scored
        and question.score is not None
        and question.sufficient + question.insufficient >= limits.highlight_cases
        and wanted(question.score)
    ]
    for outcome in rulebook.framework.outcomes.values():
        own = (
            highlight(question, score, outcome.id)
            for question, score in enough
            if set(question.criteria) & set(outcome.criteria)
        )
        yield from sorted(own, key=order)[: limits.highlights_most]
