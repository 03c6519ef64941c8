"""The audit trail: a page of it at a time, and checking the whole when somebody asks for it."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, desk_of, go_on, show
from aboveline.service.pages.views import trail as views
from aboveline.service.pages.views.parts import PER_PAGE
from aboveline.service.security.current import Admin
from aboveline.service.work.checking import check, last_checked
from aboveline.store import trail

__all__ = ["router"]

router = PageRouter()


@router.get(urls.TRAIL)
def trail_page(
    request: Request,
    caller: Admin,  # noqa: ARG001 - it says who may
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """Show entries of the trail, and when it was checked last. A page costs what it shows, however long the trail is."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        head = trail.head(session)
        shown = trail.entries(session, before=before, limit=PER_PAGE)
        checked = last_checked(session)
    entries = [
        views.TrailEntry(
            number=one.seq, at=one.at, by=one.who, what=one.what, subject=one.subject, hash=one.hash
        )
        for one in shown
    ]
    told = None
    if checked is not None:
        told = views.TrailChecked(
            at=checked.at, by=checked.by, upto=checked.upto, hash=checked.hash, broken=checked.broken
        )
    return show(request, "trail", views.trail_page(entries, head.seq if head else 0, told, before))


@router.post(urls.TRAIL_VERIFY)
def trail_verify(request: Request, caller: Admin) -> Response:
    """Check every entry of the trail, and keep that it was done."""
    desk = desk_of(request)
    check(desk, desk.act(caller))
    return go_on(request, urls.TRAIL, Done.TRIED)
