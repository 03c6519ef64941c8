"""What an assessor says of a case: judgements where a record cannot answer, overrides where it answers wrongly."""

from typing import Annotated

from pydantic import Field

from .base import Began, Fact, Id, always, noted
from .codes import JudgedAnswer

__all__ = ["Judgement", "Override"]

QuestionId = Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]{2,3}$")]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]


class Judgement(Fact):
    """An assessor's answer to a question that needs one. The latest counts."""

    question: QuestionId = always("The question it answers", "the rulebook")
    answer: JudgedAnswer = always("The assessor's answer", "HMIP 2014 appendix 5")
    made_on: Began = always(
        "Day from which it holds: audits as at an earlier day leave it out", "our reading"
    )
    assessor: Id = always("Who judged, by staff code, never by name", "our reading")
    reason: Reason | None = noted("Why, in a sentence; it never enters a log", "our reading")


class Override(Fact):
    """An assessor's answer in place of the computed one. Both are kept; the latest override counts."""

    question: QuestionId = always("The question it answers", "the rulebook")
    answer: JudgedAnswer = always("The assessor's answer", "our reading")
    made_on: Began = always(
        "Day from which it holds: audits as at an earlier day leave it out", "our reading"
    )
    assessor: Id = always("Who overrode, by staff code, never by name", "our reading")
    reason: Reason = always("Why the computed answer is wrong; it never enters a log", "our reading")
