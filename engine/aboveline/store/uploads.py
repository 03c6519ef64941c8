"""Uploads: case records that came in together, and what was wrong with the others.

An upload is stored whole or not at all. Its file's name is not kept, since a
name may be a person's; it has a label that the uploader gave. What is wrong
with a line is kept by line, path and reason, which never repeat a value.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from aboveline.case import CaseRecord, Placed, Rejected, digest_of
from aboveline.problems import Problem

from . import trail
from .act import Act, new_id
from .errors import ConflictError, NotFoundError, UnfitError
from .paging import Page, checked, page_of
from .schema import CaseVersionRow, IdempotencyRow, UploadProblemRow, UploadRow
from .scope import AreaScope
from .turns import Turn, alone
from .types import is_text, kept

__all__ = ["Key", "Upload", "UploadProblem", "count_problems", "earlier", "get", "page", "problems", "store"]

AT_ONCE = 500
LONGEST_LABEL = 200

TWICE = "this case was read before, on line {line}"
ELSEWHERE = "this case is not of an area that you may upload to"


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
    storing = _Storing(session, act, scope)
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


class _Storing:
    """An upload while it is being stored, a batch at a time."""

    def __init__(self, session: Session, act: Act, scope: AreaScope) -> None:
        self.id = new_id(act.at)
        self.new = self.changed = self.unchanged = self.rejected = 0
        self._session = session
        self._act = act
        self._scope = scope
        self._seen: dict[str, int] = {}

    def once(self, reads: Iterable[Placed]) -> Iterator[Placed]:
        """Yield what was read, with a case that was read before rejected. Where it was is told, its id is not."""
        for placed in reads:
            if isinstance(placed.read, CaseRecord):
                line = self._seen.setdefault(placed.read.case, placed.line)
                if line != placed.line:
                    yield placed._replace(read=_rejected(placed.line, "case", TWICE.format(line=line)))
                    continue
            yield placed

    def add(self, batch: Sequence[Placed]) -> None:
        records = [one.read.case for one in batch if isinstance(one.read, CaseRecord)]
        stored = self._stored(records)
        rows: list[dict[str, Any]] = []
        wrong: list[dict[str, Any]] = []
        for placed in batch:
            read = self._checked(placed, stored)
            if isinstance(read, Rejected):
                self.rejected += 1
                wrong += [
                    {
                        "upload_id": self.id,
                        "line": one.line,
                        "path": kept(one.path),
                        "reason": kept(one.reason),
                    }
                    for one in read.problems
                ]
                continue
            digest = digest_of(read).hex()
            version, before, _ = stored.get(read.case, (0, "", None))
            if digest == before:
                self.unchanged += 1
                continue
            self.new += version == 0
            self.changed += version > 0
            rows.append(
                {
                    "case_id": read.case,
                    "version": version + 1,
                    "area": read.area.ldu,
                    "record": read.model_dump_json(exclude_defaults=True),
                    "digest": digest,
                    "upload_id": self.id,
                    "at": self._act.at,
                }
            )
        if rows:
            self._session.execute(insert(CaseVersionRow), rows)
        if wrong:
            self._session.execute(insert(UploadProblemRow), wrong)

    def _stored(self, cases: Sequence[str]) -> dict[str, tuple[int, str, str | None]]:
        """Return version, digest and area of what is stored of cases."""
        latest = (
            select(CaseVersionRow.case_id, func.max(CaseVersionRow.version).label("version"))
            .where(CaseVersionRow.case_id.in_(cases))
            .group_by(CaseVersionRow.case_id)
            .subquery()
        )
        query = select(
            CaseVersionRow.case_id, CaseVersionRow.version, CaseVersionRow.digest, CaseVersionRow.area
        ).join(
            latest,
            (latest.c.case_id == CaseVersionRow.case_id) & (latest.c.version == CaseVersionRow.version),
        )
        return {case: (version, digest, area) for case, version, digest, area in self._session.execute(query)}

    def _checked(
        self, placed: Placed, stored: dict[str, tuple[int, str, str | None]]
    ) -> CaseRecord | Rejected:
        read = placed.read
        if isinstance(read, Rejected):
            return read
        area = read.area.ldu
        if area is not None and not is_text(area):
            return _rejected(placed.line, "area.ldu", "this holds a character that cannot be kept")
        if not self._scope.includes(area):
            return _rejected(placed.line, "area.ldu", ELSEWHERE)
        if read.case in stored and not self._scope.includes(stored[read.case][2]):
            return _rejected(placed.line, "case", ELSEWHERE)
        return read


def _rejected(line: int, path: str, reason: str) -> Rejected:
    return Rejected([Problem("", line, path, reason)])


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
