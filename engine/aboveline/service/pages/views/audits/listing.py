"""Audits in a list."""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum

from aboveline.case.base import Record
from aboveline.reports.words import label
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import (
    Colour,
    Pager,
    Table,
    Tag,
    View,
    cell,
    columns,
    listed,
    moment,
)

__all__ = ["AuditList", "AuditState", "AuditSummary", "audit_list", "state_tag"]


class AuditState(StrEnum):
    """How far an audit has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_STATES: Mapping[AuditState, Colour] = {
    AuditState.QUEUED: "grey", AuditState.RUNNING: "blue", AuditState.DONE: "green",
    AuditState.FAILED: "red", AuditState.CANCELLED: "grey",
}  # fmt: skip


class AuditSummary(Record):
    """An audit in a list."""

    id: str
    as_of: dt.date
    areas: tuple[str, ...]
    state: AuditState
    started_by: str
    started_at: dt.datetime
    cases: int | None


class AuditList(View):
    """Every audit that the caller may see, newest first."""

    table: Table
    pager: Pager


def audit_list(audits: Sequence[AuditSummary], page: int = 1) -> AuditList:
    """Build the list of audits."""
    table, pager = listed(
        Table(
            caption="Audits, newest first",
            columns=columns("As at", "Areas", "State", "Cases", "Started", numbers=["Cases"]),
            rows=(),
            empty="No audit has been started for your areas.",
        ),
        audits,
        lambda one: (
            cell(one.as_of, urls.audit(one.id)),
            cell(", ".join(one.areas)),
            cell("", tag=state_tag(one.state)),
            cell("" if one.cases is None else one.cases),
            cell(moment(one.started_at), note=f"by {one.started_by}"),
        ),
        page,
        urls.AUDITS,
    )
    return AuditList(title="Audits", table=table, pager=pager)


def state_tag(state: AuditState) -> Tag:
    """Return how far something has come as a tag."""
    return Tag(text=label(state), colour=_STATES[state])
