"""Do something in a process of its own, which is ended where it takes too long or wants too much memory.

Rules that somebody sent are data, but reading and trying them can be made to
take for ever, and a thread that does so cannot be stopped. The process is
spawned and not forked, for it must not share what is open here. It says
nothing but texts, so nothing of what it sends is run. Should whoever started
it be killed, an alarm of the system ends it all the same.
"""

import contextlib
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

import structlog

from aboveline.service.observing.logs import where

__all__ = ["ApartError", "BrokenError", "TooLargeError", "TooLongError", "Work", "apart"]

Work = Callable[[Callable[[int], None]], str]
"""What is to be done, and can be pickled. It is given what to tell how far it is, and returns a text."""

LARGEST = 4 * 1024**3
"""Bytes of memory that the process may have."""

_SPAWN = get_context("spawn")
_LOOK = 0.5
_GRACE = 5.0


class ApartError(Exception):
    """It was not done. The words are for a person."""


class TooLongError(ApartError):
    """It took longer than it may."""


class TooLargeError(ApartError):
    """It wanted more memory than it may have."""


class BrokenError(ApartError):
    """The process ended before it was done. ``places`` is where an error arose, where there was one."""

    def __init__(self, how: str, places: tuple[str, ...] = ()) -> None:
        super().__init__(how)
        self.places = places


def apart(
    work: Work,
    seconds: float,
    look: Callable[[], None] = lambda: None,
    at: Callable[[int], None] = lambda _: None,
) -> str:
    """Do something in a process of its own, and return the text that comes of it.

    Args:
        work: what is to be done.
        seconds: how long it may take.
        look: called now and then; what it raises ends the work.
        at: called with how far the work is.

    Raises:
        TooLongError: it was not done in time.
        TooLargeError: it wanted too much memory.
        BrokenError: its process ended before it was done.
    """
    ours, theirs = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_serve, args=(work, theirs, seconds + _GRACE, os.getpid()), daemon=True)
    process.start()
    theirs.close()
    until = time.monotonic() + seconds
    try:
        while (left := until - time.monotonic()) > 0:
            if ours.poll(min(left, _LOOK)):
                kind, said = json.loads(ours.recv_bytes())
                if kind == "done":
                    return str(said)
                if kind == "failed":
                    name, *places = said
                    raise (
                        TooLargeError("too much memory")
                        if name == MemoryError.__name__
                        else BrokenError(name, tuple(places))
                    )
                at(int(said))
            look()
    except (EOFError, OSError):
        process.join(_GRACE)
        raise BrokenError(f"ended with {process.exitcode}") from None
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
    raise TooLongError("too long")


def _serve(work: Work, connection: Connection, seconds: float, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)  # the system ends it then, whatever it is at
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _limit_memory()
    # What the engine logs would go where nobody looks for it; that it ended is logged by whoever asked.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with contextlib.suppress(BrokenPipeError):
        try:
            said: list[object] = [
                "done",
                work(lambda n: connection.send_bytes(json.dumps(["at", n]).encode())),
            ]
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - it is told where it was asked for; its words stay here
            said = ["failed", [type(error).__name__, *where(error)]]
        connection.send_bytes(json.dumps(said).encode())


def _end_with(parent: int) -> None:
    """End when whoever started this process is gone, even if nobody could say so."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource  # noqa: PLC0415

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = LARGEST if most == resource.RLIM_INFINITY else min(LARGEST, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))
