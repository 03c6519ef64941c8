"""What OASys answers of one assessment: risk management plan, full analysis, level of risk, needs, screening.

Each answer is told by its fields. What depends on how well something is
written (whether a plan says who does what, whether an analysis attends to
children) is for an assessor: no field says it, so it is not recorded.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple

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

__all__ = ["Held", "read_answers", "screening_indicates"]

_BY_HEIGHT = tuple(RoshLevel)
_YES_NO = {"Yes": True, "No": False}


class Held(NamedTuple):
    """An assessment that OASys holds. Only a complete one has the day it was completed."""

    number: str
    status: AssessmentStatus
    started_on: dt.date | None
    completed_on: dt.date | None


def read_answers(place: Place, held: Held, facts: Facts) -> None:
    """Read every answer that an object gives of an assessment."""
    known = place.has(*SCREENING_CONCERNS)
    for keys, read in _READERS.items():
        if place.has(*keys):
            known = True
            read(place, held, facts)
    if not known:
        place.note("not recognised: this has none of the answers that the importer knows, so it is not used")


def screening_indicates(place: Place) -> bool:
    """Tell whether an answer of the screening calls for a full analysis.

    One yes is enough. That all the answers in the file are no says nothing,
    because the file holds R3.1 to R3.4 only and the rest of the form may say yes.
    """
    return any(place.text(key) == "Yes" for key in SCREENING_CONCERNS if place.has(key))


def _read_plan(place: Place, held: Held, facts: Facts) -> None:
    """Read a risk management plan. A heading left blank is not covered; a heading not in the file is not known."""
    texts = {key: place.text(key) for key in PLAN_HEADINGS if place.has(key)}
    written = {
        key: text is not None for key, text in texts.items() if isinstance(place.at(key).value, str | None)
    }
    if not any(written.values()):
        place.note("left out: every heading of the risk management plan is blank, so there is no plan")
        return
    facts.add(
        place,
        Plan,
        id=f"oasys-{held.number}-rmp",
        type=PlanType.RISK_MANAGEMENT_PLAN,
        status=held.status,
        completed_on=held.completed_on,
        contingency=written.get("contingencyPlans"),
        victim_measures=written.get("victimSafetyPlanning"),
    )


def _read_full_analysis(place: Place, held: Held, facts: Facts) -> None:
    if not any(place.text(key) for key in FULL_ANALYSIS):
        place.note("left out: every answer of the full analysis is blank, so none was made")
        return
    facts.add(
        place,
        Assessment,
        id=f"oasys-{held.number}-full",
        type=AssessmentType.ROSH_FULL_ANALYSIS,
        status=held.status,
        started_on=held.started_on,
        completed_on=held.completed_on,
    )


def _read_level(place: Place, held: Held, facts: Facts) -> None:
    """Read the level of risk of serious harm: the highest of the community columns of a completed assessment."""
    if held.completed_on is None:
        place.note("not used: the level of risk, because the assessment is not complete")
        return
    words = {key: place.text(key) for key in COMMUNITY_RISKS}
    unknown = [key for key, word in words.items() if word is not None and word not in ROSH_LEVELS]
    levels = [ROSH_LEVELS[word] for word in words.values() if word and word in ROSH_LEVELS]
    if unknown or not levels:
        for key in unknown or COMMUNITY_RISKS:
            place.note("this is no level of risk, so the level of the case is left out", key)
        return
    for key, word in words.items():
        if word is None:
            place.note("this is blank: the level of the case is the highest of the others", key)
    level = max(levels, key=_BY_HEIGHT.index)
    facts.add(place, Rosh, id=f"oasys-{held.number}-rosh", level=level, classified_on=held.completed_on)


def _read_needs(place: Place, held: Held, facts: Facts) -> None:
    """Read the factors of a completed assessment: linked to reoffending, or scored at or above OASys's threshold."""
    if held.completed_on is None:
        place.note("not used: the needs, because the assessment is not complete")
        return
    for key in _sections(place):
        if key not in NEEDS:
            place.note("not used: a case record has no such factor", key)
    for key, name in NEEDS.items():
        need = place.at(key)
        linked = _yes_or_no(need, f"{key}LinkedToReoffending")
        score, threshold = need.number(f"{key}OtherWeightedScore"), need.number(f"{key}Threshold")
        if linked or (score is not None and threshold is not None and score >= threshold):
            facts.add(
                need,
                Factor,
                id=f"oasys-{held.number}-{key}",
                name=name,
                identified_on=held.completed_on,
                linked_to_offending=linked,
                linked_to_harm=_yes_or_no(need, f"{key}LinkedToHarm"),
                score=score,
            )


def _sections(place: Place) -> list[str]:
    """Return the keys of the sections that say whether they are linked to reoffending."""
    keys = place.value if isinstance(place.value, dict) else {}
    return [key for key in keys if place.at(key).has(f"{key}LinkedToReoffending")]


def _yes_or_no(place: Place, key: str) -> bool | None:
    word = place.text(key)
    if word is not None and word not in _YES_NO:
        place.note("this is neither Yes nor No, so it is left out", key)
    return _YES_NO.get(word or "")


def _note_offence(place: Place, held: Held, facts: Facts) -> None:  # noqa: ARG001 - one of the readers
    place.note("not used: the analysis of the offence, which is free text and details of victims")


_READERS: Mapping[tuple[str, ...], Callable[[Place, Held, Facts], None]] = {
    COMMUNITY_RISKS: _read_level,
    FULL_ANALYSIS: _read_full_analysis,
    OFFENCE_ANALYSIS: _note_offence,
    PLAN_HEADINGS: _read_plan,
    tuple(NEEDS): _read_needs,
}
