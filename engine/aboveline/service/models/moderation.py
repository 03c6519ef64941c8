"""Moderation, and assessors' view beside the findings, as the API takes and tells of them."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field

from aboveline import agreement
from aboveline.answers import QuestionAnswer
from aboveline.case.base import Record
from aboveline.case.codes import JudgedAnswer
from aboveline.service.work import self_view
from aboveline.service.work.assessing import LONGEST_SETTLED
from aboveline.store.moderation import Settled

from .assessments import OwnAnswer, Question
from .audits import Day
from .sent import Sent

__all__ = [
    "AgreementView",
    "AnswerShare",
    "BesideView",
    "CaseModeration",
    "ComparedQuestion",
    "ModeratedCase",
    "ModerationOverview",
    "PairCount",
    "QuestionAgreementView",
    "QuestionSelfView",
    "SelfViewOverview",
    "Settlement",
    "SettlementRequest",
    "SettlementsRequest",
]


class AnswerShare(Record):
    """An answer, and the share of all answers, of both assessors together, that it is."""

    answer: str
    share: float


class PairCount(Record):
    """How often the first assessor gave one answer and the second the other."""

    first: str
    second: str
    count: int


class AgreementView(Record):
    """How far two assessors agree over what both answered: `agreed` of `compared`.

    `kappa` is Cohen's; where it is not defined it is none, and `undefined` says
    why. `expected` is the share that would agree by chance. Where nearly all
    answers are the same, kappa is low even if assessors nearly always agree: read it beside `prevalence`.
    """

    compared: int
    agreed: int
    raw: float | None
    expected: float | None
    kappa: float | None
    undefined: str | None
    prevalence: tuple[AnswerShare, ...]
    pairs: tuple[PairCount, ...]

    @classmethod
    def of(cls, one: agreement.Agreement) -> Self:
        """Return how agreement is told of."""
        return cls(
            compared=one.compared,
            agreed=one.agreed,
            raw=one.raw,
            expected=one.expected,
            kappa=one.kappa,
            undefined=one.undefined,
            prevalence=tuple(AnswerShare(answer=answer, share=share) for answer, share in one.prevalence),
            pairs=tuple(
                PairCount(first=first, second=second, count=count) for first, second, count in one.pairs
            ),
        )


class QuestionAgreementView(Record):
    """How far assessors agree on a question over all cases."""

    question: str
    agreement: AgreementView


class ModeratedCase(Record):
    """A case that two assessors have handed in. ``open`` are the questions on which they differ and nothing is settled."""

    key: str
    case: str
    assessors: tuple[str, str]
    agreement: AgreementView
    open: tuple[str, ...]


class ModerationOverview(Record):
    """How far assessors agree over all cases of the caller's areas that two have handed in, and some of those cases.

    ``questions`` begins with those that they differ on most. ``next`` is what to ask for as ``after``, none at the end.
    """

    agreement: AgreementView
    questions: tuple[QuestionAgreementView, ...]
    items: tuple[ModeratedCase, ...]
    total: int
    next: str | None


class ComparedQuestion(Record):
    """A question as each of two assessors answered it, beside the engine's answer. An assessor who did not answer has none."""

    question: str
    title: str
    first: OwnAnswer | None
    second: OwnAnswer | None
    differs: bool
    engine: QuestionAnswer


class Settlement(Record):
    """What was settled for a question, by whom and why."""

    id: str
    question: str
    answer: JudgedAnswer
    reason: str
    moderator: str
    at: dt.datetime

    @classmethod
    def of(cls, one: Settled) -> Self:
        """Return how it is told of."""
        return cls(
            id=one.id,
            question=one.question,
            answer=one.answer,
            reason=one.reason,
            moderator=one.moderator,
            at=one.at,
        )


class CaseModeration(Record):
    """Two assessments of a case side by side. ``settled`` is all that was settled, in order; the latest of a question holds."""

    key: str
    case: str
    assessors: tuple[str, str]
    agreement: AgreementView
    questions: tuple[ComparedQuestion, ...]
    settled: tuple[Settlement, ...]


class SettlementRequest(Sent):
    """What was agreed, and why."""

    answer: JudgedAnswer
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_SETTLED)]


class SettlementsRequest(Sent):
    """What was agreed for questions on which two assessors differ, by the ids of those."""

    settled: dict[Question, SettlementRequest] = Field(min_length=1, max_length=200)
    holds_from: Day | None = Field(
        default=None,
        description="The day from which it counts as an assessor's answer. "
        "Where none is named it is the day on which the case was last audited, or else today in London",
    )


class BesideView(Record):
    """Of `compared` answers that both gave: how many the assessor (`own`) and the audit (`found`) call sufficient.

    `same` are alike, `kinder` are sufficient to the assessor alone, `harder` to the audit alone.
    """

    compared: int
    own: int
    found: int
    same: int
    kinder: int
    harder: int

    @classmethod
    def of(cls, one: self_view.Beside) -> Self:
        """Return how it is told of."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class QuestionSelfView(Record):
    """A question as assessors and an audit answer it."""

    question: str
    title: str
    answers: BesideView


class SelfViewOverview(Record):
    """How practitioners see `cases` of an audit, beside what it found."""

    audit: str
    as_of: dt.date
    cases: int
    overall: BesideView
    questions: tuple[QuestionSelfView, ...]
