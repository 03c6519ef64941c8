"""Cases: the caseload, a record, and one case answered in the request, with facts that are not stored yet."""

import datetime as dt
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.explain import Explanation
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.service.guard import Router
from aboveline.service.models.audits import Day
from aboveline.service.models.cases import (
    AnswerChange,
    CaseDetail,
    Cases,
    CaseView,
    LiveAudit,
    LiveRequest,
)
from aboveline.service.problems import FieldProblem, ProblemError
from aboveline.service.security.current import Reader
from aboveline.service.work.answering import case_of, explain_record, record_of
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.live import UnfitFactsError, live
from aboveline.service.work.today import today_of
from aboveline.store import UnfitError, cases

from .common import TAGGED, Id, Key, Limit, bad_cursor, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1/cases", tags=["Cases"])


@router.get("", response_model=Cases, responses=TAGGED)
def list_cases(
    request: Request,
    caller: Reader,
    area: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    after: Annotated[str | None, Query(max_length=256)] = None,
    limit: Limit = 50,
) -> Response:
    """List the cases of the caller's areas."""
    desk, scope = desk_of(request), scope_of(caller)
    place = _place(desk, after)
    with desk.database.reading() as session:
        page = cases.page(session, scope, after=place, limit=limit, area=area)
        total = cases.count(session, scope, area=area)
    items = tuple(_view(desk, one) for one in page.items)
    return told(
        request,
        Cases(items=items, total=total, next=None if page.after is None else desk.keys.of(page.after)),
    )


@router.get("/{key}", response_model=CaseDetail, responses=TAGGED)
def get_case(request: Request, key: Key, caller: Reader) -> Response:
    """Show a case's record, as it was uploaded last."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        found = cases.get(session, scope_of(caller), case_of(desk, key))
    view = _view(desk, found.stored)
    return told(
        request,
        CaseDetail(
            key=view.key,
            case=view.case,
            area=view.area,
            version=view.version,
            digest=view.digest,
            at=view.at,
            record=found.record,
        ),
    )


@router.post("/{key}/audit")
def audit_case(request: Request, key: Key, caller: Reader, asked: LiveRequest | None = None) -> LiveAudit:
    """Answer a case just now, with more facts or without: what they open and close, and what falls due next."""
    desk = desk_of(request)
    asked = asked or LiveRequest()
    _need_standards(asked.standards)
    case = case_of(desk, key)
    with desk.database.reading() as session:
        record, _ = record_of(session, scope_of(caller), case)
    as_of = asked.as_of or today_of(desk.clock)
    try:
        found = live(record, asked.facts, as_of, asked.standards)
    except UnfitFactsError as error:
        raise _unfit(error) from None
    return LiveAudit(
        key=key,
        case=case,
        as_of=as_of,
        standards=asked.standards,
        rulebook=found.now.rulebook.hash,
        answers=found.now.answers,
        opened=found.opened,
        closed=found.closed,
        changed=tuple(AnswerChange(question=q, before=was, after=now) for q, was, now in found.changed),
        due_next=found.due_next,
    )


@router.get("/{key}/questions/{question_id}/explanation", response_model=Explanation, responses=TAGGED)
def explain_answer(
    request: Request,
    key: Key,
    question_id: Id,
    caller: Reader,
    as_of: Annotated[Day | None, Query(description="Today in London where none is named")] = None,
    standards: Annotated[str, Query(max_length=100)] = DEFAULT_STANDARDS,
) -> Response:
    """Say why a question has its answer for a case, and what would alter it."""
    desk = desk_of(request)
    _need_standards(standards)
    with desk.database.reading() as session:
        record, _ = record_of(session, scope_of(caller), case_of(desk, key))
    day: dt.date = as_of or today_of(desk.clock)
    return told(request, explain_record(record, question_id, day, standards))


def _view(desk: Desk, one: cases.CaseVersion) -> CaseView:
    return CaseView(
        key=desk.keys.of(one.case),
        case=one.case,
        area=one.area,
        version=one.version,
        digest=one.digest,
        at=one.at,
    )


def _place(desk: Desk, after: str | None) -> str | None:
    if after is None:
        return None
    case = desk.keys.case(after)
    if case is None:
        raise bad_cursor()
    return case


def _need_standards(name: str) -> None:
    if name not in rules_of().packs:
        raise UnfitError("there are no such standards")


def _unfit(error: UnfitFactsError) -> ProblemError:
    """Return what is wrong with facts, by their places in the record with the facts added."""
    wrong = tuple(
        FieldProblem(path=f"body.facts.{one.path}".rstrip("."), code="unfit_fact", reason=one.reason)
        for one in error.problems
    )
    return ProblemError(
        422,
        "UNFIT_FACTS",
        "These facts cannot be added to the record.",
        developer="Places are those in the record with the facts added to the end of its lists.",
        errors=wrong,
    )
