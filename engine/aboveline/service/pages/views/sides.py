"""What stands on one of two sides that are compared: an answer, a score with its n, a number of the rules."""

import datetime as dt
import re
from collections.abc import Iterable

from aboveline.answers import Answer, in_words
from aboveline.comparison.model import Difference, OutcomeSide, QuestionSide
from aboveline.reports.words import label, many, percent
from aboveline.service.pages.views.parts import Row, cell, share

__all__ = ["answer_side", "difference_rows", "outcome_side", "question_side"]

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


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


def difference_rows(differences: Iterable[Difference]) -> tuple[Row, ...]:
    """Return a row for each thing that differs in how two audits were made."""
    return tuple(
        (
            cell(label(one.what.rpartition(".")[2])),
            cell(_plain(one.before or "none")),
            cell(_plain(one.after or "none")),
        )
        for one in differences
    )


def _plain(text: str) -> str:
    return _DAY.sub(lambda day: in_words(dt.date.fromisoformat(day[0])), text.replace("_", " "))
