"""How many cases a sample should have.

By caseload: the inspection takes "between 50 and 90 individual cases (depending
on the size of the area)" (inspection-report-2014, appendix 2) and does not say
how size and sample go together. Our reading is one in ten of the caseload,
within those limits.

By margin: the sample that keeps the 95% interval of a score within so many
points, corrected for a finite population (W G Cochran, Sampling Techniques,
third edition 1977, section 4.4).
"""

from math import ceil
from statistics import NormalDist
from typing import Annotated, Literal

from pydantic import Field

from aboveline.case.base import Record

__all__ = ["LEAST", "MOST", "ONE_IN", "ByCaseload", "ByMargin", "ByNumber", "SizeRule", "wanted"]

LEAST, MOST = 50, 90
"""The inspection's own limits."""

ONE_IN = 10
"""Of so many cases one is taken, within the limits. Our reading."""

_DIGITS = 9
"""Rounding before rounding up: 156.0000000001 is 156."""

Percent = Annotated[float, Field(gt=0, lt=100)]


class ByCaseload(Record):
    """One in ten of the caseload, at least 50 and at most 90."""

    by: Literal["caseload"] = "caseload"


class ByMargin(Record):
    """As many as keep a score of ``expected`` percent within ``margin`` points, with ``confidence`` percent."""

    by: Literal["margin"] = "margin"
    margin: Percent
    expected: Percent = 50.0
    confidence: Percent = 95.0


class ByNumber(Record):
    """So many."""

    by: Literal["number"] = "number"
    number: Annotated[int, Field(ge=1)]


SizeRule = Annotated[ByCaseload | ByMargin | ByNumber, Field(discriminator="by")]


def wanted(rule: ByCaseload | ByMargin | ByNumber, *, caseload: int, eligible: int) -> tuple[int, str]:
    """Return how many cases are wanted, and how that came about in words. There may be fewer."""
    match rule:
        case ByNumber():
            return rule.number, "as asked for"
        case ByMargin():
            return _by_margin(rule, eligible), (
                f"a score of {rule.expected:g}% within {rule.margin:g} points at {rule.confidence:g}% confidence, "
                f"corrected for {eligible} eligible cases"
            )
        case ByCaseload():
            tenth = (caseload + ONE_IN // 2) // ONE_IN
            return min(MOST, max(LEAST, tenth)), (
                f"one in {ONE_IN} of a caseload of {caseload}, at least {LEAST} and at most {MOST} "
                "(inspection-report-2014, appendix 2; one in ten is our reading)"
            )


def _by_margin(rule: ByMargin, population: int) -> int:
    z = NormalDist().inv_cdf(0.5 + rule.confidence / 200)
    share, margin = rule.expected / 100, rule.margin / 100
    without_end = z * z * share * (1 - share) / (margin * margin)
    return max(1, ceil(round(without_end / (1 + (without_end - 1) / population), _DIGITS)))
