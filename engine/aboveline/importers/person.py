"""The person and who manages them: gender, age band, ethnic group, area, allocations. Never a name or an address."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from aboveline.case.codes import AgeBand, EthnicityGroup, Gender
from aboveline.case.person import Allocation, Area, Person

from .codes import ETHNIC_GROUPS, GENDERS
from .endings import ending
from .facts import Facts, made
from .place import Place

__all__ = ["area_of", "note_restrictions", "person_of", "read_allocations"]

T = TypeVar("T")

# The age from which each band starts: aboveline.case.codes.AgeBand. Nobody younger than ten can be sentenced: Children
# and Young Persons Act 1933, section 50.
_BANDS = (
    (50, AgeBand.FROM_50),
    (35, AgeBand.FROM_35_TO_49),
    (25, AgeBand.FROM_25_TO_34),
    (21, AgeBand.FROM_21_TO_24),
    (18, AgeBand.FROM_18_TO_20),
    (10, AgeBand.UNDER_18),
)
_OLDEST = 110


def person_of(files: Sequence[Place], started_on: dt.date | None) -> Person:
    """Return what a fair audit needs to know of the person. The age is that at the start of supervision, where it is known."""
    if not files:
        return Person()
    born = _agreed(files, "dateOfBirth", lambda file: file.day("dateOfBirth"))
    person = made(
        files[0],
        Person,
        gender=_agreed(files, "gender", _gender),
        age_band=_age_band(files[0], born, started_on) if born and started_on else None,
        ethnicity_group=_agreed(files, "offenderProfile.ethnicity", _ethnic_group),
    )
    return person or Person()


def area_of(files: Sequence[Place]) -> Area:
    """Return the area of the one active offender manager; nothing where none or several are active."""
    active = [
        manager for file in files for manager in file.each("offenderManagers") if manager.flag("active")
    ]
    areas = {
        (team.code("localDeliveryUnit"), team.code("code"))
        for team in (manager.at("team") for manager in active)
    }
    if not active:
        for file in files:
            if file.has("offenderManagers"):
                file.note(
                    "no offender manager is active: the area of the case is left out", "offenderManagers"
                )
        return Area()
    if len(areas) > 1:
        for manager in active:
            manager.note(
                "several offender managers are active, in more than one area: the area of the case is left out"
            )
        return Area()
    ldu, team = areas.pop()
    for what, code in (("local delivery unit", ldu), ("team", team)):
        if not code:
            active[0].note(f"the {what} has no code, so it is left out", "team")
    return made(active[0], Area, ldu=ldu, team=team) or Area()


def read_allocations(files: Iterable[Place], facts: Facts) -> None:
    """Read each spell of an offender manager. The same spell told by two files counts once."""
    seen = set()
    for file in files:
        for manager in file.each("offenderManagers"):
            end = ending(manager, "toDate")
            spell = (manager.day("fromDate"), end)
            if end.known and spell not in seen:
                seen.add(spell)
                facts.add(manager, Allocation, allocated_on=manager.day("fromDate"), ended_on=end.day)


def note_restrictions(files: Iterable[Place]) -> None:
    """Note that a file says who may not see this case."""
    for file in files:
        for key in ("currentExclusion", "currentRestriction", "limitedAccessOffender"):
            if file.flag(key):
                file.note(
                    "access to this case is limited: show the record to nobody who may not see the case", key
                )


def _agreed(files: Sequence[Place], path: str, read: Callable[[Place], T | None]) -> T | None:
    said = {value for value in map(read, files) if value is not None}
    if len(said) > 1:
        for file in files:
            file.note("the files of this person say different things here: it is left out", path)
        return None
    return said.pop() if said else None


def _gender(file: Place) -> Gender | None:
    word = file.text("gender")
    if word is not None and word.lower() not in GENDERS:
        file.note("this is no gender that the importer knows: it is left out", "gender")
    return GENDERS.get(word.lower()) if word else None


def _ethnic_group(file: Place) -> EthnicityGroup | None:
    words = file.at("offenderProfile").text("ethnicity")
    group = ETHNIC_GROUPS.get(words.split(":")[0].strip().lower()) if words else None
    if words and group is None:
        file.note(
            "this names no group of the 2011 census: the ethnic group is left out",
            "offenderProfile.ethnicity",
        )
    return group


def _age_band(file: Place, born: dt.date, on: dt.date) -> AgeBand | None:
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    band = next((band for youngest, band in _BANDS if youngest <= age <= _OLDEST), None)
    if band is None:
        file.note(
            "the age at the start of supervision cannot be right: the age band is left out", "dateOfBirth"
        )
    return band
