"""Rows of an audit's result, to look things up by: outcomes, questions, answers, findings and gaps."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from aboveline.answers import Answer
from aboveline.case.base import Record
from aboveline.result import AuditResult

from .schema import AuditFindingRow, AuditGapRow, AuditOutcomeRow, AuditQuestionRow, Base

__all__ = ["insert_rows"]

AT_ONCE = 5000


def insert_rows(session: Session, audit: str, result: AuditResult) -> None:
    """Keep the rows of a result. ``results.save`` calls it."""
    for table, rows in (
        (AuditOutcomeRow, _outcomes(audit, result)),
        (AuditQuestionRow, _questions(audit, result)),
        (AuditFindingRow, _findings(audit, result)),
        (AuditGapRow, _gaps(audit, result)),
    ):
        _insert(session, table, rows)
    _insert_answers(session, audit, result)


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        session.execute(insert(table), some)


def _outcomes(audit: str, result: AuditResult) -> Iterator[dict[str, Any]]:
    for place, outcome in enumerate(result.outcomes):
        criteria = set(outcome.criteria)
        scored = [one for one in result.questions if one.scored and criteria & set(one.criteria)]
        sufficient = sum(one.sufficient for one in scored)
        low, high = outcome.score_range or (None, None)
        yield {
            "audit_id": audit,
            "outcome": outcome.id,
            "title": outcome.title,
            "place": place,
            "score": outcome.score,
            "low": low,
            "high": high,
            "sufficient": sufficient,
            "n": sufficient + sum(one.insufficient for one in scored),
        }


def _questions(audit: str, result: AuditResult) -> Iterator[dict[str, Any]]:
    outcomes = [(one.id, set(one.criteria)) for one in result.outcomes]
    for question in result.questions:
        for criterion in question.criteria:
            for outcome in [id_ for id_, criteria in outcomes if criterion in criteria] or [""]:
                yield {
                    "audit_id": audit,
                    "question": question.id,
                    "criterion": criterion,
                    "outcome": outcome,
                }


def _insert_answers(session: Session, audit: str, result: AuditResult) -> None:
    # There may be millions. They are of the engine's making, so they go to the driver as they are.
    connection = session.connection()
    marks = ", ".join(["?" if connection.dialect.name == "sqlite" else "%s"] * 5)
    statement = f"insert into audit_answers (audit_id, case_id, question, answer, level) values ({marks})"  # noqa: S608 - of our own making
    rows = _answers(audit, result)
    while some := list(islice(rows, AT_ONCE)):
        connection.exec_driver_sql(statement, some)


def _answers(audit: str, result: AuditResult) -> Iterator[tuple[str, str, str, str, str | None]]:
    for case in sorted(result.answers, key=lambda one: one.case):
        answers = [
            *((question, str(Answer.SUFFICIENT)) for question in case.sufficient),
            *((question, str(Answer.INSUFFICIENT)) for question in case.insufficient),
            *((question, str(Answer.NOT_ASSESSED)) for question in case.not_assessed),
        ]
        for question, answer in answers:
            yield audit, case.case, question, answer, case.levels.get(question)


def _findings(audit: str, result: AuditResult) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(result.findings, 1):
        yield {
            "audit_id": audit,
            "number": number,
            "case_id": one.case,
            "question": one.question,
            "deficiency": one.deficiency,
            "severity": str(one.severity),
            "finding": _json(one),
        }


def _gaps(audit: str, result: AuditResult) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(result.not_assessed, 1):
        yield {
            "audit_id": audit,
            "number": number,
            "case_id": one.case,
            "question": one.question,
            "gap": _json(one),
        }


def _json(record: Record) -> str:
    return record.model_dump_json()
