"""What a JSON document is, told by its shape and never by its file's name, and whose it says it is."""

import re
from collections.abc import Iterator
from enum import StrEnum

from .place import Place

__all__ = ["Shape", "assessments_named", "offenders_named", "people_named", "shapes_of"]


class Shape(StrEnum):
    """A document that the case system or OASys returns, in a reader's words."""

    APPEARANCES = "court appearances"
    ASSESSMENT = "one assessment with its answers"
    ASSESSMENTS = "OASys assessments"
    ATTENDANCES = "attendances"
    CONVICTION = "one conviction"
    CONVICTIONS = "convictions"
    COURT_REPORTS = "court reports"
    DOCUMENTS = "a list of documents"
    LICENCE_CONDITIONS = "licence conditions"
    MANAGERS = "a list of managers"
    NSI = "one non-statutory intervention"
    NSIS = "non-statutory interventions"
    PERSON = "a person"
    REGISTRATIONS = "registrations"
    REQUIREMENTS = "requirements"
    SENTENCE_STATUS = "the status of a sentence"
    TIMELINE = "an assessment timeline"


# The keys that an object of each shape has. One object may have several shapes: OASys sends a timeline with most answers.
_OBJECTS = {
    Shape.APPEARANCES: {"courtAppearances"},
    Shape.ASSESSMENT: {"assessmentId", "sections"},
    Shape.ASSESSMENTS: {"assessments"},
    Shape.ATTENDANCES: {"attendances"},
    Shape.CONVICTION: {"convictionId"},
    Shape.DOCUMENTS: {"documents"},
    Shape.LICENCE_CONDITIONS: {"licenceConditions"},
    Shape.NSI: {"nsiId"},
    Shape.NSIS: {"nsis"},
    Shape.PERSON: {"otherIds"},
    Shape.REGISTRATIONS: {"registrations"},
    Shape.REQUIREMENTS: {"requirements"},
    Shape.SENTENCE_STATUS: {"sentenceId", "custodialType"},
    Shape.TIMELINE: {"timeline"},
}

# The keys that an object in a list of each shape has.
_LISTS = {
    Shape.CONVICTIONS: {"convictionId"},
    Shape.COURT_REPORTS: {"courtReportId"},
    Shape.MANAGERS: {"staffCode", "team"},
}

_CRN = re.compile(r"[A-Z][0-9]{6}")


def shapes_of(value: object) -> frozenset[Shape]:
    """Return every shape that a JSON value has; none where it is not recognised."""
    if isinstance(value, dict):
        return frozenset(shape for shape, keys in _OBJECTS.items() if keys <= value.keys())
    if isinstance(value, list):
        return frozenset(
            shape
            for shape, keys in _LISTS.items()
            if any(isinstance(item, dict) and keys <= item.keys() for item in value)
        )
    return frozenset()


def people_named(document: Place) -> frozenset[str | None]:
    """Return the case reference numbers (CRN) that a document names: ``None`` for one that cannot be a CRN."""
    named = [place.value for place in _people(document) if place.value is not None]
    return frozenset(crn if isinstance(crn, str) and _CRN.fullmatch(crn) else None for crn in named)


def _people(document: Place) -> Iterator[Place]:
    for place in (document, document.at("inputs"), document.at("otherIds")):
        yield place.at("crn")
        yield place.at("probNumber")
    appearances = document.at("courtAppearances")
    if isinstance(appearances.value, list):
        yield from (appearance.at("crn") for appearance in appearances.items())


def assessments_named(document: Place) -> frozenset[str]:
    """Return the reference numbers of the OASys assessments that a document speaks of."""
    named = {document.at("inputs").reference("assessmentPk")}
    for key in ("timeline", "assessments"):
        if isinstance(document.at(key).value, list):
            named |= {item.reference("assessmentPk") for item in document.each(key)}
    return frozenset(name for name in named if name is not None)


def offenders_named(value: object) -> frozenset[int]:
    """Return every number that a document gives, at any depth, as the case system's number of the person."""
    found: set[int] = set()
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            number = here.get("offenderId")
            found |= {number} if isinstance(number, int) and not isinstance(number, bool) else set()
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return frozenset(found)
