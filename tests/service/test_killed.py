"""A worker or a server that is killed at any moment: what was asked for is done once, and nothing is half kept."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from aboveline.audit import audit
from aboveline.case import CaseRecord, read_record
from aboveline.rulebook import load_rulebook
from aboveline.service.clock import SystemClock
from aboveline.service.work import auditing
from aboveline.service.work.desk import Desk
from aboveline.store import EVERY_AREA, Act, Database, audits, cases, jobs, results, trail, uploads
from aboveline.store.schema import AuditAnswerRow
from service.office import told
from service.running import Running, until
from service.sending import is_being_written, many, sending
from service.world import settings_of
from stored import ALL, act_at, upload

AS_OF = dt.date(2013, 12, 2)
AMID = 0.2
"""Seconds into an audit that takes a second or more."""


def records(content: bytes) -> list[CaseRecord]:
    """Read every line."""
    found = [read_record(line, "sample") for line in content.splitlines()]
    return [one for one in found if isinstance(one, CaseRecord)]


def job_of(database: Database, subject: str) -> jobs.Job:
    """Return the job that is to do an audit."""
    with database.reading() as session:
        found = jobs.of_subject(session, "audit", subject)
    assert found is not None
    return found


def is_under_way(database: Database, subject: str) -> Callable[[], bool]:
    """Return a question: is a worker at it?"""

    def ask() -> bool:
        job = job_of(database, subject)
        assert job.state in {jobs.JobState.QUEUED, jobs.JobState.RUNNING}, job
        return job.state is jobs.JobState.RUNNING

    return ask


def is_done(database: Database, subject: str) -> Callable[[], bool]:
    """Return a question: is it done?"""

    def ask() -> bool:
        job = job_of(database, subject)
        assert job.state is not jobs.JobState.FAILED, job
        return job.state is jobs.JobState.DONE

    return ask


def done_once(database: Database, subject: str, expected: list[CaseRecord], *, begun: Sequence[int]) -> None:
    """See that an audit has one result, that of the engine, and that the trail tells how it came to be."""
    with database.reading() as session:
        kept = results.load_json(session, ALL, subject)
        answers = session.scalar(
            select(func.count()).select_from(AuditAnswerRow).where(AuditAnswerRow.audit_id == subject)
        )
        job = jobs.of_subject(session, "audit", subject)
        assert job is not None
        what = Counter(one.what for one in trail.of_subjects(session, (subject, job.id)))
        assert trail.verify(session) is None
        assert audits.State.DONE is audits.get(session, ALL, subject).state
    result = audit(expected, load_rulebook(), AS_OF)
    assert result.to_json() == kept.decode()
    assert sum(one.sufficient + one.insufficient + one.not_assessed for one in result.questions) == answers
    assert what["job_begun"] in begun
    assert 1 == what["job_done"]


def test_audit_of_a_worker_that_was_killed_is_done_once(url: str, database: Database, tmp_path: Path) -> None:
    """Two more workers wait for its lease to run out; one of them does the audit."""
    content = many(12)
    upload(database, *records(content), act=act_at(0, "MANAGER"))
    desk = Desk.of(settings_of(), database, SystemClock())
    asked = auditing.Asked(AS_OF, (EVERY_AREA,))
    subject = auditing.ask(desk, Act("MANAGER", desk.clock.now(), ""), ALL, asked).id
    with Running(url, tmp_path) as running:
        worker = running.work()
        until(is_under_way(database, subject), "an audit under way")
        time.sleep(AMID)
        assert is_under_way(database, subject)()
        worker.kill()
        assert -9 == worker.wait()
        running.work()
        running.work()
        until(is_done(database, subject), "the audit's end")

    done_once(database, subject, records(content), begun=range(2, 4))


def test_audit_of_a_server_that_was_killed_is_done_once(url: str, database: Database, tmp_path: Path) -> None:
    """Its worker finds that it is alone and hands the audit back, or ends what it had as good as done."""
    content = many(12)
    upload(database, *records(content), act=act_at(0, "MANAGER"))
    with Running(url, tmp_path) as running:
        server = running.serve()
        with running.browser("MANAGER") as browser:
            subject = browser.start_audit().rpartition("/")[2]
        until(is_under_way(database, subject), "an audit under way")
        time.sleep(AMID)
        server.kill()
        server.wait()
        until(
            lambda: job_of(database, subject).state is not jobs.JobState.RUNNING, "the audit out of its hands"
        )
        handed_back = job_of(database, subject).state is jobs.JobState.QUEUED
        running.serve()
        until(is_done(database, subject), "the audit's end")
        with running.browser("MANAGER") as browser:
            page = told(browser.get("/").text)

    assert f"{49 * 12:,} cases audited" in page
    done_once(database, subject, records(content), begun=(1 + handed_back,))


@pytest.mark.parametrize("when", ["as it is sent", "as it is kept"])
def test_upload_to_a_server_that_was_killed_is_kept_whole_or_not_at_all(
    url: str, database: Database, tmp_path: Path, when: str
) -> None:
    """Nothing of it is in the database, nor in a file once there is a server again; the same form sent again keeps all of it."""
    content = many(30)
    with Running(url, tmp_path) as running:
        server = running.serve("--no-worker")
        with running.browser("MANAGER") as browser:
            request = browser.form("/uploads/new", {"label": "First"}, content)
            body = request.read()
            with closing(sending(request, body if when == "as it is kept" else body[: len(body) // 2])):
                if when == "as it is kept":
                    until(lambda: is_being_written(url), "an upload being kept")
                else:
                    time.sleep(0.3)  # until what was sent has come in
                server.kill()
                server.wait()
        with database.reading() as session:
            assert 0 == cases.count(session, ALL)
            assert () == uploads.page(session, ALL, "MANAGER").items
            assert "upload_stored" not in {one.what for one in trail.entries(session)}
        running.serve("--no-worker")
        left = [one for one in (tmp_path / "tmp").rglob("*") if one.is_file()]
        assert [] == [one for one in left if b"YNY-" in one.read_bytes()]
        with running.browser("MANAGER") as browser:
            page = told(browser.get(browser.upload(content, "First")).text).replace(",", "")

    assert f"{49 * 30} records accepted 0 rejected" in page
    with database.reading() as session:
        assert 49 * 30 == cases.count(session, ALL)
        (kept,) = uploads.page(session, ALL, "MANAGER").items
        assert (49 * 30, 0, 0, 0) == (kept.new, kept.changed, kept.unchanged, kept.rejected)
        assert trail.verify(session) is None
