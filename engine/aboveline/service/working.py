"""Running a worker as a process of its own, beside the server or alone, until it is told to stop."""

import datetime as dt
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aboveline.store import Database

from .clock import SystemClock
from .observing.logs import log_service
from .room import own_room
from .settings import Settings
from .worker import Worker

__all__ = ["beside", "work"]

_LOOK = 1.0
_TIME_TO_FINISH = 30


def work(settings: Settings, parent: int | None = None) -> None:
    """Do what is asked for until a signal says to stop, or the process that started this one is gone."""
    log_service(settings.log_level)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=_watch, args=(parent, stop), daemon=True).start()
    with own_room(), Database.open(settings.database_url.get_secret_value()) as database:
        lease = dt.timedelta(seconds=settings.worker_lease_seconds)
        limit = dt.timedelta(seconds=settings.draft_limit_seconds)
        Worker(database, SystemClock(), lease=lease, limit=limit, stop=stop).run()


@contextmanager
def beside(settings: Settings) -> Iterator[None]:
    """Run a worker for as long as something else runs. It is a process: an audit must not hold up answers."""
    # Spawned and not forked: a fork would share what is open, and threads would be missing in it.
    process = multiprocessing.get_context(
        "spawn"
    ).Process(
        target=work,
        args=(settings, os.getpid()),
        name="aboveline-worker",
        daemon=False,  # a daemon may start no process, and drafts are tried in one; this one ends with us by itself
    )
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(_TIME_TO_FINISH)
        if process.is_alive():  # what it does is another worker's when its lease has run out
            process.kill()
            process.join()
        process.close()


def _watch(parent: int, stop: threading.Event) -> None:
    """Stop when the parent is gone, even if nobody could say so: a server that was killed leaves no worker behind."""
    while not stop.wait(_LOOK):
        if os.getppid() != parent:
            stop.set()
