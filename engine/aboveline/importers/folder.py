"""Turn a folder of JSON files into case records, one a person, and notes of what did not fit."""

from dataclasses import dataclass
from pathlib import Path

from aboveline.case import CaseRecord
from aboveline.problems import InputError, Problem, did_you_mean, shown

from .assembly import case_of, convictions_of
from .grouping import by_person
from .place import Notes
from .reading import documents_in

__all__ = ["Imported", "import_folder"]


@dataclass(frozen=True)
class Imported:
    """The case records made of a folder, in the order of their ids, and everything that was not mapped or contradicts."""

    cases: tuple[CaseRecord, ...]
    notes: tuple[Problem, ...]


def import_folder(folder: Path, *, conviction: str | None = None) -> Imported:
    """Make a case record of every person whose files stand in a folder.

    ``conviction`` names the conviction that a case is about, where its person
    has none or several that are active.

    Raises:
        InputError: there is no such folder, nothing in it is recognised, or nobody in it has that conviction.
    """
    notes = Notes()
    people = by_person(documents_in(folder, notes))
    if conviction is not None:
        known = [number for documents in people.values() for number in convictions_of(documents)]
        if conviction not in known:
            near = did_you_mean(conviction, known)
            reason = f"there is no conviction '{conviction}' here; there is {', '.join(known) or 'none at all'}{near}"
            raise InputError([Problem(shown(folder), None, "", reason)])
    cases = tuple(case_of(crn, documents, conviction) for crn, documents in people.items())
    return Imported(cases, notes.all())
