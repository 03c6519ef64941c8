"""What a sample is stratified by. What is not recorded is a stratum of its own, never left out."""

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum

from aboveline.case import CaseRecord
from aboveline.case.codes import RoshLevel

from .eligibility import LICENCES, ORDERS

__all__ = ["DEFAULT", "UNRECORDED", "StratifyBy", "stratum"]

UNRECORDED = "unrecorded"


class StratifyBy(StrEnum):
    """A characteristic of a case that each part of the sample can be drawn by."""

    ORDER = "order"
    GENDER = "gender"
    ROSH = "rosh"
    LDU = "ldu"
    TEAM = "team"
    AGE_BAND = "age_band"
    ETHNICITY_GROUP = "ethnicity_group"


DEFAULT = (StratifyBy.ORDER, StratifyBy.GENDER, StratifyBy.ROSH, StratifyBy.LDU)


def stratum(record: CaseRecord, by: tuple[StratifyBy, ...], as_of: dt.date) -> tuple[str, ...]:
    """Return the stratum of a case on a day: a value for each characteristic."""
    return tuple(_READ[one](record, as_of) or UNRECORDED for one in by)


def _order(record: CaseRecord, _as_of: dt.date) -> str | None:
    kind = record.sentence.type
    return "order" if kind in ORDERS else "licence" if kind in LICENCES else None


def _rosh(record: CaseRecord, as_of: dt.date) -> str | None:
    """Return the last classification by that day; the higher, where two were given on one day."""
    levels = list(RoshLevel)
    given = [one for one in record.rosh if one.classified_on <= as_of]
    last = max(given, key=lambda one: (one.classified_on, levels.index(one.level)), default=None)
    return last.level.value if last else None


_READ: Mapping[StratifyBy, Callable[[CaseRecord, dt.date], str | None]] = {
    StratifyBy.ORDER: _order,
    StratifyBy.GENDER: lambda record, _: record.person.gender,
    StratifyBy.ROSH: _rosh,
    StratifyBy.LDU: lambda record, _: record.area.ldu,
    StratifyBy.TEAM: lambda record, _: record.area.team,
    StratifyBy.AGE_BAND: lambda record, _: record.person.age_band,
    StratifyBy.ETHNICITY_GROUP: lambda record, _: record.person.ethnicity_group,
}
