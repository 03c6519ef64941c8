"""The caseload as it is audited: each case's latest record, with what assessors said of it since."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from aboveline.case import CaseRecord, Rejected, read_record

from . import cases, judgements
from .database import Database
from .scope import AreaScope

__all__ = ["Extent", "caseload", "extent", "record"]

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Extent:
    """How far things had come: the last version of a case, and the last that was said. What came later does not count."""

    upto: int
    said_upto: int


def extent(session: Session) -> Extent:
    """Return how far things have come."""
    return Extent(cases.last_version(session), judgements.last_said(session))


def caseload(database: Database, scope: AreaScope, until: Extent) -> Iterator[CaseRecord | Rejected]:
    """Yield every case as it stood at a moment, in the order of ids.

    Some are read at a time, each time in a transaction of its own, so whoever
    works through them holds nobody up. A case that is erased meanwhile is not
    yielded. A record that cannot be read any more is rejected as in a file.
    """
    after: str | None = None
    while True:
        with database.reading() as session:
            found = list(cases.latest(session, scope, until.upto, after=after, limit=AT_ONCE))
            said = judgements.of_cases(
                session, AreaScope.everything(), [case for case, _ in found], until.said_upto
            )
        for case, text in found:
            read = read_record(text.encode(), "the store")
            yield judgements.added(read, said.get(case, ())) if isinstance(read, CaseRecord) else read
        if len(found) < AT_ONCE:
            return
        after = found[-1][0]


def record(session: Session, scope: AreaScope, case: str) -> CaseRecord:
    """Return a case's latest record with what was said of it.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    stored = cases.get(session, scope, case)
    return judgements.added(stored.record, judgements.of_case(session, scope, case))
