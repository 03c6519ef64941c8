"""Which group a case is in, by its facts as at the audit's date.

What is not recorded is a group of its own: it is neither left out nor guessed.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from aboveline.case.codes import ConcernKind, SentenceType
from aboveline.facts import CaseFacts, FlatFact, Scalar
from aboveline.vocabulary import VOCABULARY

__all__ = [
    "CONCERN_STANDS",
    "LEVEL_NOT_RECORDED",
    "NOT_IDENTIFIED",
    "NOT_RECORDED",
    "NO_CONCERN",
    "SENTENCES",
    "Characteristic",
    "in_order",
    "value_of",
]

NOT_RECORDED = "not_recorded"
"""The group of cases that do not say."""

CONCERN_STANDS, NO_CONCERN = "concern_stands", "no_concern"
_ORDER, _LICENCE, _OTHER = "community_or_suspended_sentence", "licence_or_custody", "other"
NOT_IDENTIFIED, LEVEL_NOT_RECORDED = "not_identified", "level_not_recorded"

SENTENCES: Mapping[str, str] = {
    SentenceType.COMMUNITY_ORDER: _ORDER,
    SentenceType.SUSPENDED_SENTENCE_ORDER: _ORDER,
    SentenceType.DETERMINATE_CUSTODY: _LICENCE,
    SentenceType.EXTENDED_CUSTODY: _LICENCE,
    SentenceType.INDETERMINATE_CUSTODY: _LICENCE,
    SentenceType.DETENTION_AND_TRAINING: _LICENCE,
    SentenceType.HOSPITAL_ORDER: _OTHER,
    SentenceType.GUARDIANSHIP_ORDER: _OTHER,
}


class Characteristic(StrEnum):
    """What cases can be told apart by.

    The sample of inspection-report-2014 (appendix 2) is described by most of
    them; O2 3.3 reports by gender.
    """

    GENDER = "gender"
    ETHNICITY = "ethnicity"
    ROSH = "rosh"
    TIER = "tier"
    LDU = "ldu"
    OFFICER_GRADE = "officer_grade"
    SENTENCE = "sentence"
    CHILD_PROTECTION = "child_protection"
    DOMESTIC_ABUSE = "domestic_abuse"
    MAPPA = "mappa"


def value_of(characteristic: Characteristic, facts: CaseFacts) -> str:
    """Return the group of a case by a characteristic."""
    return _READ[characteristic](facts)


def in_order(characteristic: Characteristic, values: Mapping[str, object]) -> list[str]:
    """Return groups in an order that tells nothing of their size: of the code list, else of the alphabet; those that do not say last."""
    known = _KNOWN.get(characteristic, ())
    places = {value: n for n, value in enumerate(known)}
    return sorted(values, key=lambda value: (value == NOT_RECORDED, places.get(value, len(known)), value))


def _of(kind: str, facts: CaseFacts) -> Iterator[FlatFact]:
    return (fact for fact in facts.facts if fact.kind == kind)


def _field(kind: str, field: str) -> Callable[[CaseFacts], str]:
    """Return what reads a field of a fact that every case has one of."""

    def read(facts: CaseFacts) -> str:
        return next(
            (str(fact.values[field]) for fact in _of(kind, facts) if field in fact.values), NOT_RECORDED
        )

    return read


def _last(kind: str, day: str, field: str, facts: CaseFacts) -> Scalar | None:
    """Return a field of the last fact of a kind. Of two on one day, the higher: the cautious reading."""
    found = [fact.values for fact in _of(kind, facts)]
    levels = VOCABULARY[kind].fields[field].members

    def height(values: Mapping[str, Scalar]) -> tuple[Scalar, int]:
        level = values.get(field, 0)
        return values[day], levels.index(str(level)) if levels else int(str(level))

    return max(found, key=height).get(field) if found else None


def _rosh(facts: CaseFacts) -> str:
    level = _last("rosh", "classified_on", "level", facts)
    return NOT_RECORDED if level is None else str(level)


def _tier(facts: CaseFacts) -> str:
    level = _last("tier", "assigned_on", "level", facts)
    return NOT_RECORDED if level is None else f"tier_{level}"


def _sentence(facts: CaseFacts) -> str:
    return SENTENCES.get(_field("sentence", "type")(facts), NOT_RECORDED)


def _concern(kind: ConcernKind) -> Callable[[CaseFacts], str]:
    """Return what tells whether a concern stands. One that is about nobody knows what could be this one."""

    def read(facts: CaseFacts) -> str:
        standing = {
            fact.values.get("kind") for fact in _of("concern", facts) if "ended_on" not in fact.values
        }
        if str(kind) in standing:
            return CONCERN_STANDS
        return NOT_RECORDED if None in standing or "concern" in facts.incomplete else NO_CONCERN

    return read


def _mappa(facts: CaseFacts) -> str:
    now = tuple(fact for fact in _of("mappa", facts) if "ended_on" not in fact.values)
    if not now:
        return NOT_RECORDED if "mappa" in facts.incomplete else NOT_IDENTIFIED
    last = max(now, key=lambda fact: (fact.values["identified_on"], fact.values.get("level", 0)))
    level = last.values.get("level")
    return LEVEL_NOT_RECORDED if level is None else f"level_{level}"


_READ: Mapping[Characteristic, Callable[[CaseFacts], str]] = {
    Characteristic.GENDER: _field("person", "gender"),
    Characteristic.ETHNICITY: _field("person", "ethnicity_group"),
    Characteristic.ROSH: _rosh,
    Characteristic.TIER: _tier,
    Characteristic.LDU: _field("area", "ldu"),
    Characteristic.OFFICER_GRADE: _field("area", "officer_grade"),
    Characteristic.SENTENCE: _sentence,
    Characteristic.CHILD_PROTECTION: _concern(ConcernKind.CHILD_PROTECTION),
    Characteristic.DOMESTIC_ABUSE: _concern(ConcernKind.DOMESTIC_ABUSE),
    Characteristic.MAPPA: _mappa,
}
_KNOWN: Mapping[Characteristic, tuple[str, ...]] = {
    Characteristic.GENDER: VOCABULARY["person"].fields["gender"].members,
    Characteristic.ETHNICITY: VOCABULARY["person"].fields["ethnicity_group"].members,
    Characteristic.ROSH: VOCABULARY["rosh"].fields["level"].members,
    Characteristic.OFFICER_GRADE: VOCABULARY["area"].fields["officer_grade"].members,
    Characteristic.SENTENCE: (_ORDER, _LICENCE, _OTHER),
    Characteristic.CHILD_PROTECTION: (CONCERN_STANDS, NO_CONCERN),
    Characteristic.DOMESTIC_ABUSE: (CONCERN_STANDS, NO_CONCERN),
    Characteristic.MAPPA: ("level_1", "level_2", "level_3", LEVEL_NOT_RECORDED, NOT_IDENTIFIED),
}
