"""Erasing cases, as the API takes and tells of it."""

import datetime as dt
from typing import Self

from pydantic import Field

from aboveline.case.base import Record
from aboveline.store import retention

from .audits import Day
from .sent import Sent

__all__ = ["ErasedView", "ErasureRequest", "Older", "TombstoneView", "Tombstones"]


class Older(Record):
    """How many cases of the caller's areas were not uploaded on a day or since. Nothing is erased by asking."""

    before: dt.date
    cases: int


class ErasureRequest(Sent):
    """Erase the cases that were not uploaded on a day or since. ``cases`` is how many that is, as was told."""

    before: Day
    cases: int = Field(ge=1, le=2**31 - 1, description="How many there are, as `GET /v1/retention` tells")


class ErasedView(Record):
    """How many cases were erased. ``left`` are as old and not erased yet: send the request again with that number."""

    before: dt.date
    erased: int
    left: int


class TombstoneView(Record):
    """That a case was erased; not which. ``counts`` are the rows of each table, and the audits that it was taken out of."""

    id: str
    at: dt.datetime
    who: str
    why: retention.Why
    counts: dict[str, int]

    @classmethod
    def of(cls, one: retention.Tombstone) -> Self:
        """Return how a tombstone is told of."""
        return cls(id=one.id, at=one.at, who=one.who, why=one.why, counts=one.counts)


class Tombstones(Record):
    """Some tombstones, the latest first. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[TombstoneView, ...]
    next: str | None
