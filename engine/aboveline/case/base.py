"""What every kind of fact in a case record is made of.

A fact says three things about each of its fields: what it means, where that
meaning comes from, and (for a date) whether on that day the fact *began*,
something more *happened*, or something is *planned*. An audit as at an earlier
day leaves out what had not happened by then.

Sources are quoted short: ``HMIP 2014 O4 1.6`` is outcome 4, paragraph 1.6 of
the inspection report of February 2014; ``OASys`` and ``nDelius`` are fields of
those systems; ``our reading`` marks what nobody but us has said.
"""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

__all__ = [
    "Began",
    "Date",
    "Fact",
    "Happened",
    "Id",
    "LinkTo",
    "Planned",
    "Record",
    "Timing",
    "act",
    "always",
    "noted",
]

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$")]
"""An identifier: letters, digits and ``. _ : / -``, at most 64 characters. Never a name."""

Date = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2100, 12, 31))]


class Timing:
    """Whether a date field tells of something done or of something to come."""

    def __init__(self, tense: Literal["began", "happened", "planned"]) -> None:
        self.tense = tense


class LinkTo:
    """The field holds the ``id`` of another fact of the same case."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds


Began = Annotated[Date, Timing("began")]
"""The day a fact came to be. As at an earlier day the whole fact is left out."""

Happened = Annotated[Date, Timing("happened")]
"""The day something more happened to it. As at an earlier day this date is left out."""

Planned = Annotated[Date, Timing("planned")]
"""A day to come. It is known from when it was planned, so it is never left out."""


class Record(BaseModel):
    """A part of a case record: immutable, strict about types, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Fact(Record):
    """One thing recorded in a case. Without an ``id`` it is known by its kind and its place in the record."""

    id: Id | None = Field(
        default=None, description="Identifier within the case, from the source system if it has one"
    )


def always(meaning: str, source: str) -> Any:
    """Describe a field that every such record holds: a record without it is refused."""
    return Field(description=meaning, json_schema_extra={"source": source})


def noted(meaning: str, source: str) -> Any:
    """Describe a field that may not have been recorded: leaving it out is an evidence gap, never a no."""
    return Field(default=None, description=meaning, json_schema_extra={"source": source})


def act(meaning: str, source: str) -> Any:
    """Describe something done or not: unrecorded work counts as not done, as inspectors count it."""
    return Field(default=False, description=meaning, json_schema_extra={"source": source})


def source_of(field: FieldInfo) -> str:
    """Return the source that a field's definition names, or nothing for the common ``id``."""
    extra = field.json_schema_extra
    return str(extra.get("source", "")) if isinstance(extra, dict) else ""
