"""Audits: asking for one, how far it has come, what it found in every form, and from a score down to the cases behind it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.answers import Answer
from aboveline.reports import TableName
from aboveline.result import AuditResult
from aboveline.rulebook import Severity
from aboveline.service.guard import Router
from aboveline.service.models.audits import (
    AuditAnswer,
    AuditAnswers,
    AuditFinding,
    AuditFindings,
    AuditGap,
    AuditGaps,
    AuditRecommendations,
    AuditRequest,
    Audits,
    AuditState,
    AuditView,
)
from aboveline.service.problems import ProblemError
from aboveline.service.security.current import Caller, Reader, Writer
from aboveline.service.work import auditing
from aboveline.service.work.answering import case_of
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.exporting import MEDIA, Form, export, pseudonymised, pseudonyms_of
from aboveline.service.work.today import today_of
from aboveline.store import audits, drilldown, jobs
from aboveline.store.drilldown import Only

from .common import TAGGED, Cases, Id, Limit, bad_cursor, desk_of, has_it, need_may_name, tagged, told

__all__ = ["router"]

router = Router(prefix="/v1/audits", tags=["Audits"])

Table = Annotated[TableName, Query(description="Which table, for CSV")]
CaseKey = Annotated[str | None, Query(max_length=256, description="The key of a case")]
Name = Annotated[str | None, Query(max_length=64)]
Number = Annotated[int | None, Query(ge=0, le=2**53)]

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()}},
    406: {"description": "The audit can be had in none of the forms that were asked for"},
    **TAGGED,
}


@router.post("", status_code=202, response_model=AuditView)
def start_audit(request: Request, asked: AuditRequest, caller: Writer) -> Response:
    """Ask for an audit, which a worker does. Where it is, `Location` tells."""
    desk = desk_of(request)
    made = auditing.ask(
        desk,
        desk.act(caller),
        scope_of(caller),
        auditing.Asked(
            asked.as_of or today_of(desk.clock), asked.areas, asked.standards, asked.average, asked.by
        ),
    )
    view = _view(desk, caller, made.id)
    return Response(
        view.model_dump_json(), 202, {"location": f"{router.prefix}/{made.id}"}, "application/json"
    )


@router.get("", response_model=Audits, responses=TAGGED)
def list_audits(
    request: Request,
    caller: Reader,
    state: AuditState | None = None,
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
) -> Response:
    """List the audits of which the caller has every area, the latest first."""
    with desk_of(request).database.reading() as session:
        page = audits.page(
            session, scope_of(caller), state=audits.State(state) if state else None, after=after, limit=limit
        )
        items = tuple(
            AuditView.of(one, jobs.of_subject(session, auditing.KIND, one.id)) for one in page.items
        )
    return told(request, Audits(items=items, next=page.after))


@router.get("/{audit_id}", response_model=AuditView, responses=TAGGED)
def get_audit(request: Request, audit_id: Id, caller: Reader) -> Response:
    """Tell how far an audit has come."""
    return told(request, _view(desk_of(request), caller, audit_id))


@router.post("/{audit_id}/stop")
def stop_audit(request: Request, audit_id: Id, caller: Writer) -> AuditView:
    """Stop an audit that is not done."""
    desk = desk_of(request)
    auditing.stop(desk, desk.act(caller), scope_of(caller), audit_id)
    return _view(desk, caller, audit_id)


@router.get("/{audit_id}/result", response_class=Response, responses=_FILE)
def get_audit_result(
    request: Request,
    audit_id: Id,
    caller: Reader,
    cases: Cases = "pseudonyms",
    table: Table = TableName.FINDINGS,
) -> Response:
    """Give what an audit found, in the form that `Accept` asks for; JSON where it does not say."""
    return _result(request, caller, audit_id, _accepted(request), cases, table)


@router.get("/{audit_id}/result.{form}", response_class=Response, responses=_FILE)
def get_audit_result_as(
    request: Request,
    audit_id: Id,
    form: Form,
    caller: Reader,
    cases: Cases = "pseudonyms",
    table: Table = TableName.FINDINGS,
) -> Response:
    """Give what an audit found, in the form that the address names."""
    return _result(request, caller, audit_id, form, cases, table)


@router.get("/{audit_id}/findings", response_model=AuditFindings, responses=TAGGED)
def list_audit_findings(
    request: Request,
    audit_id: Id,
    caller: Reader,
    case: CaseKey = None,
    question: Name = None,
    criterion: Name = None,
    outcome: Name = None,
    deficiency: Name = None,
    severity: Severity | None = None,
    after: Number = None,
    limit: Limit = 50,
) -> Response:
    """List the findings of an audit, with their evidence."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        audits.get(session, scope, audit_id)
        only = Only(_case(desk, case), question, criterion, outcome, deficiency, severity and str(severity))
        page = drilldown.findings(session, scope, audit_id, only, after=after, limit=limit)
        total = drilldown.count_findings(session, scope, audit_id, only)
    items = tuple(AuditFinding(key=desk.keys.of(one.case), finding=one) for one in page.items)
    return told(request, AuditFindings(items=items, total=total, next=page.after))


@router.get("/{audit_id}/answers", response_model=AuditAnswers, responses=TAGGED)
def list_audit_answers(
    request: Request,
    audit_id: Id,
    caller: Reader,
    case: CaseKey = None,
    question: Name = None,
    criterion: Name = None,
    outcome: Name = None,
    answer: Answer | None = None,
    after: Annotated[str | None, Query(max_length=400)] = None,
    limit: Limit = 50,
) -> Response:
    """List the answers of an audit, and count them."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        audits.get(session, scope, audit_id)
        only = Only(_case(desk, case), question, criterion, outcome, answer=answer)
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
    case: CaseKey = None,
    question: Name = None,
    criterion: Name = None,
    outcome: Name = None,
    after: Number = None,
    limit: Limit = 50,
) -> Response:
    """List what an audit could not answer, and what would decide it."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        audits.get(session, scope, audit_id)
        only = Only(_case(desk, case), question, criterion, outcome)
        page = drilldown.gaps(session, scope, audit_id, only, after=after, limit=limit)
        total = drilldown.count_gaps(session, scope, audit_id, only)
    items = tuple(AuditGap(key=desk.keys.of(one.case), gap=one) for one in page.items)
    return told(request, AuditGaps(items=items, total=total, next=page.after))


@router.get("/{audit_id}/recommendations", response_model=AuditRecommendations, responses=TAGGED)
def list_audit_recommendations(
    request: Request, audit_id: Id, caller: Reader, cases: Cases = "pseudonyms"
) -> Response:
    """List what an audit recommends, with the cases that fall short."""
    result = _found(desk_of(request), caller, audit_id)
    keys = {one.id: tuple(sorted(map(desk_of(request).keys.of, one.cases))) for one in result.recommendations}
    shown = _named(desk_of(request), caller, result, cases)
    return told(request, AuditRecommendations(items=shown.recommendations, keys=keys))


def _view(desk: Desk, caller: Caller, audit: str) -> AuditView:
    with desk.database.reading() as session:
        one = audits.get(session, scope_of(caller), audit)
        return AuditView.of(one, jobs.of_subject(session, auditing.KIND, audit))


def _found(desk: Desk, caller: Caller, audit: str) -> AuditResult:
    with desk.database.reading() as session:
        return desk.result(session, scope_of(caller), audit)


def _named(desk: Desk, caller: Caller, result: AuditResult, cases: str) -> AuditResult:
    if cases == "pseudonyms":
        return pseudonymised(result, pseudonyms_of(desk))
    need_may_name(caller)
    return result


def _result(
    request: Request, caller: Caller, audit: str, form: Form, cases: str, table: TableName
) -> Response:
    desk = desk_of(request)
    with desk.database.reading() as session:
        one = audits.get(session, scope_of(caller), audit)
        if cases == "ids":
            need_may_name(caller)
        tag = "-".join((one.digest or "", form, cases, table if form is Form.CSV else ""))
        headers = {"vary": "Accept"}
        if one.digest is not None and has_it(request, f'"{tag}"'):
            return Response(status_code=304, headers={**headers, "etag": f'"{tag}"'})
        result = desk.result(session, scope_of(caller), audit)
    made = export(result, form, None if cases == "ids" else pseudonyms_of(desk), table)
    headers["content-disposition"] = f'attachment; filename="{made.name}"'
    return tagged(request, made.content, made.media, headers=headers, tag=tag)


def _accepted(request: Request) -> Form:
    """Return the form that a client wants most of those there are."""
    best, weight = None, 0.0
    for wanted in request.headers.get("accept", "*/*").split(","):
        media, *parameters = (part.strip().lower() for part in wanted.split(";"))
        much = _weight(parameters)
        form = Form.JSON if media == "*/*" else _form(media)
        if form is not None and much > weight:
            best, weight = form, much
    if best is None:
        raise ProblemError(
            406,
            "NOT_ACCEPTABLE",
            "The audit cannot be had in that form.",
            developer="Accept one of: " + ", ".join(media.split(";")[0] for media in MEDIA.values()),
        )
    return best


def _form(media: str) -> Form | None:
    kind, _, rest = media.partition("/")
    for form, ours in MEDIA.items():
        plain = ours.split(";")[0]
        if media == plain or (rest == "*" and plain.startswith(f"{kind}/")):
            return form
    return None


def _weight(parameters: Sequence[str]) -> float:
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def _case(desk: Desk, key: str | None) -> str | None:
    return None if key is None else case_of(desk, key)


def _place(desk: Desk, after: str | None) -> tuple[str, str] | None:
    if after is None:
        return None
    key, _, question = after.partition(".")
    case = desk.keys.case(key)
    if case is None:
        raise bad_cursor()
    return case, question
