"""The action plan: what is to be done, by whom, by when, and how far it has come."""

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, PageNumber, desk_of, go_on, show
from aboveline.service.pages.forms import Sent, SentForm, day_of
from aboveline.service.pages.summaries import areas_in_words
from aboveline.service.pages.views import actions as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Caller, Reader, Writer
from aboveline.service.work import auditing
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.today import today_of
from aboveline.store import EVERY_AREA, AreaScope, ConflictError, UnfitError, planning
from aboveline.store import actions as store

__all__ = ["router"]

router = PageRouter()

_STATES = {
    views.ActionState.OPEN: store.ActionState.OPEN,
    views.ActionState.IN_PROGRESS: store.ActionState.STARTED,
    views.ActionState.DONE: store.ActionState.DONE,
    views.ActionState.DROPPED: store.ActionState.DROPPED,
}
_SHOWN = {kept: shown for shown, kept in _STATES.items()}


@router.get(urls.ACTIONS)
def action_list(request: Request, caller: Reader, page: PageNumber = 1) -> Response:
    """List the action plan of the caller's areas."""
    desk = desk_of(request)
    found: list[store.Action] = []
    after: str | None = None
    with desk.database.reading() as session:
        while True:
            some = store.page(session, scope_of(caller), after=after, limit=1000)
            found += some.items
            after = some.after
            if after is None:
                break
    view = views.action_list([_action(one) for one in found], today_of(desk.clock), page)
    return show(request, "actions", view)


@router.get(urls.ACTION_NEW)
def action_new(request: Request, caller: Writer) -> Response:
    """Show the form that adds an action."""
    view = views.action_form(None, _areas(desk_of(request), caller), _recommendations())
    return show(request, "action", view)


@router.post(urls.ACTION_NEW)
def action_add(request: Request, sent: Sent, caller: Writer) -> Response:
    """Add an action to the plan."""
    desk = desk_of(request)
    areas = _areas(desk, caller)
    plan, errors = _plan(sent, sent.text("text"))
    if sent.text("area") not in areas:
        errors.append(FieldError(field="area", text="Choose the area"))
    if plan is None or errors:
        view = views.action_form(None, areas, _recommendations(), (), sent.values, errors)
        return show(request, "action", view)
    with desk.database.begin() as session:
        planning.put(
            session,
            desk.act(caller),
            scope_of(caller),
            plan,
            recommendation=sent.text("recommendation") or None,
            over=AreaScope.of([sent.text("area")]),
        )
    return go_on(request, urls.ACTIONS, Done.ACTION)


@router.get(urls.ACTIONS + "/{action_id}")
def action_page(request: Request, action_id: str, caller: Reader) -> Response:
    """Show an action with all that was changed, and to those who may change it the form."""
    with desk_of(request).database.reading() as session:
        view = _changing(session, caller, action_id)
    return show(request, "action", view)


@router.post(urls.ACTIONS + "/{action_id}")
def action_change(request: Request, action_id: str, sent: Sent, caller: Writer) -> Response:
    """Change an action. What it said before is kept; what somebody else changed meanwhile is not overwritten."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        now = store.get(session, scope_of(caller), action_id)
    plan, errors = _plan(sent, now.plan.text)
    version = sent.text("version")
    if plan is not None and not errors:
        try:
            with desk.database.begin() as session:
                planning.change(
                    session,
                    desk.act(caller),
                    scope_of(caller),
                    action_id,
                    int(version) if version.isdecimal() else 0,
                    plan,
                    sent.text("note"),
                )
            return go_on(request, urls.ACTIONS, Done.ACTION)
        except ConflictError:
            told = "Somebody else changed this action. What they put is in the table below: look at it, then change it again"
            errors = [FieldError(field="state", text=told)]
        except UnfitError as error:
            errors = [FieldError(field="note", text=str(error))]
    with desk.database.reading() as session:
        view = _changing(session, caller, action_id, sent, errors)
    return show(request, "action", view)


def _changing(
    session: Session,
    caller: Caller,
    action: str,
    sent: SentForm | None = None,
    errors: list[FieldError] | None = None,
) -> views.ActionForm:
    one = store.get(session, scope_of(caller), action)
    history = [
        views.ActionChange(
            by=change.who,
            at=change.at,
            state=_SHOWN[change.plan.state],
            owner=change.plan.owner,
            due=change.plan.due,
            note=change.note or None,
        )
        for change in reversed(store.history(session, scope_of(caller), action))
    ]
    values = (sent.values if sent else {}) | {"version": str(one.version)}
    return views.action_form(_action(one), {}, _recommendations(), history, values, errors or ())


def _plan(sent: SentForm, text: str) -> tuple[store.Plan | None, list[FieldError]]:
    due = day_of(sent.values, "due")
    errors = [due] if isinstance(due, FieldError) else []
    if not 0 < len(text) <= store.LONGEST_TEXT:
        errors.append(
            FieldError(
                field="text", text=f"Say what is to be done, in {store.LONGEST_TEXT:,} characters or fewer"
            )
        )
    if not 0 < len(sent.text("owner")) <= store.LONGEST_OWNER:
        errors.append(FieldError(field="owner", text="Say who owns it"))
    if sent.text("state") not in set(views.ActionState):
        errors.append(FieldError(field="state", text="Choose how far it has come"))
    if (named := sent.text("recommendation")) and named not in _recommendations():
        errors.append(
            FieldError(field="recommendation", text="Choose a recommendation from the list, or none")
        )
    if errors or isinstance(due, FieldError):
        return None, errors
    return store.Plan(text, sent.text("owner"), due, _STATES[views.ActionState(sent.text("state"))]), []


def _action(one: store.Action) -> views.Action:
    return views.Action(
        id=one.id,
        text=one.plan.text,
        recommendation=one.recommendation,
        area=areas_in_words(one.areas),
        owner=one.plan.owner,
        due=one.plan.due,
        state=_SHOWN[one.plan.state],
    )


def _areas(desk: Desk, caller: Caller) -> dict[str, str]:
    with desk.database.reading() as session:
        names = {one: one for one in auditing.areas_of(session, scope_of(caller))}
    return {**names, EVERY_AREA: areas_in_words([EVERY_AREA])} if caller.areas.is_everything else names


def _recommendations() -> dict[str, str]:
    return {one.id: one.text for one in rules_of().framework.recommendations.values()}
