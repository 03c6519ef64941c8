"""Results of audits: the JSON as it was made, gzipped. ``result_rows`` has the rows of it to look things up by."""

from collections import Counter
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from aboveline.result import AuditResult, RejectedRecord

from . import trail
from .act import Act
from .audits import State, get, move
from .errors import ConflictError
from .packing import marks_of, packed, unpacked
from .result_rows import insert_rows
from .schema import AuditResultRow, CaseVersionRow
from .scope import AreaScope
from .turns import Turn, alone

__all__ = ["Prepared", "load", "load_json", "prepare", "save", "without_case", "without_reasons"]

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
    digest, content = packed(result.to_json().encode())
    return Prepared(result, frozenset(_listed(result)), digest, content)


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
    insert_rows(session, audit, result)
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
    return unpacked(row.result, row.digest)


def without_case(result: AuditResult, case: str) -> AuditResult:
    """Return a result in which a case is listed nowhere. It is counted in the scores as before."""
    return _without(result, {case})


def erase_cases(session: Session, act: Act, cases: Collection[str]) -> Counter[str]:
    """Take cases out of every result that lists them; return from how many results each was. The rows are ``retention``'s.

    They must stand in ``erasing``: nothing may change a result otherwise.
    """
    audits: Counter[str] = Counter()
    marks = marks_of(cases)
    for audit in session.scalars(select(AuditResultRow.audit_id).order_by(AuditResultRow.audit_id)).all():
        row = session.execute(
            select(AuditResultRow.result, AuditResultRow.erased).where(AuditResultRow.audit_id == audit)
        ).one()
        text = unpacked(row.result)
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


def without_reasons(
    rejected: Collection[RejectedRecord], cases: AbstractSet[str]
) -> tuple[RejectedRecord, ...]:
    """Return rejected records, less those whose reason names one of the cases."""
    quoted = [f"'{case}'" for case in cases]
    return tuple(one for one in rejected if not any(case in one.reason for case in quoted))


def _listed(result: AuditResult) -> set[str]:
    cases = {one.case for name in _LISTS for one in getattr(result, name)}
    return cases.union(*(one.cases for one in result.recommendations))


def _without(result: AuditResult, cases: AbstractSet[str]) -> AuditResult:
    if not cases:
        return result
    return result.model_copy(
        update={
            **{name: tuple(one for one in getattr(result, name) if one.case not in cases) for name in _LISTS},
            "rejected": without_reasons(result.rejected, cases),
            "recommendations": tuple(
                one.model_copy(update={"cases": tuple(case for case in one.cases if case not in cases)})
                for one in result.recommendations
            ),
        }
    )


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
