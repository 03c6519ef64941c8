"""What the court passed, on what, and with what: sentence, offences, requirements, report."""

from typing import Annotated

from pydantic import Field

from .base import Began, Fact, Happened, Planned, Record, act, always, noted
from .codes import CourtReportType, RequirementType, Restriction, SentenceType, TransferDirection

__all__ = ["CourtReport", "LicenceCondition", "Offence", "Requirement", "Sentence", "Tier", "Transfer"]

Months = Annotated[int, Field(ge=0, le=1200)]


class Sentence(Record):
    """The sentence this case is supervised under: one order, or one licence.

    Every case has one. A field left out is an evidence gap for the questions
    that read it, so that a case with no sentence recorded is never passed over.
    """

    type: SentenceType | None = noted("What the court passed", "nDelius sentence.sentenceType")
    sentenced_on: Happened | None = noted("Day of sentence", "nDelius sentence.startDate")
    started_on: Happened | None = noted(
        "Day supervision in the community began: the day of sentence for an order, of release for a licence",
        "HMIP 2014 O2 1.2 ('sentence or release')",
    )
    expected_end_on: Planned | None = noted(
        "Day the order or licence is due to end", "nDelius sentence.expectedSentenceEndDate"
    )
    ended_on: Happened | None = noted(
        "Day it ended; left out while it runs", "nDelius sentence.terminationDate"
    )
    custodial_months: Months | None = noted(
        "Length of the custodial term in months, also where it is suspended; left out for other sentences and for life",
        "nDelius DISPOSAL.LENGTH; Criminal Justice Act 2003 s327(3)(b)",
    )
    failure_to_comply_limit: Annotated[int, Field(ge=0, le=99)] | None = noted(
        "Failures to comply allowed before enforcement should start", "nDelius sentence.failureToComplyLimit"
    )


class Offence(Fact):
    """An offence this sentence was passed for."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{5,8}$")] | None = noted(
        "Home Office code (five digits) or CJS code (as COML022)", "nDelius offences.detail.code"
    )
    main: bool = act("The main offence", "nDelius offences.mainOffence")
    committed_on: Began | None = noted("Day of the offence", "nDelius offences.offenceDate")
    notification_required: bool | None = noted(
        "The conviction brings the notification requirements of Part 2 of the Sexual Offences Act 2003",
        "Criminal Justice Act 2003 s327(2)",
    )


class Requirement(Fact):
    """A requirement of a community or suspended sentence order."""

    type: RequirementType | None = noted(
        "What the court required", "nDelius requirementTypeMainCategory.code"
    )
    started_on: Began | None = noted("Day it began", "nDelius requirements.commencementDate")
    ended_on: Happened | None = noted(
        "Day it ended; left out while it runs", "nDelius requirements.terminationDate"
    )
    delivered: bool | None = noted("Whether it was delivered as the court required", "HMIP 2014 O2 2.1, 3.2")
    restricts: Restriction | None = noted(
        "How it restricts the person; left out where it does not", "HMIP 2014 O4 1.5"
    )
    monitored: bool | None = noted("Whether a restriction was monitored fully", "HMIP 2014 O4 2.2")


class LicenceCondition(Fact):
    """A condition of a licence beyond the standard ones."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,12}$")] | None = noted(
        "Condition code", "nDelius licenceConditionTypeMainCat.code"
    )
    started_on: Began | None = noted("Day it began", "nDelius licenceConditions.startDate")
    ended_on: Happened | None = noted(
        "Day it ended; left out while it runs", "nDelius licenceConditions.terminationDate"
    )
    delivered: bool | None = noted(
        "Whether the work it calls for was delivered as the licence required", "HMIP 2014 O2 2.1, 3.2"
    )
    restricts: Restriction | None = noted(
        "How it restricts the person; left out where it does not", "HMIP 2014 O4 1.5"
    )
    monitored: bool | None = noted("Whether a restriction was monitored fully", "HMIP 2014 O4 2.2")


class CourtReport(Fact):
    """A report prepared to help the court to sentence."""

    type: CourtReportType | None = noted(
        "Oral, fast or standard delivery", "nDelius deliveredCourtReportType; HMIP 2014 O1 1.1"
    )
    requested_on: Began | None = noted("Day the court asked for it", "nDelius COURT_REPORT.DATE_REQUESTED")
    due_on: Planned | None = noted("Day the court needed it", "nDelius COURT_REPORT.DATE_REQUIRED")
    completed_on: Happened | None = noted(
        "Day it was completed, or given where it was oral", "nDelius COURT_REPORT.COMPLETED_DATE"
    )
    record_on_file: bool | None = noted(
        "A written record of the report is in the case file", "HMIP 2014 O1 1.2"
    )
    analyses_offence: bool | None = noted("It analyses the offence and its impact", "HMIP 2014 O1 chart")
    gives_background: bool | None = noted(
        "It gives relevant background, home and social environment", "HMIP 2014 O1 1.3"
    )
    proposal_made: bool | None = noted("It clearly proposes a community sentence", "HMIP 2014 O1 1.5")
    objectives_outlined: bool | None = noted(
        "It outlines the objectives and outcomes of the work", "HMIP 2014 O1 1.5"
    )
    motivation_considered: bool | None = noted(
        "It considers motivation and capacity to comply", "HMIP 2014 O1 1.5"
    )
    barriers_addressed: bool | None = noted(
        "It says how barriers to compliance and engagement will be tackled", "HMIP 2014 O1 1.5"
    )


class Tier(Fact):
    """A tier the case was allocated to: 1 (least) to 4 (most)."""

    level: Annotated[int, Field(ge=1, le=4)] = always("Tier", "OASys TIER_LEVEL; Probation Circular 65/2005")
    assigned_on: Began = always("Day it was assigned", "nDelius MANAGEMENT_TIER.DATE_CHANGED")


class Transfer(Fact):
    """A move of the case between areas."""

    direction: TransferDirection | None = noted("Into the area or out of it", "HMIP 2014 O2 2.10")
    requested_on: Began | None = noted("Day the transfer was asked for", "HMIP 2014 O2 2.10")
    completed_on: Happened | None = noted("Day the receiving area took the case", "HMIP 2014 O2 2.10")
    manager_clear: bool | None = noted(
        "It was clear at every point who was managing the case", "HMIP 2014 O2 2.10"
    )
