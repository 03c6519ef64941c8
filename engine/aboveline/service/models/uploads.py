"""Uploads as the API tells of them."""

import datetime as dt
from typing import Self

from pydantic import Field

from aboveline.case.base import Record
from aboveline.store import uploads

__all__ = ["Checked", "UploadProblemView", "UploadProblems", "UploadView", "Uploads"]


class UploadProblemView(Record):
    """One thing wrong in one place of an upload. The reason repeats nothing of what stands there."""

    line: int | None = Field(description="Line of the file, from 1")
    path: str = Field(description="Place within the record, such as `contact.0.date`")
    reason: str = Field(description="What is wrong, for a person")

    @classmethod
    def of(cls, one: uploads.UploadProblem) -> Self:
        """Return how a problem is told of."""
        return cls(line=one.line, path=one.path, reason=one.reason)


class UploadView(Record):
    """An upload: how many cases were new, changed, or as they had been, and how many records were rejected."""

    id: str
    at: dt.datetime
    who: str
    label: str
    digest: str | None = Field(description="SHA-256 of the body, once its content encoding was undone")
    new: int
    changed: int
    unchanged: int
    rejected: int
    repeated: bool = Field(
        default=False,
        description="It was stored before, under the same idempotency key; nothing was stored now",
    )

    @classmethod
    def of(cls, one: uploads.Upload) -> Self:
        """Return how an upload is told of."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class Uploads(Record):
    """Some uploads, the latest first. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[UploadView, ...]
    next: str | None


class UploadProblems(Record):
    """Some problems of an upload, in the order of its lines. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[UploadProblemView, ...]
    next: int | None


class Checked(Record):
    """What would come of an upload. Nothing was stored.

    ``problems`` are all there are, unless ``more`` says how many were left out.
    """

    new: int
    changed: int
    unchanged: int
    rejected: int
    problems: tuple[UploadProblemView, ...]
    more: int
