"""Make the case record of one person from the documents that are theirs."""

from collections.abc import Callable, Mapping

from aboveline.case import CaseRecord
from aboveline.case.sentence import Sentence
from aboveline.vocabulary import record_kinds

from .contact import read_attendances, read_intervention, read_interventions
from .convictions import choices, chosen
from .facts import Facts
from .grouping import Documents
from .oasys import read_assessments
from .orders import read_court_reports, read_licence_conditions, read_requirements
from .person import area_of, note_restrictions, person_of, read_allocations
from .place import Place
from .registers import read_registrations
from .sentence import read_offences, sentence_of
from .shapes import Shape

__all__ = ["case_of", "convictions_of"]

_NOT_USED = {
    Shape.APPEARANCES: "a case record has no place for court appearances",
    Shape.DOCUMENTS: "a case record has no place for documents, whose names may be about people",
    Shape.MANAGERS: "it does not say which manager is active; the area comes from the person's own file",
}


_HOLDS = {
    Shape.ASSESSMENT: {"assessment"},
    Shape.ATTENDANCES: {"appointment", "home_visit"},
    Shape.CONVICTION: {"offence"},
    Shape.CONVICTIONS: {"offence"},
    Shape.COURT_REPORTS: {"court_report"},
    Shape.LICENCE_CONDITIONS: {"licence_condition"},
    Shape.NSIS: {"enforcement"},
    Shape.PERSON: {"allocation"},
    Shape.REGISTRATIONS: {"concern", "mappa", "registration", "review", "rosh", "visor"},
    Shape.REQUIREMENTS: {"requirement"},
    Shape.TIMELINE: {"assessment"},
}
"""The kinds of fact of which each document has all there are."""


_READERS: Mapping[Shape, Callable[[Place, Sentence, Facts], None]] = {
    Shape.ATTENDANCES: read_attendances,
    Shape.COURT_REPORTS: read_court_reports,
    Shape.LICENCE_CONDITIONS: read_licence_conditions,
    Shape.NSI: read_intervention,
    Shape.NSIS: read_interventions,
    Shape.REQUIREMENTS: read_requirements,
}


def convictions_of(documents: Documents) -> list[str]:
    """Return the ids of the convictions that a case of these documents may be about."""
    return sorted(_choices(documents))


def case_of(crn: str, documents: Documents, asked: str | None) -> CaseRecord:
    """Return the case record of a person: about the conviction asked for, where the person has it."""
    facts = Facts()
    sentence = _read_sentence(documents, asked, facts)
    for shape, read in _READERS.items():
        for file in documents.get(shape, ()):
            read(file, sentence, facts)
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
        "incomplete": _incomplete(documents),
        **facts.settled(),
    }
    return CaseRecord.model_validate({"case": crn, **parts})


def _incomplete(documents: Documents) -> tuple[str, ...]:
    """Return the kinds of fact that none of the documents has all of: what is not in them may exist all the same."""
    held = {kind for shape, kinds in _HOLDS.items() if documents.get(shape) for kind in kinds}
    kinds = {kind for kind, _, single in record_kinds() if not single}
    return tuple(sorted(kinds - held - {"judgement", "override"}))


def _read_sentence(documents: Documents, asked: str | None, facts: Facts) -> Sentence:
    """Return the sentence of the case and take its offences; an empty one, with a note, where none can be chosen."""
    convictions = _choices(documents)
    conviction = chosen(convictions, asked if asked in convictions else None)
    statuses = documents.get(Shape.SENTENCE_STATUS, ())
    if conviction is None:
        for status in statuses:
            status.note("not used: which sentence the case is about is not known")
        return Sentence()
    sentence = sentence_of(conviction, statuses)
    read_offences(conviction, sentence.sentenced_on, facts)
    return sentence


def _choices(documents: Documents) -> dict[str, Place]:
    return choices(documents.get(Shape.CONVICTIONS, ()), documents.get(Shape.CONVICTION, ()))
