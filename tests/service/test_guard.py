"""Who may call what: every route says so, and the guard holds to it before it reads a body."""

import asyncio
import re
from typing import Annotated, get_args

import pytest
from fastapi import Depends, FastAPI, Request

from aboveline.service.guard import GuardedRoute, PageRoute, Router, UnguardedRouteError, guarded_routes
from aboveline.service.pages.routes import PAGES
from aboveline.service.ports import Grants, StoreUnavailableError
from aboveline.service.routes import API
from aboveline.service.security.areas import AreaScope
from aboveline.service.security.current import (
    Admin,
    Anybody,
    Caller,
    Judge,
    Reader,
    Requires,
    SignedIn,
    Writer,
    is_open,
    requires,
)
from aboveline.service.security.roles import Role
from service.sample import pages, router
from service.world import UsersInMemory, World, settings_of

OPEN = {
    "/health",
    "/health/ping",
    "/health/liveness",
    "/health/readiness",
    "/info",
    "/metrics",
    "/v3/api-docs",
    "/swagger-ui.html",
    "/swagger-ui/{name}",
    "/login",
    "/login/callback",
    "/logout",
    "/accessibility",
    "/cookies",
    "/signed-out",
}
EVERYTHING = (router, pages, *API, *PAGES)


def walk(app: FastAPI) -> list[tuple[str, str, GuardedRoute]]:
    """Return every method of every route, with a path that it answers to."""
    return [
        (method, re.sub(r"{[^}]*}", "1", route.path_format), route)
        for route in guarded_routes(app)
        for method in sorted(route.methods or ())
    ]


def test_every_route_but_the_open_ones_wants_a_role() -> None:
    """The walk: those that are open are these, and each of the others names its roles."""
    with World(EVERYTHING) as world:
        routes = [route for *_, route in walk(world.app)]

    assert OPEN == {route.path_format for route in routes if isinstance(route.declared, Anybody)}
    assert len(routes) > len(OPEN)
    assert all(one.declared.roles for one in routes if isinstance(one.declared, Requires))


def test_no_route_answers_somebody_unknown() -> None:
    """The walk: without a token each is 401, or for a page a way to sign in."""
    with World(EVERYTHING, settings=settings_of(requests_at_once=10_000)) as world:
        for method, path, route in walk(world.app):
            if isinstance(route.declared, Requires):
                answer = world.ask(method, path)
                is_page = method == "GET" and isinstance(route, PageRoute)
                assert (303 if is_page else 401) == answer.status_code, path
                if not is_page:
                    assert "Bearer" == answer.headers["www-authenticate"]


def test_no_route_answers_somebody_of_another_role() -> None:
    """The walk: with every role but those it wants each is 403, whatever the areas."""
    with World(EVERYTHING, settings=settings_of(requests_at_once=10_000)) as world:
        for method, path, route in walk(world.app):
            if not isinstance(route.declared, Requires):
                continue
            others = [role.value for role in Role if role not in route.declared.roles]
            token = world.token("ADMIN", authorities=[*others, "ROLE_OF_ANOTHER_SERVICE"])
            answer = world.ask(method, path, headers={"authorization": f"Bearer {token}"})
            assert (403, "FORBIDDEN") == (answer.status_code, answer.json()["errorCode"]), path


def test_route_that_does_not_say_who_may_call_it_cannot_be_made() -> None:
    """It fails where it is written, with what to do."""
    made = Router()

    with pytest.raises(UnguardedRouteError, match="declare who may call it"):
        made.get("/x")(lambda: None)


def test_route_that_says_two_things_cannot_be_made() -> None:
    """Open and for readers at once is neither."""

    async def both(caller: Reader) -> None: ...

    with pytest.raises(UnguardedRouteError, match="once"):
        Router(dependencies=[is_open("a mistake")]).get("/x")(both)


def test_what_a_dependency_of_a_route_says_counts_too() -> None:
    """However deep it stands, it is a second word on who may."""

    async def deeper(caller: Admin) -> str:
        return caller.name

    async def both(caller: Reader, name: Annotated[str, Depends(deeper)]) -> None: ...

    with pytest.raises(UnguardedRouteError, match="once"):
        Router().get("/x")(both)


def test_route_without_a_guard_keeps_the_service_from_starting() -> None:
    """A route or an application hung beside the guard is found when all is put together."""
    stray = FastAPI(openapi_url=None)
    stray.get("/x")(lambda: None)

    with pytest.raises(UnguardedRouteError, match="/x: it does not hang on a Router"):
        list(guarded_routes(stray))

    beside = FastAPI(openapi_url=None)
    beside.mount("/y", FastAPI())
    with pytest.raises(UnguardedRouteError, match="/y: it does not hang on a Router"):
        list(guarded_routes(beside))


def test_who_may_is_said_in_five_ways() -> None:
    """The walks take routes at their word: these are the words. An administrator is no reader, and may grant themselves to be."""
    said = {
        name: set(get_args(one)[1].dependency.roles)
        for name, one in (
            ("reads", Reader),
            ("writes", Writer),
            ("judges", Judge),
            ("administers", Admin),
            ("is signed in", SignedIn),
        )
    }

    assert {
        "reads": {"ROLE_ABOVELINE__AUDIT__RO", "ROLE_ABOVELINE__AUDIT__RW"},
        "writes": {"ROLE_ABOVELINE__AUDIT__RW"},
        "judges": {"ROLE_ABOVELINE__JUDGE"},
        "administers": {"ROLE_ABOVELINE__ADMIN"},
        "is signed in": set(Role),
    } == said


@pytest.mark.parametrize("known", [False, True], ids=["nobody", "somebody of another role"])
def test_declaration_gives_a_route_nobody_that_it_did_not_ask_for(known: bool) -> None:
    """Whatever became of the guard before it: a mistake of ours is an error, and lets nobody in."""
    request = Request({"type": "http", "headers": []})
    if known:
        request.state.caller = Caller("READER", "web", frozenset({Role.READ}), AreaScope(frozenset()))

    with pytest.raises(RuntimeError, match="without its guard"):
        asyncio.run(Requires(frozenset({Role.JUDGE}))(request))


def test_no_role_is_no_declaration() -> None:
    """A route cannot want none of no roles."""
    with pytest.raises(ValueError, match="at least one role"):
        requires()


def test_route_out_of_its_guard_answers_nobody() -> None:
    """A declaration by itself lets nobody in: without the guard there is no caller."""
    bare = FastAPI(openapi_url=None)

    async def show(caller: Reader) -> str:
        return caller.name

    bare.get("/x")(show)
    with World() as world:
        world.app.router.routes.append(bare.router.routes[-1])

        assert 500 == world.get("/x", by="ADMIN").status_code


def test_caller_sees_their_areas_and_no_sign_of_others() -> None:
    """Another area's thing, one of no area, and one that is not there read the same."""
    with World([router]) as world:
        seen = world.get("/v1/things/1", by="READER")
        others = [world.get(f"/v1/things/{one}", by="READER") for one in ("2", "3", "4")]
        listed = world.get("/v1/things", by="READER").json()
        everything = world.get("/v1/things", by="ADMIN").json()

    assert {"id": "1", "by": "READER"} == seen.json()
    bodies = [{**one.json(), "correlationId": None} for one in others]
    assert [404] * 3 == [one.status_code for one in others]
    assert bodies[0] == bodies[1] == bodies[2]
    assert (["1"], ["1", "2", "3"]) == (listed, everything)


def test_audit_is_seen_by_those_who_have_all_of_its_areas() -> None:
    """One area too few hides it, and so does none at all: what is over nothing is for those with everything."""
    some, everything = AreaScope(frozenset({"YRK", "Hull"})), AreaScope(frozenset({"*"}))

    assert some.holds_all(["YRK", "Hull"])
    assert not some.holds_all(["YRK", "Leeds"])
    assert not some.holds_all(["YRK", None])
    assert not some.holds_all([])
    assert everything.holds_all(["Leeds", None])
    assert everything.holds_all([])
    assert (("Hull", "YRK"), None) == (some.names, everything.names)


def test_areas_that_were_taken_away_are_gone_with_the_next_request() -> None:
    """Nothing is remembered of grants from one request to the next."""
    with World([router]) as world:
        before = world.get("/v1/things/1", by="READER").status_code
        world.users.grants["READER"] = Grants()
        after = world.get("/v1/things/1", by="READER").status_code

    assert (200, 404) == (before, after)


def test_role_granted_here_counts_beside_those_of_the_token() -> None:
    """An administrator can give a role that the identity provider does not know of."""
    with World([router]) as world:
        before = world.get("/v1/things", by="NOBODY").status_code
        world.users.grants["NOBODY"] = Grants(roles=frozenset({Role.READ.value}))
        after = world.get("/v1/things", by="NOBODY")

    assert (403, 200, []) == (before, after.status_code, after.json())


def test_database_that_does_not_answer_lets_nobody_in() -> None:
    """Without knowing somebody's areas there is nothing to show them: 503."""

    class Gone(UsersInMemory):
        def grants_of(self, name: str) -> Grants:
            raise StoreUnavailableError(name)

    with World([router]) as world:
        object.__setattr__(world.app.state.guard, "users", Gone())
        answer = world.get("/v1/things", by="ADMIN")

    assert (503, "UNAVAILABLE") == (answer.status_code, answer.json()["errorCode"])
    assert "ADMIN" not in answer.text


def test_program_by_itself_has_its_own_grants() -> None:
    """A token without a user is known by its client, which no user name can be mistaken for."""
    with World([router]) as world:
        world.users.grants["client:a-program"] = Grants(areas=frozenset({"Hull"}))
        mine = {"authorization": f"Bearer {world.token('READER', user_name=None)}"}
        posing = {"authorization": f"Bearer {world.token('READER', user_name='client:a-program')}"}
        seen = world.get("/v1/things/2", headers=mine)

        assert {"id": "2", "by": "client:a-program"} == seen.json()
        assert 401 == world.get("/v1/things/2", headers=posing).status_code
