"""Uploads: case records that came in together, and what was wrong with the others.

An upload is stored whole or not at all. Its file's name is not kept, since a
name may be a person's; it has a label that the uploader gave. What is wrong
with a line is kept by line, path and reason, which never repeat a value.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from aboveline.case import Placed

from . import trail
from .act import Act
from .errors import ConflictError, NotFoundError, UnfitError
from .paging import Page, checked, page_of
from .schema import IdempotencyRow, UploadProblemRow, UploadRow
from .scope import AreaScope
from .storing import Storing
from .turns import Turn, alone

__all__ = ["Key", "Upload", "UploadProblem", "count_problems", "earlier", "get", "page", "problems", "store"]

AT_ONCE = 500
LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key, with the SHA-256 of the body that it was sent with."""

    key: str
    body: str


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload: cases that were new, changed, or as they had been; and records that were rejected.

    ``repeated`` says that this was stored before, under the same idempotency key.
    """

    id: str
    at: dt.datetime
    who: str
    label: str
    digest: str | None
    new: int
    changed: int
    unchanged: int
    rejected: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class UploadProblem:
    """One thing wrong in one place of an upload."""

    line: int | None
    path: str
    reason: str


def store(
    session: Session,
    act: Act,
    scope: AreaScope,
    label: str,
    reads: Iterable[Placed],
    *,
    digest: str | None = None,
    key: Key | None = None,
) -> Upload:
    """Store what was read of an upload: a version of each case that is new or has changed, and every problem.

    A case outside the uploader's areas, by its record or by what is stored of
    it, is rejected: an upload must not take a case away from another area.
    Others who upload wait until this one is stored, so read the body first.

    Args:
        session: a session of ``Database.begin``.
        act: who uploads.
        scope: the areas of whoever uploads.
        label: what they call the upload.
        reads: what was read of each line, as ``aboveline.case.read_file`` gives it.
        digest: SHA-256 of the body.
        key: the idempotency key that came with it. What was stored under it before is returned again.

    Raises:
        ConflictError: the key was sent before, with another body.
        UnfitError: the label is empty or too long.
    """
    label = label.strip()
    if not 0 < len(label) <= LONGEST_LABEL:
        raise UnfitError(f"give the upload a label of 1 to {LONGEST_LABEL} characters")
    alone(session, Turn.UPLOAD)
    if key is not None and (before := earlier(session, act.who, key)) is not None:
        return before
    storing = Storing(session, act, scope)
    once = storing.once(reads)
    while batch := list(islice(once, AT_ONCE)):
        storing.add(batch)
    upload = Upload(
        storing.id,
        act.at,
        act.who,
        label,
        digest,
        storing.new,
        storing.changed,
        storing.unchanged,
        storing.rejected,
    )
    session.execute(insert(UploadRow), [_row(upload)])
    if key is not None:
        session.execute(
            insert(IdempotencyRow),
            [{"who": act.who, "key": key.key, "at": act.at, "body": key.body, "upload_id": upload.id}],
        )
    trail.note(
        session,
        act,
        "upload_stored",
        upload.id,
        new=upload.new,
        changed=upload.changed,
        unchanged=upload.unchanged,
        rejected=upload.rejected,
        digest=digest,
    )
    return upload


def earlier(session: Session, who: str, key: Key) -> Upload | None:
    """Return what somebody stored under an idempotency key, or none where it is new.

    Raises:
        ConflictError: it was sent with another body.
    """
    found = session.get(IdempotencyRow, (who, key.key))
    if found is None:
        return None
    if found.body != key.body:
        raise ConflictError("this idempotency key was sent before, with something else: use a new key")
    return _upload(session.get_one(UploadRow, found.upload_id), repeated=True)


def get(session: Session, scope: AreaScope, who: str, upload: str) -> Upload:
    """Return an upload, to who uploaded it and to those with all areas.

    Raises:
        NotFoundError: there is no such upload for them.
    """
    row = session.get(UploadRow, upload)
    if row is None or not (row.who == who or scope.areas is None):
        raise NotFoundError("there is no such upload")
    return _upload(row)


def page(
    session: Session, scope: AreaScope, who: str, *, after: str | None = None, limit: int = 50
) -> Page[Upload, str]:
    """Return uploads, the latest first: one's own, or everybody's to those with all areas."""
    query = select(UploadRow).order_by(UploadRow.id.desc()).limit(checked(limit))
    if scope.areas is not None:
        query = query.where(UploadRow.who == who)
    if after is not None:
        query = query.where(UploadRow.id < after)
    return page_of([(row.id, _upload(row)) for row in session.scalars(query)], limit)


def problems(
    session: Session, scope: AreaScope, who: str, upload: str, *, after: int | None = None, limit: int = 50
) -> Page[UploadProblem, int]:
    """Return what was wrong with an upload, in the order of its lines.

    Raises:
        NotFoundError: there is no such upload for them.
    """
    get(session, scope, who, upload)
    query = (
        select(UploadProblemRow)
        .where(UploadProblemRow.upload_id == upload)
        .order_by(UploadProblemRow.seq)
        .limit(checked(limit))
    )
    if after is not None:
        query = query.where(UploadProblemRow.seq > after)
    found = [(row.seq, UploadProblem(row.line, row.path, row.reason)) for row in session.scalars(query)]
    return page_of(found, limit)


def count_problems(session: Session, scope: AreaScope, who: str, upload: str) -> int:
    """Return how many problems an upload has.

    Raises:
        NotFoundError: there is no such upload for them.
    """
    get(session, scope, who, upload)
    query = select(func.count()).select_from(UploadProblemRow).where(UploadProblemRow.upload_id == upload)
    return session.scalar(query) or 0


def _row(upload: Upload) -> dict[str, Any]:
    return {name: getattr(upload, name) for name in Upload.__slots__ if name != "repeated"}


def _upload(row: UploadRow, *, repeated: bool = False) -> Upload:
    return Upload(
        row.id,
        row.at,
        row.who,
        row.label,
        row.digest,
        row.new,
        row.changed,
        row.unchanged,
        row.rejected,
        repeated,
    )
