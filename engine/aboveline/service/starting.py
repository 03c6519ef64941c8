"""What is there when a development service starts for the first time: grants for invented people, and a sample."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

from dateutil.relativedelta import relativedelta

from aboveline.case import read_file
from aboveline.store import EVERY_AREA, Act, AreaScope, Database, cases, uploads, users

from .identity import PEOPLE
from .work import auditing
from .work.desk import Desk

__all__ = ["EARLIER", "grant_invented", "load_sample"]

EARLIER = (6, 3, 0)
"""How many months before its day a sample is audited as at, for a dashboard with a trend."""

_WHO = "aboveline serve"


def grant_invented(database: Database, now: dt.datetime) -> None:
    """Grant the invented people their areas, those to whom nothing was ever granted or taken back here."""
    with database.begin() as session:
        for person in PEOPLE:
            if users.history(session, person.user_name):
                continue
            for area in person.areas:
                act = Act(_WHO, now, "")
                users.change(session, act, person.user_name, users.Grantable.AREA, area, granted=True)


def load_sample(desk: Desk, file: Path, as_of: dt.date, months: Sequence[int] = EARLIER) -> bool:
    """Store a file of case records where no case is kept yet, and ask for audits of it; say whether that was done."""
    everything = AreaScope.everything()
    act = Act(_WHO, desk.clock.now(), "")
    with desk.database.begin() as session:
        if cases.count(session, everything):
            return False
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        uploads.store(session, act, everything, "The sample", read_file(file), digest=digest)
    for before in months:
        day = as_of - relativedelta(months=before)
        auditing.ask(desk, Act(_WHO, desk.clock.now(), ""), everything, auditing.Asked(day, (EVERY_AREA,)))
    return True
