"""The dashboard, and an audit's files to download."""

from typing import Annotated, Literal

from fastapi import Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from aboveline.reports import TableName
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import desk_of, show
from aboveline.service.pages.summaries import areas_in_words
from aboveline.service.pages.views import dashboard as views
from aboveline.service.problems import forbidden
from aboveline.service.security.current import Reader
from aboveline.service.work.auditing import latest_done
from aboveline.service.work.desk import scope_of
from aboveline.service.work.exporting import Form, export
from aboveline.service.work.judged import since, since_in_words, with_judgements
from aboveline.store import AreaScope, audits, trends
from aboveline.store.keys import Pseudonyms

from .audits import may_name
from .judged import part_of

__all__ = ["router"]

router = PageRouter()


@router.get(urls.DASHBOARD)
def dashboard(request: Request, caller: Reader) -> Response:
    """Show what the latest audit of the caller's areas found, and how that has moved."""
    desk = desk_of(request)
    scope = scope_of(caller)
    with desk.database.reading() as session:
        latest = latest_done(session, scope)
        if latest is None:
            view = views.dashboard(None, None, (), "", desk.keys.of)
            return show(request, "dashboard", view)
        result = desk.result(session, scope, latest.id)
        earlier = _earlier(session, scope, latest)
    judged = part_of(desk, caller, latest.id, result)
    view = views.dashboard(latest.id, result, earlier, areas_in_words(latest.areas), desk.keys.of)
    return show(request, "dashboard", view.model_copy(update={"judged": judged}))


@router.get(urls.AUDITS + "/{audit_id}/report.{form}")
def audit_report(
    request: Request,
    audit_id: str,
    form: Form,
    caller: Reader,
    cases: Annotated[Literal["pseudonyms", "ids"], Query()] = "pseudonyms",
    table: Annotated[TableName, Query()] = TableName.FINDINGS,
    judgements: Annotated[Literal["as_audited", "with"], Query()] = "as_audited",
) -> Response:
    """Give an audit as a file, as it was made or with what was judged since.

    Pseudonyms stand for cases; those who work on them may ask for their ids.
    """
    if cases == "ids" and not may_name(caller):
        raise forbidden("You may download this with pseudonyms in place of the ids of cases.")
    desk = desk_of(request)
    with desk.database.reading() as session:
        result = desk.result(session, scope_of(caller), audit_id)
        found = since(session, scope_of(caller), audit_id) if judgements == "with" else None
    if found is not None:
        result = with_judgements(desk, found)
    name_of = (
        None if cases == "ids" else Pseudonyms(desk.settings.pseudonym_key.get_secret_value().encode()).of
    )
    made = export(result, form, name_of, table, judged=None if found is None else since_in_words(found))
    headers = {"content-disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media, headers=headers)


def _earlier(session: Session, scope: AreaScope, latest: audits.Audit) -> list[views.TrendPoint]:
    """Return the audits of the same areas as at earlier days, the earliest first; the last of those of one day."""
    points: dict[object, views.TrendPoint] = {}
    for outcomes in trends.trend(session, scope, latest.scope):
        if not outcomes or outcomes[0].as_of >= latest.as_of:
            continue
        one = audits.get(session, scope, outcomes[0].audit)
        points[one.as_of] = views.TrendPoint(
            audit=one.id,
            as_of=one.as_of,
            cases=one.cases or 0,
            scores={point.outcome: (point.score, point.n) for point in outcomes},
        )
    return list(points.values())
