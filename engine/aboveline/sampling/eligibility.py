"""Which cases may be sampled, and why the others may not.

The inspection looks at "a representative sample", of cases "which have been
supervised for around nine months", that are "community orders, suspended
sentence orders and post-custody licences" (inspection-report-2014, appendix 2).
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from aboveline.case import CaseRecord
from aboveline.case.codes import SentenceType

__all__ = ["LICENCES", "ORDERS", "Reason", "Window", "excluded", "supervised"]

ORDERS = frozenset({SentenceType.COMMUNITY_ORDER, SentenceType.SUSPENDED_SENTENCE_ORDER})
LICENCES = frozenset(
    {
        SentenceType.DETERMINATE_CUSTODY,
        SentenceType.EXTENDED_CUSTODY,
        SentenceType.INDETERMINATE_CUSTODY,
        SentenceType.DETENTION_AND_TRAINING,  # supervised after release: our reading
    }
)


class Reason(StrEnum):
    """Why a case is not eligible. The first that holds is given."""

    NOT_IN_SCOPE = "not an order or a licence"
    START_NOT_RECORDED = "start of supervision not recorded"
    NOT_STARTED = "not started"
    ENDED = "ended"
    TOO_NEW = "too new"
    TOO_OLD = "too old"


@dataclass(frozen=True)
class Window:
    """When supervision must have begun to be eligible on a day, both days included."""

    as_of: dt.date
    months_least: int
    months_most: int

    @property
    def first(self) -> dt.date:
        """The earliest start."""
        return self.as_of - relativedelta(months=self.months_most)

    @property
    def last(self) -> dt.date:
        """The latest start."""
        return self.as_of - relativedelta(months=self.months_least)


def excluded(record: CaseRecord, window: Window) -> Reason | None:
    """Return why a case is not eligible; none where it is. A type that is not recorded does not exclude it."""
    reason = _not_supervised(record, window.as_of)
    started = record.sentence.started_on
    if reason or started is None:
        return reason
    if started > window.last:
        return Reason.TOO_NEW
    return Reason.TOO_OLD if started < window.first else None


def supervised(record: CaseRecord, as_of: dt.date) -> bool:
    """Tell whether a case belongs to the caseload on a day: under way, whenever it began."""
    return _not_supervised(record, as_of) is None


def _not_supervised(record: CaseRecord, as_of: dt.date) -> Reason | None:
    sentence = record.sentence
    if sentence.type is not None and sentence.type not in ORDERS | LICENCES:
        return Reason.NOT_IN_SCOPE
    if sentence.started_on is None:
        return Reason.START_NOT_RECORDED
    if sentence.started_on > as_of:
        return Reason.NOT_STARTED
    return Reason.ENDED if sentence.ended_on is not None and sentence.ended_on <= as_of else None
