"""What an audit found, whole: in every form, and what it recommends."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.reports import TableName
from aboveline.result import AuditResult
from aboveline.service.guard import Router
from aboveline.service.models.audits import AuditRecommendations
from aboveline.service.problems import ProblemError
from aboveline.service.security.current import Caller, Reader
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.exporting import MEDIA, Form, export, pseudonymised, pseudonyms_of
from aboveline.store import audits

from .common import TAGGED, Cases, Id, desk_of, has_it, need_may_name, tagged, told
from .judged_results import Judged, judged_result

__all__ = ["router"]

router = Router(prefix="/v1/audits", tags=["Audits"])

Table = Annotated[TableName, Query(description="Which table, for CSV")]

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()}},
    406: {"description": "The audit can be had in none of the forms that were asked for"},
    **TAGGED,
}


@router.get("/{audit_id}/result", response_class=Response, responses=_FILE)
def get_audit_result(
    request: Request,
    audit_id: Id,
    caller: Reader,
    cases: Cases = "pseudonyms",
    table: Table = TableName.FINDINGS,
    judgements: Judged = "as_audited",
) -> Response:
    """Give what an audit found, in the form that `Accept` asks for; JSON where it does not say."""
    return _result(request, caller, audit_id, _accepted(request), cases, table, judgements)


@router.get("/{audit_id}/result.{form}", response_class=Response, responses=_FILE)
def get_audit_result_as(
    request: Request,
    audit_id: Id,
    form: Form,
    caller: Reader,
    cases: Cases = "pseudonyms",
    table: Table = TableName.FINDINGS,
    judgements: Judged = "as_audited",
) -> Response:
    """Give what an audit found, in the form that the address names."""
    return _result(request, caller, audit_id, form, cases, table, judgements)


@router.get("/{audit_id}/recommendations", response_model=AuditRecommendations, responses=TAGGED)
def list_audit_recommendations(
    request: Request, audit_id: Id, caller: Reader, cases: Cases = "pseudonyms"
) -> Response:
    """List what an audit recommends, with the cases that fall short."""
    result = _found(desk_of(request), caller, audit_id)
    keys = {one.id: tuple(sorted(map(desk_of(request).keys.of, one.cases))) for one in result.recommendations}
    shown = _named(desk_of(request), caller, result, cases)
    return told(request, AuditRecommendations(items=shown.recommendations, keys=keys))


def _found(desk: Desk, caller: Caller, audit: str) -> AuditResult:
    with desk.database.reading() as session:
        return desk.result(session, scope_of(caller), audit)


def _named(desk: Desk, caller: Caller, result: AuditResult, cases: str) -> AuditResult:
    if cases == "pseudonyms":
        return pseudonymised(result, pseudonyms_of(desk))
    need_may_name(caller)
    return result


def _result(
    request: Request, caller: Caller, audit: str, form: Form, cases: str, table: TableName, judgements: str
) -> Response:
    if judgements == "with":
        return judged_result(request, caller, audit, form, cases, table)
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
