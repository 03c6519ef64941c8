"""What a draft of the rules would do to the cases that are kept. A draft is data: nothing of it is run, or stored."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool

from aboveline.impact import Impact
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.service.guard import Router
from aboveline.service.models.audits import Day
from aboveline.service.models.impact import DraftRequest
from aboveline.service.problems import FieldProblem, ProblemError
from aboveline.service.security.bodies import inflated
from aboveline.service.security.current import Admin, Caller, uploads
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.drafting import LARGEST_DRAFT, UnfitDraftError, files_of_zip, impact_of
from aboveline.service.work.today import today_of

from .common import desk_of

__all__ = ["router"]

router = Router(prefix="/v1/impact", tags=["Impact"])

_ZIP = {
    "requestBody": {
        "required": True,
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("")
def assess_draft(request: Request, asked: DraftRequest, caller: Admin) -> Impact:
    """Say what a draft of the rules does to the cases of the caller's areas: answers that move, case by case, and scores."""
    files = {path: text.encode(errors="surrogatepass") for path, text in asked.files.items()}
    return _impact(desk_of(request), caller, files, asked.as_of, asked.base, asked.standards, asked.average)


@router.post("/zip", dependencies=[uploads(zipped=False)], openapi_extra=_ZIP)
async def assess_zipped_draft(
    request: Request,
    caller: Admin,
    as_of: Annotated[Day | None, Query(description="Today in London where none is named")] = None,
    base: Annotated[Literal["nothing", "shipped"], Query()] = "nothing",
    standards: Annotated[str, Query(max_length=100)] = DEFAULT_STANDARDS,
    average: Average = Average.QUESTIONS,
) -> Impact:
    """Say what a draft of the rules does, sent as a zip of its files."""
    packed = b"".join([piece async for piece in inflated(request.stream(), None, LARGEST_DRAFT)])

    def go_on() -> Impact:
        return _impact(desk_of(request), caller, files_of_zip(packed), as_of, base, standards, average)

    return await run_in_threadpool(go_on)


def _impact(
    desk: Desk,
    caller: Caller,
    files: Mapping[str, bytes],
    as_of: Day | None,
    base: str,
    standards: str,
    average: Average,
) -> Impact:
    try:
        return impact_of(
            desk,
            scope_of(caller),
            files,
            as_of or today_of(desk.clock),
            on_shipped=base == "shipped",
            standards=standards,
            average=average,
        )
    except UnfitDraftError as error:
        wrong = tuple(
            FieldProblem(
                path=f"{one.source}:{one.line}" if one.line else one.source,
                code="unfit_draft",
                reason=f"{one.path}: {one.reason}" if one.path else one.reason,
            )
            for one in error.problems[:1000]
        )
        raise ProblemError(
            422, "UNFIT_DRAFT", "The draft of the rules cannot be used.", errors=wrong
        ) from None
