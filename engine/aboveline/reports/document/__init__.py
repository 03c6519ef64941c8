"""The report of an audit as a document: headings, text, lists, tables and bars, in no format yet.

``build`` makes it from a result; ``sheets`` makes the tables of a workbook.
"""

from .building import build
from .model import Document, Section, Table
from .sheets import sheets

__all__ = ["Document", "Section", "Table", "build", "sheets"]
