"""The whole site as a person starts it, and what a person does in a browser there, by pointer and by keyboard.

``ABOVELINE_SCREENSHOTS`` names a folder for pictures of every page that a test
looks at; otherwise they are with the test's own files.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from chromium import violations
from service.office import CASES
from service.process import free_port

__all__ = [
    "FIRST",
    "SECOND",
    "Site",
    "check",
    "day_by_keyboard",
    "link",
    "look",
    "paged",
    "reach",
    "served_site",
    "sign_in",
]

FIRST, SECOND = (json.loads(line)["case"] for line in CASES.read_bytes().splitlines()[:2])


@dataclass
class Site:
    """A site that is served, what it said when it started, and where pictures of it go."""

    url: str
    said: Path
    log: Path
    pictures: Path
    taken: int = field(default=0)


@contextmanager
def served_site(folder: Path) -> Iterator[Site]:
    """Serve as ``make serve`` does, on a free port, and wait until the sample is audited."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")}
    command = [sys.executable, "-c", "from aboveline.cli import main; main()", "serve", "--port", str(port)]
    made = Site(f"http://127.0.0.1:{port}", folder / "said", folder / "log", pictures_of(folder))
    with (
        made.said.open("wb") as said,
        made.log.open("wb") as log,
        subprocess.Popen(
            [*command, "--sample", str(CASES), "--as-of", "2013-12-02"],
            cwd=folder,
            env=environment | {"ABOVELINE_REQUESTS_PER_MINUTE": "6000", "ABOVELINE_REQUESTS_AT_ONCE": "1000"},
            stdout=said,
            stderr=log,
        ) as process,
    ):
        until = time.monotonic() + 90
        while made.log.read_text(encoding="utf-8").count('"event": "audit_done", "level": "info", "job"') < 3:
            told = made.log.read_text(encoding="utf-8")
            if len(re.findall(r'"job": "[^"]+", "audit": "[^"]+", "cases": 49', told)) == 3:
                break
            assert time.monotonic() < until, told
            assert process.poll() is None, told
            time.sleep(0.2)
        yield made
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def pictures_of(folder: Path) -> Path:
    """Return the folder for pictures."""
    found = Path(os.environ.get("ABOVELINE_SCREENSHOTS") or folder / "pictures")
    found.mkdir(parents=True, exist_ok=True)
    return found


@contextmanager
def paged(browser: Browser, site: Site, width: int) -> Iterator[Page]:
    """Give a page of a browser that nobody has used, which fails on whatever the console complains of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site.url)
    made = context.new_page()
    made.set_default_timeout(30_000)
    said: list[str] = []
    made.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
    made.on("pageerror", lambda error: said.append(str(error)))
    yield made
    context.close()
    assert [] == [one for one in said if "status of 422" not in one]  # a form that was not filled in


def sign_in(page: Page, who: str) -> None:
    """Sign in from the first page."""
    page.goto("/")
    page.get_by_role("button", name=who).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")


def check(page: Page, heading: str | re.Pattern[str]) -> None:
    """See that a page is the one that was wanted, that axe finds nothing, and that nothing sticks out of it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert [] == violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def look(page: Page, site: Site, heading: str | re.Pattern[str], name: str) -> None:
    """Check a page, and take a picture of it."""
    check(page, heading)
    site.taken += 1
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=site.pictures / f"{width}-{site.taken:02}-{name}.png", full_page=True)


def link(page: Page, name: str) -> None:
    """Follow the first link of a name in the page itself."""
    page.get_by_role("main").locator("a").filter(has_text=re.compile(name)).first.click()


def reach(page: Page, words: str) -> None:
    """Press Tab until what has the focus begins with some words, or is labelled so."""
    for _ in range(250):
        page.keyboard.press("Tab")
        if str(page.evaluate(_FOCUSED)).startswith(words):
            return
    pytest.fail(f"{words} cannot be reached by keyboard")


def day_by_keyboard(page: Page, iso: str) -> None:
    """Put a day into the next three fields for one, over what is there."""
    year, month, date = iso.split("-")
    for part, value in (("Day", date), ("Month", month), ("Year", year)):
        reach(page, part)
        page.keyboard.press("Control+a")
        page.keyboard.type(value)


expect.set_options(timeout=20_000)  # other processes may have the machine
_FOCUSED = """(() => {
    const one = document.activeElement;
    const words = one.labels && one.labels.length ? one.labels[0].textContent : one.textContent;
    return words.trim().replace(/\\s+/g, " ");
})()"""
