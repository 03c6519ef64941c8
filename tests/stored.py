"""What the tests of the store put into it. Everyone here is invented."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from aboveline.case import CaseRecord, Placed
from aboveline.case.person import Area
from aboveline.store import Act, AreaScope, Database, uploads

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
ALL = AreaScope.everything()
YORK = AreaScope.of(["YRK"])
SCARBOROUGH = AreaScope.of(["SCA"])


def act_at(seconds: float, who: str = "ANNA") -> Act:
    """Return an act so many seconds after the tests' first moment."""
    return Act(who, NOW + dt.timedelta(seconds=seconds), "test")


def record(case: str, area: str | None = "YRK", **fields: Any) -> CaseRecord:
    """Return a case record of an area."""
    return CaseRecord(case=case, area=Area(ldu=area), **fields)


def placed(records: Iterable[CaseRecord]) -> list[Placed]:
    """Return records as if each had been read of its own line."""
    return [Placed("upload", line, one) for line, one in enumerate(records, 1)]


def upload(
    database: Database, *records: CaseRecord, act: Act | None = None, scope: AreaScope = ALL
) -> uploads.Upload:
    """Upload records."""
    with database.begin() as session:
        return uploads.store(session, act or act_at(0), scope, "a test", placed(records))
