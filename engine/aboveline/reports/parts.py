"""What reports are put together of: tables, counted nouns, and CSV that a spreadsheet takes as it is meant."""

import csv
import io
from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from .words import many

__all__ = ["MOST_ROWS", "csv_text", "heading", "many", "more", "points", "table"]

MOST_ROWS = 60
"""Rows of a long table that are shown. The other formats have them all."""


def table(title: str | None, *columns: str) -> Table:
    """Return an empty table; its first column is never broken."""
    made = Table(
        *columns,
        title=title,
        box=SIMPLE_HEAD,
        title_justify="left",
        title_style="bold",
        header_style="",
        expand=False,
    )
    for column in made.columns[:1]:
        column.no_wrap = True
    return made


def heading(text: str) -> Text:
    """Return a heading."""
    return Text(text, style="bold")


def more(rows: int, how: str) -> Iterable[Text]:
    """Yield how to see every row, where there are more than are shown."""
    if rows > MOST_ROWS:
        yield Text(f"The first {MOST_ROWS} of {rows} are shown. For all of them: {how}\n")


def points(value: float) -> str:
    """Write percentage points with their sign: ``+3.6``, ``-0.4``, ``0.0``."""
    return f"{value:+.1f}" if value else "0.0"


def csv_text(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV: RFC 4180, a number as a number, all else as text even where it begins like a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str | int | float:
    if isinstance(value, int | float):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
