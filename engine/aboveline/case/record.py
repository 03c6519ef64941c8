"""The case record: an identifier and what is recorded, a list for each kind of fact.

The name of each list is the kind's name everywhere: in the JSON of a record, in
a rule's patterns, in the evidence of a finding.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Literal, Self, cast, get_args

from pydantic import Field, model_validator

from aboveline.problems import did_you_mean

from .base import Id, LinkTo, Record
from .contact import (
    Absence,
    Appointment,
    ApprovedPremises,
    Contact,
    Enforcement,
    FormalWarning,
    FurtherOffence,
    HomeVisit,
    Induction,
    Intervention,
    Progress,
    Signposting,
)
from .judgement import Judgement, Override
from .person import Allocation, Area, Barrier, Person
from .planning import Objective, Plan, Review
from .risk import (
    Assessment,
    Check,
    ChildProtectionMeeting,
    Concern,
    Factor,
    Mappa,
    MappaAction,
    MappaReferral,
    Oversight,
    Referral,
    Registration,
    Rosh,
    SignificantChange,
    Visor,
)
from .sentence import CourtReport, LicenceCondition, Offence, Requirement, Sentence, Tier, Transfer
from .victims import RestorativeOffer, Victim, VictimContactOffer

__all__ = ["SCHEMA_VERSION", "CaseRecord"]

SCHEMA_VERSION: Literal[1] = 1
"""Raised when a record written for an earlier version would no longer be read the same way."""


class CaseRecord(Record):
    """One person's supervision under one sentence, as recorded."""

    case: Id = Field(description="Identifier of the case: a reference number, never a name")
    schema_version: Literal[1] = Field(default=SCHEMA_VERSION, description="Version of this record's shape")

    incomplete: tuple[str, ...] = Field(
        default=(),
        description="Kinds of which the record's source cannot hold every fact: one that is not here may exist all the same",
    )

    person: Person = Person()
    area: Area = Area()
    sentence: Sentence = Sentence()

    absence: tuple[Absence, ...] = ()
    allocation: tuple[Allocation, ...] = ()
    appointment: tuple[Appointment, ...] = ()
    approved_premises: tuple[ApprovedPremises, ...] = ()
    assessment: tuple[Assessment, ...] = ()
    barrier: tuple[Barrier, ...] = ()
    check: tuple[Check, ...] = ()
    child_protection_meeting: tuple[ChildProtectionMeeting, ...] = ()
    concern: tuple[Concern, ...] = ()
    contact: tuple[Contact, ...] = ()
    court_report: tuple[CourtReport, ...] = ()
    enforcement: tuple[Enforcement, ...] = ()
    factor: tuple[Factor, ...] = ()
    further_offence: tuple[FurtherOffence, ...] = ()
    home_visit: tuple[HomeVisit, ...] = ()
    induction: tuple[Induction, ...] = ()
    intervention: tuple[Intervention, ...] = ()
    judgement: tuple[Judgement, ...] = ()
    licence_condition: tuple[LicenceCondition, ...] = ()
    mappa: tuple[Mappa, ...] = ()
    mappa_action: tuple[MappaAction, ...] = ()
    mappa_referral: tuple[MappaReferral, ...] = ()
    objective: tuple[Objective, ...] = ()
    offence: tuple[Offence, ...] = ()
    override: tuple[Override, ...] = ()
    oversight: tuple[Oversight, ...] = ()
    plan: tuple[Plan, ...] = ()
    progress: tuple[Progress, ...] = ()
    referral: tuple[Referral, ...] = ()
    registration: tuple[Registration, ...] = ()
    requirement: tuple[Requirement, ...] = ()
    restorative_offer: tuple[RestorativeOffer, ...] = ()
    review: tuple[Review, ...] = ()
    rosh: tuple[Rosh, ...] = ()
    signposting: tuple[Signposting, ...] = ()
    significant_change: tuple[SignificantChange, ...] = ()
    tier: tuple[Tier, ...] = ()
    transfer: tuple[Transfer, ...] = ()
    victim: tuple[Victim, ...] = ()
    victim_contact_offer: tuple[VictimContactOffer, ...] = ()
    visor: tuple[Visor, ...] = ()
    warning: tuple[FormalWarning, ...] = ()

    def facts_by_kind(self) -> Iterator[tuple[str, tuple[tuple[str, Record], ...]]]:
        """Yield each kind with its facts and their ids, in the order of the kinds' names.

        The person, the area and the sentence are there once each, known by their kind.
        """
        for kind in _KINDS:
            value = getattr(self, kind)
            if isinstance(value, tuple):
                yield kind, tuple([(fact.id or f"{kind}-{n}", fact) for n, fact in enumerate(value, 1)])
            else:
                yield kind, ((kind, value),)

    @model_validator(mode="after")
    def _incomplete_names_kinds(self) -> Self:
        wrong = [
            f"there is no kind of fact '{kind}'{did_you_mean(kind, _KINDS)}"
            for kind in self.incomplete
            if kind not in _KINDS
        ]
        if wrong:
            raise ValueError("incomplete: " + "; ".join(wrong))
        return self

    @model_validator(mode="after")
    def _ids_are_unique_and_links_resolve(self) -> Self:
        wrong = [
            f"{kind}: the id '{i}' is used twice"
            for kind, facts in self.facts_by_kind()
            if len({i for i, _ in facts}) < len(facts)
            for i, times in sorted(Counter(i for i, _ in facts).items())
            if times > 1
        ]
        for kind, links in _LINKS.items():
            for n, fact in enumerate(getattr(self, kind), 1):
                for name, kinds in links:
                    target = getattr(fact, name)
                    if target is None:
                        continue
                    known = [
                        one.id or f"{to}-{m}" for to in kinds for m, one in enumerate(getattr(self, to), 1)
                    ]
                    if target not in known:
                        wrong.append(
                            f"{kind} {fact.id or f'{kind}-{n}'}: {name} '{target}' is no {' or '.join(kinds)} of this case{did_you_mean(target, known)}"
                        )
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


def _links(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the fields of a kind that hold the id of another fact, with the kinds it may be of."""
    annotation = CaseRecord.model_fields[kind].annotation
    model = cast("type[Record]", (get_args(annotation) or (annotation,))[0])
    return tuple(
        (name, mark.kinds)
        for name, field in model.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, LinkTo)
    )


# Looked up once: a caseload asks for them hundreds of thousands of times.
_KINDS = tuple(sorted(CaseRecord.model_fields.keys() - {"case", "schema_version", "incomplete"}))
_LINKS = {kind: links for kind in _KINDS if (links := _links(kind))}
