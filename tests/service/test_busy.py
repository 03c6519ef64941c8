"""While something large is written to SQLite, whoever reads goes on reading."""

import datetime as dt
import time
from pathlib import Path

import pytest

from aboveline.service.adapters import StoredSessions
from aboveline.service.clock import SystemClock
from aboveline.store import ConflictError, Database, jobs, sessions
from stored import act_at

NOW = dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=30)


def test_session_is_renewed_when_there_is_a_turn_for_it(tmp_path: Path) -> None:
    """Somebody writes: it is not renewed, and nobody waits or is refused. Then it is."""
    with Database.open(f"sqlite:///{tmp_path}/x.db") as database:
        database.migrate()
        kept = StoredSessions(database, SystemClock())
        with database.begin() as session:
            sessions.put(session, "a key", "as it was", LATER, NOW)
        with database.begin() as session:
            jobs.enqueue(session, act_at(0), "audit", "an audit")
            session.flush()
            begin = time.monotonic()
            kept.renew("a key", "renewed", LATER)
            assert 5 > time.monotonic() - begin
            assert "as it was" == kept.get("a key", NOW)
        kept.renew("a key", "renewed", LATER)
        assert "renewed" == kept.get("a key", NOW)


def test_writer_is_as_patient_as_it_is_told(tmp_path: Path) -> None:
    """It says that the database is busy, having waited no longer; and the next one of its connection is patient again."""
    with Database.open(f"sqlite:///{tmp_path}/x.db") as database:
        database.migrate()
        with database.begin() as session:
            jobs.enqueue(session, act_at(0), "audit", "an audit")
            session.flush()
            begin = time.monotonic()
            with pytest.raises(ConflictError, match="busy"), database.begin(patience=1):
                pass
            assert 1 <= time.monotonic() - begin < 10
        with database.begin() as session:
            waits = session.connection().exec_driver_sql("PRAGMA busy_timeout").scalar()
        assert 60_000 == waits
