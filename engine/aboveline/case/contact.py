"""What was done with the person: appointments, visits, absences, enforcement, interventions."""

from .base import Began, Fact, Happened, Planned, act, always, noted
from .codes import (
    AbsenceVerdict,
    Agency,
    AppointmentType,
    Attendance,
    ContactType,
    EnforcementReason,
    EnforcementType,
    FactorName,
    FurtherOffenceStage,
    InterventionType,
    ProgressLevel,
    WarningLevel,
)

__all__ = [
    "Absence",
    "Appointment",
    "ApprovedPremises",
    "Contact",
    "Enforcement",
    "FormalWarning",
    "FurtherOffence",
    "HomeVisit",
    "Induction",
    "Intervention",
    "Progress",
    "Signposting",
]


class Appointment(Fact):
    """An appointment given to the person."""

    type: AppointmentType | None = noted("What it was for", "nDelius CONTACT.CONTACT_TYPE")
    planned_for: Planned = always("Day it was to take place", "nDelius CONTACT.CONTACT_DATE")
    arranged_on: Began | None = noted("Day it was arranged", "HMIP 2014 O2 1.2")
    with_offender_manager: bool | None = noted("It was with the offender manager", "HMIP 2014 O2 1.2")
    outcome: Attendance | None = noted(
        "How it ended; left out while it is to come", "nDelius CONTACT.OUTCOME"
    )


class HomeVisit(Fact):
    """A visit to the person's home."""

    visited_on: Began = always("Day of the visit", "nDelius contact type CHVS")
    purposeful: bool | None = noted("The visit had a purpose that the record states", "HMIP 2014 O4 2.3")


class Contact(Fact):
    """Any other contact, with the person or with an agency."""

    type: ContactType | None = noted("How it was made", "nDelius CONTACT.CONTACT_TYPE")
    made_on: Began = always("Day of the contact", "nDelius CONTACT.CONTACT_DATE")
    agency: Agency | None = noted("With whom, where it was an agency", "nDelius contact types CIEA, CIEB")
    shares_risk_information: bool = act("Key risk of harm information was shared", "HMIP 2014 O4 1.7")


class Induction(Fact):
    """An induction at the start of the order or licence."""

    offered_for: Planned = always("Day it was offered for", "HMIP 2014 O2 1.2")
    completed_on: Happened | None = noted(
        "Day it was completed; left out while it is not", "HMIP 2014 O2 1.2"
    )
    individualised: bool | None = noted("It was fitted to the person", "HMIP 2014 O2 1.2")
    obligations_explained: bool | None = noted(
        "Commitments, obligations, opportunities and rights were explained in an accessible way",
        "HMIP 2014 O2 1.3",
    )


class Absence(Fact):
    """A missed appointment, or behaviour that may amount to a failure to comply."""

    occurred_on: Began = always("Day it happened", "nDelius contact outcomes UAAB, AFTA, AFTC")
    verdict: AbsenceVerdict | None = noted(
        "Whether it was judged acceptable", "nDelius OUTCOME_COMPLIANT_ACCEPTABLE"
    )
    reason_recorded: bool = act("The reason for that judgement is recorded", "HMIP 2014 O2 2.7")
    investigated_on: Happened | None = noted(
        "Day it was looked into; left out while it was not", "HMIP 2014 O2 2.7"
    )


class FormalWarning(Fact):
    """A formal warning."""

    level: WarningLevel | None = noted("First, second or final", "nDelius contact types AWLI, AWL2, AWLF")
    issued_on: Began = always("Day it was issued", "nDelius CONTACT.CONTACT_DATE")
    clear: bool | None = noted("It said clearly what was wrong and what would follow", "HMIP 2014 O2 2.8")


class Enforcement(Fact):
    """Breach proceedings or recall, started or called for."""

    type: EnforcementType | None = noted("Breach or recall", "nDelius nsiType BRE, recall NSIs")
    reason: EnforcementReason | None = noted("Why", "HMIP 2014 O2 2.8, O4 2.4")
    warranted_on: Began | None = noted("Day it became warranted", "HMIP 2014 O2 2.8")
    started_on: Happened | None = noted(
        "Day it was started; left out where it was not", "nDelius nsi.actualStartDate"
    )
    explained_on: Happened | None = noted("Day the reasons were explained to the person", "HMIP 2014 O2 2.8")
    re_engagement_tried: bool = act(
        "Effort was made to bring the person back to the plan", "HMIP 2014 O2 2.8"
    )


class FurtherOffence(Fact):
    """A caution, charge or conviction for an offence committed under supervision."""

    stage: FurtherOffenceStage | None = noted("How far it has come", "HMIP 2014 O3 3.3; OASys RP.21-25")
    recorded_on: Began = always("Day of the caution, charge or conviction", "HMIP 2014 O3 3.3")


class ApprovedPremises(Fact):
    """A stay in approved premises."""

    arrived_on: Began = always("First day of the stay", "HMIP 2014 O3 2.4")
    left_on: Happened | None = noted("Last day; left out while the person is there", "HMIP 2014 O3 2.4")
    interventions_delivered: bool | None = noted(
        "Constructive interventions were delivered there", "HMIP 2014 O3 2.4"
    )
    restrictions_used: bool | None = noted(
        "Residence and restrictions were used to manage risk of harm", "HMIP 2014 O4 2.2"
    )


class Intervention(Fact):
    """Work delivered with the person."""

    type: InterventionType | None = noted("How it was delivered", "HMIP 2014 O3 2.2")
    factor: FactorName | None = noted("Which offending-related factor it works on", "HMIP 2014 O3 1.3")
    planned_for: Planned | None = noted("Day it was to start", "HMIP 2014 O3 strengths 3")
    started_on: Happened | None = noted("Day it started; left out while it has not", "HMIP 2014 O3 2.1")
    completed_on: Happened | None = noted(
        "Day it was completed; left out while it is not", "HMIP 2014 O3 2.1"
    )
    in_plan: bool = act("The sentence plan has an objective it serves", "HMIP 2014 O2 2.1")
    prepared: bool | None = noted("The person was prepared for it", "HMIP 2014 O3 2.6")
    reviewed_with_person: bool | None = noted(
        "The offender manager went over the work with the person", "HMIP 2014 O3 2.6"
    )
    sufficient: bool | None = noted("The work on this factor was sufficient", "HMIP 2014 O3 table")


class Progress(Fact):
    """Progress on a factor, as recorded."""

    factor: FactorName | None = noted(
        "Which factor; left out where it is of the whole case", "HMIP 2014 O3 table"
    )
    level: ProgressLevel | None = noted("How much", "HMIP 2014 O3 3.2")
    recorded_on: Began = always("Day it was recorded", "HMIP 2014 O3 3.1")


class Signposting(Fact):
    """Help to reach a service in the community."""

    service: FactorName | None = noted("What the service helps with", "HMIP 2014 O2 2.4, O3 2.7")
    made_on: Began = always("Day the person was told or referred", "HMIP 2014 O3 2.7")
    referred: bool = act("A referral was made, not just information given", "HMIP 2014 O3 2.7")
