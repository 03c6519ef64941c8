"""Uploads: the form, one in progress, and what came of one, with every problem."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from aboveline.answers import in_words
from aboveline.case.base import Record
from aboveline.reports.parts import csv_text
from aboveline.reports.words import label, many
from aboveline.result import RejectedRecord
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import (
    FieldError,
    Pager,
    Pair,
    Table,
    Tag,
    View,
    cell,
    columns,
    listed,
    moment,
    pair,
)

__all__ = [
    "UploadForm", "UploadList", "UploadPage", "UploadState", "UploadSummary", "problems_csv", "upload_form", "upload_list",
    "upload_page",
]  # fmt: skip


class UploadState(StrEnum):
    """How far an upload has come."""

    RECEIVING = "receiving"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


class UploadSummary(Record):
    """An upload: its label, who made it, and how many records came of it."""

    id: str
    label: str
    state: UploadState
    by: str
    at: dt.datetime
    accepted: int
    rejected: int


class UploadForm(View):
    """The form that uploads case records, as multipart: fields ``label`` and ``file``."""

    label: str
    largest: str


class UploadList(View):
    """Every upload that the caller may see, newest first."""

    table: Table
    pager: Pager


class UploadPage(View):
    """An upload. While it is read the page asks for itself again after ``refresh`` seconds."""

    id: str
    state: Tag
    told: str
    refresh: int | None
    pairs: tuple[Pair, ...]
    problems: Table
    pager: Pager
    csv: str | None
    done: bool


def upload_form(largest: str, label: str = "", errors: Sequence[FieldError] = ()) -> UploadForm:
    """Build the form. ``largest`` says how large a file may be, as ``200 MB``."""
    return UploadForm(title="Upload case records", errors=tuple(errors), label=label, largest=largest)


def upload_list(uploads: Sequence[UploadSummary], page: int = 1) -> UploadList:
    """Build the list of uploads."""
    table, pager = listed(
        Table(
            caption="Uploads, newest first",
            columns=columns(
                "Upload", "State", "Accepted", "Rejected", "When", numbers=["Accepted", "Rejected"]
            ),
            rows=(),
            empty="Nothing has been uploaded yet.",
        ),
        uploads,
        lambda one: (
            cell(one.label, urls.upload(one.id)),
            cell("", tag=_tag(one.state)),
            cell(one.accepted),
            cell(one.rejected),
            cell(in_words(one.at.date()), note=f"{one.at:%H:%M} by {one.by}"),
        ),
        page,
        urls.UPLOADS,
    )
    return UploadList(title="Uploads", table=table, pager=pager)


def upload_page(upload: UploadSummary, problems: Sequence[RejectedRecord], page: int = 1) -> UploadPage:
    """Build the page of an upload, with a page of its problems."""
    going = upload.state in {UploadState.RECEIVING, UploadState.READING}
    table, pager = listed(
        Table(
            caption="Problems",
            columns=columns("Line", "Where in the record", "What is wrong", numbers=["Line"]),
            rows=(),
            empty="Nothing is wrong with any record."
            if upload.state is UploadState.DONE
            else "No problem so far.",
        ),
        problems,
        lambda one: (
            cell("the file" if one.line is None else str(one.line)),
            cell(one.path or "the record"),
            cell(one.reason),
        ),
        page,
        urls.upload(upload.id),
    )
    told = {
        UploadState.DONE: f"{many(upload.accepted, 'record')} accepted, {upload.rejected:,} rejected."
        + (
            " Put right what is wrong and upload those again: the others are kept." if upload.rejected else ""
        ),
        UploadState.FAILED: "The file could not be read to its end. Nothing of it was kept: upload it again.",
    }.get(upload.state, f"{many(upload.accepted, 'record')} read so far. You can leave this page.")
    return UploadPage(
        title=f"Upload: {upload.label}",
        id=upload.id,
        state=_tag(upload.state),
        told=told,
        refresh=5 if going else None,
        pairs=(
            pair("Accepted", upload.accepted),
            pair("Rejected", upload.rejected),
            pair("Uploaded", f"{moment(upload.at)} by {upload.by}"),
        ),
        problems=table,
        pager=pager,
        csv=urls.upload_problems_csv(upload.id) if problems else None,
        done=upload.state is UploadState.DONE,
    )


def problems_csv(problems: Sequence[RejectedRecord]) -> str:
    """Return every problem as CSV, in which nothing is taken for a formula."""
    return csv_text(("line", "path", "reason"), ((one.line, one.path, one.reason) for one in problems))


def _tag(state: UploadState) -> Tag:
    return Tag(
        text=label(state),
        colour="green" if state is UploadState.DONE else "red" if state is UploadState.FAILED else "blue",
    )
