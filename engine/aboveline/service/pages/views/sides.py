"""A score on one of two sides that are compared, with its n."""

from aboveline.answers import Answer, in_words
from aboveline.comparison.model import OutcomeSide, QuestionSide
from aboveline.reports.words import many, percent
from aboveline.service.pages.views.parts import share

__all__ = ["answer_side", "outcome_side", "question_side"]


def answer_side(answer: Answer | None) -> str:
    """Return an answer in words; none where the question is not asked on that side."""
    return "not asked" if answer is None else in_words(answer)


def outcome_side(side: OutcomeSide | None) -> str:
    """Return an outcome's score with its n."""
    if side is None:
        return "not in this audit"
    of = (
        many(side.questions, "question")
        if side.n is None
        else f"{many(side.n, 'answer')}, {many(side.questions, 'question')}"
    )
    return f"{percent(side.score)} ({of})"


def question_side(side: QuestionSide | None) -> str:
    """Return a question's score with its n."""
    return "not asked" if side is None else share(side.sufficient, side.n, side.score)
