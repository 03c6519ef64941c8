"""Every page in a real browser, at desktop and phone width: axe finds nothing, it fits, and it works without scripts."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

import pages_gallery as gallery
from chromium import DESKTOP, NARROWEST, PHONE, violations

pytestmark = pytest.mark.browser

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-n0nce'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the gallery on loopback under the policy that the service sends."""
    folder = tmp_path_factory.mktemp("pages")
    gallery.write(folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_axe_finds_nothing_and_the_policy_stops_nothing(browser: Browser, site: str, width: int) -> None:
    """No page has a violation of any rule, nor a word on the console; all that it asks for comes from its own host."""
    wrong: dict[str, list[str]] = {}
    with browser.new_page(viewport={"width": width, "height": 900}) as page:
        told: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        for name in gallery.views():
            page.goto(f"{site}/{name}.html")
            assert page.evaluate("document.body.classList.contains('govuk-frontend-supported')")
            found = told + violations(page)
            told.clear()
            if found:
                wrong[name] = found

    assert {} == wrong
    assert [] == [one for one in asked if not one.startswith(site)]


@pytest.mark.parametrize("width", [DESKTOP, 768, PHONE, NARROWEST])
def test_pages_fit_the_screen(browser: Browser, site: str, width: int) -> None:
    """No page has to be moved sideways; on a phone neither has a table of ours."""
    wide = "[...document.querySelectorAll('.ab-scroll')].filter(e => e.querySelector('.ab-table') && e.scrollWidth > e.clientWidth).length"
    with browser.new_page(viewport={"width": width, "height": 900}) as page:
        too_wide = []
        for name in gallery.views():
            page.goto(f"{site}/{name}.html")
            if page.evaluate("document.documentElement.scrollWidth") > width or (
                width <= PHONE and page.evaluate(wide)
            ):
                too_wide.append(name)

    assert [] == too_wide


def test_pages_work_without_scripts(browser: Browser, site: str) -> None:
    """Without scripts the menu is open, evidence unfolds, and nothing is hidden that a script would show."""
    with (
        browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 900}) as context,
        context.new_page() as page,
    ):
        page.goto(f"{site}/question.html")

        assert page.get_by_role("link", name="Uploads").is_visible()
        evidence = page.locator("details .govuk-details__text").first
        assert not evidence.is_visible()
        page.locator("summary").first.click()
        assert evidence.is_visible()


def test_keyboard_reaches_the_content_first(browser: Browser, site: str) -> None:
    """The first stop leads past the header, shows itself, and goes to the main content."""
    with browser.new_page() as page:
        page.goto(f"{site}/dashboard.html")
        page.keyboard.press("Tab")
        skip = page.get_by_text("Skip to main content")

        assert skip.evaluate("e => e === document.activeElement")
        assert skip.bounding_box() is not None
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main-content"


def test_error_summary_takes_the_focus_and_leads_to_the_field(browser: Browser, site: str) -> None:
    """Somebody whose form was wrong is told at once, and gets to the field by its link."""
    with browser.new_page() as page:
        page.goto(f"{site}/override-wrong.html")

        assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "reason"


def test_tables_stay_tables_on_a_phone(browser: Browser, site: str) -> None:
    """Rows and headers are still told as such where cells stand under each other."""
    counts = {}
    for width in (DESKTOP, PHONE):
        with browser.new_page(viewport={"width": width, "height": 900}) as page:
            page.goto(f"{site}/audit.html")
            counts[width] = [
                page.get_by_role(role).count()
                for role in ("table", "row", "rowheader", "columnheader", "cell")
            ]

    assert counts[DESKTOP] == counts[PHONE]
    assert all(counts[DESKTOP])


def test_axe_finds_what_is_wrong(browser: Browser, site: str) -> None:
    """Where a label is taken away, axe says so: the tests above can fail."""
    with browser.new_page() as page:
        page.goto(f"{site}/override.html")
        page.evaluate("document.querySelector('label[for=reason]').remove()")

        assert "label" in violations(page)


def test_gallery_is_written_whole(tmp_path: Path) -> None:
    """Every page of the gallery is a file, beside its assets."""
    gallery.write(tmp_path)

    assert set(gallery.views()) == {path.stem for path in tmp_path.glob("*.html")}
