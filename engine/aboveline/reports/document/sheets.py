"""The tables of a workbook: one a sheet, every row in full, numbers as numbers.

What a report sums up ("12 cases") a workbook lists, so that it can be sorted,
filtered and shared out.
"""

from collections.abc import Iterator

from aboveline.answers import in_words
from aboveline.reports.groups import characteristic_name, group_name
from aboveline.reports.words import NO_ANSWER, gap, label
from aboveline.result import AuditResult, Breakdown, Highlight

from .model import Cell, Column, Kind, Table
from .tables import due_soon, factors, failed, judged, overrides, parameters, rejected

__all__ = ["sheets"]

_ID = Kind.IDENTIFIER
_SCORE = Column(title="Score (%)", kind=Kind.NUMBER, missing=NO_ANSWER)
_LOW = Column(title="Lowest if every gap counted against (%)", kind=Kind.NUMBER, missing=NO_ANSWER)
_HIGH = Column(title="Highest if every gap counted for (%)", kind=Kind.NUMBER, missing=NO_ANSWER)
_QUESTION = Column(title="Question", kind=_ID)
_EXPECTED = Column(title="What is expected")
_NO_RANGE = (None, None)
_SUPPRESSED = "[c]"
"""What a count that is left out to protect people is marked with, as government statistics do."""


def sheets(result: AuditResult) -> tuple[Table, ...]:
    """Return every table that has rows."""
    tables = (
        _outcomes(result),
        _criteria(result),
        _stages(result),
        _questions(result),
        _levels(result),
        factors(result.factors),
        _highlights(result),
        _recommendations(result),
        _sample(result),
        *(_group_outcomes(one) for one in result.breakdowns),
        *(_group_questions(one) for one in result.breakdowns),
        _findings(result),
        judged(result),
        due_soon(result),
        _not_assessed(result),
        overrides(result),
        rejected(result),
        failed(result),
        parameters(result.manifest),
    )
    return tuple(table for table in tables if table.rows)


def _count(title: str) -> Column:
    return Column(title=title, kind=Kind.NUMBER)


def _outcomes(result: AuditResult) -> Table:
    return Table(
        name="Outcomes",
        caption="Work done well enough, by outcome",
        columns=(
            Column(title="Outcome"),
            _SCORE,
            _count("Questions"),
            _LOW,
            _HIGH,
            Column(title="Average over questions (%)", kind=Kind.NUMBER, missing=NO_ANSWER),
            Column(title="Average over criteria (%)", kind=Kind.NUMBER, missing=NO_ANSWER),
        ),
        rows=tuple(
            (
                one.title,
                one.score,
                one.questions,
                *(one.score_range or _NO_RANGE),
                one.by_questions,
                one.by_criteria,
            )
            for one in result.outcomes
        ),
    )


def _criteria(result: AuditResult) -> Table:
    return Table(
        name="Criteria",
        caption="The average of each criterion's scored questions",
        columns=(Column(title="Criterion", kind=_ID), _EXPECTED, _SCORE, _count("Questions"), _LOW, _HIGH),
        rows=tuple(
            (one.id, one.title, one.score, one.questions, *(one.score_range or _NO_RANGE))
            for one in result.criteria
        ),
    )


def _stages(result: AuditResult) -> Table:
    return Table(
        name="Stages",
        caption="The average of each stage's criteria, over all outcomes",
        columns=(Column(title="Stage"), _SCORE, _LOW, _HIGH),
        rows=tuple((label(one.id), one.score, *(one.score_range or _NO_RANGE)) for one in result.stages),
    )


def _questions(result: AuditResult) -> Table:
    return Table(
        name="Questions",
        caption="How every question came out over all cases",
        columns=(
            _QUESTION,
            _EXPECTED,
            Column(title="Criteria", kind=_ID),
            Column(title="Scored"),
            _count("Sufficient"),
            _count("Insufficient"),
            _count("Sufficient and insufficient"),
            _count("Not applicable"),
            _count("Not assessed"),
            _SCORE,
            _LOW,
            _HIGH,
        ),
        rows=tuple(
            (
                one.id,
                one.title,
                ", ".join(one.criteria),
                in_words(one.scored),
                one.sufficient,
                one.insufficient,
                one.sufficient + one.insufficient,
                one.not_applicable,
                one.not_assessed,
                one.score,
                *(one.score_range or _NO_RANGE),
            )
            for one in result.questions
        ),
    )


def _levels(result: AuditResult) -> Table:
    return Table(
        name="Levels",
        caption="How many cases are at each level of the questions that have levels",
        columns=(_QUESTION, _EXPECTED, Column(title="Level"), _count("Cases")),
        rows=tuple(
            (one.id, one.title, title, cases)
            for one in result.questions
            if one.levels
            for title, cases in (
                *((level.title, level.cases) for level in one.levels),
                ("No level could be told", one.without_level),
            )
        ),
    )


def _highlights(result: AuditResult) -> Table:
    titles = {one.id: one.title for one in result.outcomes}

    def row(kind: str, one: Highlight) -> tuple[Cell, ...]:
        outcome = titles.get(one.outcome, one.outcome)
        return (outcome, kind, one.question, one.title, one.sufficient, one.insufficient, one.score)

    return Table(
        name="Standing out",
        caption="Key strengths and key areas for improvement",
        columns=(
            Column(title="Outcome"),
            Column(title="Strength or improvement"),
            _QUESTION,
            _EXPECTED,
            _count("Sufficient"),
            _count("Insufficient"),
            _SCORE,
        ),
        rows=(
            *(row("strength", one) for one in result.strengths),
            *(row("improvement", one) for one in result.improvements),
        ),
    )


def _recommendations(result: AuditResult) -> Table:
    def rows() -> Iterator[tuple[Cell, ...]]:
        for one in result.recommendations:
            for found in one.deficiencies:
                yield one.id, one.text, found.question, found.deficiency, found.severity.value, found.cases
            if not one.deficiencies:
                yield one.id, one.text, None, None, one.severity.value, len(one.cases)

    return Table(
        name="Recommendations",
        caption="What should be done, and the deficiencies that call for it",
        columns=(
            Column(title="Recommendation", kind=_ID),
            Column(title="What should be done"),
            Column(title="Question", kind=_ID, missing="all"),
            Column(title="Deficiency", kind=_ID, missing="all"),
            Column(title="Severity"),
            _count("Cases"),
        ),
        rows=tuple(rows()),
    )


def _sample(result: AuditResult) -> Table:
    return Table(
        name="Sample",
        caption="How many cases there are by each characteristic",
        columns=(
            Column(title="Characteristic"),
            Column(title="Group"),
            Column(title="Cases", kind=Kind.NUMBER, missing=_SUPPRESSED),
        ),
        rows=tuple(
            (label(characteristic_name(one.by)), group_name(one.by, group.value), group.cases)
            for one in result.sample
            for group in one.groups
        ),
    )


def _group_outcomes(one: Breakdown) -> Table:
    return Table(
        name=f"Outcomes by {characteristic_name(one.by)}",
        caption=f"Outcomes by {characteristic_name(one.by)}. Numbers below {one.threshold} are not shown",
        columns=(
            Column(title=label(characteristic_name(one.by))),
            Column(title="Cases", kind=Kind.NUMBER, missing=_SUPPRESSED),
            Column(title="Outcome", kind=_ID),
            _SCORE,
            _count("Questions"),
        ),
        rows=tuple(
            (
                group_name(one.by, group.value),
                group.cases,
                label(outcome.id),
                outcome.score,
                outcome.questions,
            )
            for group in one.groups
            for outcome in group.outcomes
        ),
    )


def _group_questions(one: Breakdown) -> Table:
    def column(title: str) -> Column:
        return Column(title=title, kind=Kind.NUMBER, missing=NO_ANSWER)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for group in one.groups:
            for question in group.questions:
                numbers = (question.sufficient, question.insufficient, question.score)
                shown: tuple[Cell, ...] = (*numbers, *(question.interval or _NO_RANGE))
                yield (
                    group_name(one.by, group.value),
                    question.id,
                    *((_SUPPRESSED,) * len(shown) if question.suppressed else shown),
                )

    return Table(
        name=f"Questions by {characteristic_name(one.by)}",
        caption=f"Questions by {characteristic_name(one.by)}, with a confidence interval of 95%. "
        f"Numbers below {one.threshold} are not shown",
        columns=(
            Column(title=label(characteristic_name(one.by))),
            _QUESTION,
            column("Sufficient"),
            column("Insufficient"),
            column("Score (%)"),
            column("Interval from (%)"),
            column("Interval to (%)"),
        ),
        rows=tuple(rows()),
    )


def _findings(result: AuditResult) -> Table:
    return Table(
        name="Findings",
        caption="Every deficiency found, case by case",
        columns=(
            Column(title="Case", kind=_ID),
            _QUESTION,
            Column(title="Deficiency", kind=_ID),
            Column(title="Severity"),
            Column(title="Was due", kind=Kind.DATE, missing="at once"),
            Column(title="Finding"),
            Column(title="What to do"),
            Column(title="Recommendation", kind=_ID, missing="none"),
            Column(title="Evidence", missing="none"),
        ),
        rows=tuple(
            (
                one.case,
                one.question,
                one.deficiency,
                one.severity.value,
                one.due,
                one.finding,
                one.put_right,
                one.recommendation,
                "; ".join(f"{fact.kind} {fact.id}" for fact in one.evidence) or None,
            )
            for one in result.findings
        ),
    )


def _not_assessed(result: AuditResult) -> Table:
    wanted = "an assessor's judgement is wanted"
    return Table(
        name="Not assessed",
        caption="Questions not answered for a case, and what is missing",
        columns=(Column(title="Case", kind=_ID), _QUESTION, Column(title="Missing")),
        rows=tuple(
            (one.case, one.question, what)
            for one in result.not_assessed
            for what in ([gap(missed) for missed in one.gaps] or [wanted])
        ),
    )
