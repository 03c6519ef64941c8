"""Results of audits: the JSON as it was made, gzipped, and rows of it to look things up by."""

import gzip
import hashlib
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from aboveline.answers import Answer
from aboveline.case.base import Record
from aboveline.result import AuditResult

from . import trail
from .act import Act
from .audits import State, get, move
from .errors import ConflictError
from .schema import (
    AuditFindingRow,
    AuditGapRow,
    AuditOutcomeRow,
    AuditQuestionRow,
    AuditResultRow,
    Base,
    CaseVersionRow,
)
from .scope import AreaScope
from .turns import Turn, alone

__all__ = ["Prepared", "load", "load_json", "prepare", "save", "without_case"]

AT_ONCE = 5000

_LISTS = (
    "answers",
    "due_soon",
    "findings",
    "judged_insufficient",
    "not_assessed",
    "overrides",
    "failed",
)
"""The lists of a result in which each entry is of one case."""


@dataclass(frozen=True)
class Prepared:
    """A result that is ready to be kept: what takes long is done, and was done outside any transaction."""

    result: AuditResult
    listed: frozenset[str]
    digest: str
    packed: bytes


def prepare(result: AuditResult) -> Prepared:
    """Make a result ready to be kept, before a transaction begins: in SQLite nobody else can write during one."""
    digest, packed = _pack(result)
    return Prepared(result, frozenset(_listed(result)), digest, packed)


def save(session: Session, act: Act, audit: str, prepared: Prepared) -> None:
    """Keep the result of an audit, which is done with this. It is kept once.

    Cases that were erased since the audit began are taken out of its lists first.
    To be sure that nobody else does the same audit, end its job in the same
    transaction first (``holding.finish``).

    Raises:
        NotFoundError: there is no such audit.
        ConflictError: the audit is not running.
    """
    alone(session, Turn.UPLOAD)  # nothing is erased while this is kept
    move(session, act, audit, State.DONE)
    gone = prepared.listed - set(session.scalars(select(CaseVersionRow.case_id).distinct()))
    if gone:
        prepared = prepare(_without(prepared.result, gone))
    result = prepared.result
    _put(session, act, audit, prepared, erased=len(gone))
    for table, rows in (
        (AuditOutcomeRow, _outcomes(audit, result)),
        (AuditQuestionRow, _questions(audit, result)),
        (AuditFindingRow, _findings(audit, result)),
        (AuditGapRow, _gaps(audit, result)),
    ):
        _insert(session, table, rows)
    _insert_answers(session, audit, result)
    trail.note(
        session,
        act,
        "audit_result_kept",
        audit,
        cases=result.cases,
        findings=len(result.findings),
        rulebook=result.manifest.rulebook,
        digest=prepared.digest,
        erased=len(gone),
    )


def load(session: Session, scope: AreaScope, audit: str) -> AuditResult:
    """Return the result of an audit.

    Raises:
        NotFoundError: there is no such audit in the areas.
        ConflictError: the audit is not done; or its result is not as it was kept, or was kept by a version that said it otherwise.
    """
    try:
        return AuditResult.model_validate_json(load_json(session, scope, audit))
    except ValidationError:
        raise ConflictError("the result was kept by another version of Aboveline: audit again") from None


def load_json(session: Session, scope: AreaScope, audit: str) -> bytes:
    """Return the result of an audit as its JSON, to the byte as it was made.

    Raises:
        NotFoundError: there is no such audit in the areas.
        ConflictError: the audit is not done, or its result is not as it was kept.
    """
    known = get(session, scope, audit)
    row = session.get(AuditResultRow, audit)
    if row is None:
        raise ConflictError(f"the audit is {known.state}: it has no result")
    try:
        text = gzip.decompress(row.result)
    except (OSError, EOFError, zlib.error):
        text = b""
    if hashlib.sha256(text).hexdigest() != row.digest:
        raise ConflictError("the result is not as it was kept: restore the database from a backup")
    return text


def without_case(result: AuditResult, case: str) -> AuditResult:
    """Return a result in which a case is listed nowhere. It is counted in the scores as before."""
    return _without(result, {case})


def erase_cases(session: Session, act: Act, cases: Collection[str]) -> Counter[str]:
    """Take cases out of every result that lists them; return from how many results each was. The rows are ``retention``'s.

    They must stand in ``erasing``: nothing may change a result otherwise.
    """
    audits: Counter[str] = Counter()
    marks = [f"{quote}{case}{quote}".encode() for case in cases for quote in "\"'"]
    for audit in session.scalars(select(AuditResultRow.audit_id).order_by(AuditResultRow.audit_id)).all():
        row = session.execute(
            select(AuditResultRow.result, AuditResultRow.erased).where(AuditResultRow.audit_id == audit)
        ).one()
        text = gzip.decompress(row.result)
        if not any(mark in text for mark in marks):
            continue
        before = AuditResult.model_validate_json(text)
        listed = _listed(before) & set(cases)
        after = _without(before, set(cases))
        if after == before:
            continue
        audits.update(listed)
        erased = row.erased + len(listed)
        session.execute(delete(AuditResultRow).where(AuditResultRow.audit_id == audit))
        prepared = prepare(after)
        _put(session, act, audit, prepared, erased=erased)
        trail.note(session, act, "audit_cases_taken_out", audit, erased=erased, digest=prepared.digest)
    return audits


def _listed(result: AuditResult) -> set[str]:
    cases = {one.case for name in _LISTS for one in getattr(result, name)}
    return cases.union(*(one.cases for one in result.recommendations))


def _without(result: AuditResult, cases: AbstractSet[str]) -> AuditResult:
    if not cases:
        return result
    quoted = [f"'{case}'" for case in cases]
    return result.model_copy(
        update={
            **{name: tuple(one for one in getattr(result, name) if one.case not in cases) for name in _LISTS},
            "rejected": tuple(
                one for one in result.rejected if not any(case in one.reason for case in quoted)
            ),
            "recommendations": tuple(
                one.model_copy(update={"cases": tuple(case for case in one.cases if case not in cases)})
                for one in result.recommendations
            ),
        }
    )


def _pack(result: AuditResult) -> tuple[str, bytes]:
    text = result.to_json().encode()
    return hashlib.sha256(text).hexdigest(), gzip.compress(text, compresslevel=4, mtime=0)


def _put(session: Session, act: Act, audit: str, prepared: Prepared, *, erased: int) -> None:
    result = prepared.result
    session.execute(
        insert(AuditResultRow),
        [
            {
                "audit_id": audit,
                "at": act.at,
                "result": prepared.packed,
                "digest": prepared.digest,
                "rulebook": result.manifest.rulebook,
                "cases_hash": result.manifest.cases,
                "cases": result.cases,
                "erased": erased,
            }
        ],
    )


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
