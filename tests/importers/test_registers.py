"""Registers, their reviews, and what they say of the person."""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aboveline.case import CaseRecord
from aboveline.case.codes import AssessmentStatus, ConcernKind, RoshLevel
from aboveline.importers import Imported, codes

Importing = Callable[..., Imported]
Noted = Callable[..., list[str]]

REVIEW_MONTHS = Path(__file__).parents[2].parent / "shared" / "real-inputs" / "register-review-months.csv"


def register(code: str | None = "ADVP", **fields: Any) -> dict[str, Any]:
    """Return a file of one registration."""
    one = {"registrationId": 3, "type": {"code": code}, "startDate": "2014-03-10", "active": True, **fields}
    return {"registrations": [one]}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ADVP", ConcernKind.DOMESTIC_ABUSE),
        ("RCPR", ConcernKind.CHILD_PROTECTION),
        ("RVAD", ConcernKind.ADULT_SAFEGUARDING),
        ("RVLN", ConcernKind.VULNERABILITY),
        ("WEAP", None),
    ],
)
def test_register_may_be_a_concern(importing: Importing, code: str, kind: ConcernKind | None) -> None:
    """A register of a kind of concern is that concern, from and until the days of the registration."""
    case = importing(r=register(code, active=False, endDate="2014-09-10")).cases[0]
    expected = [] if kind is None else [("3", kind, dt.date(2014, 3, 10), dt.date(2014, 9, 10))]

    assert [code] == [one.code for one in case.registration]
    assert expected == [(one.id, one.kind, one.raised_on, one.ended_on) for one in case.concern]


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("RLRH", RoshLevel.LOW),
        ("RMRH", RoshLevel.MEDIUM),
        ("RHRH", RoshLevel.HIGH),
        ("RVHR", RoshLevel.VERY_HIGH),
    ],
)
def test_register_may_be_a_level_of_risk(importing: Importing, code: str, level: RoshLevel) -> None:
    """The four RoSH registers are the four levels, given on the day of registration."""
    case = importing(r=register(code)).cases[0]

    assert [(level, dt.date(2014, 3, 10))] == [(one.level, one.classified_on) for one in case.rosh]


def test_known_misspelling_is_taken_for_what_it_means(importing: Importing, noted: Noted) -> None:
    """RVRH is RVHR, very high, and the note says so."""
    imported = importing(r=register("RVRH"))
    case = imported.cases[0]

    assert (["RVHR"], [RoshLevel.VERY_HIGH]) == (
        [r.code for r in case.registration],
        [r.level for r in case.rosh],
    )
    assert ["registrations[0].type: RVRH is taken as RVHR, of which it is a known misspelling"] == noted(
        imported, "r"
    )


def test_unknown_register_is_kept_and_nothing_concluded(importing: Importing, noted: Noted) -> None:
    """A register that no table has is a registration, and a note."""
    imported = importing(r=register("ZZZZ"))

    assert ["ZZZZ"] == [one.code for one in imported.cases[0].registration]
    assert [
        "registrations[0].type: ZZZZ is in no table of registers: it is kept, and nothing is concluded from it"
    ] == noted(imported, "r")


@pytest.mark.parametrize("months", ["three", 2.5, True])
def test_review_period_is_a_whole_number(importing: Importing, noted: Noted, months: object) -> None:
    """Anything but a whole number of months is left out."""
    imported = importing(r=register(reviewPeriodMonths=months))

    assert [None] == [one.review_months for one in imported.cases[0].registration]
    assert ["registrations[0].reviewPeriodMonths: this should be a whole number, so it is left out"] == noted(
        imported, "r"
    )


def test_mappa_has_its_category_and_level(importing: Importing) -> None:
    """Category and level are those of the registration."""
    case = importing(r=register("MAPP", registerCategory={"code": "M4"}, registerLevel={"code": "M2"})).cases[
        0
    ]

    assert [(4, 2, dt.date(2014, 3, 10))] == [
        (one.category, one.level, one.identified_on) for one in case.mappa
    ]


def test_nominal_mappa_has_neither(importing: Importing, noted: Noted) -> None:
    """X9 and M0 are nominal, a code of no table is unknown: neither says a category or a level."""
    imported = importing(r=register("MAPP", registerCategory={"code": "X9"}, registerLevel={"code": "M0"}))

    assert [(None, None)] == [(one.category, one.level) for one in imported.cases[0].mappa]
    assert [
        "registrations[0].registerCategory: X9 says no category, so none is recorded",
        "registrations[0].registerLevel: M0 says no level, so none is recorded",
    ] == noted(imported, "r")


def test_visor_register_is_a_visor_record(importing: Importing) -> None:
    """AVIS is a record on ViSOR."""
    assert [dt.date(2014, 3, 10)] == [one.recorded_on for one in importing(r=register("AVIS")).cases[0].visor]


def test_reviews_belong_to_their_registration(importing: Importing, noted: Noted) -> None:
    """A completed review is complete on its day; one not completed is open, and its day does not count."""
    reviews = [
        {"reviewDate": "2014-06-10", "completed": True},
        {"reviewDate": "2014-09-10", "completed": False},
        {"reviewDate": "2014-12-10"},
        {"completed": True},
    ]
    imported = importing(r=register(registrationReviews=reviews))

    assert [
        (AssessmentStatus.COMPLETE, dt.date(2014, 6, 10), "3"),
        (AssessmentStatus.OPEN, None, "3"),
    ] == [(one.status, one.completed_on, one.registration) for one in imported.cases[0].review]
    assert [
        "registrations[0].registrationReviews[2]: left out: it does not say whether the review was completed",
        "registrations[0].registrationReviews[3]: this review is left out: a review that is complete needs completed_on, the day it was completed",
    ] == noted(imported, "r")


@pytest.mark.parametrize("fields", [{"active": False}, {"active": None}, {"startDate": None}, {"type": {}}])
def test_registration_without_what_it_needs_is_left_out(importing: Importing, fields: dict[str, Any]) -> None:
    """Neither running nor ended, without a start or without a code, it makes no fact of any kind; one note says why."""
    imported = importing(r=register("ADVP", **fields))

    assert () == imported.cases[0].registration
    assert 1 == len([note for note in imported.notes if "left out" in note.reason])


def test_register_code_that_no_record_can_hold_costs_the_registration(
    importing: Importing, noted: Noted
) -> None:
    """Without its code a registration says nothing, so it goes, and the code is not repeated as if it were one."""
    imported = importing(r=register("ABCDEFGHIJK"))

    assert () == imported.cases[0].registration
    assert (
        "registrations[0]: this registration is left out: a case record cannot hold what stands here as code"
        in noted(imported, "r")
    )


def test_review_period_out_of_range_costs_only_itself(importing: Importing, noted: Noted) -> None:
    """A review period that no record can hold is left out, and the registration stays."""
    imported = importing(r=register(reviewPeriodMonths=999))

    assert [None] == [one.review_months for one in imported.cases[0].registration]
    assert [
        "registrations[0]: review_months of this registration is left out: a case record cannot hold what stands here"
    ] == noted(imported, "r")


def test_reviews_of_a_disputed_registration_are_left_out_with_it(importing: Importing) -> None:
    """Where two files disagree on a registration, it goes, and with it everything that rests on it."""
    review = {"reviewDate": "2014-06-10", "completed": True}
    case: CaseRecord
    (case,) = importing(
        a=register(registrationReviews=[review]),
        b=register(registrationReviews=[review], active=False, endDate="2014-09-10"),
    ).cases

    assert ((), (), ()) == (case.registration, case.concern, case.review)


@pytest.mark.skipif(not REVIEW_MONTHS.is_file(), reason="the real inputs are not beside this checkout")
def test_every_register_with_a_review_period_is_known() -> None:
    """Every register that the case system suggests a review period for is in the importer's table."""
    with REVIEW_MONTHS.open(encoding="utf-8") as file:
        suggested = {row["register_code"] for row in csv.DictReader(file)}

    assert set() == suggested - codes.REGISTERS


def test_tables_of_registers_agree() -> None:
    """Every register that something is concluded from is a known register."""
    concluded = {*codes.ROSH_REGISTERS, *codes.CONCERN_REGISTERS, *codes.MISSPELT_REGISTERS.values()}

    assert set() == (concluded | {codes.VISOR_REGISTER, codes.MAPPA_REGISTER}) - codes.REGISTERS
