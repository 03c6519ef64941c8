"""Signing in, forms and policies in a real browser, which knows more of cookies and origins than a client of ours."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from service.process import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser that nobody has used."""
    made = browser.new_context()
    yield made
    made.close()


def test_person_signs_in_sends_a_form_and_signs_out(served: Served, context: BrowserContext) -> None:
    """The whole way by hand: our forms carry our origin and the cookie, and signing out is the end of it."""
    page = context.new_page()
    page.goto(f"{served.url}/things/1")
    page.get_by_role("button", name="Invented reader").click()
    assert f"{served.url}/things/1" == page.url
    page.get_by_label("Note").fill("four")
    page.get_by_role("button", name="Save").click()
    assert "READER 1 4" == page.inner_text("body")
    page.goto(f"{served.url}/things/1")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{served.url}/things/1")

    assert "Choose who to be" == page.inner_text("h1")


def test_only_our_script_runs(served: Served, context: BrowserContext) -> None:
    """The one with the nonce does; one that got into the page does not."""
    page = context.new_page()
    page.goto(f"{served.url}/things/1")
    page.get_by_role("button", name="Invented reader").click()

    assert ("script", "Thing") == (page.inner_text("#told"), page.title())


def test_form_of_another_site_changes_nothing(served: Served, context: BrowserContext) -> None:
    """A page elsewhere that knows even the token is refused: it is of another origin."""
    page = context.new_page()
    page.goto(f"{served.url}/things/1")
    page.get_by_role("button", name="Invented reader").click()
    token = page.locator("input[name=csrf_token]").first.input_value()
    page.goto("about:blank")
    page.set_content(
        f'<form method="post" action="{served.url}/things/1"><input name="note" value="planted">'
        f'<input name="csrf_token" value="{token}"><button>Win</button></form>'
    )
    with page.expect_response(f"{served.url}/things/1") as answer:
        page.get_by_role("button", name="Win").click()

    assert answer.value.status in {401, 403}


def test_description_is_shown_and_nothing_comes_from_elsewhere(
    served: Served, context: BrowserContext
) -> None:
    """Swagger UI works under the policy, without an exception and without another host."""
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.url}/swagger-ui.html")
    page.get_by_text("/v1/things/{thing_id}", exact=True).first.wait_for()

    assert [] == [one for one in said if "Content Security Policy" in one or "Failed to load" in one]
    assert all(one.startswith((served.url, "data:")) for one in asked)
