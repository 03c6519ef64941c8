"""The worker: does audits that were asked for, one after the other, and each of them once.

It holds a job by a lease, which a thread of its own renews while the audit goes
on. What came of it is kept in the transaction that ends the job, or not at all.
So a worker may end at any moment: another takes the job when its lease has run
out, and whoever comes back late finds that it is not theirs any more. One that
lives waits for a database that is busy or away, and goes on.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from threading import Event

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aboveline.problems import InputError
from aboveline.store import (
    Act,
    AreaScope,
    BusyError,
    ConflictError,
    Database,
    LeaseLostError,
    audits,
    cases,
    holding,
    jobs,
    results,
)

from .beating import Beating, StoppedError
from .clock import Clock
from .observing.correlation import correlation
from .work.auditing import KIND, carry_out

__all__ = ["LEASE", "Worker"]

LEASE = dt.timedelta(seconds=60)
"""How long a job is held without a word. After that another worker takes it."""

_WHO = "aboveline worker"
_PAUSE = 1.0
UNEXPECTED = "It could not be completed. Whoever runs the service finds why in its log."

log = structlog.get_logger(__name__)


class Worker:
    """Works through jobs until it is told to stop."""

    def __init__(
        self, database: Database, clock: Clock, *, lease: dt.timedelta = LEASE, stop: Event | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._stop = stop or Event()
        self._held_up = False
        self.owner = f"worker-{secrets.token_hex(8)}"

    def stop(self) -> None:
        """Stop: what is being done is handed back for another to do."""
        self._stop.set()

    def run(self) -> None:
        """Do what there is to do, and wait for more, until told to stop."""
        log.info("worker_started", worker=self.owner)
        while not self._stop.is_set():
            try:
                done = self.once()
            except (BusyError, OperationalError) as error:
                log.warning("database_not_to_be_had", worker=self.owner, exc_info=error)
                self._held_up, done = True, False
            if not done:
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
        asked = self._clock.now()
        with self._database.begin() as session:
            act = self._act("")
            # Nobody else could renew a lease meanwhile either: those who live do so before the next time round.
            held_up = self._held_up or act.at - asked >= self._lease / 4
            self._held_up = False
            if not held_up:
                for lost in jobs.give_up(session, act):
                    _move(session, act, lost.subject, lost.reason)
            return jobs.claim(session, act, self.owner, self._lease, [KIND], lapsed=not held_up)

    def _do(self, job: jobs.Job) -> None:
        log.info("audit_begun", job=job.id, audit=job.subject, attempt=job.attempts)
        try:
            self._write(lambda session: self._begin(session, job))
            with self._database.reading() as session:
                one = audits.get(session, AreaScope.everything(), job.subject)
                of = cases.count(session, one.scope)
            with Beating(self._database, self._clock, self._lease, self._stop, job, of) as beating:
                result = carry_out(self._database, one, beating.each)
                prepared = results.prepare(result)
                self._write(lambda session: self._finish(session, job, prepared))
            log.info("audit_done", job=job.id, audit=job.subject, cases=result.cases)
        except LeaseLostError:
            log.warning("lease_lost", job=job.id, audit=job.subject)
        except StoppedError:
            self._hand_back(job)
        except (
            BusyError,
            OperationalError,
        ) as error:  # its lease runs out, and whoever is there then goes on
            log.warning("audit_left", job=job.id, audit=job.subject, exc_info=error)
            self._held_up = True
        except ConflictError as error:  # somebody stopped the audit
            self._fail(job, str(error))
        except InputError as error:
            self._fail(job, "; ".join(one.reason for one in error.problems))
        except Exception as error:
            log.exception("audit_failed", job=job.id, audit=job.subject, exc_info=error)
            self._fail(job, UNEXPECTED)

    def _begin(self, session: Session, job: jobs.Job) -> None:
        act = self._act(job.correlation)
        holding.heartbeat(session, job.id, self.owner, act.at, self._lease)
        audits.move(session, act, job.subject, audits.State.RUNNING)

    def _finish(self, session: Session, job: jobs.Job, prepared: results.Prepared) -> None:
        act = self._act(job.correlation)
        holding.finish(session, act, job.id, self.owner)
        results.save(session, act, job.subject, prepared)

    def _write(self, work: Callable[[Session], object]) -> None:
        """Write in a transaction, again for as long as the database is too busy for it, until told to stop."""
        while True:
            try:
                with self._database.begin() as session:
                    work(session)
            except BusyError:
                log.warning("database_busy", worker=self.owner)
                if self._stop.wait(_PAUSE):
                    raise
            else:
                return

    def _hand_back(self, job: jobs.Job) -> None:
        act = self._act(job.correlation)
        with self._database.begin() as session:
            state = audits.get(session, AreaScope.everything(), job.subject).state
            if state is audits.State.RUNNING:
                holding.hand_back(session, act, job.id, self.owner)
                audits.move(session, act, job.subject, audits.State.QUEUED)
            else:
                holding.fail(session, act, job.id, self.owner, f"the audit is {state}")
        log.info("audit_handed_back", job=job.id, audit=job.subject)

    def _fail(self, job: jobs.Job, reason: str) -> None:
        def fail(session: Session) -> None:
            act = self._act(job.correlation)
            holding.fail(session, act, job.id, self.owner, reason)
            _move(session, act, job.subject, reason)

        try:
            self._write(fail)
        except LeaseLostError:
            log.warning("lease_lost", job=job.id, audit=job.subject)

    def _act(self, correlation_id: str) -> Act:
        return Act(_WHO, self._clock.now(), correlation_id)


def _move(session: Session, act: Act, audit: str, reason: str | None) -> None:
    """Say that an audit failed, unless that, or something else, has been said already."""
    if audits.get(session, AreaScope.everything(), audit).state in {
        audits.State.QUEUED,
        audits.State.RUNNING,
    }:
        audits.move(session, act, audit, audits.State.FAILED, reason)
