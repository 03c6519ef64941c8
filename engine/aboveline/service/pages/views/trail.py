"""The audit trail, newest first, and when it was checked last."""

import datetime as dt
from collections.abc import Sequence

from aboveline.answers import in_words
from aboveline.case.base import Record
from aboveline.reports.words import many
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import Link, Table, View, cell, columns

__all__ = ["TrailChecked", "TrailEntry", "TrailPage", "trail_page"]


class TrailEntry(Record):
    """An entry of the trail. ``what`` and ``subject`` hold no personal data."""

    number: int
    at: dt.datetime
    by: str
    what: str
    subject: str
    hash: str


class TrailChecked(Record):
    """When the trail was checked last, by whom and up to which entry; ``broken`` is the first that did not fit, if any."""

    at: dt.datetime
    by: str
    upto: int
    hash: str
    broken: int | None


class TrailPage(View):
    """The audit trail, newest first. ``broken`` is the number of the first entry that does not fit, none where all do.

    A button checks the whole chain: it posts no fields.
    """

    verified: str
    broken: int | None
    head: str | None
    total: str
    table: Table
    onward: Link | None
    first: Link | None


def trail_page(
    shown: Sequence[TrailEntry], total: int, checked: TrailChecked | None, before: int | None = None
) -> TrailPage:
    """Build a page of the trail: its entries before one, newest first, of so many in all, and what checking it came to last."""
    last = shown[-1].number if shown else 1
    return TrailPage(
        title="Audit trail",
        verified=_verified(checked, total),
        broken=checked.broken if checked else None,
        head=f"{checked.upto}:{checked.hash}" if checked and checked.broken is None and checked.upto else None,
        total=f"The trail has {many(total, 'entry', 'entries')}.",
        table=Table(
            caption="Entries, newest first",
            columns=columns("Entry", "When", "Who", "What", "Of what", "Hash", numbers=["Entry"]),
            rows=tuple(
                (
                    cell(one.number), cell(in_words(one.at.date()), note=f"{one.at:%H:%M:%S}"), cell(one.by),
                    cell(in_words(one.what)), cell(one.subject), cell(one.hash[:12]),
                )
                for one in shown
            ),
            empty="Nothing has been recorded yet.",
        ),
        onward=Link(text="Earlier entries", href=f"{urls.TRAIL}?before={last}") if last > 1 else None,
        first=Link(text="Back to the newest", href=urls.TRAIL) if before else None,
    )  # fmt: skip


def _verified(checked: TrailChecked | None, total: int) -> str:
    if checked is None:
        return "The trail was never checked here. Check it to see whether every entry fits the one before it."
    when = f"{in_words(checked.at.date())} at {checked.at:%H:%M} by {checked.by}"
    if checked.broken is not None:
        return f"Entry {checked.broken} does not fit the one before it. Something was changed after it was written. Checked on {when}."
    since = total - checked.upto
    return (
        f"Every entry up to number {checked.upto:,} fits the one before it. Checked on {when}. "
        f"{many(since, 'entry', 'entries')} {'was' if since == 1 else 'were'} written since."
    )
