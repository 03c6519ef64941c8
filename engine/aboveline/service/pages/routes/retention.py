"""Retention: an administrator erases one case, or all that are older than a day, having been told how many."""

import datetime as dt
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, desk_of, go_on, show
from aboveline.service.pages.forms import Sent, day_of
from aboveline.service.pages.views import retention as views
from aboveline.service.pages.views.parts import PER_PAGE, FieldError
from aboveline.service.security.current import Admin
from aboveline.service.work import retaining
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.today import today_of
from aboveline.store import ConflictError, NotFoundError, retention

__all__ = ["router"]

router = PageRouter()

_SURE = FieldError(field="sure", text="Confirm that you know that it cannot be undone")


@router.get(urls.RETENTION)
def retention_page(
    request: Request,
    caller: Admin,  # noqa: ARG001 - it says who may
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Show both forms, and what was erased before."""
    return show(request, "retention", _page(desk_of(request), after))


@router.post(urls.RETENTION_CASE)
def erase_case(request: Request, sent: Sent, caller: Admin) -> Response:
    """Erase one case, with a reason, once it is confirmed."""
    desk = desk_of(request)
    case, why = sent.text("case"), sent.text("why")
    errors = []
    if not case:
        errors.append(FieldError(field="case", text="Give the id of the case"))
    if why not in views.REASONS:
        errors.append(FieldError(field="why", text="Choose why it is erased"))
    if sent.text("sure") != "yes":
        errors.append(_SURE)
    if not errors:
        try:
            retaining.erase_case(desk, desk.act(caller), scope_of(caller), case, retention.Why(why))
        except NotFoundError:
            errors = [FieldError(field="case", text="There is no such case in your areas")]
        else:
            return go_on(request, urls.RETENTION, Done.ERASED)
    view = _page(desk, None, {"case": case, "why": why}, errors)
    return show(request, "retention", view)


@router.post(urls.RETENTION_AGE)
def erase_by_age(request: Request, sent: Sent, caller: Admin) -> Response:
    """Say how many cases are older than a day; erase them once that is confirmed, and the number is still the same."""
    desk, scope = desk_of(request), scope_of(caller)
    before = day_of(sent.values, "before", "The day")
    if isinstance(before, dt.date) and before > today_of(desk.clock):
        before = FieldError(field="before", text="The day must be today or before: every case is older")
    if isinstance(before, FieldError):
        return show(request, "retention", _page(desk, None, sent.values, [before]))
    found = retaining.would_erase(desk, scope, before)
    told = sent.text("many")
    errors = []
    if told and told != str(found):
        errors.append(FieldError(field="sure", text=f"There are {found:,} now, and not {told}: look again"))
    elif told and sent.text("sure") != "yes":
        errors.append(_SURE)
    if told and found and not errors:
        try:
            made = retaining.erase_older(desk, desk.act(caller), scope, before, found)
        except ConflictError as error:
            errors.append(FieldError(field="sure", text=str(error)))
        else:
            if not made.left:
                return go_on(request, urls.RETENTION, Done.ERASED)
            found = made.left
    return show(request, "retention-age", views.retention_age(before, found, retaining.AT_MOST, errors))


def _page(
    desk: Desk,
    after: str | None,
    values: dict[str, str] | None = None,
    errors: list[FieldError] | None = None,
) -> views.RetentionPage:
    with desk.database.reading() as session:
        found = retention.tombstones(session, after=after, limit=PER_PAGE)
    erased = [
        views.Erased(
            at=one.at,
            by=one.who,
            why=str(one.why),
            rows=sum(many for name, many in one.counts.items() if name != "audits"),
            audits=one.counts.get("audits", 0),
        )
        for one in found.items
    ]
    return views.retention_page(erased, values, errors or (), found.after)
