"""Whose each document is: the person it names, or the only person of the folder."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from .place import Place
from .reading import Document
from .shapes import Shape, assessments_named, offenders_named, people_named

__all__ = ["Documents", "by_person"]

Documents = Mapping[Shape, Sequence[Place]]
"""The documents of one person, by shape."""


def by_person(documents: Iterable[Document]) -> dict[str, Documents]:
    """Return the documents of each person by their case reference number (CRN).

    A document that names nobody belongs to the holder of the OASys assessment
    it speaks of, or else to the only person of the folder. It is never shared
    out by a guess: where there are several people it is noted and not used.
    """
    named: dict[str, list[Document]] = defaultdict(list)
    nameless: list[Document] = []
    for document in documents:
        people = people_named(document.place)
        if not people:
            nameless.append(document)
        elif len(people) > 1:
            document.place.note("not used: it names more than one person")
        elif (crn := next(iter(people))) is None:
            document.place.note(
                "not used: what it gives as the person's CRN is not a letter and six digits, as X123456"
            )
        else:
            named[crn].append(document)
    holders = _holders(named)
    for document in nameless:
        owner = _owner(document, holders, sorted(named))
        if owner is not None:
            named[owner].append(document)
    for crn, theirs in named.items():
        _check_numbers(crn, theirs)
    return {crn: _by_shape(theirs) for crn, theirs in sorted(named.items())}


def _holders(named: Mapping[str, Iterable[Document]]) -> Mapping[str, set[str]]:
    """Return who holds each OASys assessment, by the timelines that name a person."""
    holders: dict[str, set[str]] = defaultdict(set)
    for crn, documents in named.items():
        for document in documents:
            if Shape.TIMELINE in document.shapes:
                for assessment in assessments_named(document.place):
                    holders[assessment].add(crn)
    return holders


def _owner(document: Document, holders: Mapping[str, set[str]], people: Sequence[str]) -> str | None:
    owners = {crn for assessment in assessments_named(document.place) for crn in holders.get(assessment, ())}
    if len(owners) == 1:
        return next(iter(owners))
    if len(people) == 1:
        return people[0]
    document.place.note(
        f"not used: it names no person, and this folder holds {len(people)}; keep the files of each person in a folder of their own"
        if people
        else "not used: neither it nor any other file of this folder names a person by CRN"
    )
    return None


def _check_numbers(crn: str, documents: Iterable[Document]) -> None:
    """Note a document whose number for the person is not the one in the person's own file."""
    own = {
        number
        for document in documents
        if Shape.PERSON in document.shapes
        for number in offenders_named(document.place.value)
    }
    for document in documents:
        others = offenders_named(document.place.value) - own
        if own and others:
            document.place.note(
                f"it gives the person's number as {', '.join(map(str, sorted(others)))} and the file of {crn} as "
                f"{', '.join(map(str, sorted(own)))}: check that it is of the same person; it is used all the same"
            )


def _by_shape(documents: Iterable[Document]) -> Documents:
    found: dict[Shape, list[Place]] = defaultdict(list)
    for document in documents:
        for shape in document.shapes:
            found[shape].append(document.place)
    return {shape: tuple(sorted(places, key=lambda p: (p.source, p.path))) for shape, places in found.items()}
