"""Two audits side by side."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.comparison import Comparison, compare
from aboveline.service.guard import Router
from aboveline.service.security.current import Reader
from aboveline.service.work.desk import scope_of
from aboveline.service.work.exporting import pseudonyms_of

from .common import TAGGED, Id, desk_of, need_may_name, told

__all__ = ["router"]

router = Router(prefix="/v1/comparisons", tags=["Comparison"])


@router.get("/{before}/{after}", response_model=Comparison, responses=TAGGED)
def compare_audits(
    request: Request,
    before: Id,
    after: Id,
    caller: Reader,
    cases: Annotated[Literal["pseudonyms", "ids"], Query()] = "pseudonyms",
) -> Response:
    """Tell what changed from one audit to another, with intervals, and case by case."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        was, now = desk.result(session, scope, before), desk.result(session, scope, after)
    found = compare(was, now)
    if cases == "ids":
        need_may_name(caller)
    else:
        found = _pseudonymised(found, pseudonyms_of(desk))
    return told(request, found)


def _pseudonymised(found: Comparison, name_of: Callable[[str], str]) -> Comparison:
    """Return a comparison in which a pseudonym stands for each case, in an order that does not give its id away."""
    update: dict[str, object] = {}
    for name in ("flips", "deficiencies"):
        if (rows := getattr(found, name)) is not None:
            named = [one.model_copy(update={"case": name_of(one.case)}) for one in rows]
            update[name] = tuple(sorted(named, key=lambda one: (one.case, one.question)))
    for name in ("only_before", "only_after"):
        if (ids := getattr(found, name)) is not None:
            update[name] = tuple(sorted(map(name_of, ids)))
    return found.model_copy(update=update)
