"""A browser for tests: Debian's chromium by its path, and axe in it.

Without a browser the tests that need one are skipped, and say so. With
``ABOVELINE_BROWSER=required`` that is a failure: ``make browser`` sets it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

__all__ = ["DESKTOP", "NARROWEST", "PHONE", "launched", "violations"]

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
DESKTOP, PHONE, NARROWEST = 1280, 375, 320
"""Widths of a screen. The last is a screen of the first, magnified four times: WCAG 2.2, 1.4.10."""


@contextmanager
def launched() -> Iterator[Browser]:
    """Give a browser, skip where there is none, and fail where there has to be one."""
    if CHROMIUM is None:
        told = "no browser: `make browser` installs chromium and runs these tests"
        if os.environ.get("ABOVELINE_BROWSER") == "required":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def violations(page: Page) -> list[str]:
    """Return the rules of axe that a page breaks."""
    return [one["id"] for one in Axe().run(page, options=AXE).response["violations"]]
