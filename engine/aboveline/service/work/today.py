"""What day it is where the work is done."""

import datetime as dt

from dateutil import tz

from aboveline.service.clock import Clock

__all__ = ["today_of"]

_LONDON = tz.gettz("Europe/London")


def today_of(clock: Clock) -> dt.date:
    """Return the day that it is in London: after midnight in summer, UTC is a day behind."""
    return clock.now().astimezone(_LONDON).date()
