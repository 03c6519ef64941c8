"""The workbook, read back by another library: numbers are numbers, text is text, nothing is a formula."""

import datetime as dt
import io
import re

import pytest
from openpyxl import Workbook, load_workbook

from aboveline.reports.document import Table, build, sheets
from aboveline.reports.document.appendices import method_notes
from aboveline.reports.xlsx import to_xlsx
from aboveline.result import AuditResult
from full_result import HOSTILE


@pytest.fixture(scope="module")
def book(full: AuditResult) -> Workbook:
    """Return the workbook of the full result."""
    return load_workbook(io.BytesIO(to_xlsx(build(full), sheets(full), method_notes(full))))


def test_workbook_has_a_cover_notes_and_a_table_a_sheet(book: Workbook, full: AuditResult) -> None:
    """The cover names every sheet; each other sheet but the notes holds one table under a frozen header."""
    names = book.sheetnames

    assert ["Cover", "Notes"] == names[:2]
    assert set(names) == {"Cover", *(row[0].value for row in book["Cover"].iter_rows(min_row=5))}
    assert len(sheets(full)) == len(names) - 2
    for name in names[2:]:
        assert book[name].freeze_panes == "B4"
        assert len(book[name].tables) == 1


def test_every_cell_is_what_its_table_has(book: Workbook, full: AuditResult) -> None:
    """A number comes back as that number, a date as that day, a text as that text; no cell is blank."""
    for table, name in zip(sheets(full), book.sheetnames[2:], strict=True):
        rows = [list(row) for row in book[name].iter_rows(min_row=4, values_only=True)]

        assert _expected(table) == rows


def test_nothing_is_a_formula(book: Workbook) -> None:
    """A text that begins like a formula is text, whatever it begins with."""
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert {"f"} & {cell.data_type for cell in cells} == set()
    assert {HOSTILE, "+1 seen at court; @home -2"} <= {cell.value for cell in cells}
    assert {"s"} == {cell.data_type for cell in cells if cell.value == HOSTILE}


def test_scores_are_numbers(book: Workbook, full: AuditResult) -> None:
    """Scores and counts can be summed as they are."""
    header = [cell.value for cell in book["Questions"][3]]
    column = header.index("Score (%)")
    scores = [row[column] for row in book["Questions"].iter_rows(min_row=4, values_only=True)]

    assert [one.score if one.score is not None else "no answer" for one in full.questions] == scores


def test_sheets_that_share_a_name_are_told_apart(full: AuditResult) -> None:
    """Names too long, forbidden or alike are made into names that a workbook takes."""
    table = next(t for t in sheets(full) if t.name == "Outcomes")
    long = [table.model_copy(update={"name": f"Questions by [{'x' * 40}] {end}"}) for end in "ab"]

    names = load_workbook(io.BytesIO(to_xlsx(build(full), tuple(long), ()))).sheetnames

    assert len({name.lower() for name in names}) == len(names) == 4
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def _expected(table: Table) -> list[list[object]]:
    def cell(value: object, missing: str) -> object:
        if isinstance(value, dt.date):
            return dt.datetime.combine(value, dt.time())
        return missing if value is None else value

    return [
        [cell(value, column.missing) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
