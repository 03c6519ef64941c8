"""How often somebody may ask.

A bucket of tokens for each user, and for each address of those who did not sign
in. Buckets are in this process: with several processes each has its own, and
the limit is that much higher. Their number is bounded; the one untouched for
longest goes first, and whoever comes back to that begins with a full one.
"""

import math
from collections import OrderedDict

from aboveline.service.clock import Clock
from aboveline.service.problems import too_many

__all__ = ["RateLimit"]

_MOST = 20_000


class RateLimit:
    """So many in a burst, so many in a minute."""

    def __init__(self, per_minute: int, at_once: int, clock: Clock, most: int = _MOST) -> None:
        self._rate = per_minute / 60
        self._size = float(at_once)
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def spend(self, who: str) -> None:
        """Count one request.

        Raises:
            ProblemError: it is one too many; it says when to come back.
        """
        now = self._clock.now().timestamp()
        tokens, since = self._buckets.pop(who, (self._size, now))
        tokens = min(self._size, tokens + max(0.0, now - since) * self._rate)
        allowed = tokens >= 1
        self._buckets[who] = (tokens - 1 if allowed else tokens, now)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        if not allowed:
            raise too_many(max(1, math.ceil((1 - tokens) / self._rate)))
