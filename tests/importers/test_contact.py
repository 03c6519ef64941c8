"""Appointments, home visits, other contact, and enforcement."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aboveline.case.codes import AppointmentType, Attendance, ContactType, EnforcementType
from aboveline.importers import Imported

Importing = Callable[..., Imported]
Make = Callable[..., dict[str, Any]]
Noted = Callable[..., list[str]]


def attendance(code: str = "COAP", **fields: object) -> dict[str, Any]:
    """Return a file of one attendance."""
    one = {"contactId": 9, "attendanceDate": "2014-04-07", "contactType": {"code": code}, **fields}
    return {"attendances": [one]}


@pytest.mark.parametrize(
    ("attended", "complied", "outcome"),
    [
        (True, True, Attendance.COMPLIED),
        (True, False, Attendance.DID_NOT_COMPLY),
        (False, True, Attendance.ACCEPTABLE_ABSENCE),
        (False, False, Attendance.UNACCEPTABLE_ABSENCE),
        (None, None, None),
    ],
)
def test_attended_and_complied_make_the_outcome(
    importing: Importing, *, attended: bool | None, complied: bool | None, outcome: Attendance | None
) -> None:
    """The two flags make the four outcomes; an appointment still to come has neither."""
    imported = importing(contact=attendance(attended=attended, complied=complied))

    assert [("9", AppointmentType.SUPERVISION, dt.date(2014, 4, 7), outcome)] == [
        (one.id, one.type, one.planned_for, one.outcome) for one in imported.cases[0].appointment
    ]
    assert () == imported.notes


def test_half_an_outcome_is_none(importing: Importing, noted: Noted) -> None:
    """Absent without a word on compliance may be acceptable or not: the outcome is left out."""
    imported = importing(contact=attendance(attended=False))

    assert [None] == [one.outcome for one in imported.cases[0].appointment]
    assert ["attendances[0]: only one of attended and complied is there: how it ended is left out"] == noted(
        imported, "contact"
    )


def test_unknown_contact_type_is_kept_without_it(importing: Importing, noted: Noted) -> None:
    """An appointment of a type that no table has is still an appointment."""
    imported = importing(contact=attendance("ZZZ", attended=True, complied=True))

    assert [None] == [one.type for one in imported.cases[0].appointment]
    assert [
        "attendances[0].contactType: ZZZ is in no code table of appointments: its type is left out"
    ] == noted(imported, "contact")


def test_home_visit_that_took_place_is_one(importing: Importing, noted: Noted) -> None:
    """An attended home visit is a home visit; that the person did not comply then is noted."""
    imported = importing(contact=attendance("CHVS", attended=True, complied=False))
    case = imported.cases[0]

    assert ([dt.date(2014, 4, 7)], ()) == ([one.visited_on for one in case.home_visit], case.appointment)
    assert ["attendances[0].complied"] == [note.split(": ")[0] for note in noted(imported, "contact")]


def test_telephone_contact_that_took_place_is_contact(importing: Importing) -> None:
    """An attended telephone contact is contact by telephone and no appointment."""
    case = importing(contact=attendance("COPT", attended=True, complied=True)).cases[0]

    assert ([ContactType.TELEPHONE], ()) == ([one.type for one in case.contact], case.appointment)


def test_missed_home_visit_is_an_appointment(importing: Importing, noted: Noted) -> None:
    """A home visit at which nobody was in was an appointment that was missed."""
    imported = importing(contact=attendance("CHVS", attended=False, complied=False))
    case = imported.cases[0]

    assert ((), [(None, Attendance.UNACCEPTABLE_ABSENCE)]) == (
        case.home_visit,
        [(one.type, one.outcome) for one in case.appointment],
    )
    assert 1 == len(noted(imported, "contact"))


def test_attendance_without_a_day_is_left_out(importing: Importing, noted: Noted) -> None:
    """An appointment on no day is no appointment; the note says what is missing and repeats nothing."""
    imported = importing(contact=attendance(attendanceDate="at Sam's"))

    assert () == imported.cases[0].appointment
    assert [
        "attendances[0]: this appointment is left out: planned_for is not there, or could not be read",
        "attendances[0].attendanceDate: this should be a date, as 2014-02-03, so it is left out",
    ] == noted(imported, "contact")


def test_attendance_before_sentence_is_left_out(importing: Importing, conviction: Make, noted: Noted) -> None:
    """An appointment before the day of sentence was under another sentence."""
    imported = importing(list=[conviction()], contact=attendance(attendanceDate="2014-03-02"))

    assert () == imported.cases[0].appointment
    assert "before the day of sentence" in noted(imported, "contact")[0]


def nsi(code: str = "BRE", **fields: object) -> dict[str, Any]:
    """Return a non-statutory intervention."""
    return {"nsiId": 4, "nsiType": {"code": code}, "actualStartDate": "2014-05-06", **fields}


def test_breach_and_recall_are_enforcement(importing: Importing, conviction: Make) -> None:
    """A breach has the day it was actually started, not the one expected; the same one in two files is one."""
    breach = nsi(expectedStartDate="2014-05-01")
    imported = importing(list=[conviction()], many={"nsis": [breach, nsi("REC", nsiId=5)]}, one=breach)

    assert [
        ("4", EnforcementType.BREACH, dt.date(2014, 5, 6), None),
        ("5", EnforcementType.RECALL, dt.date(2014, 5, 6), None),
    ] == [(one.id, one.type, one.started_on, one.reason) for one in imported.cases[0].enforcement]


def test_enforcement_without_an_actual_start_has_not_started(importing: Importing, noted: Noted) -> None:
    """Neither the expected start nor the referral stands in for the actual start."""
    unstarted = nsi(actualStartDate=None, expectedStartDate="2014-05-01", referralDate="2014-04-30")
    imported = importing(breach=unstarted)

    assert [None] == [one.started_on for one in imported.cases[0].enforcement]
    assert ["actualStartDate"] == [note.split(": ")[0] for note in noted(imported, "breach")]


def test_recall_that_was_rejected_is_noted(importing: Importing, noted: Noted) -> None:
    """A case record cannot say that a recall came to nothing, so a note does."""
    imported = importing(recall=nsi("REC", nsiOutcome={"code": "REC05"}))

    assert 1 == len(imported.cases[0].enforcement)
    assert ["nsiOutcome: this recall was rejected or withdrawn, which a case record cannot say"] == noted(
        imported, "recall"
    )


def test_breach_before_sentence_is_left_out(importing: Importing, conviction: Make, noted: Noted) -> None:
    """A breach started, or asked for, before the day of sentence was of another sentence."""
    early = nsi(actualStartDate=None, referralDate="2014-03-02")
    imported = importing(list=[conviction()], one=early, two=nsi(nsiId=5, actualStartDate="2014-03-02"))

    assert () == imported.cases[0].enforcement
    assert ["referralDate", "actualStartDate"] == [
        noted(imported, n)[0].split(": ")[0] for n in ("one", "two")
    ]


def test_other_interventions_are_no_enforcement(importing: Importing, noted: Noted) -> None:
    """An intervention of another type is noted and makes no fact."""
    imported = importing(nsi=nsi("ZZ01"))

    assert () == imported.cases[0].enforcement
    assert ["nsiType: not used: ZZ01 is in the code table neither of breach nor of recall"] == noted(
        imported, "nsi"
    )


def test_breach_of_an_order_is_not_of_a_licence(
    importing: Importing, conviction: Make, custody: Make
) -> None:
    """A breach of a community order belongs to an order, and to a licence it does not."""
    breach = nsi(nsiSubType={"code": "BRE01"})

    assert [1, 0] == [
        len(importing(list=[made()], breach=breach).cases[0].enforcement) for made in (conviction, custody)
    ]


def test_same_intervention_told_in_two_ways_is_left_out(importing: Importing, noted: Noted) -> None:
    """Two files that disagree on a breach leave it out, and each names the other."""
    imported = importing(a=nsi(), b={"nsis": [nsi(actualStartDate="2014-05-07")]})

    assert () == imported.cases[0].enforcement
    assert ["left out: 4 says something else at nsis[0] of b.json"] == noted(imported, "a")
    assert ["nsis[0]: left out: 4 says something else at the top of a.json"] == noted(imported, "b")
