"""Every code and field of OASys that the importer understands, as data.

As in ``codes``: each table names its source, and what stands in none is noted.
"""

from collections.abc import Mapping
from types import MappingProxyType

from aboveline.case.codes import AssessmentStatus, AssessmentType, FactorName, RoshLevel

# OASys assessment types and what they assess: LAYER1 has the RoSH sections and none of sections 3 to 12, LAYER3 has
# both. Domain reference 4.2. The case system writes LAYER_1 and LAYER_3.
LAYERS: Mapping[str, tuple[AssessmentType, ...]] = MappingProxyType(
    {
        "LAYER1": (AssessmentType.ROSH_SCREENING,),
        "LAYER3": (AssessmentType.LIKELIHOOD_OF_REOFFENDING, AssessmentType.ROSH_SCREENING),
    }
)

# OASys assessment statuses: offender-assessments-api reference data, in domain reference 1.5. GUILLOTINED is an
# expired word for LOCKED_INCOMPLETE.
STATUSES: Mapping[str, AssessmentStatus] = MappingProxyType(
    {
        "AWAITING_PSR": AssessmentStatus.AWAITING_REPORT,
        "AWAITING_SBC": AssessmentStatus.AWAITING_BOARD,
        "COMPLETE": AssessmentStatus.COMPLETE,
        "GUILLOTINED": AssessmentStatus.LOCKED_INCOMPLETE,
        "LOCKED_INCOMPLETE": AssessmentStatus.LOCKED_INCOMPLETE,
        "OPEN": AssessmentStatus.OPEN,
        "SIGNED": AssessmentStatus.SIGNED,
    }
)

# OASys RoSH summary: the columns for the community, whose highest is the level. Domain reference 4.1.
COMMUNITY_RISKS = (
    "riskChildrenCommunity",
    "riskKnownAdultCommunity",
    "riskPublicCommunity",
    "riskStaffCommunity",
)
ROSH_LEVELS: Mapping[str, RoshLevel] = MappingProxyType(
    {
        "Low": RoshLevel.LOW,
        "Medium": RoshLevel.MEDIUM,
        "High": RoshLevel.HIGH,
        "Very High": RoshLevel.VERY_HIGH,
    }
)

# OASys RoSH screening: the answers R3.1 to R3.4 that the API returns. Domain reference 1.3.
SCREENING_CONCERNS = (
    "concernsCopingInCustody",
    "concernsRiskOfSelfHarm",
    "concernsRiskOfSuicide",
    "concernsVulnerability",
)

# OASys RoSH full analysis, FA1 to FA30 as the API names them: hmpps-assess-risks-and-needs, ordsAssessmentRoshFull.
FULL_ANALYSIS = (
    "childProtectionConferences",
    "currentAnyoneElsePresent",
    "currentHowDone",
    "currentOffenceDetails",
    "currentSources",
    "currentWhereAndWhen",
    "currentWhoVictims",
    "currentWhyDone",
    "previousAnyoneElsePresent",
    "previousHowDone",
    "previousSources",
    "previousWhatDone",
    "previousWhereAndWhen",
    "previousWhoVictims",
    "previousWhyDone",
    "riskToIdentifiableChildren",
)

# OASys risk management plan, its headings as the API names them: domain reference 1.4.
PLAN_HEADINGS = (
    "contingencyPlans",
    "furtherConsiderationsCurrentSituation",
    "interventionsAndTreatment",
    "keyInformationCurrentSituation",
    "monitoringAndControl",
    "supervision",
    "victimSafetyPlanning",
)

# OASys criminogenic needs: the sections as the API names them. hmpps-assess-risks-and-needs, ordsCriminogenicNeeds.
NEEDS: Mapping[str, FactorName] = MappingProxyType(
    {
        "acc": FactorName.ACCOMMODATION,
        "alcohol": FactorName.ALCOHOL_MISUSE,
        "att": FactorName.ATTITUDES,
        "drug": FactorName.DRUG_MISUSE,
        "eTE": FactorName.EMPLOYMENT,
        "emo": FactorName.EMOTIONAL_WELLBEING,
        "finance": FactorName.FINANCE,
        "lifestyle": FactorName.LIFESTYLE,
        "rel": FactorName.RELATIONSHIPS,
        "think": FactorName.THINKING,
    }
)

# What is in an OASys answer of offences, which the importer does not read: ordsAssessmentOffence.
OFFENCE_ANALYSIS = ("offenceDetails", "offenceInvolved", "patternOfOffending")
