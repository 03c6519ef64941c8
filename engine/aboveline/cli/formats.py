"""How the result of an audit is written."""

from enum import StrEnum

__all__ = ["FILES", "Format"]


class Format(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    DOCX = "docx"


FILES = {Format.PDF, Format.XLSX, Format.DOCX}
"""What no screen can show."""
