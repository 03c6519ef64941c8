"""Flatten a case record into the facts that rules read, as at a date.

A fact has a kind, an id and the values that are recorded; what is not recorded
is not there. As at a date, what had not happened by then is left out: a fact
that began later as a whole, a later date of an earlier fact by itself. Only an
assessment, plan or review that is complete is a fact of its kind; one that is
not is an ``unfinished_assessment`` and so on, so that no rule can count it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aboveline.case import CaseRecord
from aboveline.case.base import Record
from aboveline.case.codes import AssessmentStatus
from aboveline.case.judgement import Judgement, Override
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY

__all__ = ["CaseFacts", "FlatFact", "Scalar", "flatten", "kinds_in_doubt", "latest"]

Scalar = bool | int | str | dt.date
Said = TypeVar("Said", Judgement, Override)


@dataclass(frozen=True)
class FlatFact:
    """One fact: ``values`` holds the recorded fields, dates as dates, codes as text."""

    kind: str
    id: str
    values: Mapping[str, Scalar]


@dataclass(frozen=True)
class CaseFacts:
    """All facts of a case as at a date, in the order of kind and id.

    ``left_out`` counts what the record holds that had not happened by then;
    ``incomplete`` has the kinds of which facts may exist that the record cannot hold.
    """

    case: str
    as_of: dt.date
    facts: tuple[FlatFact, ...]
    judgements: Mapping[str, Judgement]
    overrides: Mapping[str, Override]
    left_out: int
    incomplete: frozenset[str] = frozenset()


def flatten(record: CaseRecord, as_of: dt.date) -> CaseFacts:
    """Return the facts of a case record as at a date, with the latest judgement and override of each question."""
    facts = [FlatFact("audit", "audit", {"id": "audit", "as_of": as_of})]
    left_out = 0
    for kind, recorded in record.facts_by_kind():
        if kind in {"judgement", "override"}:
            continue
        for identifier, item in recorded:
            fact, dropped = _flat(kind, identifier, item, as_of)
            left_out += dropped
            if fact is not None:
                facts.append(fact)
    left_out += sum(one.made_on > as_of for one in record.judgement)
    left_out += sum(one.made_on > as_of for one in record.override)
    judgements = latest(record.judgement, as_of)
    overrides = latest(record.override, as_of)
    return CaseFacts(
        case=record.case,
        as_of=as_of,
        facts=tuple(sorted(facts, key=lambda fact: (fact.kind, fact.id))),
        judgements=judgements,
        overrides=overrides,
        left_out=left_out,
        incomplete=kinds_in_doubt(record.incomplete),
    )


def kinds_in_doubt(incomplete: Iterable[str]) -> frozenset[str]:
    """Return the kinds of which facts may exist, as rules know them, of the kinds that a source cannot hold."""
    kinds = frozenset(incomplete)
    return kinds | {UNFINISHED + kind for kind in kinds if kind in DONE_OR_NOT}


def _flat(kind: str, identifier: str, item: Record, as_of: dt.date) -> tuple[FlatFact | None, int]:
    """Return a fact as at a date (none if it had not begun) and how much of it was left out."""
    values: dict[str, Scalar] = {"id": identifier}
    dropped = 0
    unfinished = kind in DONE_OR_NOT and not _done(item, as_of)
    if unfinished:
        kind = UNFINISHED + kind
    for name, tense, is_code in _FIELDS[kind]:
        value: Any = getattr(item, name)
        if value is None:
            continue
        if tense is not None and value > as_of:
            if tense == "began":
                return None, 1
            dropped += 1
            continue
        values[name] = value.value if is_code else value
    if unfinished and values.get("status") == AssessmentStatus.COMPLETE:
        del values["status"]  # it was completed only later: how it stood before is not recorded
        dropped += 1
    return FlatFact(kind, identifier, values), dropped


# Looked up once: a caseload asks for them hundreds of thousands of times.
_FIELDS = {
    kind.name: tuple(
        (name, field.tense if field.tense != "planned" else None, field.type == "enum")
        for name, field in kind.fields.items()
        if name != "id"
    )
    for kind in VOCABULARY.values()
}


def _done(item: Any, as_of: dt.date) -> bool:
    return bool(item.status is AssessmentStatus.COMPLETE and item.completed_on <= as_of)


def latest(said: Iterable[Said], as_of: dt.date) -> dict[str, Said]:
    """Return what was said last of each question by a date; of two on one day, the later in the record."""
    found: dict[str, Said] = {}
    for one in said:
        if one.made_on <= as_of and (one.question not in found or found[one.question].made_on <= one.made_on):
            found[one.question] = one
    return found
