"""A process that is killed at any moment leaves what it had committed, whole, and nothing else."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import func, select

from aboveline.store import Database, cases, jobs, trail, uploads
from aboveline.store.schema import CaseVersionRow, JudgementRow, UploadRow
from stored import ALL, act_at, record, upload

TESTS = Path(__file__).parents[1]


@contextmanager
def dying(how: str, url: str) -> Iterator[IO[str]]:
    """Give what a process says that works with the store; it is killed at the end, without a warning."""
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, str(TESTS / "dying.py"), how, url],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.kill()


def test_half_an_upload_is_none(url: str, database: Database) -> None:
    """Its batches are gone, nobody waits for its locks, and the same upload can be sent again."""
    upload(database, record("A-1"))
    with dying("half", url) as said:
        assert "half\n" == said.readline()

    again = upload(database, *[record(f"H-{n}") for n in range(1600)], act=act_at(2))

    assert 1600 == again.new
    with database.reading() as session:
        assert 1601 == cases.count(session, ALL)
        assert [again.id] == [one.id for one in uploads.page(session, ALL, "ANNA").items][:1]
        assert 2 == len(uploads.page(session, ALL, "ANNA").items)
        assert ["upload_stored"] * 2 == [one.what for one in trail.entries(session)]
        assert trail.verify(session) is None


@pytest.mark.parametrize("after", [0.0, 0.137, 0.311])
def test_what_was_committed_is_there_and_whole(url: str, database: Database, after: float) -> None:
    """Killed amid writing: every upload that it named is there, each with all its cases, its judgement and its entries."""
    with dying("much", url) as said:
        named = [said.readline().strip() for _ in range(5)]
        time.sleep(after)
    # What it had said meanwhile is not waited for: it is at least these.

    with database.reading() as session:
        found = set(session.scalars(select(UploadRow.id)))
        many = dict(
            session.execute(
                select(CaseVersionRow.upload_id, func.count()).group_by(CaseVersionRow.upload_id)
            ).all()
        )
        judged = session.scalar(select(func.count()).select_from(JudgementRow))
        head = trail.head(session)
        assert trail.verify(session) is None
    assert set(named) <= found
    assert dict.fromkeys(found, 30) == many
    assert len(found) == judged
    assert head is not None
    assert 2 * len(found) == head.seq
    assert 1 == upload(database, record("A-1"), act=act_at(10**6)).new


def test_a_dead_workers_job_is_taken_by_another(url: str, database: Database) -> None:
    """When its lease has run out, and not before."""
    with database.begin() as session:
        queued = jobs.enqueue(session, act_at(0), "audit", "s")
    with dying("job", url) as said:
        assert f"{queued.id}\n" == said.readline()

    def claim(seconds: float) -> jobs.Job | None:
        with database.begin() as session:
            return jobs.claim(session, act_at(seconds, "w2"), "w2", dt.timedelta(seconds=30), ["audit"])

    assert claim(30) is None
    again = claim(31)
    assert again is not None
    assert (queued.id, 2) == (again.id, again.attempts)
