"""The dashboard: what the latest audit of somebody's areas found, and how that has moved."""

import datetime as dt
from collections.abc import Sequence

from aboveline.answers import in_words
from aboveline.case.base import Record
from aboveline.reports.words import many, percent, percent_range
from aboveline.result import AuditResult
from aboveline.service.pages import urls
from aboveline.service.pages.views.charts import IntervalChart, TrendChart, interval_chart, trend_chart
from aboveline.service.pages.views.intervals import answers_behind, outcome_interval
from aboveline.service.pages.views.judged import JudgedPart
from aboveline.service.pages.views.parts import Cell, KeyOf, Table, View, cell, columns, severity_tag, share

__all__ = [
    "Dashboard",
    "TrendPoint",
    "dashboard",
    "outcome_rows",
    "outcome_scores",
    "outcome_table",
    "trend_point",
]

_MARKS = "ABCDEFGHJKLM"
_SHOWN = 10
"""The dashboard has the first few of a list; the audit has all."""


class TrendPoint(Record):
    """An earlier audit of the same areas: the score of each outcome with the answers behind it."""

    audit: str
    as_of: dt.date
    cases: int
    scores: dict[str, tuple[int | None, int]]


class Dashboard(View):
    """Outcomes with scores, n and intervals, the trend, what to look at first and what falls due next.

    Everything is none or empty where there is no audit yet.
    """

    audit: str | None
    told: str
    chart: IntervalChart | None
    outcomes: Table | None
    trend: TrendChart | None
    trend_table: Table | None
    improvements: Table | None
    recommendations: Table | None
    due: Table | None
    judged: JudgedPart | None = None


def trend_point(audit: str, result: AuditResult) -> TrendPoint:
    """Return an audit as a point of the trend."""
    return TrendPoint(
        audit=audit,
        as_of=result.manifest.as_of,
        cases=result.cases,
        scores={one.id: (one.score, answers_behind(result, one)) for one in result.outcomes},
    )


def dashboard(
    audit: str | None, result: AuditResult | None, earlier: Sequence[TrendPoint], areas: str, key_of: KeyOf
) -> Dashboard:
    """Build the dashboard.

    Args:
        audit: the id of the latest audit, none where there is none.
        result: what it found.
        earlier: audits of the same areas before it, oldest first.
        areas: the areas in words, as ``York and Selby``.
        key_of: gives the key of a case.
    """
    if audit is None or result is None:
        return Dashboard(
            title="Dashboard", audit=None, told="", chart=None, outcomes=None, trend=None, trend_table=None,
            improvements=None, recommendations=None, due=None,
        )  # fmt: skip
    points = [*earlier, trend_point(audit, result)]
    names = [(one.id, one.title) for one in result.outcomes]
    return Dashboard(
        title="Dashboard",
        audit=audit,
        told=f"{areas}: {many(result.cases, 'case')} audited as at {in_words(result.manifest.as_of)}.",
        chart=interval_chart("Work above the line, by outcome", outcome_scores(result)),
        outcomes=outcome_table(result),
        trend=trend_chart(
            "Score of each outcome over time",
            [point.as_of for point in points],
            [
                (mark, title, [point.scores.get(name, (None, 0))[0] for point in points])
                for mark, (name, title) in zip(_MARKS, names, strict=False)
            ],
        ),
        trend_table=_trend_table(points, names) if earlier else None,
        improvements=_improvements(audit, result),
        recommendations=_recommendations(result),
        due=_due(audit, result, key_of),
    )


def outcome_scores(result: AuditResult) -> list[tuple[str, int | None, tuple[int, int] | None]]:
    """Return each outcome's title, score and interval."""
    return [(one.title, one.score, outcome_interval(result, one)) for one in result.outcomes]


def outcome_rows(result: AuditResult) -> tuple[tuple[Cell, ...], ...]:
    """Return a row for each outcome: title, score, interval, n and how far gaps could move it."""
    rows = []
    for one in result.outcomes:
        interval = outcome_interval(result, one)
        rows.append(
            (
                cell(one.title),
                cell(percent(one.score)),
                cell(f"{interval[0]}% to {interval[1]}%" if interval else ""),
                cell(f"{many(answers_behind(result, one), 'answer')} to {many(one.questions, 'question')}"),
                cell(percent_range(one.score, one.score_range) or "none"),
            )
        )
    return tuple(rows)


def outcome_table(result: AuditResult) -> Table:
    """Return the outcomes as a table."""
    return Table(
        caption="Outcomes",
        columns=columns(
            "Outcome", "Score", "95% interval", "Made of", "Range over gaps in the record", numbers=("Score",)
        ),
        rows=outcome_rows(result),
    )


def _trend_table(points: Sequence[TrendPoint], names: Sequence[tuple[str, str]]) -> Table:
    return Table(
        caption="Scores over time",
        columns=columns("As at", "Cases", *(title for _, title in names), numbers=["Cases"]),
        rows=tuple(
            (
                cell(point.as_of, urls.audit(point.audit)),
                cell(point.cases),
                *(
                    cell(percent(score), note=many(n, "answer"))
                    for score, n in (point.scores.get(name, (None, 0)) for name, _ in names)
                ),
            )
            for point in points
        ),
    )


def _improvements(audit: str, result: AuditResult) -> Table:
    return Table(
        caption="Key areas for improvement",
        columns=columns("Question", "Sufficient"),
        rows=tuple(
            (
                cell(f"{one.question} {one.title}", urls.audit_question(audit, one.question)),
                cell(share(one.sufficient, one.sufficient + one.insufficient, one.score)),
            )
            for one in sorted(result.improvements, key=lambda one: (one.score, one.question))[:_SHOWN]
        ),
        empty="No question stands out as one to improve.",
    )


def _recommendations(result: AuditResult) -> Table:
    return Table(
        caption="Recommendations",
        columns=columns("Recommendation", "Severity", "Cases", numbers=["Cases"]),
        rows=tuple(
            (cell(f"{one.id}. {one.text}"), cell("", tag=severity_tag(one.severity)), cell(len(one.cases)))
            for one in result.recommendations
        ),
        empty="No recommendation is called for.",
    )


def _due(audit: str, result: AuditResult, key_of: KeyOf) -> Table:
    titles = {one.id: one.title for one in result.questions}
    return Table(
        caption="Due soon",
        columns=columns("Case", "What", "Due by"),
        rows=tuple(
            (
                cell(one.case, urls.audit_case(audit, key_of(one.case))),
                cell(f"{one.question} {titles[one.question]}"),
                cell(one.due),
            )
            for one in result.due_soon[:_SHOWN]
        ),
        empty="Nothing falls due soon.",
    )
