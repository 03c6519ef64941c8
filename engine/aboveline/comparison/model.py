"""What a comparison of two audits says: the contract with whoever reads its JSON.

Changes and intervals are in percentage points, to one place, the interval
rounded outwards. Whether a change is clear is told by the interval as shown.
"""

from enum import StrEnum

from pydantic import Field

from aboveline.answers import Answer
from aboveline.case.base import Record
from aboveline.result import Manifest
from aboveline.rulebook import Severity

__all__ = [
    "Became",
    "Change",
    "Comparison",
    "DeficiencyChange",
    "Difference",
    "Flip",
    "OutcomeChange",
    "OutcomeSide",
    "Overlap",
    "QuestionChange",
    "QuestionSide",
    "Side",
    "Standing",
    "Verdict",
]


class Side(StrEnum):
    """Which of the two audits."""

    BEFORE = "before"
    AFTER = "after"


class Overlap(StrEnum):
    """Whether the two samples hold the same cases, by their ids."""

    NONE = "none"
    PART = "part"
    SAME = "same"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """In which of the two a question is asked."""

    BOTH = "both"
    ADDED = "added"
    REMOVED = "removed"


class Verdict(StrEnum):
    """What may be said of a change: nothing, where the interval covers zero."""

    BETTER = "better"
    WORSE = "worse"
    NO_CLEAR_CHANGE = "no_clear_change"


class Became(StrEnum):
    """What became of a deficiency of a case that both audits hold.

    ``mended`` where it is no longer found, by the same rules and numbers;
    ``no_longer_found`` where it is not, but by others: nobody can say then that
    it was mended. ``no_longer_counted`` where the question is now not
    applicable, not assessed or not asked, or an assessor has overridden it.
    """

    NEW = "new"
    MENDED = "mended"
    NO_LONGER_FOUND = "no_longer_found"
    NO_LONGER_COUNTED = "no_longer_counted"


class Difference(Record):
    """What the two audits were made of that differs, other than their cases."""

    what: str
    before: str | None
    after: str | None


class Change(Record):
    """A change in percentage points with its interval at 95%."""

    points: float
    low: float
    high: float
    verdict: Verdict


class QuestionSide(Record):
    """A question in one audit: ``score`` is of ``n`` answers; those not assessed are in neither."""

    sufficient: int
    n: int
    not_assessed: int
    score: int | None


class QuestionChange(Record):
    """A question in both audits.

    ``compared`` has, for each, sufficient answers and all that are compared:
    of a case in both, only where its answer counts in both. ``pairs`` counts
    those cases. Both are none where nothing can be compared, or not known.
    """

    id: str
    title: str
    standing: Standing
    before: QuestionSide | None
    after: QuestionSide | None
    pairs: int | None
    compared: tuple[tuple[int, int], tuple[int, int]] | None
    change: Change | None


class OutcomeSide(Record):
    """An outcome in one audit: the score the audit gives, over so many questions with so many answers."""

    score: int | None
    questions: int
    n: int | None


class OutcomeChange(Record):
    """An outcome in both audits: as each scored it, and ``compared`` like for like, over the ``questions`` that allow it."""

    id: str
    title: str
    before: OutcomeSide | None
    after: OutcomeSide | None
    questions: tuple[str, ...]
    compared: tuple[OutcomeSide, OutcomeSide] | None
    change: Change | None


class Flip(Record):
    """A question whose answer to a case differs."""

    case: str
    question: str
    before: Answer
    after: Answer


class DeficiencyChange(Record):
    """A deficiency of a case that is found in one audit only, with the question's answers. None where it is not asked."""

    case: str
    question: str
    deficiency: str
    severity: Severity
    change: Became
    before: Answer | None
    after: Answer | None


class Comparison(Record):
    """Two audits side by side.

    ``without_answers`` names the audits that do not list the answers to every
    case: then nothing can be said of single cases, and flips, deficiencies and
    cases in one only are none, which is not the same as no case of them.
    ``rejected`` counts records that an audit could not read, ``failed`` cases
    that it read and could not audit; the latter stands only where there are any.
    """

    before: Manifest
    after: Manifest
    cases_before: int
    cases_after: int
    cases_in_both: int | None
    rejected_before: int
    rejected_after: int
    failed_before: int = Field(default=0, exclude_if=lambda many: not many)
    failed_after: int = Field(default=0, exclude_if=lambda many: not many)
    overlap: Overlap
    same_records: bool
    without_answers: tuple[Side, ...]
    differences: tuple[Difference, ...]
    outcomes: tuple[OutcomeChange, ...]
    questions: tuple[QuestionChange, ...]
    flips: tuple[Flip, ...] | None
    deficiencies: tuple[DeficiencyChange, ...] | None
    only_before: tuple[str, ...] | None
    only_after: tuple[str, ...] | None

    def to_json(self) -> str:
        """Return the comparison as JSON text: the same audits, the same bytes."""
        return self.model_dump_json(indent=2) + "\n"
