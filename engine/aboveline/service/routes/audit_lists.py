"""From a score of an audit down to the cases behind it: findings, answers and gaps, of some questions or of one case."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import Response

from aboveline.answers import Answer
from aboveline.rulebook import Severity
from aboveline.service.guard import Router
from aboveline.service.models.audits import (
    AuditAnswer,
    AuditAnswers,
    AuditFinding,
    AuditFindings,
    AuditGap,
    AuditGaps,
)
from aboveline.service.security.current import Reader
from aboveline.service.work.answering import case_of
from aboveline.service.work.desk import Desk, scope_of
from aboveline.store import audits, drilldown
from aboveline.store.drilldown import Only

from .common import TAGGED, Id, Limit, bad_cursor, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1/audits", tags=["Audits"])

Name = Annotated[str | None, Query(max_length=64)]
Number = Annotated[int | None, Query(ge=0, le=2**53)]


@dataclass(frozen=True)
class Picked:
    """What every one of these lists can be narrowed to."""

    case: Annotated[str | None, Query(max_length=256, description="The key of a case")] = None
    question: Name = None
    criterion: Name = None
    outcome: Name = None

    def only(self, desk: Desk) -> Only:
        """Return what to look up.

        Raises:
            NotFoundError: there is no case of that key.
        """
        case = None if self.case is None else case_of(desk, self.case)
        return Only(case, self.question, self.criterion, self.outcome)


Picking = Annotated[Picked, Depends()]


@router.get("/{audit_id}/findings", response_model=AuditFindings, responses=TAGGED)
def list_audit_findings(
    request: Request,
    audit_id: Id,
    caller: Reader,
    picked: Picking,
    deficiency: Name = None,
    severity: Severity | None = None,
    after: Number = None,
    limit: Limit = 50,
) -> Response:
    """List the findings of an audit, with their evidence."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        audits.get(session, scope, audit_id)
        only = replace(picked.only(desk), deficiency=deficiency, severity=severity and str(severity))
        page = drilldown.findings(session, scope, audit_id, only, after=after, limit=limit)
        total = drilldown.count_findings(session, scope, audit_id, only)
    items = tuple(AuditFinding(key=desk.keys.of(one.case), finding=one) for one in page.items)
    return told(request, AuditFindings(items=items, total=total, next=page.after))


@router.get("/{audit_id}/answers", response_model=AuditAnswers, responses=TAGGED)
def list_audit_answers(
    request: Request,
    audit_id: Id,
    caller: Reader,
    picked: Picking,
    answer: Answer | None = None,
    after: Annotated[str | None, Query(max_length=400)] = None,
    limit: Limit = 50,
) -> Response:
    """List the answers of an audit, and count them."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        audits.get(session, scope, audit_id)
        only = replace(picked.only(desk), answer=answer)
        page = drilldown.answers(session, scope, audit_id, only, after=_place(desk, after), limit=limit)
        counts = drilldown.count_answers(session, scope, audit_id, only)
    items = tuple(
        AuditAnswer(
            key=desk.keys.of(one.case),
            case=one.case,
            question=one.question,
            answer=one.answer,
            level=one.level,
        )
        for one in page.items
    )
    # A case is never named in an address, not even in where to go on from.
    further = f"{desk.keys.of(page.after[0])}.{page.after[1]}" if page.after else None
    return told(request, AuditAnswers(items=items, counts=counts, next=further))


@router.get("/{audit_id}/gaps", response_model=AuditGaps, responses=TAGGED)
def list_audit_gaps(
    request: Request,
    audit_id: Id,
    caller: Reader,
    picked: Picking,
    after: Number = None,
    limit: Limit = 50,
) -> Response:
    """List what an audit could not answer, and what would decide it."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        audits.get(session, scope, audit_id)
        only = picked.only(desk)
        page = drilldown.gaps(session, scope, audit_id, only, after=after, limit=limit)
        total = drilldown.count_gaps(session, scope, audit_id, only)
    items = tuple(AuditGap(key=desk.keys.of(one.case), gap=one) for one in page.items)
    return told(request, AuditGaps(items=items, total=total, next=page.after))


def _place(desk: Desk, after: str | None) -> tuple[str, str] | None:
    if after is None:
        return None
    key, _, question = after.partition(".")
    case = desk.keys.case(key)
    if case is None:
        raise bad_cursor()
    return case, question
