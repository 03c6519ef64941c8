"""What is left to do or to know: work that is due, questions that nobody could answer, answers that were changed."""

from collections.abc import Iterator

from aboveline.reports.words import many
from aboveline.result import AuditResult

from .model import Block, Paragraph, Section, Table
from .tables import due_soon, failed, judged, missing, overrides, rejected

__all__ = ["MOST_ROWS", "following"]

MOST_ROWS = 200
"""Rows of a list of cases that a report shows. The workbook has them all, and the report says so."""


def following(result: AuditResult) -> Section:
    """Return the lists of what is due, unanswered, judged, changed or unread."""
    parts = (
        ("due-soon", "Due soon", due_soon(result), "Nothing is due that was not done."),
        ("not-assessed", "Not assessed", missing(result), "Every question that applied was answered."),
        (
            "judged",
            "Judged insufficient",
            judged(result),
            "No question was judged insufficient by an assessor alone.",
        ),
        ("overridden", "Changed by an assessor", overrides(result), "No answer was changed by an assessor."),
        ("rejected", "Not read", rejected(result), "Every record could be read."),
        *([("failed", "Not audited", failed(result), "")] if result.failed else []),
    )
    return Section(
        id="following",
        title="Work in hand and answers not given",
        sections=tuple(
            Section(id=name, title=title, blocks=tuple(_listed(table, nothing)))
            for name, title, table, nothing in parts
        ),
    )


def _listed(table: Table, nothing: str) -> Iterator[Block]:
    if not table.rows:
        yield Paragraph(text=nothing)
        return
    if len(table.rows) > MOST_ROWS:
        yield Paragraph(
            text=f"The first {MOST_ROWS} of {many(len(table.rows), 'row')} are shown. "
            "The workbook has them all: --format xlsx."
        )
        table = table.model_copy(update={"rows": table.rows[:MOST_ROWS]})
    yield table
