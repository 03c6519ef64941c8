"""What a report is made of, whatever format it is written in.

A document says what is shown and in what order. How a heading, a table or a
bar looks is the business of whoever writes the format: ``reports/html.py`` and
its neighbours. A document can be written as JSON, as the PDF's template reads it.
"""

import datetime as dt
from enum import StrEnum
from typing import Literal

from aboveline.answers import in_words
from aboveline.case.base import Record

__all__ = [
    "Bar",
    "Block",
    "Bullets",
    "Cell",
    "Chart",
    "Column",
    "Document",
    "Kind",
    "Pairs",
    "Paragraph",
    "Section",
    "Table",
    "cell_text",
]

Cell = int | dt.date | str | None


class Kind(StrEnum):
    """What a column holds. Identifiers are not broken over lines."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"


class Column(Record):
    """A column of a table.

    ``missing`` is what stands in a cell that has no value. ``width`` is the
    column's share of what identifiers and numbers leave; none where it is as
    wide as its longest word.
    """

    title: str
    kind: Kind = Kind.TEXT
    missing: str = ""
    width: int = 2


class Table(Record):
    """Rows of cells under a caption. The first cell of a row names the row."""

    block: Literal["table"] = "table"
    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Bar(Record):
    """A question's answers above and below the line."""

    id: str
    title: str
    sufficient: int
    insufficient: int
    score: int | None


class Chart(Record):
    """Bars, one a question, all to the same ``scale``: the cases that the full width stands for."""

    block: Literal["chart"] = "chart"
    caption: str
    scale: int
    bars: tuple[Bar, ...]


class Paragraph(Record):
    """A paragraph of plain text."""

    block: Literal["paragraph"] = "paragraph"
    text: str


class Bullets(Record):
    """A list, numbered where the order says something."""

    block: Literal["bullets"] = "bullets"
    items: tuple[str, ...]
    numbered: bool = False


class Pairs(Record):
    """Names, each with what it stands for."""

    block: Literal["pairs"] = "pairs"
    pairs: tuple[tuple[str, str], ...]


Block = Table | Chart | Paragraph | Bullets | Pairs


class Section(Record):
    """A heading and what stands under it. ``id`` is where a link leads."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()


class Document(Record):
    """A whole report: its title, the day it stands at, and its sections."""

    title: str
    lead: str
    date: dt.date
    sections: tuple[Section, ...]


def cell_text(value: Cell, column: Column) -> str:
    """Return a cell as a person reads it."""
    if value is None:
        return column.missing
    if column.kind is Kind.PERCENT:
        return f"{value}%"
    return in_words(value) if isinstance(value, dt.date) else str(value)
