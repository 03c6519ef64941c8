"""Users, with what they may do and where."""

from fastapi import Request
from starlette.responses import Response

from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, desk_of, go_on, show
from aboveline.service.pages.forms import Sent
from aboveline.service.pages.views import administration as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Admin, Caller
from aboveline.service.security.roles import Role
from aboveline.service.work import auditing
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.granting import LONGEST_REASON, grant
from aboveline.store import EVERY_AREA, act, users

__all__ = ["router"]

router = PageRouter()


@router.get(urls.USERS)
def user_list(request: Request, caller: Admin) -> Response:  # noqa: ARG001 - it says who may
    """List the users to whom something was ever granted."""
    return show(request, "users", views.user_list(_users(desk_of(request))))


@router.post(urls.USERS)
def user_find(request: Request, sent: Sent, caller: Admin) -> Response:  # noqa: ARG001 - the same
    """Lead to the form of a user by name."""
    name = sent.text("name")
    if 0 < len(name) <= act.LONGEST_NAME and "/" not in name:
        return go_on(request, urls.user(name))
    error = FieldError(field="name", text="Give the name that they sign in with")
    return show(request, "users", views.user_list(_users(desk_of(request)), {"name": name}, [error]))


@router.get(urls.USERS + "/{name}")
def user_page(request: Request, name: str, caller: Admin) -> Response:
    """Show the form with a user's roles and areas."""
    desk = desk_of(request)
    return show(request, "user", views.user_form(_user(desk, name), _areas(desk, caller)))


@router.post(urls.USERS + "/{name}")
def user_save(request: Request, name: str, sent: Sent, caller: Admin) -> Response:
    """Grant and take back what the form says. Nobody can grant areas that they do not have."""
    desk = desk_of(request)
    roles, areas, reason = sent.every("roles"), sent.every("areas"), sent.text("reason")
    before = _user(desk, name)
    known = {*_areas(desk, caller), EVERY_AREA, *before.areas}
    errors = []
    if not set(roles) <= {str(one) for one in Role}:
        errors.append(FieldError(field="roles", text="Choose from the list"))
    changed = set(areas) ^ set(before.areas)
    if not set(areas) <= known or not all(
        caller.areas.holds(None if one == EVERY_AREA else one) for one in changed
    ):
        errors.append(FieldError(field="areas", text="Choose areas that you may see yourself"))
    if not 0 < len(reason) <= LONGEST_REASON:
        errors.append(
            FieldError(field="reason", text=f"Say why this changes, in {LONGEST_REASON} characters or fewer")
        )
    if errors:
        chosen = views.UserSummary(name=name, roles=roles, areas=areas)
        view = views.user_form(before, _areas(desk, caller), chosen, reason, errors)
        return show(request, "user", view)
    grant(desk, desk.act(caller), name, set(roles), set(areas), reason)
    return go_on(request, urls.USERS, Done.USER)


def _areas(desk: Desk, caller: Caller) -> tuple[str, ...]:
    with desk.database.reading() as session:
        return auditing.areas_of(session, scope_of(caller))


def _users(desk: Desk) -> list[views.UserSummary]:
    with desk.database.reading() as session:
        return [_summary(one) for one in users.users(session)]


def _user(desk: Desk, name: str) -> views.UserSummary:
    with desk.database.reading() as session:
        return _summary(users.access(session, name))


def _summary(one: users.Access) -> views.UserSummary:
    return views.UserSummary(name=one.user, roles=tuple(sorted(one.roles)), areas=one.scope.named)
