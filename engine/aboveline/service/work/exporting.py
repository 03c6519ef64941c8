"""Write an audit for download, with pseudonyms in place of the ids of cases unless they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from aboveline.impact import Impact
from aboveline.reports import ReportFormat, TableName, write_csv, write_report
from aboveline.result import AuditResult, RejectedRecord
from aboveline.store.keys import Pseudonyms

from .desk import Desk

__all__ = ["MEDIA", "Export", "Form", "export", "pseudonymised", "pseudonymised_impact", "pseudonyms_of"]

_LISTS = ("answers", "due_soon", "findings", "judged_insufficient", "not_assessed", "overrides", "failed")


class Form(StrEnum):
    """What an audit can be downloaded as."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"
    PDF = "pdf"


MEDIA = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.HTML: "text/html; charset=utf-8",
    Form.PDF: "application/pdf",
}


@dataclass(frozen=True)
class Export:
    """A file to download: its bytes, its media type and its name."""

    content: bytes
    media: str
    name: str


def export(
    result: AuditResult,
    form: Form,
    name_of: Callable[[str], str] | None,
    table: TableName = TableName.FINDINGS,
    judged: str | None = None,
) -> Export:
    """Write an audit in one of its forms; ``table`` is which of its tables, for CSV.

    Args:
        result: what the audit found.
        form: what to write it as.
        name_of: gives the pseudonym of a case; ids of cases stay where there is none.
        table: which table, for CSV.
        judged: what was judged since the audit, in words, where the result has that in it.
    """
    if name_of is not None:
        result = pseudonymised(result, name_of)
    match form:
        case Form.JSON:
            content = result.to_json().encode()
        case Form.CSV:
            content = write_csv(result, table).encode()
        case _:
            content = write_report(result, ReportFormat(form.value), judged or "")
    day = result.manifest.as_of.isoformat()
    name = f"audit-{day}.{form}" if judged is None else f"audit-{day}-with-judgements.{form}"
    return Export(content, MEDIA[form], name)


def pseudonyms_of(desk: Desk) -> Callable[[str], str]:
    """Return what gives the pseudonym of a case here."""
    return Pseudonyms(desk.settings.pseudonym_key.get_secret_value().encode()).of


def pseudonymised(result: AuditResult, name_of: Callable[[str], str]) -> AuditResult:
    """Return a result in which a pseudonym stands for each case, in an order that does not give its id away.

    What a rejected record's reason says of a case is left out: it can repeat an id.
    """
    update: dict[str, object] = {
        name: tuple(
            sorted(
                (one.model_copy(update={"case": name_of(one.case)}) for one in getattr(result, name)),
                key=lambda one: one.case,
            )
        )
        for name in _LISTS
    }
    update["recommendations"] = tuple(
        one.model_copy(update={"cases": tuple(sorted(map(name_of, one.cases)))})
        for one in result.recommendations
    )
    update["rejected"] = _without_reasons(result.rejected)
    return result.model_copy(update=update)


def pseudonymised_impact(impact: Impact, name_of: Callable[[str], str]) -> Impact:
    """Return an impact in which a pseudonym stands for each case, likewise."""
    moved = (one.model_copy(update={"case": name_of(one.case)}) for one in impact.moved)
    return impact.model_copy(
        update={
            "moved": tuple(sorted(moved, key=lambda one: (one.case, one.question))),
            "rejected": _without_reasons(impact.rejected),
        }
    )


def _without_reasons(rejected: tuple[RejectedRecord, ...]) -> tuple[RejectedRecord, ...]:
    return tuple(one.model_copy(update={"reason": "this record could not be read"}) for one in rejected)
