"""Every code of the case system (nDelius) that the importer understands, as data.

Each table names its source, a file in a public repository of the Ministry of
Justice (owner left out), or the domain reference of this project where that
quotes one. A code that stands in no table is noted by the importer and never
guessed. To understand one more code, add it here with its source. The codes of
OASys are in ``oasys_codes``.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from aboveline.case.codes import (
    AppointmentType,
    ConcernKind,
    ContactType,
    CourtReportType,
    EnforcementType,
    EthnicityGroup,
    Gender,
    RequirementType,
    Restriction,
    RoshLevel,
    SentenceType,
)

# nDelius offender.gender, as in court-case-service mocks. Other entries of that list ("not known", "not
# specified") are no gender, so they are left out.
GENDERS: Mapping[str, Gender] = MappingProxyType({"female": Gender.FEMALE, "male": Gender.MALE})

# nDelius offenderProfile.ethnicity is "group: detail", as "White: British/English/Welsh/Scottish/Northern Irish"
# (hmpps-probation-integration-services, reference data W1). The part before the colon names a group of the 2011
# census of England and Wales (table QS201EW), in its words or in nDelius's.
ETHNIC_GROUPS: Mapping[str, EthnicityGroup] = MappingProxyType(
    {
        "asian or asian british": EthnicityGroup.ASIAN,
        "asian/asian british": EthnicityGroup.ASIAN,
        "black or black british": EthnicityGroup.BLACK,
        "black/african/caribbean/black british": EthnicityGroup.BLACK,
        "mixed": EthnicityGroup.MIXED,
        "mixed/multiple ethnic groups": EthnicityGroup.MIXED,
        "other ethnic group": EthnicityGroup.OTHER,
        "white": EthnicityGroup.WHITE,
    }
)

# nDelius latestCourtAppearanceOutcome.code.
SENTENCES: Mapping[str, SentenceType] = MappingProxyType(
    {
        "201": SentenceType.COMMUNITY_ORDER,  # CJA - Community Order: court-case-service mocks
        "203": SentenceType.SUSPENDED_SENTENCE_ORDER,  # CJA: hmpps-community-payback-api, incentive scheme scopes
        "303": SentenceType.INDETERMINATE_CUSTODY,  # CJA - Indeterminate Public Prot.: court-case-service mocks
        "307": SentenceType.DETERMINATE_CUSTODY,  # Adult Custody < 12m: hmpps-manage-people-on-probation-ui stubs
        "329": SentenceType.COMMUNITY_ORDER,  # ORA Community Order: hmpps-manage-people-on-probation-ui stubs
        "340": SentenceType.COMMUNITY_ORDER,  # SA2020: hmpps-community-payback-api, incentive scheme scopes
        "341": SentenceType.SUSPENDED_SENTENCE_ORDER,  # SA2020: hmpps-community-payback-api, same file
    }
)

# Outcomes that bring no supervision by probation. 412, absolute or conditional discharge: court-case-service mocks.
NOT_SUPERVISED = frozenset({"412"})

# nDelius sentence.description, for outcomes whose code no public file gives. "CJA - Extended Sentence" and "Extended
# Determinate Sentence" are the two that make-recall-decision-api treats as extended; "ORA Adult Custody (inc PSS)" is
# custody in hmpps-probation-integration-services; the rest as in SENTENCES, or plain in their words.
SENTENCE_DESCRIPTIONS: Mapping[str, SentenceType] = MappingProxyType(
    {
        "Adult Custody < 12m": SentenceType.DETERMINATE_CUSTODY,
        "CJA - Community Order": SentenceType.COMMUNITY_ORDER,
        "CJA - Extended Sentence": SentenceType.EXTENDED_CUSTODY,
        "CJA - Indeterminate Public Prot.": SentenceType.INDETERMINATE_CUSTODY,
        "CJA - Std Determinate Custody": SentenceType.DETERMINATE_CUSTODY,
        "CJA - Suspended Sentence Order": SentenceType.SUSPENDED_SENTENCE_ORDER,
        "Extended Determinate Sentence": SentenceType.EXTENDED_CUSTODY,
        "Life imprisonment (Adult)": SentenceType.INDETERMINATE_CUSTODY,
        "ORA Adult Custody (inc PSS)": SentenceType.DETERMINATE_CUSTODY,
        "ORA Community Order": SentenceType.COMMUNITY_ORDER,
        "ORA Suspended Sentence Order": SentenceType.SUSPENDED_SENTENCE_ORDER,
        "SA2020 Community Order": SentenceType.COMMUNITY_ORDER,
        "SA2020 Suspended Sentence Order": SentenceType.SUSPENDED_SENTENCE_ORDER,
    }
)

ORDERS = frozenset({SentenceType.COMMUNITY_ORDER, SentenceType.SUSPENDED_SENTENCE_ORDER})
CUSTODY = frozenset(
    {
        SentenceType.DETERMINATE_CUSTODY,
        SentenceType.EXTENDED_CUSTODY,
        SentenceType.INDETERMINATE_CUSTODY,
    }
)

# nDelius sentence.sentenceType.code: the two that are custody (community-api DisposalType; hmpps-tier).
CUSTODIAL_SENTENCE_TYPES = frozenset({"NC", "SC"})

# nDelius sentence.originalLengthUnits that are whole months. Weeks and days are not.
MONTHS_IN: Mapping[str, int] = MappingProxyType({"months": 1, "years": 12})

# nDelius requirementTypeMainCategory.code: W in court-case-service mocks, F (RAR) in
# hmpps-probation-integration-services (it counts rehabilitation activity days by it).
REQUIREMENTS: Mapping[str, RequirementType] = MappingProxyType(
    {"F": RequirementType.REHABILITATION_ACTIVITY, "W": RequirementType.UNPAID_WORK}
)

# nDelius adRequirementTypeMainCategory.code. 7, Court - Accredited Programme: court-case-service mocks.
ADDITIONAL_REQUIREMENTS: Mapping[str, RequirementType] = MappingProxyType({"7": RequirementType.PROGRAMME})

# nDelius licenceConditionTypeMainCat.code: how each restricts, nothing where it does not. NLC7 Curfew Arrangement,
# NLC4 Participate or co-op with Programme or Activities: court-case-service mocks. NLC10 Alcohol stands there too,
# but whether such a condition forbids or treats is not said, so it is not here.
LICENCE_RESTRICTIONS: Mapping[str, Restriction | None] = MappingProxyType(
    {"NLC4": None, "NLC7": Restriction.CURFEW}
)

# nDelius court report types: RCourtReportType, in domain reference 5.8. PSR and PSA (addendum) do not say how the
# report was delivered, so they are not here.
COURT_REPORTS: Mapping[str, CourtReportType] = MappingProxyType(
    {"CJF": CourtReportType.FAST, "CJO": CourtReportType.ORAL, "CJS": CourtReportType.STANDARD}
)

REPORT_BEFORE_SENTENCE = dt.timedelta(days=365)
"""A report asked for longer than this before sentence was for another one. Our reading: no source gives a limit."""

# nDelius nsiType.code: BRE in court-case-service mocks, REC in community-api NsiService.
ENFORCEMENT: Mapping[str, EnforcementType] = MappingProxyType(
    {"BRE": EnforcementType.BREACH, "REC": EnforcementType.RECALL}
)

# nDelius nsiSubType.code of breach: BRE01 Community Order, in court-case-service mocks.
BREACH_OF_ORDER = frozenset({"BRE01"})

# nDelius nsiOutcome.code of recall: rejected (REC03, REC04), withdrawn (REC05). Domain reference 5.7.
RECALL_NOT_MADE = frozenset({"REC03", "REC04", "REC05"})

# nDelius contact types of appointments: domain reference 5.5. COAI initial appointment in office, COAP planned office
# visit, COOO planned other than in office, C084 three-way meeting, COSR interview for report.
APPOINTMENTS: Mapping[str, AppointmentType] = MappingProxyType(
    {
        "C084": AppointmentType.THREE_WAY_MEETING,
        "COAI": AppointmentType.INITIAL,
        "COAP": AppointmentType.SUPERVISION,
        "COOO": AppointmentType.SUPERVISION,
        "COSR": AppointmentType.OTHER,
    }
)

HOME_VISIT = "CHVS"
"""nDelius contact type: home visit to case. Domain reference 5.5."""

# nDelius contact types of contact that is neither in an office nor at home: domain reference 5.5.
CONTACTS: Mapping[str, ContactType] = MappingProxyType(
    {"CODC": ContactType.DOORSTEP, "COPT": ContactType.TELEPHONE, "COVC": ContactType.VIDEO}
)

# nDelius register types: hmpps-manage-supervisions registration reference data, and the badges of
# hmpps-manage-people-on-probation-ui; both in domain reference 1.8 and 5.4.
REGISTERS = frozenset(
    """
    ADVP ADVV ADWC ALAN ALERT ALSH AMHL ANSO APPO ARSO ASFO AV2S AVIS BWWA CCE CL1 CL2 COC COR CSEP CUCK CYB1 CYB2
    DASO DOFF DORIS HOIE IIOM IKII IKMF IMAR INLL INVI IRMO KDUP MAPP MSP MSV NOTMAPPA PRC RCCO RCHD RCPR REG15 REG16
    REG17 REG22 REG24 REG26 REG30 RHRH RLRH RMDO RMRH RPIR RRR RSC RSTO RTAO RTPS RVAD RVHR RVLN SHPO SOPS SPO STRG
    UPWS WEAP WRSM
    """.split()  # noqa: SIM905 - a table of bare words is easier to check against its source
)

# The Integration API prints RVRH for RVHR in places: domain reference 4.1.
MISSPELT_REGISTERS: Mapping[str, str] = MappingProxyType({"RVRH": "RVHR"})

# Registers that are a classification of the risk of serious harm: domain reference 1.8.
ROSH_REGISTERS: Mapping[str, RoshLevel] = MappingProxyType(
    {
        "RHRH": RoshLevel.HIGH,
        "RLRH": RoshLevel.LOW,
        "RMRH": RoshLevel.MEDIUM,
        "RVHR": RoshLevel.VERY_HIGH,
    }
)

# Registers that are a concern of a kind that the case record knows: domain reference 1.8 and 5.4.
CONCERN_REGISTERS: Mapping[str, ConcernKind] = MappingProxyType(
    {
        "ADVP": ConcernKind.DOMESTIC_ABUSE,
        "ALSH": ConcernKind.SELF_HARM,
        "AV2S": ConcernKind.STAFF_SAFETY,
        "RCCO": ConcernKind.CHILD_PROTECTION,
        "RCHD": ConcernKind.CHILD_PROTECTION,
        "RCPR": ConcernKind.CHILD_PROTECTION,
        "RVAD": ConcernKind.ADULT_SAFEGUARDING,
        "RVLN": ConcernKind.VULNERABILITY,
    }
)

VISOR_REGISTER = "AVIS"
MAPPA_REGISTER = "MAPP"

# nDelius registerCategory and registerLevel of MAPP: community-api MappaDetailsTransformer; category 4 from the domain
# reference 2.8. X9 and M0 are nominal: neither says a category or a level.
MAPPA_CATEGORIES: Mapping[str, int] = MappingProxyType({"M1": 1, "M2": 2, "M3": 3, "M4": 4})
MAPPA_LEVELS: Mapping[str, int] = MappingProxyType({"M1": 1, "M2": 2, "M3": 3})
