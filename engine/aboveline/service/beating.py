"""The heartbeat of a worker: it renews the lease of what is being done, from a thread of its own."""

import datetime as dt
from threading import Event, Thread
from typing import Self

import structlog

from aboveline.store import Database, LeaseLostError, holding, jobs
from aboveline.store.states import State

from .clock import Clock
from .tasks import Task

__all__ = ["Beating", "StoppedError"]

_BEAT = 5.0

log = structlog.get_logger(__name__)


class StoppedError(Exception):
    """The worker was told to stop, or what it does was."""


class Beating:
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
            raise StoppedError

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
                self._wrong = StoppedError()
                return

    def _renew(self) -> State:
        owner = self._job.owner or ""
        with self._database.begin() as session:
            holding.heartbeat(
                session, self._job.id, owner, self._clock.now(), self._lease, done=self._done, of=self._of
            )
            return self._task.state(session, self._job.subject)
