"""What was judged of an audit's answers since: who, when and why, the scores with that, and the records to take along."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from aboveline.case import CaseRecord
from aboveline.result import AuditResult
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import PageNumber, desk_of, show
from aboveline.service.pages.views.judged import JudgedPart, judged_page, judged_part
from aboveline.service.pages.views.overriding import ReasonedAnswer
from aboveline.service.problems import forbidden
from aboveline.service.security.current import Caller, Reader
from aboveline.service.security.roles import Role
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.judged import Since, cannot_be_made, records, since, with_judgements
from aboveline.store import AreaScope, NotFoundError

from .overriding import every_reasoned

__all__ = ["Beside", "beside", "part_of", "router"]

router = PageRouter()


@dataclass(frozen=True)
class Beside:
    """What was said since an audit, as pages show it, with the result that it makes, where that can be made."""

    said: tuple[ReasonedAnswer, ...]
    after: AuditResult | None
    why_not: str | None
    erased: int


def beside(desk: Desk, scope: AreaScope, audit: str) -> Beside:
    """Return what stands beside an audit. Not to be asked for within a transaction: others may be waited for.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    with desk.database.reading() as session:
        found = since(session, scope, audit)
    if not found.said:
        return Beside((), None, None, 0)
    why_not = cannot_be_made(found.audit)
    after = with_judgements(desk, found) if why_not is None else None
    return Beside(every_reasoned(found.said), after, why_not, found.audit.erased)


def part_of(desk: Desk, caller: Caller, audit: str, before: AuditResult) -> JudgedPart | None:
    """Return what an audit's page says of what was judged since, none where nothing was."""
    found = beside(desk, scope_of(caller), audit)
    if not found.said:
        return None
    return judged_part(
        audit,
        found.said,
        before,
        found.after,
        found.why_not,
        erased=found.erased,
        may_name=_may_name(caller),
    )


@router.get(urls.AUDITS + "/{audit_id}/judgements")
def judged_since(request: Request, audit_id: str, caller: Reader, page: PageNumber = 1) -> Response:
    """Show who judged what of an audit since, when and why, and its scores with that."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        before = desk.result(session, scope_of(caller), audit_id)
    found = beside(desk, scope_of(caller), audit_id)
    if not found.said:
        raise NotFoundError("nothing was judged of this audit since")
    view = judged_page(
        audit_id,
        found.said,
        before,
        found.after,
        found.why_not,
        desk.keys.of,
        page,
        erased=found.erased,
        may_name=_may_name(caller),
    )
    return show(request, "judged", view)


@router.get(urls.AUDITS + "/{audit_id}/records.jsonl")
def audit_records(request: Request, audit_id: str, caller: Reader) -> Response:
    """Give the records that an audit read, each with all that was said of it, for those who may have the ids of cases."""
    if not _may_name(caller):
        raise forbidden("The records have the ids of cases, which your role does not cover.")
    desk = desk_of(request)
    with desk.database.reading() as session:
        found = since(session, scope_of(caller), audit_id)
    headers = {"content-disposition": f'attachment; filename="records-{found.audit.as_of}.jsonl"'}
    return StreamingResponse(_lines(desk, found), media_type="application/x-ndjson", headers=headers)


def _lines(desk: Desk, found: Since) -> Iterator[bytes]:
    for record in records(desk.database, found):
        if isinstance(record, CaseRecord):
            yield record.model_dump_json(exclude_defaults=True).encode() + b"\n"


def _may_name(caller: Caller) -> bool:
    return caller.has(Role.WRITE, Role.JUDGE, Role.ADMIN)
