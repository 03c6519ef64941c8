"""Tests are quiet and come out the same every time; what keeps data is tested on both databases for real."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

import postgres
from aboveline.store import Database

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def quiet() -> None:
    """Keep the engine's log for the tests that ask for it."""
    structlog.reset_defaults()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


quiet()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Leave no log that goes to a closed file: a command run in this process logs to a screen that ends with it."""
    file = getattr(structlog.get_config()["logger_factory"], "_file", None)
    if file is not None and file.closed:
        quiet()


# Examples are drawn from each test itself, so a failure is a failure everywhere; no test is timed.
settings.register_profile(
    "aboveline",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("aboveline")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Give the URI of a PostgreSQL server of our own, as its superuser."""
    with postgres.server() as uri:
        yield uri


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    with postgres.empty_database(request.getfixturevalue("postgresql")) as made:
        yield made


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Give a database with its tables."""
    with Database.open(url) as opened:
        opened.migrate()
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Give a browser. Not for longer than a module: while it is open no other event loop can be."""
    from chromium import launched  # noqa: PLC0415 - most tests need no browser, nor what drives one

    with launched() as made:
        yield made
