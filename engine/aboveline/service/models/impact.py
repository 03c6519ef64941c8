"""Drafts of the rules as the API takes and tells of them."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field

from aboveline.case.base import Record
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.service.work.drafting import Sent as SentDraft
from aboveline.store import drafts, jobs

from .audits import AuditState, Day, Progress
from .sent import Sent

__all__ = ["Base", "DraftFiles", "DraftRequest", "DraftView", "Drafts", "Label"]

Base = Literal["nothing", "shipped"]
Label = Annotated[str, Field(max_length=200)]


class DraftRequest(Sent):
    """A draft of the rules: YAML files by their paths, read as data and never run."""

    files: Annotated[
        dict[Annotated[str, Field(max_length=200)], str],
        Field(
            min_length=1,
            max_length=1000,
            description="The text of each file by its path, such as `victims/VW-01.yaml`",
        ),
    ]
    label: Label = Field(default="", description="What to call it; it must not name anybody")
    base: Base = Field(
        default="nothing",
        description="Whether the files are the whole rulebook, or stand in place of files of the shipped one and beside them",
    )
    as_of: Day | None = Field(default=None, description="Today in London where none is named")
    standards: str = Field(default=DEFAULT_STANDARDS, max_length=100)
    average: Average = Average.QUESTIONS


class DraftView(Record):
    """A draft of the rules: what was sent, how far trying it has come, and what came of it is of."""

    id: str
    at: dt.datetime
    who: str
    label: str
    as_of: dt.date
    areas: tuple[str, ...] = Field(description="The areas whose cases it is tried on; `*` is all of them")
    base: Base
    standards: str
    average: Average
    sent: str = Field(description="SHA-256 of its files, as JSON")
    state: AuditState
    state_at: dt.datetime
    reason: str | None = Field(description="Why it failed")
    progress: Progress = Field(description="Of audits of a case: each case is audited by both rulebooks")
    rulebook: str | None = Field(description="SHA-256 of the rules with the draft, once it is done")
    cases: int | None
    digest: str | None = Field(description="SHA-256 of the JSON of what it would do, as it is kept")
    erased: int = Field(description="How many cases were erased from its list since")

    @classmethod
    def of(cls, one: drafts.Draft, job: jobs.Job | None) -> Self:
        """Return how a draft is told of, with the job that tries it."""
        on_shipped, standards, average = SentDraft.options_of(one)
        return cls(
            id=one.id,
            at=one.at,
            who=one.who,
            label=one.label,
            as_of=one.as_of,
            areas=one.areas,
            base="shipped" if on_shipped else "nothing",
            standards=standards,
            average=average,
            sent=one.sent,
            state=AuditState(one.state),
            state_at=one.state_at,
            reason=one.reason,
            progress=Progress(done=job.done if job else 0, of=job.of if job else None),
            rulebook=one.rulebook,
            cases=one.cases,
            digest=one.digest,
            erased=one.erased,
        )


class Drafts(Record):
    """Some drafts, the latest first. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[DraftView, ...]
    next: str | None


class DraftFiles(Record):
    """The files of a draft as they were sent, by their paths, without those of worked cases."""

    files: dict[str, str]
