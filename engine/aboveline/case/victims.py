"""Who was harmed or may be, and what was done for them: never by name."""

from .base import Began, Fact, Happened, act, always, noted
from .codes import VictimResponse, VictimType

__all__ = ["RestorativeOffer", "Victim", "VictimContactOffer"]


class Victim(Fact):
    """A victim of the offence, or somebody who may come to harm."""

    type: VictimType | None = noted("Actual or potential", "HMIP 2014 O5 1.1")
    identifiable: bool | None = noted(
        "A person who can be identified, rather than a group", "HMIP 2014 O5 3.1"
    )
    statutory_contact: bool | None = noted("Statutory victim contact is required", "HMIP 2014 O5 4.1")
    concerns_raised_on: Happened | None = noted(
        "Day the victim raised concerns; left out where they did not", "HMIP 2014 O4 3.1"
    )
    concerns_taken_into_account: bool | None = noted(
        "Full account was taken of those concerns", "HMIP 2014 O4 3.1"
    )
    safety_prioritised: bool | None = noted("High priority was given to their safety", "HMIP 2014 O5 2.1")
    risk_managed: bool | None = noted("The risk of harm to them was managed effectively", "HMIP 2014 O5 3.1")


class VictimContactOffer(Fact):
    """An offer of statutory contact to a victim."""

    offered_on: Began | None = noted("Day of the offer", "HMIP 2014 O5 4.2")
    face_to_face: bool = act("It offered a meeting face to face", "HMIP 2014 O5 4.2")
    response: VictimResponse | None = noted("What the victim said", "HMIP 2014 O5 4.3")
    quality_sufficient: bool | None = noted(
        "The victim said that contact was of sufficient quality", "HMIP 2014 O5 4.3"
    )


class RestorativeOffer(Fact):
    """An offer of restorative justice."""

    offered_on: Began = always("Day of the offer", "HMIP 2014 O5 4.4")
    taken_up: bool = act("It was taken up", "HMIP 2014 O5 4.4")
