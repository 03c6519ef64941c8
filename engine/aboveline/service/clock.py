"""The clock of the web edge: the only one read below it is the one handed in from here."""

import datetime as dt
from typing import Protocol

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """Tells the time. Tests hand in one that stands still."""

    def now(self) -> dt.datetime:
        """Return the present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """Return the present moment, in UTC."""
        return dt.datetime.now(dt.UTC)
