"""Write the report of an audit in one of the formats that people read, print or edit."""

from enum import StrEnum

from aboveline.result import AuditResult

from .document import build, sheets
from .document.appendices import method_notes
from .html import to_html

__all__ = ["ReportFormat", "write_report"]


class ReportFormat(StrEnum):
    """The formats of a report."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    DOCX = "docx"


def write_report(result: AuditResult, form: ReportFormat, note: str = "") -> bytes:
    """Return the report: the same result, the same bytes. ``note`` is said under its title."""
    document = build(result)
    if note:
        document = document.model_copy(update={"lead": f"{document.lead} {note}"})
    # Each writer is loaded when it is wanted: together they would slow every other command.
    match form:
        case ReportFormat.HTML:
            return to_html(document).encode()
        case ReportFormat.PDF:
            from .pdf import to_pdf  # noqa: PLC0415

            return to_pdf(document)
        case ReportFormat.XLSX:
            from .xlsx import to_xlsx  # noqa: PLC0415

            return to_xlsx(document, sheets(result), method_notes(result))
        case ReportFormat.DOCX:
            from .docx import to_docx  # noqa: PLC0415

            return to_docx(document)
