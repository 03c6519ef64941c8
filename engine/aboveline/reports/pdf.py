"""Write a report as a PDF that is tagged for assistive technology (PDF/UA-1).

Typst sets it from ``report.typ`` and the document as JSON, with the fonts that
it carries and nothing of the machine's, so the same report is the same bytes.
"""

import json
from importlib.resources import files

import typst

from .document import Document, Section, Table
from .document.model import Block, cell_text

__all__ = ["to_pdf"]


def to_pdf(document: Document) -> bytes:
    """Return the PDF."""
    template = files(__package__).joinpath("report.typ").read_bytes()
    data = json.dumps(_document(document), ensure_ascii=False)
    return typst.compile(
        template, format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True, sys_inputs={"report": data}
    )


def _document(document: Document) -> dict[str, object]:
    return {
        "title": document.title,
        "lead": document.lead,
        "date": {"year": document.date.year, "month": document.date.month, "day": document.date.day},
        "sections": [_section(section) for section in document.sections],
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(inner) for inner in section.sections],
    }


def _block(block: Block) -> dict[str, object]:
    if not isinstance(block, Table):
        return block.model_dump(mode="json")
    return {
        "block": block.block,
        "caption": block.caption,
        "columns": [column.model_dump(mode="json") for column in block.columns],
        "rows": [
            [cell_text(value, column) for value, column in zip(row, block.columns, strict=True)]
            for row in block.rows
        ],
        "shares": [[value if isinstance(value, int) else None for value in row] for row in block.rows],
    }
