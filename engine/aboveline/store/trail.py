"""The audit trail: who did what, to what, when. Only ever added to, each entry chained to the one before.

An entry's hash is the SHA-256 of the hash before it, a line feed, and the
canonical JSON of the entry itself, so that nothing can be changed, taken out or
put in without every later hash being wrong. Who can rewrite the database can
rewrite the whole chain: ``Head`` is what to write down elsewhere, and
``verify`` holds the trail to it.

No case's identifier, narrative or name enters the trail. A subject is the id
of a row (an upload, an audit, a judgement), through which a case can be found
for as long as the case is kept.

Entries are put in a queue and written last thing before the transaction ends,
so the lock on the chain is short and is the last to be taken: writers cannot
wait for one another in a circle for its sake.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from .act import Act
from .schema import TrailRow
from .turns import Turn, alone

__all__ = ["Break", "Detail", "Entry", "Head", "entries", "head", "note", "of_subjects", "verify"]

Detail = str | int | bool | None | list[str]

START = "0" * 64
"""What stands for the hash before the first entry."""

_QUEUE = "aboveline trail"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the trail."""

    seq: int
    at: dt.datetime
    who: str
    what: str
    subject: str
    correlation: str
    details: Mapping[str, Detail]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry. Written down somewhere else, it shows whether the trail was cut or rewritten since."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that is not as it was written, and what is wrong with it."""

    seq: int
    reason: str


def note(session: Session, act: Act, what: str, subject: str, /, **details: Detail) -> None:
    """Add to the trail that somebody did something, in the transaction in which it is done."""
    session.info.setdefault(_QUEUE, []).append((act, what, subject, details))


def write_queued(session: Session) -> None:
    """Write what was noted in a transaction. ``Database.begin`` calls it before it commits."""
    queue = cast("list[tuple[Act, str, str, dict[str, Detail]]]", session.info.pop(_QUEUE, []))
    if not queue:
        return
    session.flush()
    alone(session, Turn.TRAIL)
    last = head(session) or Head(0, START)
    seq, previous = last.seq, last.hash
    rows = []
    for act, what, subject, details in queue:
        seq += 1
        row = {
            "seq": seq,
            "at": act.at,
            "who": act.who,
            "what": what,
            "subject": subject,
            "correlation": act.correlation,
            "details": json.dumps(details, sort_keys=True, separators=(",", ":")),
        }
        row |= {"previous": previous, "hash": (previous := _hash(previous, row))}
        rows.append(row)
    session.execute(insert(TrailRow), rows)


def head(session: Session) -> Head | None:
    """Return the last entry's number and hash, or none where nothing was done yet."""
    found = session.execute(
        select(TrailRow.seq, TrailRow.hash).order_by(TrailRow.seq.desc()).limit(1)
    ).first()
    return Head(found.seq, found.hash) if found else None


def entries(session: Session, *, before: int | None = None, limit: int = 50) -> tuple[Entry, ...]:
    """Return entries, the latest first: those before a number, or the last there are."""
    query = select(TrailRow).order_by(TrailRow.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(TrailRow.seq < before)
    return tuple(_entry(row) for row in session.scalars(query))


def of_subjects(session: Session, subjects: Collection[str], *, limit: int = 200) -> tuple[Entry, ...]:
    """Return what was done to some subjects, the latest first. Those of a case are ``cases.subjects``."""
    query = select(TrailRow).where(TrailRow.subject.in_(subjects)).order_by(TrailRow.seq.desc()).limit(limit)
    return tuple(_entry(row) for row in session.scalars(query))


def verify(session: Session, known: Head | None = None) -> Break | None:
    """Return the first entry that is not as it was written, or none where the trail is whole.

    ``known`` is an entry that was written down elsewhere: it must be there, with that hash.
    """
    seq, previous = 0, START
    query = select(TrailRow.__table__).order_by(TrailRow.__table__.c.seq)
    with session.execute(query.execution_options(yield_per=1000)) as found:
        for row in found.mappings():
            seq += 1
            if row["seq"] != seq:
                return Break(seq, f"this entry is missing: number {row['seq']} comes next")
            if row["previous"] != previous:
                return Break(seq, "it does not follow from the entry before it")
            if row["hash"] != (previous := _hash(previous, dict(row))):
                return Break(seq, "it was changed after it was written")
            if known is not None and known.seq == seq and known.hash != previous:
                return Break(seq, "it is not the entry that was written down elsewhere")
    if known is not None and known.seq > seq:
        return Break(seq + 1, f"the trail ends before entry {known.seq}, which was written down elsewhere")
    return None


def _entry(row: TrailRow) -> Entry:
    return Entry(
        row.seq,
        row.at,
        row.who,
        row.what,
        row.subject,
        row.correlation,
        json.loads(row.details),
        row.previous,
        row.hash,
    )


def _hash(previous: str, row: Mapping[str, object]) -> str:
    at = cast("dt.datetime", row["at"]).astimezone(dt.UTC).isoformat(timespec="microseconds")
    own = {name: row[name] for name in ("seq", "who", "what", "subject", "correlation", "details")}
    text = json.dumps(own | {"at": at}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
