"""Write a report as a Word document, to be edited and sent on.

Headings, lists and tables are real ones, so they can be moved through and read
aloud. A table's header is repeated on every page. Bars are left out: the same
figures stand in their table.
"""

import datetime as dt
import io
import re

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell

from .document import Document, Section, Table
from .document.model import Block, Bullets, Chart, Column, Kind, Pairs, Paragraph, cell_text
from .packing import packed_again

__all__ = ["to_docx"]

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""
_RIGHT = {Kind.NUMBER, Kind.PERCENT}
_TEXT_WIDTH = 17.0
"""Centimetres between the margins."""
_WIDTHS = {Kind.IDENTIFIER: 2.6, Kind.NUMBER: 2.1, Kind.PERCENT: 2.1, Kind.DATE: 2.8}
_WORD = 2.0
_LEAST = 1.5


def to_docx(document: Document) -> bytes:
    """Return the document."""
    word = docx.Document()
    _set_up(word, document)
    word.add_heading(_plain(document.title), 0)
    word.add_paragraph(_plain(document.lead), "Subtitle")
    for section in document.sections:
        _section(word, section, 1)
    made = io.BytesIO()
    word.save(made)
    return packed_again(made.getvalue())


def _set_up(word: WordDocument, document: Document) -> None:
    about = word.core_properties
    about.title, about.author, about.last_modified_by = _plain(document.title), "Aboveline", "Aboveline"
    about.comments, about.language, about.revision = "", "en-GB", 1
    # A document keeps the time it was made: the day of the audit stands for it.
    about.created = about.modified = dt.datetime.combine(document.date, dt.time())
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    for style in word.styles:
        font = getattr(style, "font", None)
        if font is not None and style.name.startswith(("Heading", "Title", "Subtitle", "Normal")):
            font.name, font.color.rgb = "Arial", RGBColor(0x0B, 0x0C, 0x0C)
            properties = style.element.get_or_add_rPr()
            fonts = properties.find(qn("w:rFonts"))
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:cs"), "Arial")
    normal = word.styles["Normal"]
    normal.font.size = Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)


def _section(word: WordDocument, section: Section, level: int) -> None:
    word.add_heading(_plain(section.title), level)
    for block in section.blocks:
        _block(word, block)
    for inner in section.sections:
        _section(word, inner, level + 1)


def _block(word: WordDocument, block: Block) -> None:
    match block:
        case Paragraph():
            word.add_paragraph(_plain(block.text))
        case Bullets():
            style = "List Number" if block.numbered else "List Bullet"
            number = _new_numbers(word) if block.numbered else None
            for item in block.items:
                added = word.add_paragraph(_plain(item), style)
                if number is not None:
                    added._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number
        case Pairs():
            columns = (Column(title="What", width=1), Column(title="Value"))
            _grid(word, "", columns, [list(pair) for pair in block.pairs])
        case Table():
            rows = [
                [cell_text(value, column) for value, column in zip(row, block.columns, strict=True)]
                for row in block.rows
            ]
            _grid(word, block.caption, block.columns, rows)
        case Chart():
            _chart(word, block)


def _new_numbers(word: WordDocument) -> int:
    """Return a numbering that starts at 1: without it a list would count on from the list before."""
    numbering = word.part.numbering_part.element
    style = word.styles["List Number"].element.pPr.numPr.numId.val
    added = numbering.add_num(numbering.num_having_numId(style).abstractNumId.val)
    added.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(added.numId)


def _chart(word: WordDocument, chart: Chart) -> None:
    columns = (
        Column(title="Question", width=6),
        Column(title="Sufficient", kind=Kind.NUMBER),
        Column(title="Insufficient", kind=Kind.NUMBER),
        Column(title="Score", kind=Kind.PERCENT, missing="no answer"),
    )
    rows = [
        [
            f"{bar.title} ({bar.id})",
            str(bar.sufficient),
            str(bar.insufficient),
            cell_text(bar.score, columns[3]),
        ]
        for bar in chart.bars
    ]
    _grid(word, chart.caption, columns, rows)


def _grid(word: WordDocument, caption: str, columns: tuple[Column, ...], rows: list[list[str]]) -> None:
    if caption:
        above = word.add_paragraph(style="Caption")
        above.add_run(_plain(caption))
        above.paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    widths = _widths(columns)
    for of_column, width in zip(table.columns, widths, strict=True):
        of_column.width = width
    if caption:
        title = OxmlElement("w:tblCaption")
        title.set(qn("w:val"), _plain(caption))
        table._tbl.tblPr.append(title)
    header = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    header._tr.get_or_add_trPr().append(repeated)
    for cell, column, width in zip(header.cells, columns, widths, strict=True):
        cell.width = width
        _write(cell, column.title, column, bold=True)
    for row in rows:
        added = table.add_row()
        whole = OxmlElement("w:cantSplit")
        added._tr.get_or_add_trPr().append(whole)
        for cell, text, column, width in zip(added.cells, row, columns, widths, strict=True):
            cell.width = width
            _write(cell, text, column)
    word.add_paragraph()


def _widths(columns: tuple[Column, ...]) -> list[Cm]:
    """Return each column's width: what holds a number or a word, and shares of the rest."""
    fixed = [
        _WIDTHS.get(column.kind, _WORD) if column.kind is not Kind.TEXT or not column.width else 0.0
        for column in columns
    ]
    shares = sum(column.width for column, width in zip(columns, fixed, strict=True) if not width)
    rest = _TEXT_WIDTH - sum(fixed)
    return [
        Cm(width or max(rest * column.width / shares, _LEAST))
        for column, width in zip(columns, fixed, strict=True)
    ]


def _write(cell: _Cell, text: str, column: Column, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(_plain(text))
    run.bold, run.font.size = bold, Pt(9)
    if column.kind in _RIGHT:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _plain(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
