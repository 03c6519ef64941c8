"""How a sample was drawn: what is needed to draw it again, and to defend it."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from aboveline.case import CaseRecord, Rejected
from aboveline.case.base import Date, Id, Record

from .size import ByCaseload, SizeRule
from .strata import DEFAULT, StratifyBy

__all__ = ["Exclusion", "Frame", "Plan", "Replacement", "Sample", "SampleManifest", "Shortfall", "Stratum"]

Months = Annotated[int, Field(ge=0, le=600)]


class Plan(Record):
    """All that a draw is settled by, other than its frame.

    The window of eight to ten months is our reading of "around nine months"
    (inspection-report-2014, appendix 2).
    """

    seed: Annotated[str, Field(min_length=1, max_length=100)]
    as_of: Date
    months_least: Months = 8
    months_most: Months = 10
    strata: tuple[StratifyBy, ...] = DEFAULT
    size: SizeRule = ByCaseload()
    replace: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.months_least > self.months_most:
            raise ValueError("the window must not end before it begins: the least months exceed the most")
        if len(set(self.strata)) < len(self.strata):
            raise ValueError("each stratum is named once")
        return self


class Frame(Record):
    """The cases that the sample was drawn from. ``hash`` is of the records that could be read, in any order."""

    hash: str
    cases: int
    rejected: int
    caseload: int
    eligible: int
    started_from: dt.date
    started_to: dt.date


class Stratum(Record):
    """One stratum: the eligible cases it has, how many of them were wanted, and which were drawn."""

    values: dict[str, str]
    eligible: int
    exact: float
    wanted: int
    drawn: int
    cases: tuple[str, ...]


class Exclusion(Record):
    """Cases that were not eligible, and why."""

    reason: str
    count: int
    cases: tuple[str, ...]


class Replacement(Record):
    """A case that was drawn and could not be audited, and the next of its stratum; none where nobody was left."""

    case: str
    by: str | None


class Shortfall(Record):
    """Where fewer cases were drawn than were wanted, or than would be wanted."""

    what: str
    wanted: int
    drawn: int


class SampleManifest(Record):
    """How a sample was drawn. The same plan and frame give the same sample and the same manifest.

    ``sample`` is the hash that an audit of the sample gives for its cases.
    """

    kind: Literal["aboveline sample"] = "aboveline sample"
    aboveline: str
    plan: Plan
    frame: Frame
    wanted: int
    size: int
    size_how: str
    drawn: int
    sample: str
    strata: tuple[Stratum, ...]
    replaced: tuple[Replacement, ...]
    exclusions: tuple[Exclusion, ...]
    shortfalls: tuple[Shortfall, ...]

    def to_json(self) -> str:
        """Return the manifest as JSON text: the same draw, the same bytes."""
        return self.model_dump_json(indent=2) + "\n"


@dataclass(frozen=True)
class Sample:
    """The records that were drawn, in the order of their ids, how, and what could not be read."""

    records: tuple[CaseRecord, ...]
    manifest: SampleManifest
    rejected: tuple[Rejected, ...]

    def to_jsonl(self) -> str:
        """Return the records as JSON Lines."""
        return "".join(record.model_dump_json(exclude_defaults=True) + "\n" for record in self.records)
