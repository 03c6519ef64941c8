"""The worker: does audits that were asked for, one after the other, and each of them once.

It holds a job by a lease, which a thread of its own renews while the audit goes
on. What came of it is kept in the transaction that ends the job, or not at all.
So a worker may end at any moment: another takes the job when its lease has run
out, and whoever comes back late finds that it is not theirs any more.
"""

import datetime as dt
import secrets
from threading import Event, Thread
from typing import Self

import structlog
from sqlalchemy.orm import Session

from aboveline.problems import InputError
from aboveline.store import (
    Act,
    AreaScope,
    ConflictError,
    Database,
    LeaseLostError,
    audits,
    cases,
    jobs,
    results,
)

from .clock import Clock
from .observing.correlation import correlation
from .work.auditing import KIND, carry_out

__all__ = ["LEASE", "Worker"]

LEASE = dt.timedelta(seconds=60)
"""How long a job is held without a word. After that another worker takes it."""

_WHO = "aboveline worker"
_PAUSE = 1.0
_BEAT = 5.0
UNEXPECTED = "It could not be completed. Whoever runs the service finds why in its log."

log = structlog.get_logger(__name__)


class _StoppedError(Exception):
    """The worker was told to stop, or its audit was."""


class Worker:
    """Works through jobs until it is told to stop."""

    def __init__(
        self, database: Database, clock: Clock, *, lease: dt.timedelta = LEASE, stop: Event | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._stop = stop or Event()
        self.owner = f"worker-{secrets.token_hex(8)}"

    def stop(self) -> None:
        """Stop: what is being done is handed back for another to do."""
        self._stop.set()

    def run(self) -> None:
        """Do what there is to do, and wait for more, until told to stop."""
        log.info("worker_started", worker=self.owner)
        while not self._stop.is_set():
            if not self.once():
                self._stop.wait(_PAUSE)
        log.info("worker_stopped", worker=self.owner)

    def once(self) -> bool:
        """Do one job, and say whether there was one."""
        if not self._is_work():
            return False
        job = self._claim()
        if job is None:
            return False
        token = correlation.set(job.correlation or None)
        try:
            self._do(job)
        finally:
            correlation.reset(token)
        return True

    def _is_work(self) -> bool:
        with self._database.reading() as session:
            many = jobs.count(session)
        return bool(many[jobs.JobState.QUEUED] or many[jobs.JobState.RUNNING])

    def _claim(self) -> jobs.Job | None:
        act = self._act("")
        with self._database.begin() as session:
            for lost in jobs.give_up(session, act):
                _move(session, act, lost.subject, lost.reason)
            return jobs.claim(session, act, self.owner, self._lease, [KIND])

    def _do(self, job: jobs.Job) -> None:
        log.info("audit_begun", job=job.id, audit=job.subject, attempt=job.attempts)
        try:
            with self._database.begin() as session:
                audits.move(session, self._act(job.correlation), job.subject, audits.State.RUNNING)
            with self._database.reading() as session:
                one = audits.get(session, AreaScope.everything(), job.subject)
                of = cases.count(session, one.scope)
            with _Beating(self._database, self._clock, self._lease, self._stop, job, of) as beating:
                result = carry_out(self._database, one, beating.each)
                prepared = results.prepare(result)
            act = self._act(job.correlation)
            with self._database.begin() as session:
                jobs.finish(session, act, job.id, self.owner)
                results.save(session, act, job.subject, prepared)
            log.info("audit_done", job=job.id, audit=job.subject, cases=result.cases)
        except LeaseLostError:
            log.warning("lease_lost", job=job.id, audit=job.subject)
        except _StoppedError:
            self._hand_back(job)
        except ConflictError as error:  # somebody stopped the audit
            self._fail(job, str(error))
        except InputError as error:
            self._fail(job, "; ".join(one.reason for one in error.problems))
        except Exception as error:
            log.exception("audit_failed", job=job.id, audit=job.subject, exc_info=error)
            self._fail(job, UNEXPECTED)

    def _hand_back(self, job: jobs.Job) -> None:
        act = self._act(job.correlation)
        with self._database.begin() as session:
            state = audits.get(session, AreaScope.everything(), job.subject).state
            if state is audits.State.RUNNING:
                jobs.hand_back(session, act, job.id, self.owner)
                audits.move(session, act, job.subject, audits.State.QUEUED)
            else:
                jobs.fail(session, act, job.id, self.owner, f"the audit is {state}")
        log.info("audit_handed_back", job=job.id, audit=job.subject)

    def _fail(self, job: jobs.Job, reason: str) -> None:
        act = self._act(job.correlation)
        try:
            with self._database.begin() as session:
                jobs.fail(session, act, job.id, self.owner, reason)
                _move(session, act, job.subject, reason)
        except LeaseLostError:
            log.warning("lease_lost", job=job.id, audit=job.subject)

    def _act(self, correlation_id: str) -> Act:
        return Act(_WHO, self._clock.now(), correlation_id)


class _Beating:
    """Renews a lease while an audit goes on, and stops the audit where it is lost or somebody said so."""

    def __init__(
        self, database: Database, clock: Clock, lease: dt.timedelta, stop: Event, job: jobs.Job, of: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._stop = stop
        self._job = job
        self._of = of
        self._done = 0
        self._wrong: Exception | None = None
        self._ended = Event()
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def each(self) -> None:
        """Count a case; end here if the audit is not to go on."""
        self._done += 1
        if self._wrong is not None:
            raise self._wrong
        if self._stop.is_set():
            raise _StoppedError

    def _beat(self) -> None:
        pause = min(self._lease.total_seconds() / 4, _BEAT)
        while not self._ended.wait(pause):
            try:
                state = self._renew()
            except LeaseLostError as error:
                self._wrong = error
                return
            except Exception as error:
                log.warning("heartbeat_failed", job=self._job.id, exc_info=error)
                continue
            if state is not audits.State.RUNNING:
                self._wrong = _StoppedError()
                return

    def _renew(self) -> audits.State:
        owner = self._job.owner or ""
        with self._database.begin() as session:
            jobs.heartbeat(
                session, self._job.id, owner, self._clock.now(), self._lease, done=self._done, of=self._of
            )
            return audits.get(session, AreaScope.everything(), self._job.subject).state


def _move(session: Session, act: Act, audit: str, reason: str | None) -> None:
    """Say that an audit failed, unless that, or something else, has been said already."""
    if audits.get(session, AreaScope.everything(), audit).state in {
        audits.State.QUEUED,
        audits.State.RUNNING,
    }:
        audits.move(session, act, audit, audits.State.FAILED, reason)
