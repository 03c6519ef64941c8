"""The worker: does what was asked for, one after the other, and each of it once.

It holds a job by a lease, which a thread of its own renews while the work goes
on. What came of it is kept in the transaction that ends the job, or not at all.
So a worker may end at any moment: another takes the job when its lease has run
out, and whoever comes back late finds that it is not theirs any more. One that
lives waits for a database that is busy or away, and goes on.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from threading import Event
from typing import TypeVar

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aboveline.problems import InputError
from aboveline.store import Act, BusyError, ConflictError, Database, LeaseLostError, holding, jobs
from aboveline.store.states import State

from .beating import Beating, StoppedError
from .clock import Clock
from .observing.correlation import correlation
from .tasks import Audits, CannotError, Drafts, Keep, Task

__all__ = ["LEASE", "LIMIT", "Worker"]

LEASE = dt.timedelta(seconds=60)
"""How long a job is held without a word. After that another worker takes it."""

LIMIT = dt.timedelta(minutes=5)
"""How long trying a draft of the rules may take."""

_WHO = "aboveline worker"
_PAUSE = 1.0
UNEXPECTED = "It could not be completed. Whoever runs the service finds why in its log."

log = structlog.get_logger(__name__)

Written = TypeVar("Written")


class Worker:
    """Works through jobs until it is told to stop."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        lease: dt.timedelta = LEASE,
        limit: dt.timedelta = LIMIT,
        stop: Event | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._stop = stop or Event()
        self._held_up = False
        self._tasks: dict[str, Task] = {one.kind: one for one in (Audits(database), Drafts(database, limit))}
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
            self._do(self._tasks[job.kind], job)
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
                    _end(self._tasks[lost.kind], session, act, lost.subject, lost.reason)
            return jobs.claim(session, act, self.owner, self._lease, list(self._tasks), lapsed=not held_up)

    def _do(self, task: Task, job: jobs.Job) -> None:
        what = {"job": job.id, task.name: job.subject}
        log.info(_event(task, "begun"), **what, attempt=job.attempts)
        try:
            self._write(lambda session: self._begin(session, task, job))
            with self._database.reading() as session:
                of = task.size(session, job.subject)
            with Beating(self._database, self._clock, self._lease, self._stop, task, job, of) as beating:
                keep = task.carry_out(job.subject, beating)
                told = self._write(lambda session: self._finish(session, job, keep))
            log.info(_event(task, "done"), **what, **told)
        except LeaseLostError:
            log.warning("lease_lost", **what)
        except StoppedError:
            self._hand_back(task, job)
        except (
            BusyError,
            OperationalError,
        ) as error:  # its lease runs out, and whoever is there then goes on
            log.warning(_event(task, "left"), **what, exc_info=error)
            self._held_up = True
        except (ConflictError, CannotError) as error:  # somebody stopped it, or it cannot be done
            self._fail(task, job, str(error))
        except InputError as error:
            self._fail(task, job, "; ".join(one.reason for one in error.problems))
        except Exception as error:
            log.exception(_event(task, "failed"), **what, exc_info=error)
            self._fail(task, job, UNEXPECTED)

    def _begin(self, session: Session, task: Task, job: jobs.Job) -> None:
        act = self._act(job.correlation)
        holding.heartbeat(session, job.id, self.owner, act.at, self._lease)
        task.move(session, act, job.subject, State.RUNNING)

    def _finish(self, session: Session, job: jobs.Job, keep: Keep) -> Mapping[str, int]:
        act = self._act(job.correlation)
        holding.finish(session, act, job.id, self.owner)
        return keep(session, act)

    def _write(self, work: Callable[[Session], Written]) -> Written:
        """Write in a transaction, again for as long as the database is too busy for it, until told to stop."""
        while True:
            try:
                with self._database.begin() as session:
                    written = work(session)
            except BusyError:
                log.warning("database_busy", worker=self.owner)
                if self._stop.wait(_PAUSE):
                    raise
            else:
                return written

    def _hand_back(self, task: Task, job: jobs.Job) -> None:
        act = self._act(job.correlation)
        with self._database.begin() as session:
            state = task.state(session, job.subject)
            if state is State.RUNNING:
                holding.hand_back(session, act, job.id, self.owner)
                task.move(session, act, job.subject, State.QUEUED)
            else:
                holding.fail(session, act, job.id, self.owner, f"the {task.name} is {state}")
        log.info(_event(task, "handed_back"), job=job.id, **{task.name: job.subject})

    def _fail(self, task: Task, job: jobs.Job, reason: str) -> None:
        def fail(session: Session) -> None:
            act = self._act(job.correlation)
            holding.fail(session, act, job.id, self.owner, reason)
            _end(task, session, act, job.subject, reason)

        try:
            self._write(fail)
        except LeaseLostError:
            log.warning("lease_lost", job=job.id, **{task.name: job.subject})

    def _act(self, correlation_id: str) -> Act:
        return Act(_WHO, self._clock.now(), correlation_id)


def _event(task: Task, what: str) -> str:
    return f"{task.kind}_{what}"


def _end(task: Task, session: Session, act: Act, subject: str, reason: str | None) -> None:
    """Say that something failed, unless that, or something else, has been said already."""
    if task.state(session, subject) in {State.QUEUED, State.RUNNING}:
        task.move(session, act, subject, State.FAILED, reason)
