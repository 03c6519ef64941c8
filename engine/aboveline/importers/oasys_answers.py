"""What OASys answers of one assessment: risk management plan, full analysis, level of risk, needs, screening.

Each answer is told by its fields. What depends on how well something is
written (whether a plan says who does what, whether an analysis attends to
children) is for an assessor: no field says it, so it is not recorded.
"""

import datetime as dt

from aboveline.case.codes import AssessmentStatus, AssessmentType, PlanType, RoshLevel
from aboveline.case.planning import Plan
from aboveline.case.risk import Assessment, Factor, Rosh

from .facts import Facts
from .oasys_codes import (
    COMMUNITY_RISKS,
    FULL_ANALYSIS,
    NEEDS,
    OFFENCE_ANALYSIS,
    PLAN_HEADINGS,
    ROSH_LEVELS,
    SCREENING_CONCERNS,
)
from .place import Place

__all__ = ["read_answers", "screening_indicates"]

_BY_HEIGHT = tuple(RoshLevel)
_YES_NO = {"Yes": True, "No": False}


def read_answers(
    place: Place, number: str, status: AssessmentStatus, completed_on: dt.date | None, facts: Facts
) -> None:
    """Read the answers that an object holds of an assessment whose status and completion are agreed."""
    complete = status is AssessmentStatus.COMPLETE
    completed_on = completed_on if complete else None
    known = False
    if place.has(*PLAN_HEADINGS):
        known = True
        _read_plan(place, number, status, completed_on, facts)
    if place.has(*FULL_ANALYSIS):
        known = True
        _read_full_analysis(place, number, status, completed_on, facts)
    if place.has(*COMMUNITY_RISKS):
        known = True
        _read_level(place, number, completed_on, facts)
    if place.has(*NEEDS):
        known = True
        _read_needs(place, number, completed_on, facts)
    if place.has(*OFFENCE_ANALYSIS):
        known = True
        place.note("not used: the analysis of the offence, which is free text and victims' details")
    if not known and not place.has(*SCREENING_CONCERNS):
        place.note("not recognised: this has none of the answers that the importer knows, so it is not used")


def screening_indicates(place: Place) -> bool:
    """Tell whether an answer of the screening calls for a full analysis.

    One yes is enough. That all the answers in the file are no says nothing,
    because the file holds R3.1 to R3.4 only and the rest of the form may say yes.
    """
    return any(place.text(key) == "Yes" for key in SCREENING_CONCERNS if place.has(key))


def _read_plan(
    place: Place, number: str, status: AssessmentStatus, completed_on: dt.date | None, facts: Facts
) -> None:
    """Read a risk management plan. A heading left blank is not covered; a heading not in the file is not known."""
    written = {key: place.text(key) is not None for key in PLAN_HEADINGS if place.has(key)}
    if not any(written.values()):
        place.note("left out: every heading of the risk management plan is blank, so there is no plan")
        return
    facts.add(
        place,
        Plan,
        id=f"oasys-{number}-rmp",
        type=PlanType.RISK_MANAGEMENT_PLAN,
        status=status,
        completed_on=completed_on,
        contingency=written.get("contingencyPlans"),
        victim_measures=written.get("victimSafetyPlanning"),
    )


def _read_full_analysis(
    place: Place, number: str, status: AssessmentStatus, completed_on: dt.date | None, facts: Facts
) -> None:
    if not any(place.text(key) for key in FULL_ANALYSIS):
        place.note("left out: every answer of the full analysis is blank, so none was made")
        return
    facts.add(
        place,
        Assessment,
        id=f"oasys-{number}-full",
        type=AssessmentType.ROSH_FULL_ANALYSIS,
        status=status,
        started_on=place.day("initiationDate"),
        completed_on=completed_on,
    )


def _read_level(place: Place, number: str, completed_on: dt.date | None, facts: Facts) -> None:
    """Read the level of risk of serious harm: the highest of the community columns of a completed assessment."""
    if completed_on is None:
        place.note("not used: the level of risk, because the assessment is not complete")
        return
    words = {key: place.text(key) for key in COMMUNITY_RISKS}
    unknown = [key for key, word in words.items() if word is not None and word not in ROSH_LEVELS]
    levels = [ROSH_LEVELS[word] for word in words.values() if word in ROSH_LEVELS]
    if unknown or not levels:
        for key in unknown or COMMUNITY_RISKS:
            place.note("this is no level of risk, so the level of the case is left out", key)
        return
    for key, word in words.items():
        if word is None:
            place.note("this is blank: the level of the case is the highest of the others", key)
    level = max(levels, key=_BY_HEIGHT.index)
    facts.add(place, Rosh, id=f"oasys-{number}-rosh", level=level, classified_on=completed_on)


def _read_needs(place: Place, number: str, completed_on: dt.date | None, facts: Facts) -> None:
    """Read the factors of a completed assessment: linked to reoffending, or scored at or above OASys's threshold."""
    if completed_on is None:
        place.note("not used: the needs, because the assessment is not complete")
        return
    for key, name in NEEDS.items():
        need = place.at(key)
        linked = _yes_or_no(need, f"{key}LinkedToReoffending")
        score, threshold = need.number(f"{key}OtherWeightedScore"), need.number(f"{key}Threshold")
        if linked or (score is not None and threshold is not None and score >= threshold):
            facts.add(
                need,
                Factor,
                id=f"oasys-{number}-{key}",
                name=name,
                identified_on=completed_on,
                linked_to_offending=linked,
                linked_to_harm=_yes_or_no(need, f"{key}LinkedToHarm"),
                score=score,
            )


def _yes_or_no(place: Place, key: str) -> bool | None:
    word = place.text(key)
    if word is not None and word not in _YES_NO:
        place.note("this is neither Yes nor No, so it is left out", key)
    return _YES_NO.get(word or "")
