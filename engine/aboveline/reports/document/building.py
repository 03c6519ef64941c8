"""Build the report of an audit from its result, in the shape of the inspectorate's published reports."""

from aboveline.answers import in_words
from aboveline.reports.words import many
from aboveline.result import AuditResult

from .appendices import appendices
from .following import following
from .groups import breakdowns, factor_section
from .model import Document
from .outcomes import outcome
from .summary import recommendations, summary

__all__ = ["build"]


def build(result: AuditResult) -> Document:
    """Return the report: summary, recommendations, outcomes, groups, work in hand, appendices."""
    sections = (
        summary(result),
        recommendations(result),
        *(outcome(result, one, place) for place, one in enumerate(result.outcomes, start=1)),
        factor_section(result),
        breakdowns(result),
        following(result),
        *appendices(result),
    )
    day = in_words(result.manifest.as_of)
    return Document(
        title=f"Audit of {many(result.cases, 'case')} as at {day}",
        lead="Probation casework, audited against the expectations of the inspectorate of probation.",
        date=result.manifest.as_of,
        sections=tuple(section for section in sections if section is not None),
    )
