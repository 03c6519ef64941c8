"""The web page in a real browser: axe finds nothing against it, it asks for nothing, and it fits a narrow screen."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from aboveline.reports.document import build
from aboveline.reports.html import to_html
from aboveline.result import AuditResult
from chromium import DESKTOP, NARROWEST, PHONE, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(full: AuditResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the full page as a file."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(to_html(build(full)), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, file: Path, width: int, scheme: Any) -> None:
    """No violation of any rule, wide and narrow, light and dark."""
    with browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        page.goto(file.as_uri())

        assert [] == violations(page)


def test_axe_finds_what_is_wrong(browser: Browser, file: Path) -> None:
    """Where the language and a link's name are taken away, axe says so: the test above can fail."""
    with browser.new_page() as page:
        page.goto(file.as_uri())
        page.evaluate("document.documentElement.removeAttribute('lang')")
        page.evaluate("document.querySelector('nav a').textContent = ''")

        assert {"html-has-lang", "link-name"} <= set(violations(page))


def test_page_makes_no_request_and_no_complaint(browser: Browser, file: Path) -> None:
    """It loads itself and nothing else, without a word on the console, and its policy stops a script."""
    asked: list[str] = []
    told: list[str] = []
    with browser.new_page() as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.goto(file.as_uri())
        assert ([file.as_uri()], []) == (asked, told)

        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
        )
        assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("width", [DESKTOP, 768, PHONE, NARROWEST])
def test_page_fits_the_screen(browser: Browser, file: Path, width: int) -> None:
    """It never has to be moved sideways, and on a narrow screen neither has a table."""
    with browser.new_page(viewport={"width": width, "height": 900}) as page:
        page.goto(file.as_uri())
        wide = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).length"

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width <= PHONE:
            assert page.evaluate(wide) == 0


def test_keyboard_reaches_the_content_first(browser: Browser, file: Path) -> None:
    """The first stop leads past the header, and shows itself."""
    with browser.new_page() as page:
        page.goto(file.as_uri())
        page.keyboard.press("Tab")
        skip = page.get_by_text("Skip to main content")

        assert skip.evaluate("e => e === document.activeElement")
        assert skip.bounding_box() is not None
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_tables_stay_tables_on_a_narrow_screen(browser: Browser, file: Path) -> None:
    """Rows and headers are still told as such where cells stand under each other."""
    counts = {}
    for width in (DESKTOP, PHONE):
        with browser.new_page(viewport={"width": width, "height": 900}) as page:
            page.goto(file.as_uri())
            counts[width] = [
                page.get_by_role(role).count()
                for role in ("table", "row", "rowheader", "columnheader", "cell")
            ]

    assert counts[DESKTOP] == counts[PHONE]
    assert all(counts[DESKTOP])
