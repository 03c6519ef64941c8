"""Erasing cases: one that is asked for, or those that are older than a day, counted first. The trail keeps that it was done."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.service.guard import Router
from aboveline.service.models.audits import Day
from aboveline.service.models.retention import ErasedView, ErasureRequest, Older, Tombstones, TombstoneView
from aboveline.service.security.current import Admin
from aboveline.service.work import retaining
from aboveline.service.work.answering import case_of
from aboveline.service.work.desk import scope_of
from aboveline.store import retention

from .common import TAGGED, Key, Limit, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1", tags=["Retention"])


@router.delete("/cases/{key}")
def erase_case(request: Request, key: Key, caller: Admin) -> TombstoneView:
    """Erase a case with every version, judgement, assessment, action and finding of it. Audits keep their scores."""
    desk = desk_of(request)
    return TombstoneView.of(
        retaining.erase_case(desk, desk.act(caller), scope_of(caller), case_of(desk, key))
    )


@router.get("/retention")
def count_older_cases(
    request: Request,
    caller: Admin,
    before: Annotated[Day, Query(description="Cases that were not uploaded on this day or since")],
) -> Older:
    """Say how many cases of the caller's areas would be erased. Age counts from the last upload that had the case new or changed."""
    cases = retaining.would_erase(desk_of(request), scope_of(caller), before)
    return Older(before=before, cases=cases)


@router.post("/retention")
def erase_older_cases(request: Request, asked: ErasureRequest, caller: Admin) -> ErasedView:
    """Erase the cases of the caller's areas that are older than a day, if they are as many as was told; 1,000 at most at once."""
    desk = desk_of(request)
    made = retaining.erase_older(desk, desk.act(caller), scope_of(caller), asked.before, asked.cases)
    return ErasedView(before=asked.before, erased=made.erased, left=made.left)


@router.get("/retention/tombstones", response_model=Tombstones, responses=TAGGED)
def list_tombstones(
    request: Request,
    caller: Admin,  # noqa: ARG001 - it says who may
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
) -> Response:
    """List what was erased, the latest first: when, by whom, why and how much, and not which case."""
    with desk_of(request).database.reading() as session:
        page = retention.tombstones(session, after=after, limit=limit)
    return told(request, Tombstones(items=tuple(map(TombstoneView.of, page.items)), next=page.after))
