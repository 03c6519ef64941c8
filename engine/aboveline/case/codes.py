"""The code lists of a case record: what a field of each kind may say."""

from enum import StrEnum

__all__ = [
    "AbsenceVerdict",
    "AgeBand",
    "Agency",
    "Aim",
    "AppointmentType",
    "AssessmentStatus",
    "AssessmentType",
    "Attendance",
    "BarrierType",
    "ChangeType",
    "ConcernKind",
    "ContactType",
    "CourtReportType",
    "EnforcementReason",
    "EnforcementType",
    "EthnicityGroup",
    "FactorName",
    "FurtherOffenceStage",
    "Gender",
    "InterventionType",
    "JudgedAnswer",
    "MeetingType",
    "ObjectiveStatus",
    "OfficerGrade",
    "PlanType",
    "ProgressLevel",
    "RequirementType",
    "Restriction",
    "ReviewOf",
    "ReviewTrigger",
    "RoshLevel",
    "SentenceType",
    "TransferDirection",
    "VictimResponse",
    "VictimType",
    "WarningLevel",
]


class Gender(StrEnum):
    """Gender as recorded by the case system."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class AgeBand(StrEnum):
    """Age at the start of supervision, in bands wide enough not to identify anyone."""

    UNDER_18 = "under_18"
    FROM_18_TO_20 = "18_to_20"
    FROM_21_TO_24 = "21_to_24"
    FROM_25_TO_34 = "25_to_34"
    FROM_35_TO_49 = "35_to_49"
    FROM_50 = "50_or_over"


class EthnicityGroup(StrEnum):
    """The five groups of the 2011 census."""

    ASIAN = "asian"
    BLACK = "black"
    MIXED = "mixed"
    WHITE = "white"
    OTHER = "other"


class OfficerGrade(StrEnum):
    """The offender manager's grade: probation officer or probation service officer."""

    PO = "probation_officer"
    PSO = "probation_service_officer"
    OTHER = "other"


class SentenceType(StrEnum):
    """What the court passed."""

    COMMUNITY_ORDER = "community_order"
    SUSPENDED_SENTENCE_ORDER = "suspended_sentence_order"
    DETERMINATE_CUSTODY = "determinate_custody"
    EXTENDED_CUSTODY = "extended_custody"
    INDETERMINATE_CUSTODY = "indeterminate_custody"
    DETENTION_AND_TRAINING = "detention_and_training_order"
    HOSPITAL_ORDER = "hospital_order"
    GUARDIANSHIP_ORDER = "guardianship_order"


class RequirementType(StrEnum):
    """Requirements of a community or suspended sentence order (Criminal Justice Act 2003, section 177)."""

    ACTIVITY = "activity"
    ALCOHOL_TREATMENT = "alcohol_treatment"
    ATTENDANCE_CENTRE = "attendance_centre"
    CURFEW = "curfew"
    DRUG_REHABILITATION = "drug_rehabilitation"
    ELECTRONIC_MONITORING = "electronic_monitoring"
    EXCLUSION = "exclusion"
    MENTAL_HEALTH_TREATMENT = "mental_health_treatment"
    PROGRAMME = "programme"
    PROHIBITED_ACTIVITY = "prohibited_activity"
    REHABILITATION_ACTIVITY = "rehabilitation_activity"
    RESIDENCE = "residence"
    SUPERVISION = "supervision"
    UNPAID_WORK = "unpaid_work"
    OTHER = "other"


class Restriction(StrEnum):
    """Requirements, conditions and orders that restrict what a person may do."""

    CURFEW = "curfew"
    EXCLUSION = "exclusion"
    NON_CONTACT = "non_contact"
    PROHIBITED_ACTIVITY = "prohibited_activity"
    RESIDENCE = "residence"
    RESTRAINING_ORDER = "restraining_order"
    SEXUAL_OFFENCES_PREVENTION_ORDER = "sexual_offences_prevention_order"
    OTHER = "other"


class CourtReportType(StrEnum):
    """How a report for the court was prepared and delivered."""

    ORAL = "oral"
    FAST = "fast"
    STANDARD = "standard"


class TransferDirection(StrEnum):
    """Into the area or out of it."""

    IN = "in"
    OUT = "out"


class AppointmentType(StrEnum):
    """What an appointment was for."""

    INITIAL = "initial"
    INDUCTION = "induction"
    SUPERVISION = "supervision"
    PROGRAMME = "programme"
    UNPAID_WORK = "unpaid_work"
    THREE_WAY_MEETING = "three_way_meeting"
    OTHER = "other"


class Attendance(StrEnum):
    """How an appointment ended."""

    COMPLIED = "attended_and_complied"
    DID_NOT_COMPLY = "attended_and_did_not_comply"
    ACCEPTABLE_ABSENCE = "acceptable_absence"
    UNACCEPTABLE_ABSENCE = "unacceptable_absence"
    RESCHEDULED = "rescheduled_by_the_service"


class ContactType(StrEnum):
    """How contact was made, other than by appointment or home visit."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    MESSAGE = "message"
    VIDEO = "video"
    DOORSTEP = "doorstep"
    AGENCY = "with_an_agency"
    OTHER = "other"


class AbsenceVerdict(StrEnum):
    """Whether an absence or behaviour was judged acceptable."""

    ACCEPTABLE = "acceptable"
    UNACCEPTABLE = "unacceptable"


class WarningLevel(StrEnum):
    """Warnings before enforcement, in their order."""

    FIRST = "first"
    SECOND = "second"
    FINAL = "final"


class EnforcementType(StrEnum):
    """Breach of an order, or recall from licence."""

    BREACH = "breach"
    RECALL = "recall"


class EnforcementReason(StrEnum):
    """Why enforcement was used, or should have been."""

    FAILURE_TO_COMPLY = "failure_to_comply"
    FURTHER_OFFENCE = "further_offence"
    INCREASED_RISK = "increased_risk"


class BarrierType(StrEnum):
    """What may stand between a person and their sentence."""

    CARING = "caring_responsibilities"
    DISABILITY = "disability"
    DISTANCE = "travel_or_distance"
    LANGUAGE = "language"
    LEARNING = "learning_or_literacy"
    MENTAL_HEALTH = "mental_health"
    SUBSTANCE_MISUSE = "substance_misuse"
    VULNERABILITY = "vulnerability"
    WORK = "employment"
    OTHER = "other"


class ConcernKind(StrEnum):
    """What a concern recorded in the case is about."""

    CHILD_PROTECTION = "child_protection"
    DOMESTIC_ABUSE = "domestic_abuse"
    ADULT_SAFEGUARDING = "adult_safeguarding"
    SELF_HARM = "suicide_or_self_harm"
    STAFF_SAFETY = "staff_safety"
    VULNERABILITY = "vulnerability"


class Agency(StrEnum):
    """Who was asked, told, or worked with."""

    CHILDRENS_SOCIAL_CARE = "childrens_social_care"
    POLICE = "police"
    POLICE_DOMESTIC_ABUSE_UNIT = "police_domestic_abuse_unit"
    YOUTH_OFFENDING_TEAM = "youth_offending_team"
    ADULT_SOCIAL_CARE = "adult_social_care"
    HEALTH = "health"
    HOUSING = "housing"
    MARAC = "marac"
    PRISON = "prison"
    SUBSTANCE_MISUSE_SERVICE = "substance_misuse_service"
    OTHER = "other"


class AssessmentType(StrEnum):
    """What an assessment assesses."""

    LIKELIHOOD_OF_REOFFENDING = "likelihood_of_reoffending"
    ROSH_SCREENING = "rosh_screening"
    ROSH_FULL_ANALYSIS = "rosh_full_analysis"
    SPOUSAL_ASSAULT = "spousal_assault_risk"


class AssessmentStatus(StrEnum):
    """Status of an OASys document. Only ``complete`` counts as done."""

    COMPLETE = "complete"
    OPEN = "open"
    SIGNED = "signed"
    AWAITING_REPORT = "awaiting_psr"
    AWAITING_BOARD = "awaiting_sbc"
    LOCKED_INCOMPLETE = "locked_incomplete"


class RoshLevel(StrEnum):
    """Risk of serious harm, from low to very high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


class FactorName(StrEnum):
    """The offending-related factors that the inspection reports."""

    ACCOMMODATION = "accommodation"
    ALCOHOL_MISUSE = "alcohol_misuse"
    ATTITUDES = "attitudes"
    DRUG_MISUSE = "drug_misuse"
    EMOTIONAL_WELLBEING = "emotional_wellbeing"
    EMPLOYMENT = "employment_training_education"
    FINANCE = "finance"
    LIFESTYLE = "lifestyle_and_associates"
    RELATIONSHIPS = "relationships"
    THINKING = "thinking_and_behaviour"


class Aim(StrEnum):
    """What an objective of a plan is for: a factor, or the safety of somebody."""

    ACCOMMODATION = "accommodation"
    ALCOHOL_MISUSE = "alcohol_misuse"
    ATTITUDES = "attitudes"
    DRUG_MISUSE = "drug_misuse"
    EMOTIONAL_WELLBEING = "emotional_wellbeing"
    EMPLOYMENT = "employment_training_education"
    FINANCE = "finance"
    LIFESTYLE = "lifestyle_and_associates"
    RELATIONSHIPS = "relationships"
    THINKING = "thinking_and_behaviour"
    CHILD_PROTECTION = "child_protection"
    COMPLIANCE = "compliance"
    RISK_OF_HARM = "risk_of_harm"
    VICTIM_SAFETY = "victim_safety"


class ChangeType(StrEnum):
    """Changes after which work is expected to be reviewed."""

    ADDRESS = "address"
    ARREST_OR_CHARGE = "arrest_or_charge"
    BREACH_OR_RECALL = "breach_or_recall"
    CHILD_PROTECTION = "child_protection"
    DOMESTIC_ABUSE = "domestic_abuse"
    MAPPA_LEVEL = "mappa_level"
    RELATIONSHIP = "relationship"
    RELEASE = "release"
    ROSH_LEVEL = "rosh_level"
    SUBSTANCE_MISUSE = "substance_misuse"
    OTHER = "other"


class FurtherOffenceStage(StrEnum):
    """How far a further offence has come."""

    CAUTION = "caution"
    CHARGE = "charge"
    CONVICTION = "conviction"


class MeetingType(StrEnum):
    """Meetings of the child protection procedures."""

    INITIAL_CONFERENCE = "initial_conference"
    REVIEW_CONFERENCE = "review_conference"
    CORE_GROUP = "core_group"
    STRATEGY_MEETING = "strategy_meeting"


class PlanType(StrEnum):
    """What a plan plans."""

    SENTENCE_PLAN = "sentence_plan"
    RISK_MANAGEMENT_PLAN = "risk_management_plan"
    MAPPA_EXIT_PLAN = "mappa_exit_plan"


class ObjectiveStatus(StrEnum):
    """How far an objective has been achieved."""

    NOT_STARTED = "not_started"
    ONGOING = "ongoing"
    PARTLY = "partly_achieved"
    FULLY = "fully_achieved"
    NOT_ACHIEVED = "not_achieved"
    NO_LONGER = "no_longer_applicable"


class ReviewOf(StrEnum):
    """What a review looked at again."""

    CHILD_PROTECTION_DECISION = "child_protection_decision"
    LIKELIHOOD_OF_REOFFENDING = "likelihood_of_reoffending"
    REGISTRATION = "registration"
    RISK_MANAGEMENT_PLAN = "risk_management_plan"
    RISK_OF_HARM = "risk_of_harm"
    SENTENCE_PLAN = "sentence_plan"


class ReviewTrigger(StrEnum):
    """Why a review was made."""

    PLANNED = "planned"
    SIGNIFICANT_CHANGE = "significant_change"


class InterventionType(StrEnum):
    """How work was done with a person."""

    ACCREDITED_PROGRAMME = "accredited_programme"
    ONE_TO_ONE = "one_to_one"
    SPECIFIED_ACTIVITY = "specified_activity"
    TREATMENT = "treatment"
    UNPAID_WORK = "unpaid_work"
    OTHER = "other"


class ProgressLevel(StrEnum):
    """The four levels of progress of HMIP 2014 O3 3.2."""

    GOOD = "good"
    SOME = "some"
    INSUFFICIENT = "insufficient"
    DETERIORATION = "deterioration"


class VictimType(StrEnum):
    """A person harmed by the offence, or one who may come to harm."""

    ACTUAL = "actual"
    POTENTIAL = "potential"


class VictimResponse(StrEnum):
    """What a victim said to the offer of contact."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_REPLY = "no_reply"


class JudgedAnswer(StrEnum):
    """What an assessor may answer to a question."""

    SUFFICIENT = "sufficient"
    INSUFFICIENT = "insufficient"
    NOT_APPLICABLE = "not_applicable"
