"""The person and their managers, without a name."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aboveline.case.codes import AgeBand, EthnicityGroup, Gender
from aboveline.importers import Imported

Importing = Callable[..., Imported]
Make = Callable[..., dict[str, Any]]
Noted = Callable[..., list[str]]


def person(**fields: object) -> dict[str, Any]:
    """Return the file of the invented person."""
    return {"firstName": "Sam", "surname": "Invented", "otherIds": {"crn": "X000001"}, **fields}


def manager(ldu: str | None = "N01A", team: str | None = "N01T1", **fields: object) -> dict[str, Any]:
    """Return an active offender manager."""
    return {
        "active": True,
        "fromDate": "2014-03-04",
        "team": {"code": team, "localDeliveryUnit": {"code": ldu}},
        **fields,
    }


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("1996-03-04", AgeBand.UNDER_18),
        ("1996-03-03", AgeBand.FROM_18_TO_20),
        ("1989-03-04", AgeBand.FROM_21_TO_24),
        ("1989-03-03", AgeBand.FROM_25_TO_34),
        ("1964-03-03", AgeBand.FROM_50),
    ],
)
def test_age_is_that_at_the_start_of_supervision(
    importing: Importing, conviction: Make, born: str, band: AgeBand
) -> None:
    """The band is of the age on the day supervision began, the birthday itself included."""
    imported = importing(person=person(dateOfBirth=born), list=[conviction()])

    assert band == imported.cases[0].person.age_band


def test_age_is_left_out_where_the_start_is_not_known(importing: Importing) -> None:
    """Without a start of supervision there is no age at it."""
    assert importing(person=person(dateOfBirth="1990-01-01")).cases[0].person.age_band is None


def test_age_that_cannot_be_is_noted(importing: Importing, conviction: Make, noted: Noted) -> None:
    """A person of nine under supervision is a wrong date of birth, which the note does not repeat."""
    imported = importing(person=person(dateOfBirth="2004-03-04"), list=[conviction()])

    assert imported.cases[0].person.age_band is None
    assert [
        "dateOfBirth: the age at the start of supervision cannot be right: the age band is left out"
    ] == noted(imported, "person")


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("White: British/English/Welsh/Scottish/Northern Irish", EthnicityGroup.WHITE),
        ("Asian or Asian British: Chinese", EthnicityGroup.ASIAN),
        ("Mixed: White and Black African", EthnicityGroup.MIXED),
        ("Other Ethnic Group", EthnicityGroup.OTHER),
    ],
)
def test_ethnicity_is_a_group_of_the_census(importing: Importing, words: str, group: EthnicityGroup) -> None:
    """The words before the colon name the group."""
    imported = importing(person=person(gender="Female", offenderProfile={"ethnicity": words}))

    assert (Gender.FEMALE, group) == (
        imported.cases[0].person.gender,
        imported.cases[0].person.ethnicity_group,
    )


def test_words_of_no_table_are_noted_and_not_repeated(importing: Importing, noted: Noted) -> None:
    """An unknown gender or ethnicity is left out, and the note keeps it to itself."""
    imported = importing(person=person(gender="Rather not", offenderProfile={"ethnicity": "Martian"}))

    assert ["gender", "offenderProfile.ethnicity"] == [
        note.split(": ")[0] for note in noted(imported, "person")
    ]
    assert not any(word in str(note) for note in imported.notes for word in ("Rather", "Martian"))


def test_files_that_disagree_on_the_person_are_noted(importing: Importing, noted: Noted) -> None:
    """Two files of one person with different genders leave the gender out, whichever came first."""
    imported = importing(person=person(gender="Male"), more=person(gender="Female"))

    assert imported.cases[0].person.gender is None
    assert [1, 1] == [len(noted(imported, name)) for name in ("person", "more")]


def test_area_is_that_of_the_active_manager(importing: Importing) -> None:
    """The one active manager's team and delivery unit are the area; every spell is an allocation."""
    earlier = manager("N02A", "N02T1", active=False, fromDate="2014-01-02", toDate="2014-03-04")
    case = importing(person=person(offenderManagers=[earlier, manager()])).cases[0]

    assert ("N01A", "N01T1") == (case.area.ldu, case.area.team)
    assert [(dt.date(2014, 1, 2), dt.date(2014, 3, 4)), (dt.date(2014, 3, 4), None)] == [
        (one.allocated_on, one.ended_on) for one in case.allocation
    ]


@pytest.mark.parametrize(
    ("managers", "notes"),
    [
        ([manager(), manager("N02A")], 2),
        ([manager(active=False, toDate="2014-04-01")], 1),
        ([], 1),
        (None, 0),
    ],
    ids=["two areas", "none active", "none at all", "not told"],
)
def test_area_is_left_out_where_it_is_not_one(
    importing: Importing, noted: Noted, managers: list[Any] | None, notes: int
) -> None:
    """Where none or several are active, in different areas, the area is left out and noted."""
    imported = importing(person=person(offenderManagers=managers) if managers is not None else person())

    assert (None, None) == (imported.cases[0].area.ldu, imported.cases[0].area.team)
    assert notes == len(noted(imported, "person"))


def test_team_without_a_code_is_left_out(importing: Importing, noted: Noted) -> None:
    """A team known only by its name is not named in a record."""
    imported = importing(person=person(offenderManagers=[manager(team=None)]))

    assert ("N01A", None) == (imported.cases[0].area.ldu, imported.cases[0].area.team)
    assert ["offenderManagers[0].team: the team has no code, so it is left out"] == noted(imported, "person")


def test_list_of_managers_is_not_used(importing: Importing, noted: Noted) -> None:
    """A list that does not say who is active cannot say where the case is managed."""
    imported = importing(managers=[{"staffCode": "A1", "team": {"code": "N09T1"}}])

    assert imported.cases[0].area.team is None
    assert [
        "not used: it does not say which manager is active; the area comes from the person's own file"
    ] == (noted(imported, "managers"))
