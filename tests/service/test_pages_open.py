"""Pages that need nothing kept, as the service answers them: for anybody, for the signed in, and for errors."""

import re

import pytest

from aboveline.service.pages import urls
from aboveline.service.pages.assets import STATIC
from aboveline.service.pages.error_page import error_page
from aboveline.service.pages.routes import open as open_pages
from aboveline.service.pages.routes import rules
from aboveline.service.ports import Grants, StoreUnavailableError
from service.office import heading
from service.sample import pages, router
from service.world import UsersInMemory, World, settings_of

BROWSER = {"accept": "text/html"}


def world_of(**more: object) -> World:
    """Return a service with the pages that need nothing kept."""
    routers = [open_pages.router, rules.router, pages, router]
    return World(routers, error_page=error_page, assets={urls.ASSETS: STATIC}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", [urls.COOKIES, urls.ACCESSIBILITY, urls.SIGNED_OUT])
def test_open_page_is_shown_to_anybody(address: str) -> None:
    """Nobody need sign in to read about cookies or accessibility, under a policy with the page's own nonce."""
    with world_of() as world:
        page = world.get(address)

    (nonce,) = set(re.findall('nonce="([^"]+)"', page.text))
    assert 200 == page.status_code
    assert f"'nonce-{nonce}'" in page.headers["content-security-policy"]
    assert "Signed in as" not in page.text


def test_open_page_knows_who_is_signed_in() -> None:
    """They do not seem to be signed out by reading about cookies."""
    with world_of() as world:
        world.sign_in("READER")
        page = world.get(urls.COOKIES)

    assert "Signed in as READER" in page.text


def test_open_page_is_shown_though_nobody_can_be_known() -> None:
    """Where the database does not answer, whoever is signed in reads it as anybody does."""

    class Gone(UsersInMemory):
        def grants_of(self, name: str) -> Grants:
            raise StoreUnavailableError(name)

    with world_of() as world:
        world.sign_in("READER")
        object.__setattr__(world.app.state.guard, "users", Gone())
        page = world.get(urls.COOKIES)

    assert 200 == page.status_code
    assert "Signed in as" not in page.text


def test_cookies_page_names_every_cookie_that_is_set() -> None:
    """What is set while somebody signs in stands on the page."""
    with world_of() as world:
        world.get(urls.SIGN_IN)
        attempt = set(world.cookies)
        world.sign_in("READER")
        page = world.get(urls.COOKIES).text

        assert {"aboveline-sign-in"} == attempt
        assert all(f">{name}<" in page for name in [*attempt, *world.cookies, "aboveline-done"])


def test_person_signs_out_by_the_pages_own_form_and_comes_to_the_page_that_says_so() -> None:
    """The form's address and token are those that the service wants."""
    with world_of() as world:
        world.sign_in("READER")
        page = world.get(urls.RULES).text
        (address,) = re.findall('class="ab-who" method="post" action="([^"]+)"', page)
        (token,) = set(re.findall('name="csrf_token" value="([^"]+)"', page))
        out = world.post(address, data={"csrf_token": token}, headers={"origin": world.settings.origin})
        back = world.at_provider("GET", out.headers["location"]).headers["location"]

        assert f"{world.settings.base_url}{urls.SIGNED_OUT}" == back
        assert 303 == world.get(urls.RULES).status_code


def test_rules_are_listed_and_each_can_be_read() -> None:
    """The list leads to a question's page; a question that is not there is not found."""
    with world_of() as world:
        index = world.get(urls.RULES, by="READER").text
        page = world.get(urls.rule("DS-01"), by="READER")
        missing = world.get(urls.rule("XX-99"), by="READER")

    assert f'href="{urls.rule("DS-01")}"' in index
    assert (200, 404) == (page.status_code, missing.status_code)
    assert "<h1" in page.text
    assert "Page not found" in missing.text


def test_errors_are_pages_to_a_browser_and_documents_to_a_program() -> None:
    """The same problem, told to each in its way."""
    with world_of() as world:
        lost = world.get("/nowhere", headers=BROWSER)
        program = world.get("/nowhere")
        forbidden = world.get("/things/1", by="NOBODY")
        world.sign_in("READER")
        expired = world.post("/things/1", data={"note": "x"}, headers={"origin": world.settings.origin})
        unknown = world.post("/logout", headers={"host": "elsewhere.example"})

    assert (404, "Page not found") == (lost.status_code, heading(lost.text))
    assert "application/problem+json" == program.headers["content-type"]
    assert (403, "You do not have access to this page") == (forbidden.status_code, heading(forbidden.text))
    assert (403, "This form has expired") == (expired.status_code, heading(expired.text))
    assert (421, "This could not be done") == (unknown.status_code, heading(unknown.text))
    assert all("nonce=" in one.text for one in (lost, forbidden, expired, unknown))


def test_whoever_asks_too_often_is_told_so_on_a_page() -> None:
    """With when to come back in the header."""
    with world_of(settings=settings_of(requests_at_once=1)) as world:
        world.get(urls.COOKIES)
        page = world.get(urls.COOKIES)

    assert (429, "Too many requests") == (page.status_code, heading(page.text))
    assert page.headers["retry-after"]


def test_failure_of_ours_gives_a_reference_and_nothing_else() -> None:
    """The page has the correlation id of the answer's header."""
    with world_of() as world:
        world.store.reachable = False
        world.app.state.sign_in = None
        world.provider.cut = True
        page = world.get("/things/1", headers=BROWSER, by="READER")

    assert (503, "Sorry, there is a problem with the service") == (page.status_code, heading(page.text))
    assert page.headers["x-correlation-id"] in page.text


def test_assets_are_served_and_may_be_kept() -> None:
    """Every file that a page asks for is there."""
    with world_of() as world:
        page = world.get(urls.COOKIES).text
        wanted = set(re.findall(f'(?:href|src)="({urls.ASSETS}/[^"]+)"', page))
        answers = [world.get(one) for one in sorted(wanted)]

    assert 4 < len(answers)
    assert {200} == {one.status_code for one in answers}
    assert all("max-age" in one.headers["cache-control"] for one in answers)
