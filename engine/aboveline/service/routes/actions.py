"""The action plan: what is to be done, by whom, by when, and how far it has come. What it said before is kept."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.service.guard import Router
from aboveline.service.models.plan import (
    ActionChange,
    ActionChangeView,
    ActionDetail,
    ActionRequest,
    Actions,
    ActionView,
)
from aboveline.service.security.current import Reader, Writer
from aboveline.service.work.answering import case_of
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.store import AreaScope, UnfitError, planning
from aboveline.store import actions as store

from .common import TAGGED, Id, Limit, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1/actions", tags=["Action plan"])


@router.post("", status_code=201)
def add_action(request: Request, asked: ActionRequest, caller: Writer, response: Response) -> ActionView:
    """Put an action down: for an audit or one of its recommendations, for a case, or for areas."""
    desk = desk_of(request)
    if asked.recommendation is not None and asked.recommendation not in rules_of().framework.recommendations:
        raise UnfitError("there is no such recommendation")
    with desk.database.begin() as session:
        made = planning.put(
            session,
            desk.act(caller),
            scope_of(caller),
            store.Plan(asked.text, asked.owner, asked.due, asked.state),
            audit=asked.audit,
            recommendation=asked.recommendation,
            case=None if asked.case is None else case_of(desk, asked.case),
            over=AreaScope.of(asked.areas) if asked.areas else None,
        )
    response.headers["location"] = f"{router.prefix}/{made.id}"
    return _view(desk, made)


@router.get("", response_model=Actions, responses=TAGGED)
def list_actions(
    request: Request,
    caller: Reader,
    audit: Annotated[str | None, Query(max_length=64)] = None,
    case: Annotated[str | None, Query(max_length=256, description="The key of a case")] = None,
    state: store.ActionState | None = None,
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
) -> Response:
    """List the actions of which the caller has every area, the latest first."""
    desk = desk_of(request)
    of = None if case is None else case_of(desk, case)
    with desk.database.reading() as session:
        page = store.page(
            session, scope_of(caller), audit=audit, case=of, state=state, after=after, limit=limit
        )
    return told(request, Actions(items=tuple(_view(desk, one) for one in page.items), next=page.after))


@router.get("/{action_id}", response_model=ActionDetail, responses=TAGGED)
def get_action(request: Request, action_id: Id, caller: Reader) -> Response:
    """Show an action, with all that it said before."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        one = store.get(session, scope_of(caller), action_id)
        history = store.history(session, scope_of(caller), action_id)
    return told(request, ActionDetail(action=_view(desk, one), history=tuple(map(_change, history))))


@router.put("/{action_id}")
def change_action(request: Request, action_id: Id, asked: ActionChange, caller: Writer) -> ActionView:
    """Change an action, from the version that the caller has seen; what somebody else changed since is not overwritten."""
    desk = desk_of(request)
    with desk.database.begin() as session:
        changed = planning.change(
            session,
            desk.act(caller),
            scope_of(caller),
            action_id,
            asked.version,
            store.Plan(asked.text, asked.owner, asked.due, asked.state),
            asked.note,
        )
    return _view(desk, changed)


def _view(desk: Desk, one: store.Action) -> ActionView:
    return ActionView(
        id=one.id,
        at=one.at,
        who=one.who,
        areas=one.areas,
        audit=one.audit,
        recommendation=one.recommendation,
        key=None if one.case is None else desk.keys.of(one.case),
        version=one.version,
        text=one.plan.text,
        owner=one.plan.owner,
        due=one.plan.due,
        state=one.plan.state,
        changed_at=one.changed_at,
    )


def _change(one: store.Change) -> ActionChangeView:
    return ActionChangeView(
        version=one.version,
        text=one.plan.text,
        owner=one.plan.owner,
        due=one.plan.due,
        state=one.plan.state,
        note=one.note,
        at=one.at,
        who=one.who,
    )
