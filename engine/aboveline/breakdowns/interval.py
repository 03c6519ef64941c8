"""How far a score could be off: Wilson's score interval for a proportion, at 95%.

E. B. Wilson, "Probable inference, the law of succession, and statistical
inference", Journal of the American Statistical Association 22 (1927), 209-212.
It holds for few cases and for scores near 0 and 100, where an audit's are.
"""

from math import floor, sqrt
from statistics import NormalDist

__all__ = ["wilson"]

_Z = NormalDist().inv_cdf(0.975)


def wilson(good: int, counted: int) -> tuple[int, int]:
    """Return the interval for ``good`` of ``counted`` in whole percent, rounded half up: 7 of 8 is 53 to 98.

    Raises:
        ValueError: nothing was counted, or more was good than was counted.
    """
    if not 0 <= good <= counted or counted == 0:
        raise ValueError(f"{good} of {counted} is no proportion")
    low, high = _ends(good, counted)
    return floor(100 * low + 0.5), floor(100 * high + 0.5)


def _ends(good: int, counted: int) -> tuple[float, float]:
    """Return where a true proportion would lie 1.96 of its own standard errors from the one counted."""
    share, spread = good / counted, _Z * _Z / counted
    middle = share + spread / 2
    half = _Z * sqrt(share * (1 - share) / counted + spread / (4 * counted))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))
