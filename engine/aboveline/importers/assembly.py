"""Make the case record of one person from the documents that are theirs."""

from pydantic import ValidationError

from aboveline.case import CaseRecord
from aboveline.case.sentence import Sentence

from .contact import read_attendances, read_enforcement
from .convictions import choices, chosen
from .facts import Facts
from .grouping import Documents
from .oasys import read_assessments
from .orders import read_court_reports, read_licence_conditions, read_requirements
from .person import area_of, note_restrictions, person_of, read_allocations
from .place import Notes
from .registers import read_registrations
from .sentence import read_offences, sentence_of
from .shapes import Shape

__all__ = ["case_of", "convictions_of"]

_NOT_USED = {
    Shape.APPEARANCES: "a case record has no place for court appearances",
    Shape.DOCUMENTS: "a case record has no place for documents, whose names may be about people",
    Shape.MANAGERS: "it does not say which manager is active; the area comes from the person's own file",
}


def convictions_of(documents: Documents) -> list[str]:
    """Return the ids of the convictions that a case of these documents may be about."""
    files = documents.get(Shape.CONVICTIONS, ())
    places = [item for file in files for item in file.items()] or documents.get(Shape.CONVICTION, ())
    return sorted({number for place in places if (number := place.reference("convictionId"))})


def case_of(crn: str, documents: Documents, asked: str | None, notes: Notes) -> CaseRecord | None:
    """Return the case record of a person; nothing, with a note, in the odd event that none can be made."""
    facts = Facts()
    convictions = choices(documents.get(Shape.CONVICTIONS, ()), documents.get(Shape.CONVICTION, ()))
    conviction = chosen(convictions, asked if asked in convictions else None)
    statuses = documents.get(Shape.SENTENCE_STATUS, ())
    sentence = Sentence() if conviction is None else sentence_of(conviction, statuses)
    if conviction is None:
        for status in statuses:
            status.note("not used: which sentence the case is about is not known")
    else:
        read_offences(conviction, sentence.sentenced_on, facts)

    for file in documents.get(Shape.REQUIREMENTS, ()):
        read_requirements(file, sentence, facts)
    for file in documents.get(Shape.LICENCE_CONDITIONS, ()):
        read_licence_conditions(file, sentence, facts)
    for file in documents.get(Shape.COURT_REPORTS, ()):
        read_court_reports(file, sentence, facts)
    for file in documents.get(Shape.ATTENDANCES, ()):
        read_attendances(file, sentence, facts)
    for file in documents.get(Shape.NSIS, ()):
        for place in file.each("nsis"):
            read_enforcement(place, sentence, facts)
    for place in documents.get(Shape.NSI, ()):
        read_enforcement(place, sentence, facts)
    for file in documents.get(Shape.REGISTRATIONS, ()):
        read_registrations(file, facts)
    read_assessments(documents, facts)
    people = documents.get(Shape.PERSON, ())
    read_allocations(people, facts)
    note_restrictions(place for shape in Shape for place in documents.get(shape, ()))
    for shape, why in _NOT_USED.items():
        for file in documents.get(shape, ()):
            file.note(f"not used: {why}")

    parts = {
        "person": person_of(people, sentence.started_on),
        "area": area_of(people),
        "sentence": sentence,
        **facts.settled(),
    }
    try:
        return CaseRecord.model_validate({"case": crn, **parts})
    except ValidationError as error:
        reasons = "; ".join(detail["msg"] for detail in error.errors(include_url=False, include_input=False))
        notes.add(crn, "", f"no case record could be made of this person's files: {reasons}")
        return None
