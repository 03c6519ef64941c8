"""Storing what was read of an upload, a batch at a time: which version of which case, and what is wrong with the others."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from aboveline.case import CaseRecord, Placed, Rejected, digest_of
from aboveline.problems import Problem

from .act import Act, new_id
from .schema import CaseVersionRow, UploadProblemRow
from .scope import AreaScope
from .types import is_text, kept

__all__ = ["ELSEWHERE", "TWICE", "Storing"]

TWICE = "this case was read before, on line {line}"
ELSEWHERE = "this case is not of an area that you may upload to"


class Storing:
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
        """Store a version of each case that is new or has changed, and every problem."""
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
