"""Signing in by browser: there and back, sessions, and forms that were meant."""

import datetime as dt
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile
from starlette.responses import Response

from aboveline.service.guard import PageRouter
from aboveline.service.security.csrf import FIELD
from aboveline.service.security.current import SignedIn
from aboveline.service.security.sessions import MemorySessions
from service.sample import pages, router
from service.world import NOW, World, settings_of

PAGE = "/things/1"
OURS = {"origin": "http://127.0.0.1:8000"}


def csrf_of(world: World) -> str:
    """Return what the page's form carries."""
    return str(re.findall(f'name="{FIELD}" value="([^"]+)"', world.get(PAGE).text)[0])


def csrf_of_session(world: World) -> str:
    """Return what forms of the one session carry."""
    ((text, _),) = world.sessions._kept.values()
    return str(json.loads(text)["csrf_token"])


def test_browser_signs_in_and_comes_to_where_it_wanted() -> None:
    """A page that wants a role sends the browser round by the identity provider and back to itself."""
    with World([pages]) as world:
        back = world.sign_in("READER", PAGE)
        page = world.get(back.headers["location"])

    assert (303, PAGE) == (back.status_code, back.headers["location"])
    assert 200 == page.status_code


def test_address_of_the_provider_tells_nothing_of_the_page() -> None:
    """Where the browser wanted to go is kept here, and stands in no address."""
    with World([pages]) as world:
        address = world.get("/things/kanarie").headers["location"]

    query = parse_qs(urlsplit(address).query)
    assert {"S256"} == set(query["code_challenge_method"])
    assert {"state", "nonce", "code_challenge", "redirect_uri", "client_id", "response_type", "scope"} < set(
        query
    )
    assert "kanarie" not in address


def test_sign_in_does_not_lead_elsewhere() -> None:
    """A path that a browser would read as another host leads to the first page."""
    with World([pages]) as world:
        assert "/" == world.sign_in("READER", "/login").headers["location"]
        sent = world.get("//evil.example/x", headers={"accept": "text/html"})

    assert 404 == sent.status_code


@pytest.mark.parametrize("spoil", ["state", "code", "iss"])
def test_answer_that_is_not_ours_signs_nobody_in(spoil: str) -> None:
    """Another state, code or issuer ends the attempt, which cannot be tried again."""
    with World([pages]) as world:
        back = world.choose(world.get("/login").headers["location"], "ADMIN")
        value = parse_qs(urlsplit(back).query)[spoil][0]
        replaced = value if spoil != "iss" else "http%3A%2F%2F127.0.0.1%3A8001"
        spoilt = world.get(back.replace(f"{spoil}={replaced}", f"{spoil}=kanarie"))
        again = world.get(back)

        assert [(403, "NOT_SIGNED_IN")] * 2 == [
            (one.status_code, one.json()["errorCode"]) for one in (spoilt, again)
        ]
        assert "kanarie" not in spoilt.text
        assert "aboveline" not in world.cookies


def test_id_token_of_another_attempt_signs_nobody_in() -> None:
    """The nonce must be the one that this browser was sent away with."""
    with World([pages]) as world:
        sent = world.get("/login").headers["location"]
        nonce = parse_qs(urlsplit(sent).query)["nonce"][0]
        back = world.get(world.choose(sent.replace(nonce, "kanarie"), "ADMIN"))

    assert (403, "NOT_SIGNED_IN") == (back.status_code, back.json()["errorCode"])


def test_answer_counts_once_and_only_in_its_browser() -> None:
    """The way back used twice, or without the cookie of the way there, leads nowhere."""
    with World([pages]) as world:
        back = world.choose(world.get("/login").headers["location"], "ADMIN")
        kept = dict(world.cookies)
        world.cookies.clear()
        assert 403 == world.get(back).status_code
        world.cookies.update(kept)
        assert 303 == world.get(back).status_code
        world.cookies.update(kept)
        assert 403 == world.get(back).status_code


def test_attempt_ends_after_ten_minutes() -> None:
    """Whoever comes back later begins again."""
    with World([pages]) as world:
        sent = world.get("/login").headers["location"]
        world.clock.go_on(minutes=10)

        assert 403 == world.get(world.choose(sent, "ADMIN")).status_code


def test_nobody_signs_in_where_the_provider_cannot_be_reached() -> None:
    """It is 503 and not a way round."""
    with World([pages]) as world:
        world.provider.cut = True

        assert 503 == world.get("/login").status_code


def test_every_session_has_a_new_word() -> None:
    """A word that somebody else put in the browser before is not the session's."""
    with World([pages]) as world:
        world.cookies.set("aboveline", "planted", domain="127.0.0.1", path="/")
        world.sign_in("READER")
        first = world.cookies.get("aboveline", domain="127.0.0.1")
        world.sign_in("READER")

        assert "planted" != first != world.cookies.get("aboveline", domain="127.0.0.1")


def test_cookie_is_kept_from_scripts_and_other_sites() -> None:
    """In production it is for this host alone, and only over TLS."""
    with World([pages]) as world:
        plain = world.sign_in("READER").headers.get_list("set-cookie")[-1]
    with World([pages], settings=settings_of(environment="production")) as world:
        attempt = world.get("/login").headers["set-cookie"]
        secured = world.sign_in("READER").headers.get_list("set-cookie")[-1]

    assert {"httponly", "path=/", "samesite=lax"} == {p.strip().lower() for p in plain.split(";")[1:]}
    assert attempt.startswith("__Host-aboveline-sign-in=")
    assert secured.startswith("__Host-aboveline=")
    for cookie in (attempt, secured):
        marks = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "path=/", "samesite=lax", "secure"} <= marks
        assert not any(mark.startswith("domain") for mark in marks)


def test_what_is_kept_of_a_session_cannot_be_used() -> None:
    """The store has a hash of the word; the hash is no word."""
    with World([pages]) as world:
        world.sign_in("READER")
        word = world.cookies["aboveline"]
        keys = list(world.sessions._kept)
        world.cookies.clear()
        world.cookies.set("aboveline", keys[0])

        assert word not in keys
        assert 303 == world.get(PAGE).status_code


def test_session_ends_when_it_is_not_used() -> None:
    """Half an hour of silence ends it, and use keeps it."""
    with World([pages]) as world:
        world.sign_in("READER")
        for _ in range(3):
            world.clock.go_on(minutes=29)
            assert 200 == world.get(PAGE).status_code
        world.clock.go_on(minutes=30)

        assert 303 == world.get(PAGE).status_code


def test_session_ends_after_its_hours_used_or_not() -> None:
    """Eight hours is all there is."""
    with World([pages]) as world:
        world.sign_in("READER")
        for _ in range(23):
            world.clock.go_on(minutes=20)
            assert 200 == world.get(PAGE).status_code
        world.clock.go_on(minutes=20)

        assert 303 == world.get(PAGE).status_code


def test_signing_out_ends_the_session_wherever_its_cookie_is() -> None:
    """The word is worth nothing afterwards, and the provider is told."""
    with World([pages]) as world:
        world.sign_in("READER")
        word = world.cookies["aboveline"]
        out = world.post("/logout", data={FIELD: csrf_of(world)}, headers=OURS)
        world.cookies.set("aboveline", word)

        assert 303 == out.status_code
        assert out.headers["location"].startswith("http://127.0.0.1:8001/sign-out?")
        assert 303 == world.get(PAGE).status_code


def test_session_that_ended_meanwhile_does_not_come_back() -> None:
    """A request that was under way while somebody signed out does not keep their session alive."""
    with World([pages]) as world:
        world.sign_in("READER")
        world.clock.go_on(minutes=10)
        get = world.sessions.get

        def sign_out_just_then(key: str, now: dt.datetime) -> str | None:
            text = get(key, now)
            world.sessions.take(key, now)
            return text

        world.sessions.get = sign_out_just_then  # type: ignore[method-assign]
        assert 200 == world.get(PAGE).status_code
        world.sessions.get = get  # type: ignore[method-assign]

        assert 303 == world.get(PAGE).status_code


def test_memory_of_sessions_is_bounded() -> None:
    """The one untouched for longest goes first."""
    kept = MemorySessions(most=3)
    for key in "abcd":
        kept.put(key, key, NOW + dt.timedelta(minutes=1))

    assert [None, "b", "c", "d"] == [kept.get(key, NOW) for key in "abcd"]
    assert kept.get("b", NOW + dt.timedelta(minutes=1)) is None


def test_signing_out_must_be_meant() -> None:
    """Another page cannot sign anybody out; whoever has no role can still go, and nobody is sent home."""
    with World([pages]) as world:
        nobody = world.post("/logout")
        world.sign_in("NOBODY")
        token = csrf_of_session(world)
        unmeant = world.post("/logout", headers=OURS)
        elsewhere = world.post("/logout", data={FIELD: token}, headers={"origin": "http://evil.example"})
        world.provider.cut = True
        meant = world.post("/logout", data={FIELD: token}, headers=OURS)

    assert [(303, "/signed-out"), (403, None), (403, None)] == [
        (one.status_code, one.headers.get("location")) for one in (nobody, unmeant, elsewhere)
    ]
    assert 303 == meant.status_code
    assert "aboveline" not in world.cookies


def test_signing_in_again_ends_the_session_before() -> None:
    """A browser has one session, and what it leaves behind is worth nothing."""
    with World([pages]) as world:
        world.sign_in("READER")
        before = world.cookies["aboveline"]
        world.sign_in("ADMIN")
        world.cookies.clear()
        world.cookies.set("aboveline", before)

        assert 303 == world.get(PAGE).status_code


def test_page_is_unavailable_where_nobody_can_sign_in() -> None:
    """It is 503 and no unexpected error."""
    with World([pages]) as world:
        world.provider.cut = True

        assert 503 == world.get(PAGE).status_code


def test_form_that_was_meant_is_taken() -> None:
    """From our page, with the session's token, in the form or in a header."""
    with World([pages]) as world:
        world.sign_in("READER")
        token = csrf_of(world)
        by_field = world.post(PAGE, data={FIELD: token, "note": "abc"}, headers=OURS)
        by_header = world.post(PAGE, data={"note": "abcd"}, headers={**OURS, "x-csrf-token": token})
        by_parts = world.post(PAGE, data={FIELD: token, "note": "a"}, files={"f": b""}, headers=OURS)

    assert ["READER 1 3", "READER 1 4", "READER 1 1"] == [one.text for one in (by_field, by_header, by_parts)]


def test_files_of_a_form_are_closed_once_it_is_answered() -> None:
    """The guard reads a form for its token, and what comes with that is in files."""
    files = []
    taking = PageRouter()

    @taking.post("/files")
    async def take_file(request: Request, caller: SignedIn) -> Response:  # noqa: ARG001 - it says who may
        sent = (await request.form())["f"]
        assert isinstance(sent, UploadFile)
        files.append((sent.file, sent.file.closed))
        return HTMLResponse("taken")

    with World([pages, taking]) as world:
        world.sign_in("READER")
        answer = world.post("/files", data={FIELD: csrf_of(world)}, files={"f": b"abc"}, headers=OURS)

    ((file, was_closed),) = files
    assert (200, False, True) == (answer.status_code, was_closed, file.closed)


def test_session_that_went_idle_is_none_though_its_store_has_it_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A store may be late to forget."""
    with World([pages]) as world:
        world.sign_in("READER")
        get = world.sessions.get
        monkeypatch.setattr(world.sessions, "get", lambda key, _: get(key, NOW))
        before = world.get(PAGE).status_code
        world.clock.go_on(minutes=30)
        after = world.get(PAGE)

    assert 200 == before
    assert (303, True) == (after.status_code, after.headers["location"].startswith("http://127.0.0.1:8001/"))


def test_session_ends_after_its_hours_though_its_store_has_it_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """However well it is used."""
    with World([pages]) as world:
        world.sign_in("READER")
        get = world.sessions.get
        monkeypatch.setattr(world.sessions, "get", lambda key, _: get(key, NOW))
        used = []
        for _ in range(24):
            used.append(world.get(PAGE).status_code)
            world.clock.go_on(minutes=20)

        assert ({200}, 303) == (set(used), world.get(PAGE).status_code)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8001"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {**OURS, "sec-fetch-site": "cross-site"},
        {**OURS, "sec-fetch-site": "same-site"},
    ],
)
def test_form_of_another_page_is_refused(headers: dict[str, str]) -> None:
    """Even with the right token."""
    with World([pages]) as world:
        world.sign_in("READER")
        answer = world.post(PAGE, data={FIELD: csrf_of(world), "note": "abc"}, headers=headers)

    assert (403, "CSRF") == (answer.status_code, answer.json()["errorCode"])


def test_form_without_the_sessions_own_token_is_refused() -> None:
    """None, a wrong one, and that of another session of the same user."""
    with World([pages]) as world:
        world.sign_in("READER")
        others = csrf_of(world)
        world.sign_in("READER")
        sent: list[dict[str, str]] = [{}, {FIELD: ""}, {FIELD: "é"}, {FIELD: others}]
        answers = [world.post(PAGE, data={"note": "abc", **one}, headers=OURS) for one in sent]

        assert [403] * 4 == [one.status_code for one in answers]
        assert (
            403
            == world.post(f"{PAGE}?{FIELD}={csrf_of(world)}", data={"note": "a"}, headers=OURS).status_code
        )


def test_cookie_changes_nothing_through_the_api_without_a_token() -> None:
    """A browser that is signed in reads the API; to change something it must show that it was meant."""
    with World([router, pages]) as world:
        world.sign_in("ADMIN")
        thing = {"name": "a", "size": 1}
        read = world.get("/v1/things")
        unmeant = world.post("/v1/things", json=thing, headers=OURS)
        meant = world.post("/v1/things", json=thing, headers={**OURS, "x-csrf-token": csrf_of(world)})
        removed = world.ask("DELETE", "/v1/things/1", headers=OURS)

    assert [200, 403, 201, 403] == [one.status_code for one in (read, unmeant, meant, removed)]


def test_bad_bearer_token_is_not_made_good_by_a_cookie() -> None:
    """Who sends a token is known by it or not at all."""
    with World([router]) as world:
        world.sign_in("ADMIN")

        assert 401 == world.get("/v1/things", headers={"authorization": "Bearer a.b.c"}).status_code
