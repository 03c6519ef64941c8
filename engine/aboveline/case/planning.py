"""What was planned and whether it was looked at again: plans, objectives, reviews."""

from typing import Annotated, Self

from pydantic import model_validator

from .base import Began, Fact, Happened, Id, LinkTo, Planned, act, always, noted
from .codes import Aim, AssessmentStatus, ObjectiveStatus, PlanType, ReviewOf, ReviewTrigger

__all__ = ["Objective", "Plan", "Review"]


class Plan(Fact):
    """A plan. Only one whose status is complete counts as done."""

    type: PlanType = always("What it plans", "OASys ISP, RSP, RMP; HMIP 2014 O4 3.4 for MAPPA exit plans")
    status: AssessmentStatus = always("Where it stands", "OASys assessment status")
    completed_on: Happened | None = noted("Day it was completed", "OASys dateCompleted")
    review_due_on: Planned | None = noted(
        "Day the plan says it will be reviewed; left out where it does not say",
        "OASys reviewSpDate; HMIP 2014 O2 1.12",
    )
    review_triggers: bool | None = noted("It says which changes would prompt a review", "HMIP 2014 O2 1.12")
    review_period_apt: bool | None = noted(
        "The planned review period suits the case", "HMIP 2014 O2 1.12, O4 2.7"
    )
    person_involved: bool | None = noted(
        "The person was actively involved in drawing it up", "OASys IP.21 to IP.24; HMIP 2014 O2 1.4, O4 1.9"
    )
    updates_previous: bool | None = noted(
        "It is new, or sufficiently updates the one before", "HMIP 2014 O2 1.4"
    )
    workers_recorded: bool | None = noted(
        "It records what every worker contributes", "OASys IP.15; HMIP 2014 O2 1.13"
    )
    who_what_when: bool | None = noted("It says who will do what and when", "OASys RM23; HMIP 2014 O4 1.7")
    contingency: bool | None = noted(
        "It anticipates change and has contingencies", "OASys RM26, contingencyPlans; HMIP 2014 O4 1.6"
    )
    victim_measures: bool | None = noted(
        "It has measures for the safety of victims", "OASys RM22, victimSafetyPlanning; HMIP 2014 O5 1.1"
    )
    carried_out: bool | None = noted("Its actions were carried out as required", "HMIP 2014 O4 2.7")

    @model_validator(mode="after")
    def _complete_has_its_date(self) -> Self:
        if self.status is AssessmentStatus.COMPLETE and self.completed_on is None:
            raise ValueError("a plan that is complete needs completed_on, the day it was completed")
        return self


class Objective(Fact):
    """An objective of a plan."""

    aim: Aim | None = noted("What it is for", "OASys objectives.criminogenicNeeds; HMIP 2014 O2 1.6, 1.7")
    plan: Annotated[Id | None, LinkTo("plan")] = noted(
        "The plan it stands in, by id", "OASys sentencePlan.objectives"
    )
    set_on: Began | None = noted("Day it was set", "OASys initialSpDate")
    status: ObjectiveStatus | None = noted(
        "How far it has been achieved", "OASys objective status R, RI, RII, RIII, RIIIB"
    )
    in_child_protection_plan: bool = act("It comes from a child protection plan", "HMIP 2014 O4 2.5")


class Review(Fact):
    """A review of earlier work. Only one whose status is complete counts as done."""

    of: ReviewOf = always(
        "What it looked at again", "OASys pOAssessment 270, 580, 360; nDelius registrationReviews"
    )
    status: AssessmentStatus = always("Where it stands", "OASys assessment status")
    completed_on: Happened | None = noted(
        "Day it was completed", "OASys dateCompleted; nDelius registrationReviews.reviewDate"
    )
    trigger: ReviewTrigger | None = noted("Planned, or after a significant change", "OASys pOAssessment")
    registration: Annotated[Id | None, LinkTo("registration")] = noted(
        "The registration it reviewed, by id", "nDelius registrationReviews"
    )
    revises: bool | None = noted("It changed what needed changing", "HMIP 2014 O2 2.9")
    used_with_person: bool = act(
        "It was used with the person to promote compliance and desistance", "HMIP 2014 O2 improvement 2"
    )

    @model_validator(mode="after")
    def _complete_has_its_date(self) -> Self:
        if self.status is AssessmentStatus.COMPLETE and self.completed_on is None:
            raise ValueError("a review that is complete needs completed_on, the day it was completed")
        return self
