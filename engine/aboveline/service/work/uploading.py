"""Take in an upload: read every line of a file, keep the records that can be read, and what is wrong with the others."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aboveline.case import Placed, Rejected, read_file
from aboveline.problems import Problem
from aboveline.service.problems import bad_request, too_large
from aboveline.store import Act, AreaScope, UnfitError, uploads

from .desk import Desk

__all__ = ["Checked", "accept", "all_problems", "check", "spool"]

_PIECE = 64 * 1024
_GZIP = b"\x1f\x8b"
NOT_WHOLE = "the file is packed with gzip and is not whole, so nothing of it was kept: upload it again"


def spool(source: BinaryIO, folder: Path, limit: int) -> tuple[Path, str]:
    """Write an upload into a folder, unpacked where it is packed, and return the file with the SHA-256 of what came.

    Raises:
        ProblemError: it is larger than the limit once unpacked, or its gzip is not whole.
    """
    digest = hashlib.sha256()
    source.seek(0)
    while piece := source.read(_PIECE):
        digest.update(piece)
    source.seek(0)
    packed = source.read(2) == _GZIP
    source.seek(0)
    path = folder / "upload.jsonl"
    total = 0
    with path.open("wb") as out:
        for piece in _pieces(source, packed=packed):
            total += len(piece)
            if total > limit:
                raise too_large(limit)
            out.write(piece)
    return path, digest.hexdigest()


def accept(
    desk: Desk,
    act: Act,
    scope: AreaScope,
    label: str,
    path: Path,
    digest: str,
    key: uploads.Key | None = None,
) -> uploads.Upload:
    """Keep what a file holds: a version of each case that is new or has changed, and every problem.

    Raises:
        UnfitError: the label is empty or too long, or there is no line in the file.
        ConflictError: the idempotency key came before, with something else.
    """
    _need_lines(path)
    with desk.database.begin() as session:
        return uploads.store(session, act, scope, label, _read(path), digest=digest, key=key)


@dataclass(frozen=True)
class Checked:
    """What would come of an upload, with its problems; ``more`` were left out."""

    upload: uploads.Upload
    problems: tuple[uploads.UploadProblem, ...]
    more: int


class _NotKeptError(Exception):
    """Ends a transaction of which nothing is to be kept."""


def _take_back() -> None:
    raise _NotKeptError


def check(desk: Desk, act: Act, scope: AreaScope, path: Path, digest: str, most: int) -> Checked:
    """Say what would come of an upload, by storing it and taking that back: so it is told just as it would be.

    Args:
        desk: what work is done with.
        act: who asks.
        scope: the areas of whoever asks.
        path: the file.
        digest: its SHA-256.
        most: how many problems to list at most.

    Raises:
        UnfitError: there is no line in the file.
    """
    _need_lines(path)
    found: list[uploads.UploadProblem] = []
    of: int | None = None
    try:
        with desk.database.begin() as session:
            made = uploads.store(session, act, scope, "Looked at", _read(path), digest=digest)
            total = uploads.count_problems(session, AreaScope.everything(), act.who, made.id)
            while len(found) < most:
                page = uploads.problems(
                    session,
                    AreaScope.everything(),
                    act.who,
                    made.id,
                    after=of,
                    limit=min(1000, most - len(found)),
                )
                found += page.items
                of = page.after
                if of is None:
                    break
            _take_back()
    except _NotKeptError:
        pass
    return Checked(made, tuple(found), total - len(found))


def all_problems(desk: Desk, scope: AreaScope, who: str, upload: str) -> list[uploads.UploadProblem]:
    """Return everything that was wrong with an upload.

    Raises:
        NotFoundError: there is no such upload for them.
    """
    found: list[uploads.UploadProblem] = []
    after: int | None = None
    with desk.database.reading() as session:
        while True:
            page = uploads.problems(session, scope, who, upload, after=after, limit=1000)
            found += page.items
            after = page.after
            if after is None:
                return found


def _need_lines(path: Path) -> None:
    if not any(True for _ in _read(path)):
        raise UnfitError("the file is empty: choose one that has a case record on each line")


def _read(path: Path) -> Iterator[Placed]:
    """Yield what each line holds. The name of our own temporary file is in none of it."""
    for _, line, read in read_file(path):
        if isinstance(read, Rejected):
            read = Rejected(Problem("upload", one.line, one.path, one.reason) for one in read.problems)  # noqa: PLW2901
        yield Placed("upload", line, read)


def _pieces(source: BinaryIO, *, packed: bool) -> Iterator[bytes]:
    if not packed:
        while piece := source.read(_PIECE):
            yield piece
        return
    try:
        with gzip.GzipFile(fileobj=source, mode="rb") as unpacked:
            while piece := unpacked.read(_PIECE):
                yield piece
    except (OSError, EOFError, zlib.error):
        raise bad_request(NOT_WHOLE, code="NOT_WHOLE") from None
