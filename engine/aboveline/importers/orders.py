"""What came with the sentence: requirements, licence conditions, and the court reports that led to it."""

from aboveline.case.codes import CourtReportType, RequirementType
from aboveline.case.sentence import CourtReport, LicenceCondition, Requirement, Sentence

from .belonging import of_custody, of_order, within
from .codes import (
    ADDITIONAL_REQUIREMENTS,
    COURT_REPORTS,
    LICENCE_RESTRICTIONS,
    REPORT_BEFORE_SENTENCE,
    REQUIREMENTS,
)
from .endings import ending
from .facts import Facts
from .place import Place

__all__ = ["read_court_reports", "read_licence_conditions", "read_requirements"]


def read_requirements(file: Place, sentence: Sentence, facts: Facts) -> None:
    """Read requirements. The case system's startDate is the day it was imposed, its commencementDate the day it began."""
    for place in file.each("requirements"):
        if not of_order(place, "a requirement", sentence):
            continue
        if not within(place, "startDate", place.day("startDate"), sentence):
            continue
        end = ending(place, "terminationDate")
        if not end.known:
            continue
        if place.flag("restrictive"):
            place.note("it restricts the person, but how is not told: restricts is left out", "restrictive")
        facts.add(
            place,
            Requirement,
            id=place.reference("requirementId"),
            type=_requirement_type(place),
            started_on=place.day("commencementDate"),
            ended_on=end.day,
        )


def read_licence_conditions(file: Place, sentence: Sentence, facts: Facts) -> None:
    """Read licence conditions. One restricts only where a source says how its code restricts."""
    for place in file.each("licenceConditions"):
        if not of_custody(place, "a licence condition", sentence):
            continue
        if not within(place, "startDate", place.day("startDate"), sentence):
            continue
        end = ending(place, "terminationDate")
        if not end.known:
            continue
        code = place.code("licenceConditionTypeMainCat")
        if code not in LICENCE_RESTRICTIONS:
            place.note(
                f"whether {code or 'this condition'} restricts the person is in no code table: restricts is left out",
                "licenceConditionTypeMainCat",
            )
        facts.add(
            place,
            LicenceCondition,
            code=code,
            started_on=place.day("startDate"),
            ended_on=end.day,
            restricts=LICENCE_RESTRICTIONS.get(code),
        )


def read_court_reports(file: Place, sentence: Sentence, facts: Facts) -> None:
    """Read court reports, leaving out those that were not asked for in the time before this sentence."""
    for place in file.items():
        asked_on, completed_on = place.day("requestedDate"), place.day("completedDate")
        known = asked_on or completed_on
        if known and sentence.sentenced_on:
            before = sentence.sentenced_on - known
            if not 0 <= before.days <= REPORT_BEFORE_SENTENCE.days:
                place.note(
                    "left out: it was asked for after the day of sentence"
                    if before.days < 0
                    else f"left out: it was asked for more than {REPORT_BEFORE_SENTENCE.days} days before the day of sentence"
                )
                continue
        facts.add(
            place,
            CourtReport,
            id=place.reference("courtReportId"),
            type=_report_type(place),
            requested_on=asked_on,
            due_on=place.day("requiredDate"),
            completed_on=completed_on,
        )


def _requirement_type(place: Place) -> RequirementType | None:
    main = place.code("requirementTypeMainCategory")
    additional = place.code("adRequirementTypeMainCategory")
    found = {REQUIREMENTS.get(main), ADDITIONAL_REQUIREMENTS.get(additional)} - {None}
    if len(found) == 1:
        return found.pop()
    place.note(
        "its two categories name different requirements: its type is left out"
        if found
        else f"{main or additional or 'its category'} is in no code table of requirements: its type is left out"
    )
    return None


def _report_type(place: Place) -> CourtReportType | None:
    """Tell how a report was delivered. How it was asked for counts only while the file does not say how it was delivered."""
    key = "deliveredCourtReportType" if place.has("deliveredCourtReportType") else "courtReportType"
    code = place.code(key)
    if code not in COURT_REPORTS:
        place.note(f"{code or 'this'} does not say oral, fast or standard: its type is left out", key)
    return COURT_REPORTS.get(code)
