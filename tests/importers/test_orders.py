"""What came with the sentence, and what plainly came with another one."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aboveline.case.codes import CourtReportType, RequirementType, Restriction
from aboveline.importers import Imported

Importing = Callable[..., Imported]
Make = Callable[..., dict[str, Any]]
Noted = Callable[..., list[str]]

UNPAID_WORK = {
    "requirementId": 5,
    "active": True,
    "startDate": "2014-03-03",
    "requirementTypeMainCategory": {"code": "W"},
}
CURFEW = {"active": True, "startDate": "2014-06-02", "licenceConditionTypeMainCat": {"code": "NLC7"}}


def test_requirements_of_an_order_are_kept(importing: Importing, conviction: Make) -> None:
    """A requirement has its kind, the day it began, and the day it ended where it has."""
    programme = {
        "requirementId": 6,
        "active": False,
        "commencementDate": "2014-04-01",
        "terminationDate": "2014-08-01",
        "adRequirementTypeMainCategory": {"code": "7"},
    }
    imported = importing(list=[conviction()], requirements={"requirements": [UNPAID_WORK, programme]})

    assert [
        ("5", RequirementType.UNPAID_WORK, None, None),
        ("6", RequirementType.PROGRAMME, dt.date(2014, 4, 1), dt.date(2014, 8, 1)),
    ] == [(one.id, one.type, one.started_on, one.ended_on) for one in imported.cases[0].requirement]
    assert () == imported.notes


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"startDate": "2014-03-02"}, "this is before the day of sentence, so it is of another sentence"),
        ({"active": False}, "it is not active, and terminationDate, the day it ended, is not there"),
        ({"active": None}, "it says neither whether it is active nor terminationDate, the day it ended"),
    ],
)
def test_requirement_that_cannot_be_of_this_sentence_is_left_out(
    importing: Importing, conviction: Make, noted: Noted, changes: dict[str, Any], reason: str
) -> None:
    """One imposed earlier, or of which nobody knows whether it runs, makes no fact."""
    imported = importing(list=[conviction()], requirements={"requirements": [UNPAID_WORK | changes]})

    assert () == imported.cases[0].requirement
    assert [reason] == [note.split("left out: ")[1] for note in noted(imported, "requirements")]


def test_requirement_imposed_after_the_sentence_ended_is_left_out(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """What came after a sentence had ended is of another sentence."""
    ended = conviction(sentence={"terminationDate": "2014-03-02"}, active=False)
    ended["sentence"]["startDate"] = "2013-03-04"
    imported = importing("11", list=[ended], requirements={"requirements": [UNPAID_WORK]})

    assert () == imported.cases[0].requirement
    assert "after the sentence ended" in noted(imported, "requirements")[0]


def test_active_requirement_with_an_end_is_taken_to_run(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """Active is the case system's own word: the day it ended is left out and noted."""
    odd = UNPAID_WORK | {"terminationDate": "2014-08-01"}
    imported = importing(list=[conviction()], requirements={"requirements": [odd]})

    assert [None] == [one.ended_on for one in imported.cases[0].requirement]
    assert ["requirements[0].terminationDate"] == [n.split(": ")[0] for n in noted(imported, "requirements")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"requirementTypeMainCategory": {"code": "ZZ"}},
            "ZZ is in no code table of requirements: its type is left out",
        ),
        ({"requirementTypeMainCategory": None}, "its category is in no code table of requirements"),
        ({"adRequirementTypeMainCategory": {"code": "7"}}, "its two categories name different requirements"),
    ],
)
def test_requirement_of_an_unknown_kind_is_kept_without_it(
    importing: Importing, conviction: Make, noted: Noted, changes: dict[str, Any], reason: str
) -> None:
    """A requirement whose kind no table has is still a requirement."""
    imported = importing(list=[conviction()], requirements={"requirements": [UNPAID_WORK | changes]})

    assert [None] == [one.type for one in imported.cases[0].requirement]
    assert [True] == [reason in note for note in noted(imported, "requirements")]


def test_restrictive_requirement_does_not_say_how(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """That a requirement restricts is noted; which restriction it is stays open."""
    imported = importing(
        list=[conviction()], requirements={"requirements": [UNPAID_WORK | {"restrictive": True}]}
    )

    assert [None] == [one.restricts for one in imported.cases[0].requirement]
    assert ["requirements[0].restrictive"] == [n.split(": ")[0] for n in noted(imported, "requirements")]


def test_licence_conditions_come_with_custody(importing: Importing, custody: Make, noted: Noted) -> None:
    """A curfew restricts, a programme does not, and of any other condition it is not known."""
    programme = {"active": True, "licenceConditionTypeMainCat": {"code": "NLC4"}}
    alcohol = {
        "active": False,
        "terminationDate": "2014-07-01",
        "licenceConditionTypeMainCat": {"code": "NLC10"},
    }
    imported = importing(list=[custody()], licence={"licenceConditions": [CURFEW, programme, alcohol]})

    assert [("NLC7", Restriction.CURFEW), ("NLC4", None), ("NLC10", None)] == [
        (one.code, one.restricts) for one in imported.cases[0].licence_condition
    ]
    assert ["licenceConditions[2].licenceConditionTypeMainCat"] == [
        note.split(": ")[0] for note in noted(imported, "licence")
    ]


@pytest.mark.parametrize("changes", [{"startDate": "2014-03-02"}, {"active": False}])
def test_condition_that_cannot_be_of_this_sentence_is_left_out(
    importing: Importing, custody: Make, noted: Noted, changes: dict[str, Any]
) -> None:
    """A condition from before sentence, or over without a day it ended, makes no fact."""
    imported = importing(list=[custody()], licence={"licenceConditions": [CURFEW | changes]})

    assert () == imported.cases[0].licence_condition
    assert [True] == ["left out" in note for note in noted(imported, "licence")]


def test_order_has_no_licence_and_custody_no_requirements(
    importing: Importing, conviction: Make, custody: Make
) -> None:
    """A condition or requirement that the sentence cannot have is of another sentence."""
    files = {"licence": {"licenceConditions": [CURFEW]}, "requirements": {"requirements": [UNPAID_WORK]}}
    (order,) = importing(list=[conviction()], **files).cases
    (licence,) = importing(list=[custody()], **files).cases

    assert [(0, 1), (1, 0)] == [(len(c.licence_condition), len(c.requirement)) for c in (order, licence)]


def test_everything_is_kept_where_the_sentence_is_not_known(importing: Importing) -> None:
    """Without a sentence nothing can be said to be of another one."""
    imported = importing(
        licence={"licenceConditions": [CURFEW]},
        requirements={"requirements": [UNPAID_WORK]},
        reports=[{"courtReportId": 3, "requestedDate": "2001-01-01", "courtReportType": {"code": "CJO"}}],
    )
    case = imported.cases[0]

    assert (1, 1, 1) == (len(case.licence_condition), len(case.requirement), len(case.court_report))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("2013-03-02", False), ("2013-03-03", True), ("2014-03-03", True), ("2014-03-04", False)],
    ids=["366 days before", "365 days before", "on the day", "the day after"],
)
def test_report_is_for_this_sentence_where_it_was_asked_for_in_the_year_before(
    importing: Importing, conviction: Make, noted: Noted, *, asked: str, kept: bool
) -> None:
    """A report asked for after sentence, or more than a year before, led to another sentence."""
    report = {"courtReportId": 3, "requestedDate": f"{asked}T09:00:00", "courtReportType": {"code": "CJS"}}
    imported = importing(list=[conviction()], reports=[report])

    assert kept == bool(imported.cases[0].court_report)
    assert kept != any("left out: it was asked for" in note for note in noted(imported, "reports"))


def test_report_is_of_the_kind_that_was_delivered(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """What was delivered counts over what was asked for, even where it does not say how."""
    imported = importing(
        list=[conviction()],
        reports=[
            {
                "courtReportId": 3,
                "courtReportType": {"code": "CJS"},
                "deliveredCourtReportType": {"code": "CJO"},
                "requestedDate": "2014-02-03",
                "requiredDate": "2014-03-03",
                "completedDate": "2014-03-02T16:00:00",
            },
            {
                "courtReportId": 4,
                "courtReportType": {"code": "CJS"},
                "deliveredCourtReportType": {"code": "PSR"},
            },
        ],
    )
    first, second = imported.cases[0].court_report

    assert (CourtReportType.ORAL, dt.date(2014, 2, 3), dt.date(2014, 3, 3), dt.date(2014, 3, 2)) == (
        first.type,
        first.requested_on,
        first.due_on,
        first.completed_on,
    )
    assert second.type is None
    assert [
        "[1].deliveredCourtReportType: PSR does not say oral, fast or standard: its type is left out"
    ] == noted(imported, "reports")
