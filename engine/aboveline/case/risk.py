"""What harm is feared and what was done to know it: concerns, checks, assessments, registers, MAPPA."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .base import Began, Fact, Happened, Planned, act, always, noted
from .codes import (
    Agency,
    AssessmentStatus,
    AssessmentType,
    ChangeType,
    ConcernKind,
    FactorName,
    MeetingType,
    RoshLevel,
)

__all__ = [
    "Assessment",
    "Check",
    "ChildProtectionMeeting",
    "Concern",
    "Factor",
    "Mappa",
    "MappaAction",
    "MappaReferral",
    "Oversight",
    "Referral",
    "Registration",
    "Rosh",
    "SignificantChange",
    "Visor",
]


class Concern(Fact):
    """A concern that somebody may come to harm."""

    kind: ConcernKind | None = noted(
        "What the concern is about", "HMIP 2014 O4 3.2; nDelius registers RCCO, RCPR, RCHD, ADVP"
    )
    raised_on: Began | None = noted("Day it was first recorded", "nDelius registrations.startDate")
    ended_on: Happened | None = noted(
        "Day it was judged to be over; left out while it stands", "nDelius registrations.endDate"
    )


class Check(Fact):
    """A question put to another agency about the person."""

    agency: Agency = always("Who was asked", "HMIP 2014 O4 3.2")
    made_on: Began | None = noted("Day they were asked", "HMIP 2014 O4 3.2")
    replied_on: Happened | None = noted("Day they replied; left out while they have not", "HMIP 2014 O4 3.2")


class Referral(Fact):
    """A person or family referred to another agency."""

    agency: Agency = always("To whom", "HMIP 2014 O4 3.2")
    made_on: Began | None = noted("Day of the referral", "HMIP 2014 O4 3.2")
    followed_up_on: Happened | None = noted(
        "Day it was followed up; left out while it is not", "HMIP 2014 O4 3.2"
    )


class Assessment(Fact):
    """An assessment. Only one whose status is complete counts as done."""

    type: AssessmentType = always("What it assesses", "OASys sections 3 to 12, ROSH, ROSHFULL")
    status: AssessmentStatus = always("Where it stands", "OASys assessment status")
    started_on: Began | None = noted("Day it was started", "OASys initiationDate")
    completed_on: Happened | None = noted("Day it was completed", "OASys dateCompleted")
    revises_previous: bool | None = noted(
        "It is new, or sufficiently revises the one before", "HMIP 2014 O3 1.2"
    )
    person_involved: bool | None = noted("The person was actively involved", "HMIP 2014 O3 1.2")
    full_analysis_indicated: bool | None = noted(
        "Screening only: an answer calls for a full analysis", "OASys ROSH R1.2 to R5.1"
    )
    full_analysis_overridden: bool = act(
        "Screening only: the override was used, with its reason recorded",
        "OASys ROSH R5.2 (R5.2a, R5.2b from 2018)",
    )
    child_safeguarding_considered: bool | None = noted(
        "It attends to child safeguarding", "HMIP 2014 O4 1.4; OASys R2.1, R2.2, FA15 to FA30"
    )

    @model_validator(mode="after")
    def _complete_has_its_date(self) -> Self:
        if self.status is AssessmentStatus.COMPLETE and self.completed_on is None:
            raise ValueError("an assessment that is complete needs completed_on, the day it was completed")
        return self


class Rosh(Fact):
    """A classification of the risk of serious harm to others."""

    level: RoshLevel = always(
        "Low, medium, high or very high", "OASys SUM6; nDelius registers RLRH, RMRH, RHRH, RVHR"
    )
    classified_on: Began = always("Day it was given", "nDelius registrations.startDate")


class Factor(Fact):
    """A factor related to the person's offending."""

    name: FactorName = always("Which factor", "OASys sections 3 to 12; HMIP 2014 O3 1.3")
    identified_on: Began = always("Day it was identified", "OASys dateCompleted")
    linked_to_offending: bool | None = noted("It is linked to offending", "OASys n.99 (section 4: 4.98)")
    linked_to_harm: bool | None = noted("It is linked to serious harm", "OASys n.98 (section 4: 4.96)")
    score: Annotated[int, Field(ge=0, le=100)] | None = noted(
        "Weighted score of the section", "OASys weightedScores"
    )


class SignificantChange(Fact):
    """A change after which work is expected to be reviewed."""

    type: ChangeType | None = noted(
        "What changed", "our reading of HMIP 2014 O2 2.9, O4 2.7; no list was found"
    )
    occurred_on: Began = always("Day it happened or became known", "HMIP 2014 O2 2.9")
    raises_risk: bool | None = noted("It raises the risk of harm", "HMIP 2014 O4 2.1")
    acted_on: Happened | None = noted(
        "Day it was first acted on; left out while it is not", "HMIP 2014 O4 2.1"
    )
    notified_on: Happened | None = noted(
        "Day other agencies were told; left out while they are not", "HMIP 2014 O4 2.1"
    )


class Registration(Fact):
    """An entry on a risk register."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,8}$")] = always(
        "Register type, as ADVP or RMRH", "nDelius registrations.type.code"
    )
    started_on: Began = always("Day of registration", "nDelius registrations.startDate")
    ended_on: Happened | None = noted(
        "Day of deregistration; left out while active", "nDelius registrations.endDate"
    )
    review_months: Annotated[int, Field(ge=0, le=120)] | None = noted(
        "Months between reviews; 0 for none", "nDelius registrations.reviewPeriodMonths"
    )
    next_review_on: Planned | None = noted(
        "Day the next review is due", "nDelius registrations.nextReviewDate"
    )


class Mappa(Fact):
    """A case identified as one for Multi-Agency Public Protection Arrangements."""

    category: Annotated[int, Field(ge=1, le=4)] | None = noted(
        "Category 1 to 4", "nDelius registerCategory M1 to M4"
    )
    level: Annotated[int, Field(ge=1, le=3)] | None = noted(
        "Level of management 1 to 3", "nDelius registerLevel M1 to M3"
    )
    identified_on: Began = always("Day eligibility was identified", "nDelius registrations.startDate of MAPP")
    ended_on: Happened | None = noted(
        "Day MAPPA ended; left out while it lasts", "nDelius registrations.endDate of MAPP"
    )


class MappaReferral(Fact):
    """A referral to MAPPA."""

    made_on: Began = always("Day of the referral", "HMIP 2014 O4 1.11; MAPPA form A")
    timely: bool | None = noted("Made in good time", "HMIP 2014 O4 1.11; MAPPA form K")


class MappaAction(Fact):
    """An action agreed by MAPPA."""

    agreed_on: Began = always("Day it was agreed", "HMIP 2014 O4 1.11")
    in_plan: bool | None = noted("It is in the planning documents", "HMIP 2014 O4 1.11")


class Visor(Fact):
    """A record of the person on ViSOR, the Violent and Sex Offender Register."""

    recorded_on: Began = always("Day the record was made", "nDelius register AVIS or identifier VISO")
    ended_on: Happened | None = noted(
        "Day it was closed; left out while it stands", "nDelius registrations.endDate of AVIS"
    )
    used_effectively: bool | None = noted("It was used effectively", "HMIP 2014 O4 2.6")


class ChildProtectionMeeting(Fact):
    """A meeting of the child protection procedures that the offender manager was to attend or report to."""

    type: MeetingType | None = noted("Which meeting", "HMIP 2014 O4 2.5")
    held_on: Began = always("Day of the meeting", "HMIP 2014 O4 2.5")
    attended: bool | None = noted("The offender manager or a colleague attended", "HMIP 2014 O4 2.5")
    report_sent: bool | None = noted("A written report was sent", "HMIP 2014 O4 2.5")
    decisions_reviewed_on: Happened | None = noted(
        "Day its decisions were reviewed; left out while they are not", "HMIP 2014 O4 2.5"
    )


class Oversight(Fact):
    """A manager's involvement in the case."""

    recorded_on: Began = always("Day of the entry", "nDelius contact type C002")
    effective: bool | None = noted("It made a difference to how risk is managed", "HMIP 2014 O4 2.8")
