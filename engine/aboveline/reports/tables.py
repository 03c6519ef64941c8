"""Write the tables of an audit as CSV: one table a file, RFC 4180, UTF-8."""

import csv
import io
from collections.abc import Callable, Iterable
from enum import StrEnum

from aboveline.answers import Answer
from aboveline.result import AuditResult, FactorScore, Highlight
from aboveline.scoring import QuestionScore

__all__ = ["TableName", "write_csv"]

Row = tuple[object, ...]


class TableName(StrEnum):
    """The tables of an audit."""

    FINDINGS = "findings"
    QUESTIONS = "questions"
    OUTCOMES = "outcomes"
    FACTORS = "factors"
    RECOMMENDATIONS = "recommendations"
    STRENGTHS = "strengths"
    IMPROVEMENTS = "improvements"
    ANSWERS = "answers"
    DUE_SOON = "due_soon"
    JUDGED_INSUFFICIENT = "judged_insufficient"
    NOT_ASSESSED = "not_assessed"
    OVERRIDES = "overrides"
    BREAKDOWNS = "breakdowns"
    SAMPLE = "sample"
    REJECTED = "rejected"
    FAILED = "failed"


def write_csv(result: AuditResult, table: TableName) -> str:
    """Return one table as CSV text."""
    header, rows = _TABLES[table]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows(result))
    return text.getvalue()


def _cell(value: object) -> str:
    """Write a value so that a spreadsheet takes it as text, even where it begins like a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _findings(result: AuditResult) -> Iterable[Row]:
    for one in result.findings:
        evidence = "; ".join(f"{fact.kind} {fact.id}" for fact in one.evidence)
        yield (
            one.case,
            one.question,
            one.deficiency,
            one.severity,
            one.due,
            one.finding,
            one.put_right,
            one.recommendation,
            evidence,
        )


def _questions(result: AuditResult) -> Iterable[Row]:
    for one in result.questions:
        n = one.sufficient + one.insufficient
        low, high = one.score_range or (None, None)
        yield (
            one.id,
            one.title,
            " ".join(one.criteria),
            one.scored,
            one.sufficient,
            one.insufficient,
            n,
            one.not_applicable,
            one.not_assessed,
            one.score,
            low,
            high,
            _levels(one),
        )


def _levels(one: QuestionScore) -> str:
    if not one.levels:
        return ""
    told = [f"{level.title}: {level.cases}" for level in one.levels]
    return "; ".join([*told, f"level not told: {one.without_level}"])


def _outcomes(result: AuditResult) -> Iterable[Row]:
    for one in result.outcomes:
        low, high = one.score_range or (None, None)
        yield (one.id, one.title, one.questions, one.score, low, high, one.by_questions, one.by_criteria)


def _breakdowns(result: AuditResult) -> Iterable[Row]:
    for breakdown in result.breakdowns:
        for group in breakdown.groups:
            head = (breakdown.by, group.value, group.cases)
            for outcome in group.outcomes:
                empty = (None, None, None)
                yield (
                    *head,
                    "outcome",
                    outcome.id,
                    outcome.questions,
                    *empty,
                    outcome.score,
                    None,
                    None,
                    None,
                )
            for one in group.questions:
                n = (
                    None
                    if one.sufficient is None or one.insufficient is None
                    else one.sufficient + one.insufficient
                )
                counts = (None, one.sufficient, one.insufficient, n)
                low, high = one.interval or (None, None)
                yield (*head, "question", one.id, *counts, one.score, low, high, one.suppressed)


def _sample(result: AuditResult) -> Iterable[Row]:
    for described in result.sample:
        for group in described.groups:
            yield (described.by, group.value, group.cases, group.cases is None)


def _not_assessed(result: AuditResult) -> Iterable[Row]:
    for one in result.not_assessed:
        for gap in one.gaps:
            yield (one.case, one.question, gap.kind, gap.id, gap.field, gap.reason)
        if not one.gaps:
            yield (one.case, one.question, None, None, None, "an assessor's judgement is wanted")


def _factors(result: AuditResult) -> Iterable[Row]:
    return (tuple(one.model_dump().values()) for one in result.factors)


def _recommendations(result: AuditResult) -> Iterable[Row]:
    for one in result.recommendations:
        yield (
            one.id,
            one.text,
            one.severity,
            one.n,
            "; ".join(
                f"{q.question} ({q.sufficient} of {q.sufficient + q.insufficient})" for q in one.questions
            ),
            "; ".join(f"{d.deficiency} ({d.cases})" for d in one.deficiencies),
            "; ".join(one.cases),
        )


def _highlights(highlights: Iterable[Highlight]) -> Iterable[Row]:
    for one in highlights:
        n = one.sufficient + one.insufficient
        yield (one.outcome, one.question, one.title, one.sufficient, one.insufficient, n, one.score)


def _answers(result: AuditResult) -> Iterable[Row]:
    for one in result.answers:
        given = {
            question: str(answer)
            for answer, questions in (
                (Answer.SUFFICIENT, one.sufficient),
                (Answer.INSUFFICIENT, one.insufficient),
                (Answer.NOT_ASSESSED, one.not_assessed),
            )
            for question in questions
        }
        for question in result.questions:
            answer = given.get(question.id, str(Answer.NOT_APPLICABLE))
            yield (one.case, question.id, answer, one.levels.get(question.id))


_HIGHLIGHT: Row = (
    "outcome",
    "question",
    "title",
    "sufficient",
    "insufficient",
    "n",
    "score_percent",
)
_TABLES: dict[TableName, tuple[Row, Callable[[AuditResult], Iterable[Row]]]] = {
    TableName.FINDINGS: (
        (
            "case",
            "question",
            "deficiency",
            "severity",
            "due",
            "finding",
            "put_right",
            "recommendation",
            "evidence",
        ),
        _findings,
    ),
    TableName.QUESTIONS: (
        (
            "question",
            "title",
            "criteria",
            "scored",
            "sufficient",
            "insufficient",
            "n",
            "not_applicable",
            "not_assessed",
            "score_percent",
            "score_low_percent",
            "score_high_percent",
            "levels",
        ),
        _questions,
    ),
    TableName.OUTCOMES: (
        (
            "outcome",
            "title",
            "questions",
            "score_percent",
            "score_low_percent",
            "score_high_percent",
            "by_questions_percent",
            "by_criteria_percent",
        ),
        _outcomes,
    ),
    TableName.FACTORS: (tuple(FactorScore.model_fields), _factors),
    TableName.RECOMMENDATIONS: (
        ("recommendation", "text", "severity", "cases", "questions", "deficiencies", "case_ids"),
        _recommendations,
    ),
    TableName.STRENGTHS: (_HIGHLIGHT, lambda result: _highlights(result.strengths)),
    TableName.IMPROVEMENTS: (_HIGHLIGHT, lambda result: _highlights(result.improvements)),
    TableName.ANSWERS: (("case", "question", "answer", "level"), _answers),
    TableName.DUE_SOON: (
        ("case", "question", "deficiency", "due"),
        lambda result: ((one.case, one.question, one.deficiency, one.due) for one in result.due_soon),
    ),
    TableName.JUDGED_INSUFFICIENT: (
        ("case", "question", "assessor", "made_on", "reason"),
        lambda result: (
            (j.case, j.question, j.assessor, j.made_on, j.reason) for j in result.judged_insufficient
        ),
    ),
    TableName.NOT_ASSESSED: (("case", "question", "kind", "id", "field", "reason"), _not_assessed),
    TableName.OVERRIDES: (
        ("case", "question", "answer", "computed", "assessor", "made_on", "reason"),
        lambda result: (
            (o.case, o.question, o.answer, o.computed, o.assessor, o.made_on, o.reason)
            for o in result.overrides
        ),
    ),
    TableName.BREAKDOWNS: (
        (
            "by",
            "group",
            "cases",
            "of",
            "id",
            "questions",
            "sufficient",
            "insufficient",
            "n",
            "score_percent",
            "low_percent",
            "high_percent",
            "suppressed",
        ),
        _breakdowns,
    ),
    TableName.SAMPLE: (("by", "group", "cases", "suppressed"), _sample),
    TableName.REJECTED: (
        ("source", "line", "path", "reason"),
        lambda result: ((one.source, one.line, one.path, one.reason) for one in result.rejected),
    ),
    TableName.FAILED: (
        ("case", "reason"),
        lambda result: ((one.case, one.reason) for one in result.failed),
    ),
}
