"""Self-assessment as the API takes and tells of it."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field

from aboveline.answers import QuestionAnswer
from aboveline.case.base import Record
from aboveline.case.codes import JudgedAnswer
from aboveline.store.assessments import LONGEST_NOTE, Assessment, AssessmentState, Draft, Entry

from .sent import Sent

__all__ = [
    "AnswerGiven",
    "AskedCriterion",
    "AskedQuestion",
    "AskedStage",
    "AssessmentQuestions",
    "AssessmentSave",
    "AssessmentSummary",
    "Assessments",
    "OwnAnswer",
    "OwnAssessment",
    "Question",
]

Question = Annotated[str, Field(min_length=1, max_length=64)]


class AnswerGiven(Sent):
    """An assessor's own answer; none takes back what was answered. An answer that is not the engine's wants a note that says why."""

    answer: JudgedAnswer | None
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""

    def draft(self) -> Draft:
        """Return it as the store knows it."""
        return Draft(self.answer, self.note.strip())


class AssessmentSave(Sent):
    """Answers to some questions, by their ids. The others stay as they are."""

    answers: dict[Question, AnswerGiven] = Field(min_length=1, max_length=200)


class OwnAnswer(Record):
    """What an assessor put down for a question last."""

    answer: JudgedAnswer | None
    note: str
    at: dt.datetime

    @classmethod
    def of(cls, one: Entry) -> Self:
        """Return how an entry is told of."""
        return cls(answer=one.answer, note=one.note, at=one.at)


class OwnAssessment(Record):
    """The caller's own assessment of a case. Nobody else reads it while it is a draft.

    ``left`` are the questions that are not answered yet, in the inspector's order.
    """

    key: str
    case: str
    assessor: str
    state: AssessmentState
    started: dt.datetime | None
    answers: dict[str, OwnAnswer]
    left: tuple[str, ...]


class AskedQuestion(Record):
    """A question with the engine's answer and its evidence, and the caller's own answer, if there is one."""

    id: str
    title: str
    engine: QuestionAnswer
    own: OwnAnswer | None


class AskedCriterion(Record):
    """The questions of a criterion."""

    criterion: str
    title: str
    questions: tuple[AskedQuestion, ...]


class AskedStage(Record):
    """The criteria of a stage of the work."""

    stage: str
    criteria: tuple[AskedCriterion, ...]


class AssessmentQuestions(Record):
    """The questions of a case in the inspector's order, as at today. ``tag`` is what to save from, as `If-Match`."""

    key: str
    case: str
    as_of: dt.date
    rulebook: str
    state: AssessmentState
    tag: str
    stages: tuple[AskedStage, ...]


class AssessmentSummary(Record):
    """That somebody assesses a case, and how far they are. What they answered is for moderation, once two are handed in."""

    key: str
    case: str
    assessor: str
    state: AssessmentState
    started: dt.datetime
    answered: int

    @classmethod
    def of(cls, key: str, one: Assessment) -> Self:
        """Return how an assessment is told of."""
        return cls(
            key=key,
            case=one.case,
            assessor=one.assessor,
            state=one.state,
            started=one.at,
            answered=len(one.answers),
        )


class Assessments(Record):
    """Some assessments. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[AssessmentSummary, ...]
    next: str | None
