"""The tables are made and kept up to date, and what must not be changed cannot be."""

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from aboveline.store import Act, Database, UnfitError, new_id, trail
from aboveline.store.schema import APPEND_ONLY, Base


def test_migrations_make_the_tables_that_the_code_knows(url: str) -> None:
    """Nothing differs between what the migrations made and the classes; the version is known to be current."""
    with Database.open(url) as database:
        assert not database.is_current()
        database.migrate()
        assert database.is_current()
        database.migrate()

    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert [] == differences


def test_several_can_migrate_at_once(url: str) -> None:
    """A server and its workers start together: one makes the tables, the others find them."""
    wrong: list[BaseException] = []

    def migrate() -> None:
        try:
            with Database.open(url) as database:
                database.migrate()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells it
            wrong.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == wrong


def test_every_table_is_either_kept_or_machinery(database: Database) -> None:
    """A table that is added must say whether it is only added to."""
    with database.reading() as session:
        tables = set(inspect(session.connection()).get_table_names())

    assert {"alembic_version", "erasing", "jobs", "sessions"} == tables - set(APPEND_ONLY)


@pytest.mark.parametrize("statement", ["update trail set who = 'B'", "delete from trail"])
def test_the_database_refuses_to_change_the_trail(
    database: Database, act: Callable[..., Act], statement: str
) -> None:
    """Whoever asks, by whatever statement."""
    with database.begin() as session:
        trail.note(session, act(), "tested", "x")

    with pytest.raises(DatabaseError, match="never changed"), database.begin() as session:
        session.execute(text(statement))

    with database.reading() as session:
        assert ["ANNA"] == [one.who for one in trail.entries(session)]


def test_triggers_stand_on_every_table_that_is_only_added_to(database: Database) -> None:
    """Each has a trigger for updates and one for deletes."""
    names = (
        "select name from sqlite_master where type = 'trigger'"
        if database.is_sqlite
        else "select tgname from pg_trigger where not tgisinternal"
    )
    with database.reading() as session:
        found = set(session.scalars(text(names)))

    wanted = {f"{table}_no_{what}" for table in APPEND_ONLY for what in ("update", "delete")}
    assert set() == wanted - found


def test_a_reader_cannot_write(database: Database) -> None:
    """What is written while reading is refused, not lost in silence."""
    with pytest.raises(DatabaseError), database.reading() as session:
        session.execute(text("insert into erasing (case_id) values ('A')"))


def test_an_error_of_the_database_does_not_repeat_what_was_written(database: Database) -> None:
    """It may be about a person, and errors are logged."""
    statement = text("insert into erasing (case_id, nothing) values (:case, 1)")
    with pytest.raises(DatabaseError) as refused, database.begin() as session:
        session.execute(statement, {"case": "CANARY"})

    assert "CANARY" not in str(refused.value)


def test_nothing_is_written_of_what_goes_wrong(database: Database, act: Callable[..., Act]) -> None:
    """An error takes back rows and trail together."""

    def go_wrong() -> None:
        with database.begin() as session:
            session.execute(text("insert into erasing (case_id) values ('A')"))
            trail.note(session, act(), "tested", "x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        go_wrong()

    with database.reading() as session:
        assert 0 == session.scalar(text("select count(*) from erasing"))
        assert () == trail.entries(session)


@pytest.mark.parametrize(
    "url",
    ["", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "sqlite:////no/such/folder/x", "no url:secret"],
)
def test_a_url_that_cannot_be_used_is_refused_without_repeating_it(url: str) -> None:
    """It may hold a password."""
    with pytest.raises(UnfitError) as refused:
        Database.open(url)

    assert "secret" not in str(refused.value)


def test_nobody_else_reads_the_file(tmp_path: Path) -> None:
    """The file is its owner's alone."""
    with Database.open(f"sqlite:///{tmp_path / 's'}") as database:
        database.migrate()

        assert {0o600} == {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}


def test_identifiers_sort_by_time_and_are_uuids() -> None:
    """Version 7 of RFC 9562, variant 2."""
    early = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)

    one, other = new_id(early), new_id(early + dt.timedelta(milliseconds=1))

    assert one < other
    assert "7" == one[14]
    assert one[19] in "89ab"
    assert one != new_id(early)


@pytest.mark.parametrize("who", ["", "x" * 256, "a\0b", "\ud800"])
def test_an_act_is_somebodys(who: str) -> None:
    """Somebody has a name that both databases can keep, and a moment says its offset."""
    moment = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    with pytest.raises(UnfitError):
        Act(who, moment, "")
    with pytest.raises(UnfitError):
        Act("A", moment.replace(tzinfo=None), "")
