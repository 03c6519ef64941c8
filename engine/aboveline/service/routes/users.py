"""Users: which roles and areas they were granted here, by whom and when."""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from aboveline.service.guard import Router
from aboveline.service.models.people import AccessRequest, GrantView, Users, UserView
from aboveline.service.problems import forbidden
from aboveline.service.security.current import Admin
from aboveline.service.work.desk import Desk
from aboveline.service.work.granting import grant
from aboveline.store import EVERY_AREA, users

from .common import TAGGED, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1/users", tags=["Users"])

UserName = Annotated[str, Path(min_length=1, max_length=255)]


@router.get("", response_model=Users, responses=TAGGED)
def list_users(request: Request, caller: Admin) -> Response:  # noqa: ARG001 - it says who may
    """List every user to whom something was ever granted here."""
    with desk_of(request).database.reading() as session:
        found = users.users(session)
    return told(request, Users(items=tuple(_view(one, ()) for one in found)))


@router.get("/{name}", response_model=UserView, responses=TAGGED)
def get_user(request: Request, name: UserName, caller: Admin) -> Response:  # noqa: ARG001 - the same
    """Show what a user was granted here, and all that was granted and taken back. To whom nothing was has nothing."""
    return told(request, _user(desk_of(request), name))


@router.put("/{name}")
def grant_access(request: Request, name: UserName, asked: AccessRequest, caller: Admin) -> UserView:
    """Make these, and no others, the roles and areas of a user here. Nobody can grant areas that they do not have."""
    desk = desk_of(request)
    before = set(_user(desk, name).areas)
    for area in before ^ asked.areas:
        if not caller.areas.holds(None if area == EVERY_AREA else area):
            raise forbidden("You may grant and take back areas that are yours, and no others.")
    grant(desk, desk.act(caller), name, {str(one) for one in asked.roles}, asked.areas, asked.reason)
    return _user(desk, name)


def _user(desk: Desk, name: str) -> UserView:
    with desk.database.reading() as session:
        return _view(users.access(session, name), users.history(session, name))


def _view(one: users.Access, history: tuple[users.Grant, ...]) -> UserView:
    return UserView(
        name=one.user,
        roles=tuple(sorted(one.roles)),
        areas=one.scope.named,
        history=tuple(
            GrantView(kind=str(it.kind), value=it.value, granted=it.granted, at=it.at, who=it.who)
            for it in history
        ),
    )
