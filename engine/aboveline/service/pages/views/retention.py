"""Erasing cases for good: one by its id, or all that are older than a day; and what was erased before, without saying which."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.answers import in_words
from aboveline.case.base import Record
from aboveline.reports.words import many
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import FieldError, Link, Option, Table, View, cell, columns

__all__ = ["REASONS", "Erased", "RetentionAge", "RetentionPage", "retention_age", "retention_page"]

REASONS = {
    "request": "The person asked for it",
    "mistake": "It should not have been uploaded",
    "order": "A court, or the Information Commissioner, ordered it",
}
"""Why one case is erased. They are a list to choose from: what is typed could say who it was, and is never erased."""

_AGE = "It was kept for as long as it may be"


class Erased(Record):
    """That a case was erased: when, by whom, why, and how many rows told of it."""

    at: dt.datetime
    by: str
    why: str
    rows: int
    audits: int


class RetentionPage(View):
    """Two forms: ``case``, ``why`` and ``sure`` for one case; ``before-day``, ``-month``, ``-year`` for all that are older."""

    reasons: tuple[Option, ...]
    values: dict[str, str]
    date: dict[str, str]
    erased: Table
    onward: Link | None


class RetentionAge(View):
    """How many cases would be erased, and the form that does it: ``before-...`` and ``many`` as they were told, and ``sure``."""

    told: str
    many: int
    date: dict[str, str]
    at_once: str | None


def retention_page(
    erased: Sequence[Erased],
    values: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
    onward: str | None = None,
) -> RetentionPage:
    """Build the page with both forms and what was erased before."""
    given = {"case": "", "why": ""} | dict(values or {})
    return RetentionPage(
        title="Retention",
        errors=tuple(errors),
        reasons=tuple(Option(value=value, text=text) for value, text in REASONS.items()),
        values=given,
        date={part: given.get(f"before-{part}", "") for part in ("day", "month", "year")},
        erased=Table(
            caption="What was erased",
            columns=columns("When", "By", "Why", "Rows", "Audits", numbers=["Rows", "Audits"]),
            rows=tuple(
                (
                    cell(in_words(one.at.date()), note=f"{one.at:%H:%M}"),
                    cell(one.by),
                    cell(REASONS.get(one.why, _AGE)),
                    cell(one.rows),
                    cell(one.audits),
                )
                for one in erased
            ),
            empty="Nothing was erased yet.",
        ),
        onward=Link(text="Earlier", href=f"{urls.RETENTION}?after={onward}") if onward else None,
    )


def retention_age(
    before: dt.date, found: int, at_once: int, errors: Sequence[FieldError] = ()
) -> RetentionAge:
    """Build the page that says how many cases are older than a day, before any is erased."""
    return RetentionAge(
        title=f"Erase {many(found, 'case')}" if found else "Nothing to erase",
        errors=tuple(errors),
        told=f"{many(found, 'case')} of your areas {'was' if found == 1 else 'were'} not uploaded on {in_words(before)} or since.",
        many=found,
        date={"day": str(before.day), "month": str(before.month), "year": str(before.year)},
        at_once=f"{at_once:,} are erased at a time. You will be asked again for those that are left."
        if found > at_once
        else None,
    )
