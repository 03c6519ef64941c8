"""Check the whole trail when somebody asks for it, and keep in the trail that it was checked, and what came of it."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from aboveline.store import Act, trail

from .desk import Desk

__all__ = ["Checked", "check", "last_checked"]

_SUBJECT = "trail"


@dataclass(frozen=True)
class Checked:
    """That the trail was checked up to an entry: when, by whom, and the first entry that was not as it was written, if any."""

    at: dt.datetime
    by: str
    upto: int
    hash: str
    broken: int | None


def check(desk: Desk, act: Act) -> Checked:
    """Go through every entry of the trail, however many there are, and keep what came of it."""
    with desk.database.reading() as session:
        head = trail.head(session)
        broken = trail.verify(session)
    upto, known = (head.seq, head.hash) if head else (0, "")
    with desk.database.begin() as session:
        trail.note(
            session,
            act,
            "trail_checked",
            _SUBJECT,
            upto=upto,
            hash=known,
            broken=broken.seq if broken else None,
        )
    return Checked(act.at, act.who, upto, known, broken.seq if broken else None)


def last_checked(session: Session) -> Checked | None:
    """Return what the trail says of when it was checked last, none where it never was."""
    for one in trail.of_subjects(session, (_SUBJECT,), limit=1):
        broken = one.details.get("broken")
        return Checked(
            one.at,
            one.who,
            int(str(one.details.get("upto", 0))),
            str(one.details.get("hash", "")),
            None if broken is None else int(str(broken)),
        )
    return None
