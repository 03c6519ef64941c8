"""Audits: asking for one, how far it has come, and stopping it."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.service.guard import Router
from aboveline.service.models.audits import AuditRequest, Audits, AuditState, AuditView
from aboveline.service.security.current import Caller, Reader, Writer
from aboveline.service.work import auditing
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.today import today_of
from aboveline.store import audits, jobs

from .common import TAGGED, Id, Limit, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1/audits", tags=["Audits"])


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


def _view(desk: Desk, caller: Caller, audit: str) -> AuditView:
    with desk.database.reading() as session:
        one = audits.get(session, scope_of(caller), audit)
        return AuditView.of(one, jobs.of_subject(session, auditing.KIND, audit))
