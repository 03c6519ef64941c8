"""The development identity provider: for this machine, for our service, and never for production."""

import httpx2
import pytest

from aboveline.service import SettingsError
from aboveline.service.identity import PEOPLE, InventedUsers, create_identity
from aboveline.service.security.roles import Role
from service.canaries import watched
from service.world import World, settings_of

AT = "http://127.0.0.1:8001"
ASKED = {
    "client_id": "aboveline-web",
    "redirect_uri": "http://127.0.0.1:8000/login/callback",
    "response_type": "code",
    "code_challenge": "c",
    "code_challenge_method": "S256",
    "state": "s",
}


def test_it_does_not_run_in_production() -> None:
    """It refuses to be made, and so it does for an address that others can reach."""
    with pytest.raises(SettingsError, match="production"):
        create_identity(settings_of(environment="production"))
    with pytest.raises(SettingsError, match="loopback"):
        create_identity(settings_of(auth_url="http://auth.example"))


def test_it_says_loudly_what_it_is() -> None:
    """In the log when it is made, and on its page."""
    with watched() as log, World() as world:
        page = world.at_provider("GET", f"{AT}/oauth/authorize", params=ASKED)

    (event,) = log.named("development_identity")
    assert "ANYBODY ON THIS MACHINE" in str(event["message"])
    assert "warning" == event["level"]
    assert "for development only" in page.text
    assert all(one.called in page.text for one in PEOPLE)


@pytest.mark.parametrize(("address", "host"), [("192.0.2.9", "127.0.0.1"), ("127.0.0.1", "evil.example")])
def test_it_answers_nobody_else(address: str, host: str) -> None:
    """Neither another machine, nor a page that gave our address a name of its own."""
    with World() as world:

        async def go() -> httpx2.Response:
            transport = httpx2.ASGITransport(world.identity_app, client=(address, 1))
            async with httpx2.AsyncClient(transport=transport) as browser:
                return await browser.get(f"http://{host}/.well-known/jwks.json")

        assert 403 == world._loop.run(go()).status_code


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "another"},
        {"redirect_uri": "https://evil.example/login/callback"},
        {"redirect_uri": "http://127.0.0.1:8000/login/callback/../x"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
    ],
)
def test_it_sends_browsers_back_to_our_service_alone(wrong: dict[str, str]) -> None:
    """Another client, another address or no PKCE is refused on the page and on the choice."""
    with World() as world:
        page = world.at_provider("GET", f"{AT}/oauth/authorize", params=ASKED | wrong)
        chosen = world.at_provider(
            "POST", f"{AT}/oauth/authorize", data=ASKED | wrong | {"user_name": "ADMIN"}
        )

    assert [400, 400] == [page.status_code, chosen.status_code]


def test_what_it_was_sent_is_text_on_its_page() -> None:
    """A state with markup in it stays a state."""
    with World() as world:
        page = world.at_provider("GET", f"{AT}/oauth/authorize", params=ASKED | {"state": '"><script>'})

    assert "<script>" not in page.text


def test_code_without_its_verifier_is_worth_nothing() -> None:
    """Nor is it with another secret; and it is gone after one try."""
    with World() as world:
        location = world.at_provider(
            "POST", f"{AT}/oauth/authorize", data=ASKED | {"user_name": "ADMIN"}
        ).headers["location"]
        code = location.split("code=")[1].split("&")[0]
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": ASKED["redirect_uri"]}
        secret = ("aboveline-web", "development-only")
        answers = [
            world.at_provider("POST", f"{AT}/oauth/token", data=asked, auth=("aboveline-web", "wrong")),
            world.at_provider("POST", f"{AT}/oauth/token", data=asked | {"code_verifier": "v"}, auth=secret),
            world.at_provider("POST", f"{AT}/oauth/token", data=asked | {"code_verifier": "v"}, auth=secret),
        ]

    assert ["invalid_client", "invalid_grant", "invalid_grant"] == [one.json()["error"] for one in answers]


def test_private_key_is_not_published() -> None:
    """Only what verifies."""
    with World() as world:
        (key,) = world.at_provider("GET", f"{AT}/.well-known/jwks.json").json()["keys"]

    assert {"kty", "n", "e", "kid", "use", "alg"} == set(key)


def test_invented_people_cover_every_role() -> None:
    """Somebody for each role, two to compare as assessors, and somebody who may do nothing."""
    roles = [role for one in PEOPLE for role in one.roles]

    assert set(Role) == set(roles)
    assert roles.count(Role.JUDGE) >= 2
    assert any(not one.roles for one in PEOPLE)
    assert frozenset({"YRK"}) == InventedUsers().grants_of("READER").areas
    assert frozenset() == InventedUsers().grants_of("client:READER").areas
