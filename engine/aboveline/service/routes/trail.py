"""The audit trail: who did what, to what, when; and whether it is as it was written."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.service.guard import Router
from aboveline.service.models.people import Trail, TrailEntry, TrailVerification
from aboveline.service.problems import bad_request
from aboveline.service.security.current import Admin
from aboveline.store import trail

from .common import Limit, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1/trail", tags=["Trail"])


@router.get("", response_model=Trail)
def list_trail(
    request: Request,
    caller: Admin,  # noqa: ARG001 - it says who may
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Limit = 50,
) -> Response:
    """List the entries of the trail, the latest first."""
    with desk_of(request).database.reading() as session:
        found = trail.entries(session, before=before, limit=limit)
    items = tuple(
        TrailEntry(
            seq=one.seq,
            at=one.at,
            who=one.who,
            what=one.what,
            subject=one.subject,
            correlation=one.correlation,
            details=dict(one.details),
            previous=one.previous,
            hash=one.hash,
        )
        for one in found
    )
    further = items[-1].seq if items and items[-1].seq > 1 else None
    return told(request, Trail(items=items, next=further))


@router.get("/verification")
def verify_trail(
    request: Request,
    caller: Admin,  # noqa: ARG001 - the same
    entries: Annotated[int | None, Query(ge=1, le=2**53, description="As it was told before")] = None,
    known_hash: Annotated[
        str | None, Query(alias="hash", pattern="^[0-9a-f]{64}$", description="As it was told before")
    ] = None,
) -> TrailVerification:
    """Go through the whole trail and say whether each entry is as it was written, and the one that is known still there."""
    if (entries is None) != (known_hash is None):
        raise bad_request("Send both `entries` and `hash`, or neither.")
    known = None if entries is None or known_hash is None else trail.Head(entries, known_hash)
    with desk_of(request).database.reading() as session:
        head = trail.head(session)
        broken = trail.verify(session, known)
    return TrailVerification(
        whole=broken is None,
        entries=head.seq if head else 0,
        hash=head.hash if head else None,
        broken_at=broken.seq if broken else None,
        reason=broken.reason if broken else None,
    )
