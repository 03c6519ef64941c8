"""An audit that is done: outcomes, criteria, groups, and its downloads."""

from aboveline.answers import in_words
from aboveline.reports.groups import characteristic_name, group_name
from aboveline.reports.words import label, many, percent, percent_range
from aboveline.result import AuditResult, Breakdown
from aboveline.service.pages import urls
from aboveline.service.pages.views.charts import IntervalChart, interval_chart
from aboveline.service.pages.views.dashboard import outcome_scores, outcome_table
from aboveline.service.pages.views.judged import JudgedPart
from aboveline.service.pages.views.parts import (
    Link,
    Pair,
    Table,
    View,
    cell,
    columns,
    moment,
    pair,
    severity_tag,
)

from .listing import AuditSummary

__all__ = ["AuditPage", "audit_page"]

_EXPORTS = (
    ("html", "Report (web page)"), ("pdf", "Report (PDF)"), ("xlsx", "Every table (Excel)"),
    ("csv", "Findings (CSV)"), ("json", "The whole result (JSON)"),
)  # fmt: skip


class AuditPage(View):
    """What an audit found: outcomes, criteria, groups, and its downloads."""

    id: str
    pairs: tuple[Pair, ...]
    chart: IntervalChart
    outcomes: Table
    criteria: Table
    recommendations: Table
    groups: tuple[Table, ...]
    groups_told: str
    problems: Table | None
    exports: tuple[Link, ...]
    exports_told: str
    more: tuple[Link, ...]
    judged: JudgedPart | None = None


def audit_page(summary: AuditSummary, result: AuditResult, *, may_name: bool = False) -> AuditPage:
    """Build the page of an audit that is done. ``may_name`` says whether to offer files with the ids of cases."""
    manifest = result.manifest
    return AuditPage(
        title=f"Audit as at {in_words(manifest.as_of)}",
        id=summary.id,
        pairs=(
            pair("Cases", result.cases),
            pair("Areas", ", ".join(summary.areas)),
            pair("Standards", manifest.standards.title if manifest.standards else "those of the rulebook"),
            pair("An outcome's score", f"the average of its {manifest.average}"),
            pair("Started", f"{moment(summary.started_at)} by {summary.started_by}"),
            pair("Rules", manifest.rulebook[:12]),
        ),
        chart=interval_chart("Work above the line, by outcome", outcome_scores(result)),
        outcomes=outcome_table(result),
        criteria=_criteria(summary.id, result),
        recommendations=Table(
            caption="Recommendations",
            columns=columns("Recommendation", "Severity", "Cases", numbers=["Cases"]),
            rows=tuple(
                (
                    cell(
                        f"{one.id}. {one.text}",
                        note="Because of " + ", ".join(q.question for q in one.questions),
                    ),
                    cell("", tag=severity_tag(one.severity)),
                    cell(len(one.cases)),
                )
                for one in result.recommendations
            ),
            empty="No recommendation is called for.",
        ),
        groups=tuple(table for one in result.breakdowns if (table := _groups(one, result)).rows),
        groups_told=(
            f"Numbers below {manifest.suppress_below} are not shown, nor are those that they could be worked out from."
            if manifest.suppress_below
            else "Small numbers are shown. Take care who sees them."
        ),
        problems=_problems(result),
        exports=tuple(
            Link(text=text + said, href=urls.audit_export(summary.id, form) + query)
            for said, query in (("", ""), *([(", with ids of cases", "?cases=ids")] if may_name else []))
            for form, text in _EXPORTS
        ),
        exports_told="A pseudonym stands for each case, the same in every file, unless the file says that it has ids.",
        more=(
            Link(text="Assessors' answers beside these", href=urls.audit_self_view(summary.id)),
            Link(text="Compare with another audit", href=urls.COMPARE),
        ),
    )


def _criteria(audit: str, result: AuditResult) -> Table:
    answers = {
        one.id: sum(
            q.sufficient + q.insufficient for q in result.questions if q.scored and one.id in q.criteria
        )
        for one in result.criteria
    }
    return Table(
        caption="Criteria",
        columns=columns("Criterion", "Score", "Made of", "Range over gaps in the record", numbers=["Score"]),
        rows=tuple(
            (
                cell(f"{one.id} {one.title}", urls.audit_criterion(audit, one.id)),
                cell(percent(one.score)),
                cell(f"{many(answers[one.id], 'answer')} to {many(one.questions, 'question')}"),
                cell(percent_range(one.score, one.score_range) or "none"),
            )
            for one in result.criteria
        ),
    )


def _groups(breakdown: Breakdown, result: AuditResult) -> Table:
    titles = [one.title for one in result.outcomes]
    return Table(
        caption=f"By {characteristic_name(breakdown.by)}",
        columns=columns("Group", "Cases", *titles, numbers=["Cases"]),
        rows=tuple(
            (
                cell(label(group_name(breakdown.by, group.value))),
                cell("too few to show" if group.cases is None else group.cases),
                *(
                    cell(
                        percent(one.score),
                        note=many(one.questions, "question") if one.score is not None else None,
                    )
                    for one in group.outcomes
                ),
            )
            for group in breakdown.groups
        ),
    )


def _problems(result: AuditResult) -> Table | None:
    rows = [(cell(one.case), cell("could not be audited"), cell(one.reason)) for one in result.failed]
    rows += [
        (cell("a record" if one.line is None else f"line {one.line}"), cell(one.path), cell(one.reason))
        for one in result.rejected
    ]
    if not rows:
        return None
    return Table(caption="Left out of this audit", columns=columns("What", "Where", "Why"), rows=tuple(rows))
