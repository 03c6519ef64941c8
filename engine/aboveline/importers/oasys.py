"""OASys assessments: which there are, as all files that speak of them agree, and the facts they make.

The timeline is the record of which assessments exist. Every file that speaks
of one must say the same of it: where two disagree on its layer, status or
dates nobody can tell which is right, so that assessment is left out with
everything that rests on it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from aboveline.case.codes import AssessmentStatus, AssessmentType
from aboveline.case.risk import Assessment

from .facts import Facts
from .grouping import Documents
from .oasys_answers import read_answers, screening_indicates
from .oasys_codes import LAYERS, STATUSES
from .place import Place
from .shapes import Shape

__all__ = ["read_assessments"]

_SUFFIXES = {AssessmentType.LIKELIHOOD_OF_REOFFENDING: "lor", AssessmentType.ROSH_SCREENING: "screening"}


@dataclass(frozen=True)
class _Said:
    """What one place says of an assessment; ``None`` where it does not say."""

    place: Place
    layer: str | None
    status: str | None
    started_on: dt.date | None
    completed_on: dt.date | None


# The part of it that must be the same wherever it is said, with its name in a note.
_PARTS = {
    "layer": "its type",
    "status": "its status",
    "started_on": "the day it was started",
    "completed_on": "the day it was completed",
}


def read_assessments(documents: Documents, facts: Facts) -> None:
    """Read what OASys holds of one person."""
    listed: dict[str, list[_Said]] = defaultdict(list)
    for file in documents.get(Shape.TIMELINE, ()):
        for place in file.each("timeline"):
            _hear(place, _number(place, file), listed)
    answers = [
        (_number(p, f), p) for f in documents.get(Shape.ASSESSMENTS, ()) for p in f.each("assessments")
    ]
    whole = [(_number(p, p), p) for p in documents.get(Shape.ASSESSMENT, ())]
    has_timeline = bool(listed)
    for number, place in (*answers, *whole):
        if number is not None and has_timeline and number not in listed:
            place.note(
                f"not used: the assessment timeline of this person has no assessment {number}, and the timeline stands"
            )
        else:
            _hear(place, number, listed)
    agreed = {number: found for number, said in listed.items() if (found := _agreed(number, said))}
    indicated = {number for number, place in answers if number and screening_indicates(place)}
    for number, said in agreed.items():
        _add(number, said, facts, indicated=number in indicated)
    for number, place in answers:
        if number in agreed:
            said = agreed[number]
            read_answers(place, number, STATUSES[said.status or ""], said.completed_on, facts)
        elif number in listed:
            place.note(f"not used: assessment {number} itself is left out")
    for _, place in whole:
        place.note(
            "not used: the answers in its sections; what it says of the assessment itself is", "sections"
        )


def _number(place: Place, file: Place) -> str | None:
    """Return the number of an assessment: OASys's assessmentPk is the case system's assessmentId."""
    own = place.reference("assessmentPk") or place.reference("assessmentId")
    return own or file.at("inputs").reference("assessmentPk")


def _hear(place: Place, number: str | None, listed: dict[str, list[_Said]]) -> None:
    if number is None:
        place.note("not used: it does not say which assessment it is of")
        return
    layer = place.code("assessmentType")
    status = place.at("status").value if place.has("status") else place.at("assessmentStatus").value
    listed[number].append(
        _Said(
            place,
            layer.upper().replace("_", "") if layer else None,
            status.strip().upper() if isinstance(status, str) and status.strip() else None,
            place.day("initiationDate") or place.day("created"),
            place.day("completedDate") or place.day("dateCompleted") or place.day("completed"),
        )
    )


def _agreed(number: str, said: Sequence[_Said]) -> _Said | None:
    """Return what is said of an assessment where all agree and it can be used; note why where not."""
    together: dict[str, object] = {}
    contradicted = False
    for part, name in _PARTS.items():
        told = [(one.place, getattr(one, part)) for one in said if getattr(one, part) is not None]
        together[part] = told[0][1] if told else None
        for place, value in told[1:]:
            if value != together[part]:
                contradicted = True
                place.note(
                    f"assessment {number} is left out: {told[0][0].source} says something else of {name}"
                )
    if contradicted:
        return None
    return _usable(number, _Said(said[0].place, **together))  # type: ignore[arg-type]


def _usable(number: str, said: _Said) -> _Said | None:
    left_out = f"assessment {number} is left out: "
    status = STATUSES.get(said.status or "")
    if said.layer not in LAYERS:
        said.place.note(f"{left_out}{said.layer or 'no type'} is in no code table of assessments")
    elif status is None:
        said.place.note(
            left_out + "its status is in no code table" if said.status else left_out + "it has no status"
        )
    elif status is AssessmentStatus.COMPLETE and said.completed_on is None:
        said.place.note(left_out + "it is complete, and the day it was completed is not there")
    else:
        if said.started_on and said.completed_on and said.completed_on < said.started_on:
            said.place.note(
                f"assessment {number} was completed before it was started: one of the two days is wrong"
            )
        if status is AssessmentStatus.OPEN and said.completed_on:
            said.place.note(
                f"assessment {number} is open, and yet has the day it was completed: it counts as open"
            )
        return said
    return None


def _add(number: str, said: _Said, facts: Facts, *, indicated: bool) -> None:
    """Add the facts that an assessment is. The day in an incomplete one is that it was locked or signed, not completed."""
    status = STATUSES[said.status or ""]
    complete = status is AssessmentStatus.COMPLETE
    for kind in LAYERS[said.layer or ""]:
        facts.add(
            said.place,
            Assessment,
            id=f"oasys-{number}-{_SUFFIXES[kind]}",
            type=kind,
            status=status,
            started_on=said.started_on,
            completed_on=said.completed_on if complete else None,
            full_analysis_indicated=(indicated or None) if kind is AssessmentType.ROSH_SCREENING else None,
        )
