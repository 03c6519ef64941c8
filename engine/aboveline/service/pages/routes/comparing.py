"""Two audits side by side."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.comparison import compare
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import desk_of, go_on, show
from aboveline.service.pages.summaries import summary_of
from aboveline.service.pages.views import comparing as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Reader
from aboveline.service.work.auditing import every_audit
from aboveline.service.work.desk import scope_of
from aboveline.store import audits

__all__ = ["router"]

router = PageRouter()

Which = Annotated[str | None, Query(max_length=64)]


@router.get(urls.COMPARE)
def compare_form(request: Request, caller: Reader, before: Which = None, after: Which = None) -> Response:
    """Show the form that chooses two audits; lead to them once both are chosen."""
    with desk_of(request).database.reading() as session:
        done = [summary_of(one) for one in every_audit(session, scope_of(caller), audits.State.DONE)]
    if before is None and after is None:
        return show(request, "compare", views.compare_form(done))
    known = {one.id for one in done}
    errors = []
    if before not in known:
        errors.append(FieldError(field="before", text="Choose the earlier audit"))
    if after not in known or after == before:
        errors.append(FieldError(field="after", text="Choose the later audit, another than the earlier one"))
    if errors:
        values = {"before": before or "", "after": after or ""}
        return show(request, "compare", views.compare_form(done, values, errors))
    return go_on(request, urls.comparison(str(before), str(after)))


@router.get(urls.COMPARE + "/{before}/{after}")
def comparison_page(request: Request, before: str, after: str, caller: Reader) -> Response:
    """Show what changed from one audit to another, and what may be said of it."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        was = desk.result(session, scope_of(caller), before)
        now = desk.result(session, scope_of(caller), after)
    return show(request, "comparison", views.comparison_page(compare(was, now), before, after))
