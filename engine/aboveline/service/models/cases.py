"""Cases, one case live, and what assessors said of them, as the API takes and tells of them."""

import datetime as dt
from typing import Annotated, Any

from pydantic import Field

from aboveline.answers import Answer, DueSoon, Finding, QuestionAnswer
from aboveline.case import CaseRecord
from aboveline.case.base import Record
from aboveline.case.codes import JudgedAnswer
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.store.judgements import Kind

from .audits import Day
from .sent import Sent

__all__ = [
    "AnswerChange",
    "CaseDetail",
    "CaseView",
    "Cases",
    "JudgementRequest",
    "JudgementView",
    "Judgements",
    "LiveAudit",
    "LiveRequest",
]

Reason = Annotated[str, Field(min_length=1, max_length=2000)]


class CaseView(Record):
    """A case, by its latest version. ``key`` stands for it in addresses."""

    key: str
    case: str
    area: str | None
    version: int
    digest: str
    at: dt.datetime = Field(description="When this version was uploaded")


class Cases(Record):
    """Some cases, in the order of their ids. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[CaseView, ...]
    total: int
    next: str | None


class CaseDetail(CaseView):
    """A case with its record, as it was uploaded last."""

    record: CaseRecord


class LiveRequest(Sent):
    """As at which day, and with which facts more. Nothing of it is stored."""

    as_of: Day | None = Field(default=None, description="Today in London where none is named")
    standards: str = Field(default=DEFAULT_STANDARDS, max_length=100)
    facts: dict[str, list[dict[str, Any]] | dict[str, Any]] = Field(
        default_factory=dict,
        max_length=50,
        description="Facts to add to the stored record: a list for each kind, as in a case record; "
        "for `person` and `sentence` the fields to set",
    )


class AnswerChange(Record):
    """A question whose answer differs from that by the stored record."""

    question: str
    before: Answer
    after: Answer


class LiveAudit(Record):
    """A case answered just now.

    ``opened`` and ``closed`` compare it with the record as it is stored, as at
    the same day. ``due_next`` is what falls due, the soonest first.
    """

    key: str
    case: str
    as_of: dt.date
    standards: str
    rulebook: str
    answers: tuple[QuestionAnswer, ...]
    opened: tuple[Finding, ...]
    closed: tuple[Finding, ...]
    changed: tuple[AnswerChange, ...]
    due_next: tuple[DueSoon, ...]


class JudgementRequest(Sent):
    """An assessor's answer to a question, and why."""

    question: Annotated[str, Field(min_length=1, max_length=64)]
    answer: JudgedAnswer
    reason: Reason
    holds_from: Day | None = Field(
        default=None,
        description="The day from which it holds: audits as at that day or later take it. "
        "Where none is named it is the day of the audit, or else today in London",
    )
    audit: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="The audit whose answer is judged, where it is one"
    )


class JudgementView(Record):
    """What an assessor said of a question for a case, and why: a judgement, or an override of the computed answer.

    ``made_on`` is the day from which it holds, and ``at`` when it was said.
    """

    id: str
    key: str
    case: str
    kind: Kind
    question: str
    answer: JudgedAnswer
    made_on: dt.date
    assessor: str
    reason: str
    at: dt.datetime
    audit: str | None = Field(description="The audit whose answer was judged, where it was one")


class Judgements(Record):
    """Some of what assessors said. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[JudgementView, ...]
    next: int | None
