"""Write the tables of an audit as a workbook: a cover, notes, then one table a sheet.

It follows the Analysis Function's guidance on releasing statistics in
spreadsheets: tables are marked as tables, headers stay in sight, numbers are
numbers, no cell is blank or merged. No cell is ever a formula: text is written
as text, whatever it begins with.
"""

import datetime as dt
import io
import re

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .document import Document, Table
from .document.model import Column, Kind
from .packing import packed_again

__all__ = ["to_xlsx"]

_LONGEST_NAME = 31
_LONGEST_TEXT = 32_767
_CUT = " [cut: this cell is full]"
_MOST_ROWS = 1_048_576 - 4
_WIDE, _NARROW = 60, 12
_HEAD = 2
"""The row of a table's header: its title and a note stand above it."""


def to_xlsx(document: Document, tables: tuple[Table, ...], notes: tuple[str, ...]) -> bytes:
    """Return the workbook: ``document`` names it, ``notes`` say how its figures are made."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # A workbook keeps the time it was made: the day of the audit stands for it.
    created = dt.datetime.combine(document.date, dt.time())
    book.set_properties({"title": document.title, "author": "Aboveline", "created": created})
    names = _names(tables)
    _cover(book, document, tables, names)
    _notes(book, notes)
    for table, name in zip(tables, names, strict=True):
        _sheet(book, table, name)
    book.close()
    return packed_again(made.getvalue())


def _cover(
    book: xlsxwriter.Workbook, document: Document, tables: tuple[Table, ...], names: list[str]
) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    _text(sheet, 0, 0, document.title, book.add_format({"bold": True, "font_size": 18}))
    _text(sheet, 1, 0, document.lead)
    bold = book.add_format({"bold": True})
    _text(sheet, 3, 0, "Sheet", bold)
    _text(sheet, 3, 1, "What it holds", bold)
    _text(sheet, 4, 0, "Notes")
    _text(sheet, 4, 1, "How scores are made, and what the marks in cells mean")
    for row, (table, name) in enumerate(zip(tables, names, strict=True), start=5):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        _text(sheet, row, 1, table.caption)


def _notes(book: xlsxwriter.Workbook, notes: tuple[str, ...]) -> None:
    sheet = book.add_worksheet("Notes")
    sheet.set_column(0, 0, 110)
    _text(sheet, 0, 0, "Notes", book.add_format({"bold": True, "font_size": 14}))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    marks = "[c] in a cell: left out to protect people in a small group."
    for row, note in enumerate((*notes, marks), start=1):
        _text(sheet, row, 0, note, wrapped)


def _sheet(book: xlsxwriter.Workbook, table: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    _text(sheet, 0, 0, table.caption, book.add_format({"bold": True, "font_size": 14}))
    rows = table.rows[:_MOST_ROWS]
    cut = (
        ""
        if len(rows) == len(table.rows)
        else f" The sheet is full: the first {len(rows)} rows of {len(table.rows)}."
    )
    _text(sheet, 1, 0, f"This sheet holds one table.{cut}")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    number = book.add_format({"valign": "top"})
    day = book.add_format({"num_format": "d mmmm yyyy", "align": "left", "valign": "top"})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom"})
    last = len(table.columns) - 1
    sheet.add_table(
        _HEAD,
        0,
        _HEAD + len(rows),
        last,
        {
            "name": f"table_{re.sub(r'[^A-Za-z0-9]', '_', name).lower()}",
            "style": "Table Style Light 1",
            "columns": [{"header": column.title, "header_format": head} for column in table.columns],
        },
    )
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _width(table, place))
        for row, cells in enumerate(rows, start=_HEAD + 1):
            value = cells[place]
            if isinstance(value, int):
                sheet.write_number(row, place, value, number)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, place, dt.datetime.combine(value, dt.time()), day)
            else:
                _text(sheet, row, place, column.missing if value is None else value, wrapped)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.repeat_rows(_HEAD)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _text(sheet: Worksheet, row: int, column: int, text: str, look: Format | None = None) -> None:
    shown = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - len(_CUT)] + _CUT
    sheet.write_string(row, column, shown, look)


def _width(table: Table, place: int) -> int:
    column: Column = table.columns[place]
    if column.kind in {Kind.NUMBER, Kind.PERCENT}:
        return _NARROW
    longest = max((len(str(row[place])) for row in table.rows), default=0)
    return min(max(longest + 2, len(column.title) + 4, _NARROW), _WIDE)


def _names(tables: tuple[Table, ...]) -> list[str]:
    """Return a name for each sheet: short, free of what a workbook forbids, and unlike every other."""
    names: list[str] = []
    taken = {"cover", "notes"}
    for table in tables:
        plain = re.sub(r"[\[\]:*?/\\']", " ", table.name.replace("_", " ")).strip()
        plain = plain[:1].upper() + plain[1:]
        name, again = plain[:_LONGEST_NAME], 2
        while name.lower() in taken:
            ending = f" {again}"
            name, again = plain[: _LONGEST_NAME - len(ending)] + ending, again + 1
        taken.add(name.lower())
        names.append(name)
    return names
