"""What was done with the person: appointments, home visits, other contact, enforcement."""

from aboveline.case.codes import Attendance
from aboveline.case.contact import Appointment, Contact, Enforcement, HomeVisit
from aboveline.case.sentence import Sentence

from .belonging import of_order, within
from .codes import APPOINTMENTS, BREACH_OF_ORDER, CONTACTS, ENFORCEMENT, HOME_VISIT, RECALL_NOT_MADE
from .facts import Facts
from .place import Place

__all__ = ["read_attendances", "read_intervention", "read_interventions"]

# nDelius CONTACT.ATTENDED and COMPLIED: domain reference 5.5.
_OUTCOMES = {
    (True, True): Attendance.COMPLIED,
    (True, False): Attendance.DID_NOT_COMPLY,
    (False, True): Attendance.ACCEPTABLE_ABSENCE,
    (False, False): Attendance.UNACCEPTABLE_ABSENCE,
}


def read_attendances(file: Place, sentence: Sentence, facts: Facts) -> None:
    """Read attendances: as home visits or contact where that is what took place, else as appointments.

    An absence is kept as the outcome of its appointment and not as a fact of
    its own: that would say whether its reason was recorded and looked into,
    which these files do not hold.
    """
    for place in file.each("attendances"):
        day, code = place.day("attendanceDate"), place.code("contactType")
        if within(place, "attendanceDate", day, sentence):
            _read_attendance(place, code, _outcome(place), facts)


def read_interventions(file: Place, sentence: Sentence, facts: Facts) -> None:
    """Read non-statutory interventions (NSI), which is how the case system keeps breach and recall."""
    for place in file.each("nsis"):
        read_intervention(place, sentence, facts)


def read_intervention(place: Place, sentence: Sentence, facts: Facts) -> None:
    """Read a breach or a recall. Why it was started is in no field, so no reason is recorded."""
    code = place.code("nsiType")
    if code not in ENFORCEMENT:
        place.note(
            f"not used: {code or 'this type'} is in the code table neither of breach nor of recall", "nsiType"
        )
        return
    if place.code("nsiSubType") in BREACH_OF_ORDER and not of_order(
        place, "breach of a community order", sentence
    ):
        return
    started_on, referred_on = place.day("actualStartDate"), place.day("referralDate")
    if not within(
        place, "actualStartDate" if started_on else "referralDate", started_on or referred_on, sentence
    ):
        return
    if started_on is None:
        place.note(
            "actualStartDate is not there: it is kept as enforcement called for and not started",
            "actualStartDate",
        )
    if place.code("nsiOutcome") in RECALL_NOT_MADE:
        place.note("this recall was rejected or withdrawn, which a case record cannot say", "nsiOutcome")
    facts.add(place, Enforcement, id=place.reference("nsiId"), type=ENFORCEMENT[code], started_on=started_on)


def _read_attendance(place: Place, code: str, outcome: Attendance | None, facts: Facts) -> None:
    identifier, day = place.reference("contactId"), place.day("attendanceDate")
    attended = outcome in {Attendance.COMPLIED, Attendance.DID_NOT_COMPLY}
    if attended and (code == HOME_VISIT or code in CONTACTS):
        if outcome is Attendance.DID_NOT_COMPLY:
            place.note(
                "the person did not comply, which a home visit or other contact cannot say", "complied"
            )
        if code == HOME_VISIT:
            facts.add(place, HomeVisit, id=identifier, visited_on=day)
        else:
            facts.add(place, Contact, id=identifier, type=CONTACTS.get(code), made_on=day)
        return
    if code not in APPOINTMENTS:
        place.note(
            f"{code or 'this type'} is in no code table of appointments: its type is left out"
            if code != HOME_VISIT and code not in CONTACTS
            else f"{code} that was not attended is kept as an appointment, without a type",
            "contactType",
        )
    facts.add(
        place,
        Appointment,
        id=identifier,
        type=APPOINTMENTS.get(code),
        planned_for=day,
        outcome=outcome,
    )


def _outcome(place: Place) -> Attendance | None:
    attended, complied = place.flag("attended"), place.flag("complied")
    if attended is None or complied is None:
        if attended is not None or complied is not None:
            place.note("only one of attended and complied is there: how it ended is left out")
        return None
    return _OUTCOMES[attended, complied]
