"""The worker: does what was asked for, one after the other, and each of it once.

It holds a job by a lease, which a thread of its own renews while the work goes
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
from aboveline.store import Act, ConflictError, Database, LeaseLostError, jobs
from aboveline.store.states import State

from .clock import Clock
from .observing.correlation import correlation
from .tasks import Audits, CannotError, Drafts, Task

__all__ = ["LEASE", "LIMIT", "Worker"]

LEASE = dt.timedelta(seconds=60)
"""How long a job is held without a word. After that another worker takes it."""

LIMIT = dt.timedelta(minutes=5)
"""How long trying a draft of the rules may take."""

_WHO = "aboveline worker"
_PAUSE = 1.0
_BEAT = 5.0
UNEXPECTED = "It could not be completed. Whoever runs the service finds why in its log."

log = structlog.get_logger(__name__)


class _StoppedError(Exception):
    """The worker was told to stop, or what it does was."""


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
        self._tasks: dict[str, Task] = {one.kind: one for one in (Audits(database), Drafts(database, limit))}
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
            self._do(self._tasks[job.kind], job)
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
                _end(self._tasks[lost.kind], session, act, lost.subject, lost.reason)
            return jobs.claim(session, act, self.owner, self._lease, list(self._tasks))

    def _do(self, task: Task, job: jobs.Job) -> None:
        what = {"job": job.id, task.name: job.subject}
        log.info(_event(task, "begun"), **what, attempt=job.attempts)
        try:
            with self._database.begin() as session:
                task.move(session, self._act(job.correlation), job.subject, State.RUNNING)
            with self._database.reading() as session:
                of = task.size(session, job.subject)
            with _Beating(self._database, self._clock, self._lease, self._stop, task, job, of) as beating:
                keep = task.carry_out(job.subject, beating)
            act = self._act(job.correlation)
            with self._database.begin() as session:
                jobs.finish(session, act, job.id, self.owner)
                told = keep(session, act)
            log.info(_event(task, "done"), **what, **told)
        except LeaseLostError:
            log.warning("lease_lost", **what)
        except _StoppedError:
            self._hand_back(task, job)
        except (ConflictError, CannotError) as error:  # somebody stopped it, or it cannot be done
            self._fail(task, job, str(error))
        except InputError as error:
            self._fail(task, job, "; ".join(one.reason for one in error.problems))
        except Exception as error:
            log.exception(_event(task, "failed"), **what, exc_info=error)
            self._fail(task, job, UNEXPECTED)

    def _hand_back(self, task: Task, job: jobs.Job) -> None:
        act = self._act(job.correlation)
        with self._database.begin() as session:
            state = task.state(session, job.subject)
            if state is State.RUNNING:
                jobs.hand_back(session, act, job.id, self.owner)
                task.move(session, act, job.subject, State.QUEUED)
            else:
                jobs.fail(session, act, job.id, self.owner, f"the {task.name} is {state}")
        log.info(_event(task, "handed_back"), job=job.id, **{task.name: job.subject})

    def _fail(self, task: Task, job: jobs.Job, reason: str) -> None:
        act = self._act(job.correlation)
        try:
            with self._database.begin() as session:
                jobs.fail(session, act, job.id, self.owner, reason)
                _end(task, session, act, job.subject, reason)
        except LeaseLostError:
            log.warning("lease_lost", job=job.id, **{task.name: job.subject})

    def _act(self, correlation_id: str) -> Act:
        return Act(_WHO, self._clock.now(), correlation_id)


class _Beating:
    """Renews a lease while work goes on, and stops the work where it is lost or somebody said so."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lease: dt.timedelta,
        stop: Event,
        task: Task,
        job: jobs.Job,
        of: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._stop = stop
        self._task = task
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
        """Count a case; end here if the work is not to go on."""
        self.at(self._done + 1)

    def at(self, done: int) -> None:
        """Say how many cases are done; end here if the work is not to go on."""
        self._done = done
        self.look()

    def look(self) -> None:
        """End here if the work is not to go on."""
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
            if state is not State.RUNNING:
                self._wrong = _StoppedError()
                return

    def _renew(self) -> State:
        owner, now = self._job.owner or "", self._clock.now()
        with self._database.begin() as session:
            jobs.heartbeat(session, self._job.id, owner, now, self._lease, done=self._done, of=self._of)
            return self._task.state(session, self._job.subject)


def _event(task: Task, what: str) -> str:
    return f"{task.kind}_{what}"


def _end(task: Task, session: Session, act: Act, subject: str, reason: str | None) -> None:
    """Say that something failed, unless that, or something else, has been said already."""
    if task.state(session, subject) in {State.QUEUED, State.RUNNING}:
        task.move(session, act, subject, State.FAILED, reason)
