"""A folder for what a server holds for a while, such as an upload that comes in. It does not outlive the server.

A server that ends puts its room away. One that is killed cannot; the next that
starts here does so for it. A room is somebody's for as long as its lock is
held, and the system lets go of a lock whenever its process ends.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["own_room"]

_PREFIX = "aboveline-room-"
_LOCK = "lock"


@contextmanager
def own_room() -> Iterator[Path]:
    """Have every temporary file of this process made in a folder of its own, and clear rooms that nobody is in."""
    _clear(Path(tempfile.gettempdir()))
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as made:
        lock = os.open(Path(made) / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tempfile.tempdir = made
            yield Path(made)
        finally:
            tempfile.tempdir = before
            os.close(lock)


def _clear(folder: Path) -> None:
    for room in folder.glob(f"{_PREFIX}*"):
        # Another server may clear it at the same moment, or another user may own it.
        with suppress(OSError):
            if _is_left(room):
                shutil.rmtree(room, ignore_errors=True)


def _is_left(room: Path) -> bool:
    lock = os.open(room / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
