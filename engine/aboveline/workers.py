"""Work through many things in several processes, of which any may end at any time.

Things are handed out in chunks, and what comes of a chunk counts only as a
whole, when it is back. Where a process ends before that (the system was short
of memory, or the engine failed as no exception can tell), the thing it was at
is tried once more, first thing in a fresh process, and then given up by name;
the others of its chunk are done again one by one. So nothing is lost, nothing
is counted twice, and one bad thing costs itself alone.

Processes are spawned and not forked: what the engine holds in C must not be
copied half-way. No more is read ahead than two chunks a process.
"""

import contextlib
import signal
import traceback
from collections import Counter, deque
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

__all__ = ["CHUNK", "Lost", "WorkersError", "in_processes"]

CHUNK = 25
"""Things in a chunk: enough that handing out costs little, few enough that little is done again."""

_TRIES = 2
_STARTS = 3
_PATIENCE = 10

Thing = TypeVar("Thing", bound=Hashable)
Outcome = TypeVar("Outcome")
Work = Callable[[Iterable[Thing]], Outcome]

_SPAWN = get_context("spawn")
_NOT_BEGUN = -1


class WorkersError(RuntimeError):
    """Processes end before they begin, or the work went wrong in one: there is no answer then."""


@dataclass(frozen=True)
class Lost(Generic[Thing]):
    """A thing on which two processes ended, and how the last did."""

    thing: Thing
    reason: str


def in_processes(
    begin: Callable[[], Work[Thing, Outcome]], things: Iterable[Thing], many: int, chunk: int = CHUNK
) -> Generator[Outcome | Lost[Thing], None, None]:
    """Yield what comes of each chunk of things, in any order, and each thing that was lost.

    Args:
        begin: makes what does the work, once in each process; it is pickled.
        things: what to work through, no two equal; read as they are wanted.
        many: how many processes.
        chunk: how many things are handed out at once.

    Raises:
        WorkersError: processes end before they begin, or the work raised something.
    """
    pool = _Pool(begin, iter(things), many, chunk)
    try:
        yield from pool.outcomes()
    finally:
        pool.stop()


class _Worker(Generic[Thing, Outcome]):
    """A process, and the chunk it has in hand. What it is ``at`` is in memory that outlives it."""

    def __init__(
        self, begin: Callable[[], Work[Thing, Outcome]], first: Sequence[Thing] | None = None
    ) -> None:
        self.first = first
        self.chunk: Sequence[Thing] | None = None
        self.ready = False
        self._at = _SPAWN.RawValue("q", _NOT_BEGUN)
        self.connection, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(begin, theirs, self._at), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, chunk: Sequence[Thing]) -> None:
        self.chunk = chunk
        self._at.value = _NOT_BEGUN
        with contextlib.suppress(OSError):  # it has ended: that is seen when its answer is waited for
            self.connection.send(chunk)

    def receive(self) -> tuple[bool, Any]:
        """Return what the process says: whether the work was done, and what came of it or was raised.

        Raises:
            EOFError: the process has ended.
        """
        try:
            said: tuple[bool, Any] = self.connection.recv()
        except OSError as error:
            raise EOFError from error
        return said

    def ended(self) -> tuple[Thing | None, str]:
        """Return what the process was at when it ended, if that can be told, and how it ended."""
        self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()
        self.connection.close()
        code = self._process.exitcode or 0
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        chunk, at = self.chunk or (), int(self._at.value)
        if 0 <= at < len(chunk):
            return chunk[at], how
        return (chunk[0] if len(chunk) == 1 and at != _NOT_BEGUN else None), how

    def begun(self) -> bool:
        return int(self._at.value) != _NOT_BEGUN

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()
        self.connection.close()


class _Pool(Generic[Thing, Outcome]):
    def __init__(
        self, begin: Callable[[], Work[Thing, Outcome]], things: Iterator[Thing], many: int, chunk: int
    ) -> None:
        self._begin = begin
        self._things = things
        self._size = chunk
        self._waiting: deque[Sequence[Thing]] = deque()
        self._deaths: Counter[Thing] = Counter()
        self._in_vain = 0
        self._workers: list[_Worker[Thing, Outcome]] = [_Worker(begin) for _ in range(many)]

    def outcomes(self) -> Iterator[Outcome | Lost[Thing]]:
        more = True
        while True:
            self._hand_out()
            if more and len(self._waiting) < len(self._workers):
                more = self._read()
                patience: float | None = 0
            else:
                patience = None
            if not (more or self._waiting or any(worker.chunk or worker.first for worker in self._workers)):
                return
            by_connection: dict[Any, _Worker[Thing, Outcome]] = {one.connection: one for one in self._workers}
            for connection in wait(list(by_connection), patience):
                yield from self._heard(by_connection[connection])

    def stop(self) -> None:
        for worker in self._workers:
            worker.stop()

    def _read(self) -> bool:
        """Read a chunk ahead; false where there was none."""
        chunk = tuple(islice(self._things, self._size))
        if chunk:
            self._waiting.append(chunk)
        return bool(chunk)

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.ready and worker.chunk is None:
                chunk, worker.first = worker.first, None
                if chunk is None and self._waiting:
                    chunk = self._waiting.popleft()
                if chunk is not None:
                    worker.give(chunk)

    def _heard(self, worker: _Worker[Thing, Outcome]) -> Iterator[Outcome | Lost[Thing]]:
        try:
            done, outcome = worker.receive()
        except EOFError:
            yield from self._replace(worker)
            return
        if not done:
            raise WorkersError(f"what a worker process did went wrong:\n{outcome}")
        self._in_vain = 0
        if not worker.ready:
            worker.ready = True
            return
        worker.chunk = None
        yield outcome

    def _replace(self, worker: _Worker[Thing, Outcome]) -> Iterator[Lost[Thing]]:
        """Put a fresh process in place of one that ended, and see that its chunk is done all the same."""
        at, how = worker.ended()
        if not worker.begun():
            self._in_vain += 1
            if self._in_vain >= _STARTS:
                raise WorkersError(f"worker processes end before they begin; the last ended {how}")
        again = worker.chunk or ()
        first = worker.first
        if at is not None:
            self._deaths[at] += 1
            again = [one for one in again if one != at]
            if self._deaths[at] < _TRIES:
                first = (at,)
            else:
                yield Lost(at, f"the process that audited it ended {how}, and so did the one before it")
        self._waiting.extendleft((one,) for one in reversed(again))
        self._workers[self._workers.index(worker)] = _Worker(self._begin, first)


def _serve(begin: Callable[[], Work[Any, Any]], connection: Connection, at: Any) -> None:
    """Do chunk after chunk, until nobody is there to hand one out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    with contextlib.suppress(EOFError, BrokenPipeError):
        try:
            work = begin()
            connection.send((True, None))
            while True:
                connection.send((True, work(_told(connection.recv(), at))))
        except (EOFError, BrokenPipeError):
            raise
        except Exception:  # noqa: BLE001 - it is raised again where the work was asked for
            connection.send((False, traceback.format_exc()))


def _told(chunk: Sequence[Any], at: Any) -> Iterator[Any]:
    """Yield the things of a chunk, having said at which one we are."""
    for n, thing in enumerate(chunk):
        at.value = n
        yield thing
    at.value = len(chunk)
