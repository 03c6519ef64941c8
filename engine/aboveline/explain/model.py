"""What an explanation is: the answer, how each part of the rule stood to the record, what would alter it."""

import datetime as dt
from enum import StrEnum
from typing import Literal

from aboveline.answers import Answer, EvidenceGap, QuestionAnswer
from aboveline.case.base import Record
from aboveline.facts import Scalar

__all__ = [
    "Addition",
    "Asked",
    "BranchShown",
    "Change",
    "DecidedBy",
    "Edit",
    "Explanation",
    "FactShown",
    "Failed",
    "PartShown",
    "PatternShown",
    "Said",
    "State",
    "WayShown",
]


class State(StrEnum):
    """How a part, a branch or a way stands: it holds, an unrecorded field would decide, or it does not."""

    HOLDS = "holds"
    OPEN = "open"
    NOT = "does not hold"


class DecidedBy(StrEnum):
    """The step of the answer order that decided, before any override."""

    EXCEPT = "except"
    DEFICIENCY = "deficiency"
    GAP = "gap"
    APPLIES = "applies"
    JUDGEMENT = "judgement"
    JUDGEMENT_WANTED = "judgement_wanted"
    NO_DEFICIENCY = "no_deficiency"


class Asked(Record):
    """The question: what it asks, and where that stands."""

    id: str
    title: str
    sources: tuple[str, ...]
    known_gaps: tuple[str, ...]


class Said(Record):
    """What an assessor said, by staff code."""

    answer: Answer
    assessor: str
    made_on: dt.date
    reason: str | None


class Failed(Record):
    """A condition that is false of a fact: the field, what was found (none: not recorded), and both in words."""

    field: str
    found: Scalar | None
    text: str


class FactShown(Record):
    """A fact with the recorded values that were read, the conditions it failed and the fields that leave it open."""

    kind: str
    id: str
    fields: dict[str, Scalar]
    failed: tuple[Failed, ...] = ()
    open: tuple[EvidenceGap, ...] = ()


class PatternShown(Record):
    """A pattern in words, and the facts that match it, may match it, or come nearest. ``more`` counts the rest."""

    text: str
    matched: tuple[FactShown, ...]
    open: tuple[FactShown, ...]
    nearest: tuple[FactShown, ...]
    more: int


class WayShown(Record):
    """One way to meet what must be there, and how facts stand to what must not.

    ``facts`` are those bound; ``timing`` is of the due date.
    """

    state: State
    facts: tuple[FactShown, ...]
    without: tuple[PatternShown, ...]
    gaps: tuple[EvidenceGap, ...]
    due: dt.date | None
    timing: Literal["past due", "due soon"] | None


class BranchShown(Record):
    """One branch of a part. ``without`` is what must not be there, in words; each way has it with its dates.

    ``more`` counts the ways that are not shown.
    """

    state: State
    there: tuple[PatternShown, ...]
    without: tuple[str, ...]
    ways: tuple[WayShown, ...]
    more: int


class PartShown(Record):
    """``applies``, ``except``, a deficiency by its id or a level, with what it comes to in a sentence."""

    part: str
    title: str
    state: State
    said: str
    branches: tuple[BranchShown, ...]


class Edit(Record):
    """A field of a recorded fact with another value. ``words`` says which values would do; ``value`` was tried."""

    kind: str
    id: str
    field: str
    was: Scalar | None
    value: Scalar
    words: str


class Addition(Record):
    """A fact that is not recorded. ``words`` says which would do; ``fields`` were tried."""

    kind: str
    fields: dict[str, Scalar]
    words: str


class Change(Record):
    """A change to the record, and the answer that the audit gave when it was made (before any override)."""

    edits: tuple[Edit, ...]
    additions: tuple[Addition, ...]
    answer: Answer
    gaps: tuple[EvidenceGap, ...]
    text: str


class Explanation(Record):
    """Why a question has its answer for a case.

    ``reason`` is the computed answer's, in a sentence, and ``level`` the
    case's, where the question has levels; ``judgement`` and
    ``override`` are what assessors said, apart from it. ``changes`` are the
    nearest first, and each was tried; ``outlook`` says what they come to, or
    that none was found. ``put_right`` says what to do now.
    """

    case: str
    as_of: dt.date
    question: Asked
    answer: QuestionAnswer
    decided_by: DecidedBy
    reason: str
    level: str | None
    judgement: Said | None
    override: Said | None
    parts: tuple[PartShown, ...]
    changes: tuple[Change, ...]
    outlook: str
    put_right: tuple[str, ...]
