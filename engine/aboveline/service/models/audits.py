"""Audits as the API takes and tells of them."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field

from aboveline.answers import Answer, Finding
from aboveline.breakdowns import Characteristic
from aboveline.case.base import Record
from aboveline.result import NotAssessed, Recommendation
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.service.work.auditing import Asked
from aboveline.store import audits, jobs

from .sent import Sent

__all__ = [
    "AuditAnswer",
    "AuditAnswers",
    "AuditFinding",
    "AuditFindings",
    "AuditGap",
    "AuditGaps",
    "AuditRecommendations",
    "AuditRequest",
    "AuditView",
    "Audits",
    "Progress",
]

Area = Annotated[str, Field(min_length=1, max_length=200)]
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2100, 12, 31))]


class AuditRequest(Sent):
    """What an audit is to be."""

    as_of: Day | None = Field(
        default=None, description="The day it stands at; today in London where none is named"
    )
    areas: tuple[Area, ...] = Field(
        min_length=1,
        max_length=500,
        description="The areas it is over; `*` is all of them, and cases of none",
    )
    standards: str = Field(
        default=DEFAULT_STANDARDS, max_length=100, description="The pack of time standards"
    )
    average: Average = Field(default=Average.QUESTIONS, description="What an outcome's score averages")
    by: tuple[Characteristic, ...] = Field(
        default=(Characteristic.GENDER,), max_length=20, description="What scores are broken down by"
    )


class Progress(Record):
    """How far an audit has come: ``done`` of ``of`` cases; ``of`` is none until that is known."""

    done: int
    of: int | None


class AuditView(Record):
    """An audit: what was asked for, how far it has come, and what its result is of."""

    id: str
    at: dt.datetime
    who: str
    label: str
    as_of: dt.date
    areas: tuple[str, ...]
    standards: str
    average: Average
    by: tuple[Characteristic, ...]
    state: audits.State
    state_at: dt.datetime
    reason: str | None = Field(description="Why it failed")
    progress: Progress
    rulebook: str | None = Field(description="SHA-256 of the rules, once it is done")
    cases: int | None
    digest: str | None = Field(description="SHA-256 of the result's JSON, as it is kept")
    erased: int = Field(description="How many cases were erased from the result's lists since")

    @classmethod
    def of(cls, one: audits.Audit, job: jobs.Job | None) -> Self:
        """Return how an audit is told of, with the job that does it."""
        asked = Asked.of(one)
        return cls(
            id=one.id,
            at=one.at,
            who=one.who,
            label=one.label,
            as_of=one.as_of,
            areas=one.areas,
            standards=asked.standards,
            average=asked.average,
            by=asked.by,
            state=one.state,
            state_at=one.state_at,
            reason=one.reason,
            progress=Progress(done=job.done if job else 0, of=job.of if job else None),
            rulebook=one.rulebook,
            cases=one.cases,
            digest=one.digest,
            erased=one.erased,
        )


class Audits(Record):
    """Some audits, the latest first. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[AuditView, ...]
    next: str | None


class AuditFinding(Record):
    """A finding of an audit. ``key`` is the case's, for addresses."""

    key: str
    finding: Finding


class AuditFindings(Record):
    """Some findings with their evidence, in the order of the result; ``total`` is how many there are in all."""

    items: tuple[AuditFinding, ...]
    total: int
    next: int | None


class AuditAnswer(Record):
    """The answer to a question for a case. Where a case has none to a question, the question is not applicable."""

    key: str
    case: str
    question: str
    answer: Answer
    level: str | None


class AuditAnswers(Record):
    """Some answers, in the order of cases and questions; ``counts`` is of all of them."""

    items: tuple[AuditAnswer, ...]
    counts: dict[Answer, int]
    next: str | None


class AuditGap(Record):
    """A question that could not be answered for a case, and what would decide it."""

    key: str
    gap: NotAssessed


class AuditGaps(Record):
    """Some gaps, in the order of the result; ``total`` is how many there are in all."""

    items: tuple[AuditGap, ...]
    total: int
    next: int | None


class AuditRecommendations(Record):
    """What an audit recommends, the shortfalls that call for it, and the keys of the cases that fall short."""

    items: tuple[Recommendation, ...]
    keys: dict[str, tuple[str, ...]] = Field(description="Keys of cases, by the id of the recommendation")
