"""OASys assessments: which there are, as all files that speak of them agree, and the facts they make.

The timeline is the record of which assessments exist. Every file that speaks
of one must say the same of it: where two disagree on its type, status or dates
nobody can tell which is right, so that assessment is left out with everything
that rests on it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from aboveline.case.codes import AssessmentStatus, AssessmentType
from aboveline.case.risk import Assessment

from .facts import Facts
from .grouping import Documents
from .oasys_answers import Held, read_answers, screening_indicates
from .oasys_codes import LAYERS, STATUSES
from .place import Place
from .shapes import Shape

__all__ = ["read_assessments"]

T = TypeVar("T")

_SUFFIXES = {AssessmentType.LIKELIHOOD_OF_REOFFENDING: "lor", AssessmentType.ROSH_SCREENING: "screening"}


class _Said(NamedTuple):
    """What one place says of an assessment; ``None`` where it does not say."""

    place: Place
    layer: str | None
    status: str | None
    started_on: dt.date | None
    completed_on: dt.date | None


class _Assessment(NamedTuple):
    """An assessment that all places agree on."""

    place: Place
    types: tuple[AssessmentType, ...]
    held: Held


# What must be the same wherever it is said, in the words of a note.
_PARTS = {
    "layer": "its type",
    "status": "its status",
    "started_on": "the day it was started",
    "completed_on": "the day it was completed",
}


def read_assessments(documents: Documents, facts: Facts) -> None:
    """Read what OASys holds of one person."""
    said: dict[str, list[_Said]] = defaultdict(list)
    for number, place in _parts(documents, Shape.TIMELINE, "timeline"):
        said[number].append(_said(place))
    answers = list(_parts(documents, Shape.ASSESSMENTS, "assessments"))
    whole = list(_numbered((file, file) for file in documents.get(Shape.ASSESSMENT, ())))
    listed = set(said) if Shape.TIMELINE in documents else {number for number, _ in (*answers, *whole)}
    for number, place in (*answers, *whole):
        if number in listed:
            said[number].append(_said(place))
        else:
            place.note(
                f"not used: the assessment timeline of this person has no assessment {number}, and it stands"
            )
    indicated = {number for number, place in answers if screening_indicates(place)}
    held = {number: found for number, parts in said.items() if (found := _agreed(number, parts))}
    for number, assessment in held.items():
        _add(assessment, facts, indicated=number in indicated)
    for number, place in answers:
        if number in held:
            read_answers(place, held[number].held, facts)
    for number, place in whole:
        if number in held:
            place.note("not used: its answers; only what it says of the assessment as a whole is", "sections")


def _parts(documents: Documents, shape: Shape, key: str) -> Iterator[tuple[str, Place]]:
    """Yield every object that the files of a shape hold at a key, with the number of its assessment."""
    yield from _numbered((place, file) for file in documents.get(shape, ()) for place in file.each(key))


def _numbered(places: Iterable[tuple[Place, Place]]) -> Iterator[tuple[str, Place]]:
    for place, file in places:
        number = _number(place, file)
        if number is not None:
            yield number, place


def _number(place: Place, file: Place) -> str | None:
    """Return the number of an assessment: OASys's assessmentPk is the case system's assessmentId."""
    own = place.reference("assessmentPk") or place.reference("assessmentId")
    number = own or file.at("inputs").reference("assessmentPk")
    if number is None:
        place.note("not used: it does not say which assessment it is of")
    return number


def _said(place: Place) -> _Said:
    status = place.text("status") or place.text("assessmentStatus")
    return _Said(
        place,
        place.code("assessmentType").upper().replace("_", "") or None,
        status.upper() if status else None,
        place.day("initiationDate") or place.day("created"),
        place.day("completedDate") or place.day("dateCompleted") or place.day("completed"),
    )


def _agreed(number: str, said: Sequence[_Said]) -> _Assessment | None:
    """Return an assessment where all places say the same of it and it can be used; else note why not at each place."""
    disputed = [
        words
        for part, words in _PARTS.items()
        if len({value for one in said if (value := getattr(one, part)) is not None}) > 1
    ]
    together = _Said(
        said[0].place,
        _first(one.layer for one in said),
        _first(one.status for one in said),
        _first(one.started_on for one in said),
        _first(one.completed_on for one in said),
    )
    types, status = LAYERS.get(together.layer or ""), STATUSES.get(together.status or "")
    complete = status is AssessmentStatus.COMPLETE
    if disputed:
        reason = f"files of this person say different things of {', '.join(disputed)}"
    elif types is None:
        reason = f"{together.layer or 'its type, which is not there,'} is in no code table of assessments"
    elif status is None:
        reason = "its status is in no code table" if together.status else "its status is not there"
    elif complete and together.completed_on is None:
        reason = "it is complete, and the day it was completed is not there"
    else:
        _check_days(number, together, status)
        held = Held(number, status, together.started_on, together.completed_on if complete else None)
        return _Assessment(together.place, types, held)
    for one in said:
        one.place.note(f"assessment {number} is left out: {reason}")
    return None


def _first(told: Iterable[T | None]) -> T | None:
    return next((one for one in told if one is not None), None)


def _check_days(number: str, said: _Said, status: AssessmentStatus) -> None:
    if said.started_on and said.completed_on and said.completed_on < said.started_on:
        said.place.note(f"assessment {number} ended before it was started: one of the two days is wrong")
    if said.completed_on and status is AssessmentStatus.OPEN:
        said.place.note(
            f"assessment {number} is open, and yet has the day it was completed: it counts as open"
        )


def _add(assessment: _Assessment, facts: Facts, *, indicated: bool) -> None:
    """Add the facts that an assessment is: one for each thing it assesses."""
    held = assessment.held
    for kind in assessment.types:
        screening = kind is AssessmentType.ROSH_SCREENING
        facts.add(
            assessment.place,
            Assessment,
            id=f"oasys-{held.number}-{_SUFFIXES[kind]}",
            type=kind,
            status=held.status,
            started_on=held.started_on,
            completed_on=held.completed_on,
            full_analysis_indicated=True if screening and indicated else None,
        )
