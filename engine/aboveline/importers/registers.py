"""Risk registers: the registrations themselves, their reviews, and what a register says of the person."""

import datetime as dt
from collections.abc import Mapping

from aboveline.case.codes import AssessmentStatus, ReviewOf
from aboveline.case.planning import Review
from aboveline.case.risk import Concern, Mappa, Registration, Rosh, Visor

from .codes import (
    CONCERN_REGISTERS,
    MAPPA_CATEGORIES,
    MAPPA_LEVELS,
    MAPPA_REGISTER,
    MISSPELT_REGISTERS,
    REGISTERS,
    ROSH_REGISTERS,
    VISOR_REGISTER,
)
from .endings import ending
from .facts import Facts
from .place import Place

__all__ = ["read_registrations"]


def read_registrations(file: Place, facts: Facts) -> None:
    """Read registrations. They are of the person, so none is left out for the sentence's sake."""
    for place in file.each("registrations"):
        end = ending(place, "endDate")
        if end.known:
            _read_registration(place, end.day, facts)


def _read_registration(place: Place, ended_on: dt.date | None, facts: Facts) -> None:
    identifier, code = place.reference("registrationId"), place.code("type")
    started_on = place.day("startDate")
    if code in MISSPELT_REGISTERS:
        place.note(
            f"{code} is taken as {MISSPELT_REGISTERS[code]}, of which it is a known misspelling", "type"
        )
        code = MISSPELT_REGISTERS[code]
    elif code and code not in REGISTERS:
        place.note(
            f"{code} is in no table of registers: it is kept, and nothing is concluded from it", "type"
        )
    facts.add(
        place,
        Registration,
        id=identifier,
        code=code,
        started_on=started_on,
        ended_on=ended_on,
        review_months=place.number("reviewPeriodMonths"),
        next_review_on=place.day("nextReviewDate"),
    )
    if started_on is None:
        return
    if code in ROSH_REGISTERS:
        facts.add(place, Rosh, id=identifier, level=ROSH_REGISTERS[code], classified_on=started_on)
    if code in CONCERN_REGISTERS:
        kind = CONCERN_REGISTERS[code]
        facts.add(place, Concern, id=identifier, kind=kind, raised_on=started_on, ended_on=ended_on)
    if code == VISOR_REGISTER:
        facts.add(place, Visor, id=identifier, recorded_on=started_on, ended_on=ended_on)
    if code == MAPPA_REGISTER:
        facts.add(
            place,
            Mappa,
            id=identifier,
            category=_number(place, "registerCategory", MAPPA_CATEGORIES),
            level=_number(place, "registerLevel", MAPPA_LEVELS),
            identified_on=started_on,
            ended_on=ended_on,
        )
    for review in place.each("registrationReviews"):
        _read_review(review, identifier, facts)


def _read_review(place: Place, registration: str | None, facts: Facts) -> None:
    completed, reviewed_on = place.flag("completed"), place.day("reviewDate")
    if completed is None:
        place.note("left out: it does not say whether the review was completed")
        return
    facts.add(
        place,
        Review,
        of=ReviewOf.REGISTRATION,
        status=AssessmentStatus.COMPLETE if completed else AssessmentStatus.OPEN,
        completed_on=reviewed_on if completed else None,
        registration=registration,
    )


def _number(place: Place, key: str, table: Mapping[str, int]) -> int | None:
    code = place.code(key)
    if code and code not in table:
        place.note(f"{code} says no {key.removeprefix('register').lower()}, so none is recorded", key)
    return table.get(code)
