"""What a draft of the rules would do to the cases that are kept. A draft is data: nothing of it is run."""

from typing import Annotated

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from aboveline.impact import Impact
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.service.guard import Router
from aboveline.service.models.audits import Day
from aboveline.service.models.impact import Base, DraftFiles, DraftRequest, Drafts, DraftView, Label
from aboveline.service.problems import FieldProblem, ProblemError
from aboveline.service.security.bodies import inflated
from aboveline.service.security.current import Admin, Caller, uploads
from aboveline.service.work import drafting
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.draft_files import LARGEST_DRAFT, files_of_zip
from aboveline.service.work.drafting import Sent
from aboveline.service.work.exporting import pseudonymised_impact, pseudonyms_of
from aboveline.service.work.today import today_of
from aboveline.service.work.trying import UnfitDraftError
from aboveline.store import drafts, impacts, jobs

from .common import TAGGED, Cases, Id, Limit, desk_of, has_it, need_may_name, tagged, told

__all__ = ["router"]

router = Router(prefix="/v1/impact", tags=["Impact"])

_ZIP = {
    "requestBody": {
        "required": True,
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", status_code=202, response_model=DraftView)
def start_impact(request: Request, asked: DraftRequest, caller: Admin) -> Response:
    """Send a draft of the rules, which a worker tries on the cases of the caller's areas. Where it is, `Location` tells."""
    desk = desk_of(request)
    sent = Sent(
        {path: text.encode(errors="surrogatepass") for path, text in asked.files.items()},
        asked.as_of or today_of(desk.clock),
        asked.label,
        asked.base == "shipped",
        asked.standards,
        asked.average,
    )
    return _send(desk, caller, sent)


@router.post(
    "/zip",
    status_code=202,
    response_model=DraftView,
    dependencies=[uploads(zipped=False)],
    openapi_extra=_ZIP,
)
async def start_zipped_impact(
    request: Request,
    caller: Admin,
    label: Annotated[Label, Query(description="What to call it; it must not name anybody")] = "",
    as_of: Annotated[Day | None, Query(description="Today in London where none is named")] = None,
    base: Annotated[Base, Query()] = "nothing",
    standards: Annotated[str, Query(max_length=100)] = DEFAULT_STANDARDS,
    average: Average = Average.QUESTIONS,
) -> Response:
    """Send a draft of the rules as a zip of its files."""
    packed = b"".join([piece async for piece in inflated(request.stream(), None, LARGEST_DRAFT)])

    def go_on() -> Response:
        desk = desk_of(request)
        day = as_of or today_of(desk.clock)
        sent = Sent(files_of_zip(packed), day, label, base == "shipped", standards, average)
        return _send(desk, caller, sent)

    return await run_in_threadpool(go_on)


@router.get("", response_model=Drafts, responses=TAGGED)
def list_impacts(
    request: Request,
    caller: Admin,
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
) -> Response:
    """List the drafts of which the caller has every area, the latest first."""
    with desk_of(request).database.reading() as session:
        page = drafts.page(session, scope_of(caller), after=after, limit=limit)
        items = tuple(
            DraftView.of(one, jobs.of_subject(session, drafting.KIND, one.id)) for one in page.items
        )
    return told(request, Drafts(items=items, next=page.after))


@router.get("/{draft_id}", response_model=DraftView, responses=TAGGED)
def get_impact(request: Request, draft_id: Id, caller: Admin) -> Response:
    """Tell how far trying a draft has come."""
    return told(request, _view(desk_of(request), caller, draft_id))


@router.post("/{draft_id}/stop")
def stop_impact(request: Request, draft_id: Id, caller: Admin) -> DraftView:
    """Stop trying a draft that is not done."""
    desk = desk_of(request)
    drafting.stop(desk, desk.act(caller), scope_of(caller), draft_id)
    return _view(desk, caller, draft_id)


@router.get("/{draft_id}/files", response_model=DraftFiles, responses=TAGGED)
def get_impact_files(request: Request, draft_id: Id, caller: Admin) -> Response:
    """Give the files of a draft as they were sent."""
    with desk_of(request).database.reading() as session:
        return told(request, DraftFiles(files=drafts.files(session, scope_of(caller), draft_id)))


@router.get("/{draft_id}/result", response_model=Impact, responses=TAGGED)
def get_impact_result(request: Request, draft_id: Id, caller: Admin, cases: Cases = "pseudonyms") -> Response:
    """Say what a draft would do: answers that move, case by case, and scores. As `aboveline impact` says it."""
    desk = desk_of(request)
    if cases == "ids":
        need_may_name(caller)
    with desk.database.reading() as session:
        one = drafts.get(session, scope_of(caller), draft_id)
        tag = f"{one.digest or ''}-{cases}"
        if one.digest is not None and has_it(request, f'"{tag}"'):
            return Response(status_code=304, headers={"etag": f'"{tag}"'})
        impact = impacts.load(session, scope_of(caller), draft_id)
    if cases == "pseudonyms":
        impact = pseudonymised_impact(impact, pseudonyms_of(desk))
    return tagged(request, impact.to_json().encode(), "application/json", tag=tag)


def _view(desk: Desk, caller: Caller, draft: str) -> DraftView:
    with desk.database.reading() as session:
        one = drafts.get(session, scope_of(caller), draft)
        return DraftView.of(one, jobs.of_subject(session, drafting.KIND, draft))


def _send(desk: Desk, caller: Caller, sent: Sent) -> Response:
    try:
        made = drafting.send(desk, desk.act(caller), scope_of(caller), sent)
    except UnfitDraftError as error:
        wrong = tuple(
            FieldProblem(
                path=f"{one.source}:{one.line}" if one.line else one.source,
                code="unfit_draft",
                reason=f"{one.path}: {one.reason}" if one.path else one.reason,
            )
            for one in error.problems
        )
        raise ProblemError(
            422, "UNFIT_DRAFT", "The draft of the rules cannot be used.", errors=wrong
        ) from None
    view = _view(desk, caller, made.id)
    headers = {"location": f"{router.prefix}/{made.id}"}
    return Response(view.model_dump_json(), 202, headers, "application/json")
