"""The database: SQLite in a file, or PostgreSQL by its URL; sessions, and bringing its tables up to date.

Work is done in ``begin``, which writes all or nothing, or in ``reading``, which
sees one moment and writes nothing. SQLite has one writer at a time and says so
at the start (``BEGIN IMMEDIATE``); PostgreSQL has many, and what must be one
after another takes a lock by name (``alone``).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from .errors import BusyError, UnfitError
from .trail import write_queued
from .turns import Turn, lock

__all__ = ["Database"]

PATIENCE = 60
"""Seconds that a writer waits for its turn in SQLite before it gives up."""

# An error of the database must not repeat what was to be written: it may be about a person, and errors are logged.
_POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "hide_parameters": True}


class Database:
    """An open database. ``close`` it, or use it as a context."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(aboveline="write")
        self._reading = engine.execution_options(aboveline="read")
        if self.is_sqlite:
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            self._reading = self._reading.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @classmethod
    def open(cls, url: str, *, make: bool = True) -> Self:
        """Open ``sqlite:///FILE`` or ``postgresql+psycopg://USER@HOST/NAME``. Nothing is read or written yet.

        SQLite's file is made where there is none, unless ``make`` is false.

        Raises:
            UnfitError: the URL is of neither form, and is not repeated, since it may hold a password;
                or there is no such file, or it cannot be opened.
        """
        try:
            made = make_url(url)
        except ArgumentError:
            raise UnfitError("the database's URL cannot be read") from None
        if made.drivername in {"postgresql", "postgres"}:
            made = made.set(drivername="postgresql+psycopg")
        if made.drivername == "postgresql+psycopg":
            return cls(create_engine(made, **_POOL, pool_pre_ping=True))
        if made.drivername not in {"sqlite", "sqlite+pysqlite"}:
            raise UnfitError(
                "the database is SQLite or PostgreSQL: its URL starts sqlite:/// or postgresql://"
            )
        if not made.database or made.database == ":memory:" or made.query:
            raise UnfitError("SQLite is kept in a file: sqlite:///FILE, with nothing behind it")
        if not make and not Path(made.database).is_file():
            raise UnfitError(f"there is no file {made.database}: say where the database is")
        try:
            # Whoever else is on this machine must not read it. The files beside it get the same permissions.
            os.close(os.open(made.database, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise UnfitError(f"the database's file cannot be opened: {error.strerror}") from error
        return cls(create_engine(made, **_POOL, connect_args={"timeout": PATIENCE}))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite's."""
        return self._engine.dialect.name == "sqlite"

    @property
    def url(self) -> str:
        """The URL by which another process opens it. It may hold a password: show it nobody."""
        return self._engine.url.render_as_string(hide_password=False)

    @contextmanager
    def begin(self, *, patience: int = PATIENCE) -> Iterator[Session]:
        """Give a session in which all is written, with its entries in the trail, or nothing.

        ``patience`` is how many seconds it waits for its turn in SQLite, a minute unless it is told otherwise.

        Raises:
            BusyError: SQLite had no turn for this writer in that time.
        """
        try:
            engine = self._writing.execution_options(aboveline_patience=patience)
            with Session(engine, expire_on_commit=False) as session, session.begin():
                session.connection()
                yield session
                write_queued(session)
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise BusyError("the database is busy: try again in a minute") from error
            raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees the database as at one moment and cannot write."""
        with Session(self._reading) as session, session.begin():
            session.connection()
            yield session

    def migrate(self) -> None:
        """Make the tables, or bring them up to date. Of several who do so at once, one does it."""
        with self._writing.begin() as connection:
            lock(connection, Turn.MIGRATION)
            command.upgrade(_config(connection), "head")

    def is_current(self) -> bool:
        """Tell whether the tables are those that this version of Aboveline works with."""
        with self._reading.connect() as connection:
            return frozenset(MigrationContext.configure(connection).get_current_heads()) == _heads()

    def ping(self) -> None:
        """Ask the database for nothing.

        Raises:
            SQLAlchemyError: it does not answer.
        """
        with self._reading.connect() as connection:
            connection.execute(text("select 1"))

    def tidy(self) -> None:
        """Empty SQLite's log of changes, so that what was erased is gone from it too. Does nothing to PostgreSQL."""
        if self.is_sqlite:
            with self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


@cache
def _heads() -> frozenset[str]:
    """Return what tables of this version are marked with. Probes ask often, and it is read from files."""
    return frozenset(ScriptDirectory.from_config(_config(None)).get_heads())


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("aboveline.store") / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, below, and not by the driver
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # what was committed outlives a power cut
        "foreign_keys = ON",
        f"busy_timeout = {PATIENCE * 1000}",
        "secure_delete = ON",  # erased is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reads = options.get("aboveline") == "read"
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {options.get('aboveline_patience', PATIENCE) * 1000}")
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
