"""Who the case is about and who manages it: never by name."""

from .base import Began, Fact, Happened, Record, act, always, noted
from .codes import AgeBand, BarrierType, EthnicityGroup, Gender, OfficerGrade

__all__ = ["Allocation", "Area", "Barrier", "Person"]


class Person(Record):
    """The person under supervision, as far as a fair audit needs to know them."""

    gender: Gender | None = noted(
        "Gender as recorded", "nDelius offender.gender; HMIP 2014 O2 3.3 reports by gender"
    )
    age_band: AgeBand | None = noted(
        "Age at the start of supervision, in bands", "nDelius offender.dateOfBirth; bands our reading"
    )
    ethnicity_group: EthnicityGroup | None = noted("Census group", "nDelius offenderProfile.ethnicity")


class Area(Record):
    """Where the case is managed."""

    ldu: str | None = noted("Local delivery unit, by its code", "nDelius team.localDeliveryUnit.code")
    team: str | None = noted("Team, by its code", "nDelius team.code")
    officer_grade: OfficerGrade | None = noted("Grade of the offender manager", "HMIP 2014 O2 4.1")


class Allocation(Fact):
    """A spell of one offender manager managing the case."""

    allocated_on: Began = always(
        "Day the offender manager took the case", "nDelius offenderManagers.fromDate"
    )
    ended_on: Happened | None = noted(
        "Day they gave it up; left out while they hold it", "nDelius offenderManagers.toDate"
    )
    delivery_maintained: bool | None = noted(
        "Whether delivery of the plan went on without a break at the change", "HMIP 2014 O2 3.5"
    )
    leads_other_workers: bool | None = noted(
        "Whether the offender manager led the work of others in the case; left out where nobody else worked in it",
        "HMIP 2014 O2 2.6",
    )


class Barrier(Fact):
    """A barrier to engagement, or an individual need that calls for care."""

    type: BarrierType | None = noted("What kind of barrier", "HMIP 2014 O2 1.3; list our reading")
    identified_on: Began = always("Day it was identified", "HMIP 2014 O2 1.3")
    in_plan: bool = act("The sentence plan has actions to minimise it", "HMIP 2014 O2 1.5")
    acted_on: Happened | None = noted(
        "Day action was first taken to minimise it; left out while none was", "HMIP 2014 O2 1.3"
    )
