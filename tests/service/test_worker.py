"""The worker: each audit once, whatever happens to whoever does it."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aboveline.case import Placed, read_file, read_record
from aboveline.service.clock import SystemClock
from aboveline.service.work import auditing
from aboveline.service.work.auditing import Asked
from aboveline.service.work.desk import Desk
from aboveline.service.worker import LEASE, Worker
from aboveline.store import Act, AreaScope, BusyError, Database, audits, jobs, results, trail, uploads
from service.office import CASES
from service.world import NOW, StillClock, settings_of

EVERYTHING = AreaScope.everything()
ASKED = Asked(dt.date(2013, 12, 2), ("*",))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk with the sample stored."""
    with Database.open(f"sqlite:///{tmp_path / 'aboveline.db'}") as database:
        database.migrate()
        act = Act("MANAGER", NOW, "")
        with database.begin() as session:
            uploads.store(session, act, EVERYTHING, "Sample", read_file(CASES), digest="0" * 64)
        yield Desk.of(settings_of(), database, StillClock())


def ask(desk: Desk) -> str:
    """Ask for an audit and return its id."""
    return auditing.ask(desk, Act("MANAGER", desk.clock.now(), "c0ffee"), EVERYTHING, ASKED).id


def state(desk: Desk, audit: str) -> tuple[audits.State, str | None, jobs.Job]:
    """Return how far an audit has come, why it failed, and its job."""
    with desk.database.reading() as session:
        one = audits.get(session, EVERYTHING, audit)
        job = jobs.of_subject(session, auditing.KIND, audit)
    assert job is not None
    return one.state, one.reason, job


def whats(desk: Desk, audit: str) -> list[str]:
    """Return what the trail says of an audit, the earliest first."""
    with desk.database.reading() as session:
        assert trail.verify(session) is None
        return [one.what for one in reversed(trail.of_subjects(session, [audit]))]


def test_audit_is_done_once_and_the_trail_says_so(desk: Desk) -> None:
    """By whom it was asked for, and by which worker it was done."""
    audit = ask(desk)
    worker = Worker(desk.database, desk.clock)

    assert [True, False] == [worker.once(), worker.once()]
    assert audits.State.DONE is state(desk, audit)[0]
    assert ["audit_asked_for", "audit_running", "audit_done", "audit_result_kept"] == whats(desk, audit)
    with desk.database.reading() as session:
        assert 49 == results.load(session, EVERYTHING, audit).cases
        assert "c0ffee" == trail.of_subjects(session, [audit])[0].correlation


def test_case_that_came_after_an_audit_was_asked_for_is_not_in_it(desk: Desk) -> None:
    """It is done over what there was when it was asked for: an upload since makes no difference."""
    audit = ask(desk)
    more = CASES.read_text(encoding="utf-8").splitlines()[0].replace('{"case":"', '{"case":"NEW-')
    with desk.database.begin() as session:
        read = read_record(more.encode(), "upload")
        uploads.store(
            session,
            Act("MANAGER", NOW, ""),
            EVERYTHING,
            "Later",
            [Placed("upload", 1, read)],
            digest="1" * 64,
        )
    Worker(desk.database, desk.clock).once()

    with desk.database.reading() as session:
        assert 49 == results.load(session, EVERYTHING, audit).cases


def test_worker_that_was_held_up_keeps_nothing_when_another_has_taken_the_job(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease ran out while it worked: the other's result is kept, and it is kept once."""
    audit = ask(desk)
    slow, other = Worker(desk.database, desk.clock), Worker(desk.database, desk.clock)
    carry_out = auditing.carry_out

    def held_up(*args: object, **more: object) -> object:
        result = carry_out(*args, **more)  # type: ignore[arg-type]
        monkeypatch.setattr("aboveline.service.tasks.carry_out", carry_out)
        desk.clock.go_on(seconds=LEASE.total_seconds() + 1)  # type: ignore[attr-defined]
        assert other.once()
        return result

    monkeypatch.setattr("aboveline.service.tasks.carry_out", held_up)
    assert slow.once()

    found, _, job = state(desk, audit)
    assert (audits.State.DONE, 2, other.owner) == (found, job.attempts, job.owner)
    assert 1 == whats(desk, audit).count("audit_result_kept")


def test_upload_that_takes_longer_than_the_lease_costs_a_worker_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: the lease cannot be renewed, nor the end be written, until the upload is through; and then they are."""
    monkeypatch.setattr("aboveline.store.database.PATIENCE", 1)
    lease = dt.timedelta(seconds=2)
    url = str(desk.database._engine.url)
    audit = ask(desk)
    began, through = threading.Event(), threading.Event()
    carry_out = auditing.carry_out

    def upload() -> None:
        with Database.open(url) as other, other.begin():
            began.set()
            time.sleep(2 * lease.total_seconds())
            through.set()

    def beside_it(*args: object, **more: object) -> object:
        thread.start()
        assert began.wait(10)
        return carry_out(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("aboveline.service.tasks.carry_out", beside_it)
    thread = threading.Thread(target=upload)
    with Database.open(url) as database:
        worker = Worker(database, SystemClock(), lease=lease)
        assert worker.once()
    thread.join()

    found, reason, job = state(desk, audit)
    assert through.is_set()
    assert (audits.State.DONE, None, 1, worker.owner) == (found, reason, job.attempts, job.owner)
    assert ["audit_asked_for", "audit_running", "audit_done", "audit_result_kept"] == whats(desk, audit)


def test_worker_that_could_not_write_for_long_lets_others_renew_their_leases_first(desk: Desk) -> None:
    """It takes over what is given up only when it has asked again, without having to wait."""
    audit = ask(desk)
    holder, other = Worker(desk.database, desk.clock), Worker(desk.database, desk.clock)
    assert holder._claim()

    class Waiting:
        """A database that was busy until the lease had run out."""

        @contextmanager
        def begin(self) -> Iterator[Session]:
            desk.clock.go_on(seconds=LEASE.total_seconds() + 1)  # type: ignore[attr-defined]
            with desk.database.begin() as session:
                yield session

    other._database = Waiting()  # type: ignore[assignment]
    assert other._claim() is None
    other._database = desk.database
    again = other._claim()

    assert again is not None
    assert (audit, 2, other.owner) == (again.subject, again.attempts, again.owner)


def test_worker_waits_for_a_database_that_is_busy_or_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not end, and the audit is done when the database is back."""
    audit = ask(desk)
    worker = Worker(desk.database, desk.clock)
    monkeypatch.setattr("aboveline.service.worker._PAUSE", 0.01)
    wrong = iter([BusyError("busy"), OperationalError("select", {}, Exception("away"))])
    once = worker.once

    def not_at_first() -> bool:
        if (error := next(wrong, None)) is not None:
            raise error
        done = once()
        worker.stop()
        return done

    monkeypatch.setattr(worker, "once", not_at_first)
    worker.run()

    assert audits.State.DONE is state(desk, audit)[0]


def test_worker_that_is_told_to_stop_hands_its_audit_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for another worker, and has lost none of its attempts."""
    audit = ask(desk)
    worker = Worker(desk.database, desk.clock)
    carry_out = auditing.carry_out

    def told(database: Database, one: audits.Audit, each: Callable[[], None]) -> object:
        worker.stop()
        return carry_out(database, one, each)

    monkeypatch.setattr("aboveline.service.tasks.carry_out", told)
    worker.once()
    found, _, job = state(desk, audit)
    monkeypatch.setattr("aboveline.service.tasks.carry_out", carry_out)
    Worker(desk.database, desk.clock).once()

    assert (audits.State.QUEUED, jobs.JobState.QUEUED, 0) == (found, job.state, job.attempts)
    assert audits.State.DONE is state(desk, audit)[0]


def test_audit_that_cannot_be_done_fails_with_a_reason_that_tells_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of an error can hold what is recorded: the page has none of them."""
    audit = ask(desk)

    def broken(*_: object) -> object:
        raise ValueError("kanarie")

    monkeypatch.setattr("aboveline.service.tasks.carry_out", broken)
    Worker(desk.database, desk.clock).once()
    found, reason, job = state(desk, audit)

    assert (audits.State.FAILED, jobs.JobState.FAILED) == (found, job.state)
    assert "kanarie" not in f"{reason} {job.reason}"


def test_audit_whose_workers_all_died_is_given_up(desk: Desk) -> None:
    """After three that said nothing more it failed, and its page can say so."""
    audit = ask(desk)
    for n in range(jobs.ATTEMPTS):
        with desk.database.begin() as session:
            assert jobs.claim(
                session, Act("worker", desk.clock.now(), ""), f"dead-{n}", LEASE, [auditing.KIND]
            )
        desk.clock.go_on(seconds=LEASE.total_seconds() + 1)  # type: ignore[attr-defined]

    assert not Worker(desk.database, desk.clock).once()
    found, reason, _ = state(desk, audit)
    assert audits.State.FAILED is found
    assert reason is not None
    assert "3 times" in reason


def test_audit_survives_a_worker_that_is_killed(desk: Desk, tmp_path: Path) -> None:
    """A real process, killed while it audits: another does it when the lease has run out, and nothing is doubled."""
    audit = ask(desk)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")}
    command = [sys.executable, "-c", "from aboveline.cli import main; main()", "work", "--database"]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            [*command, f"sqlite:///{tmp_path / 'aboveline.db'}"], env=environment, stderr=log
        ) as killed,
    ):
        until = time.monotonic() + 60
        while state(desk, audit)[0] is audits.State.QUEUED:
            assert time.monotonic() < until
            assert killed.poll() is None, (tmp_path / "log").read_text(encoding="utf-8")
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    found, _, job = state(desk, audit)
    desk.clock.at = dt.datetime.now(dt.UTC)  # type: ignore[attr-defined]
    worker = Worker(desk.database, desk.clock)
    too_early = worker.once()
    desk.clock.go_on(seconds=LEASE.total_seconds() + 1)  # type: ignore[attr-defined]
    assert worker.once()

    assert (audits.State.RUNNING, 1, False) == (found, job.attempts, too_early)
    found, _, job = state(desk, audit)
    assert (audits.State.DONE, 2) == (found, job.attempts)
    assert ["audit_asked_for", "audit_running", "audit_running", "audit_done", "audit_result_kept"] == whats(
        desk, audit
    )
