"""What an audit found, in full: the contract with whoever reads its JSON.

Every report is made from an ``AuditResult`` and from nothing else. Percentages
are whole and rounded half up; none stands where nothing counts.
"""

import datetime as dt

from pydantic import Field

from aboveline.answers import DueSoon, EvidenceGap, Finding
from aboveline.case.base import Record
from aboveline.rulebook import Severity
from aboveline.scoring import Average, CriterionScore, OutcomeScore, QuestionScore, StageScore

__all__ = [
    "AuditResult",
    "Breakdown",
    "CaseAnswers",
    "DeficiencyCount",
    "FactorScore",
    "FailedCase",
    "GroupOutcome",
    "GroupQuestion",
    "GroupScore",
    "GroupSize",
    "Highlight",
    "JudgedInsufficient",
    "ListedTable",
    "Listings",
    "Manifest",
    "NotAssessed",
    "Overridden",
    "ParameterUsed",
    "Recommendation",
    "RejectedRecord",
    "SampleCharacteristic",
    "StandardsUsed",
]


class ParameterUsed(Record):
    """A parameter's value in this audit, and where it comes from."""

    value: int
    unit: str
    start: dt.date
    source: str


class StandardsUsed(Record):
    """The pack of time standards that work was held to, and what to bear in mind about it.

    ``end`` is the last day it was in force, none where it still is. ``values``
    are the parameters that it names; the others have their own dated values.
    """

    name: str
    title: str
    start: dt.date
    end: dt.date | None
    in_force: bool
    caveats: tuple[str, ...]
    values: tuple[str, ...]


class Manifest(Record):
    """What an audit was made of. Equal manifests, equal results.

    ``rulebook`` and ``cases`` are SHA-256 of the rules' files and of the
    accepted records (in any order). ``standards`` is none where the rulebook has
    no packs of them. ``by`` has the characteristics that scores
    are broken down by, with numbers below ``suppress_below`` not shown. ``left_out`` counts what the records hold
    that had not happened by ``as_of``; ``judgements_unused`` names questions
    that were judged although no active rule asks for a judgement.
    """

    aboveline: str
    schema_version: int
    rulebook: str
    cases: str
    as_of: dt.date
    engine: str
    standards: StandardsUsed | None
    average: Average
    by: tuple[str, ...]
    suppress_below: int
    left_out: int
    judgements_unused: tuple[str, ...]
    parameters: dict[str, ParameterUsed]


class RejectedRecord(Record):
    """One reason why a record was not audited."""

    source: str
    line: int | None
    path: str
    reason: str


class FailedCase(Record):
    """A case on which the rules could not be run, and why. It was not audited, and counts for nothing."""

    case: str
    reason: str


class NotAssessed(Record):
    """A question that could not be answered for a case: the gaps, or none where an assessor's judgement is wanted."""

    case: str
    question: str
    gaps: tuple[EvidenceGap, ...]


class Overridden(Record):
    """An answer that an assessor put in place of the computed one, and the day from which it holds."""

    case: str
    question: str
    answer: str
    computed: str
    assessor: str
    made_on: dt.date | None = None
    reason: str
    deficiencies: tuple[str, ...]


class JudgedInsufficient(Record):
    """A question that an assessor judged insufficient for a case, from a day on, where no rule found a deficiency."""

    case: str
    question: str
    assessor: str
    made_on: dt.date | None = None
    reason: str | None


class FactorScore(Record):
    """An offending-related factor over all cases (inspection-report-2014, O3 1.3 and table).

    ``cases`` have the factor; ``interventions`` of them had sufficient
    interventions on it, ``progress`` of them made sufficient progress, and in
    ``linked`` of them a link to offending is recorded. The ``unknown`` count
    for nothing: cases whose source cannot hold factors, and cases with the
    factor whose record does not say how far work or progress was sufficient.
    """

    factor: str
    cases: int
    cases_unknown: int
    linked: int
    interventions: int
    interventions_percent: int | None
    interventions_unknown: int
    progress: int
    progress_percent: int | None
    progress_unknown: int


class DeficiencyCount(Record):
    """In how many cases a deficiency was found."""

    deficiency: str
    question: str
    severity: Severity
    cases: int


class Highlight(Record):
    """A question that stands out in its outcome: a key strength, or a key area for improvement."""

    outcome: str
    question: str
    title: str
    sufficient: int
    insufficient: int
    score: int


class Recommendation(Record):
    """What should be done, and the shortfalls that call for it.

    ``questions`` are those below the threshold, worst first; ``deficiencies``
    what was found under them; ``cases`` every case that falls short on any, and
    where the result has listings beside it, ``falling_short`` says how many.
    """

    id: str
    text: str
    severity: Severity
    questions: tuple[Highlight, ...]
    deficiencies: tuple[DeficiencyCount, ...]
    cases: tuple[str, ...]
    falling_short: int | None = Field(default=None, exclude_if=lambda many: many is None)

    @property
    def n(self) -> int:
        """How many cases fall short."""
        return len(self.cases) if self.falling_short is None else self.falling_short


class GroupQuestion(Record):
    """A question within a group of cases. Counts are none where they were suppressed; the interval is Wilson's, at 95%.

    Where nobody in the group is counted the counts are 0, and there is neither score nor interval.
    """

    id: str
    sufficient: int | None
    insufficient: int | None
    score: int | None
    interval: tuple[int, int] | None
    suppressed: bool


class GroupOutcome(Record):
    """An outcome within a group of cases: the average over those of its scored questions that are shown.

    ``questions`` counts them. They may be other questions than those of another group, or of the whole sample.
    """

    id: str
    questions: int
    score: int | None


class GroupScore(Record):
    """The cases that share a value, as gender ``female``. ``cases`` is none where it was suppressed."""

    value: str
    cases: int | None
    outcomes: tuple[GroupOutcome, ...]
    questions: tuple[GroupQuestion, ...]


class Breakdown(Record):
    """Scores by a characteristic of the case. Numbers below ``threshold`` are suppressed."""

    by: str
    threshold: int
    groups: tuple[GroupScore, ...]


class GroupSize(Record):
    """How many cases share a value. ``cases`` is none where it was suppressed."""

    value: str
    cases: int | None


class SampleCharacteristic(Record):
    """The sample described by a characteristic of the case. Numbers below ``threshold`` are suppressed."""

    by: str
    threshold: int
    groups: tuple[GroupSize, ...]


class CaseAnswers(Record):
    """The answers to a case, as ids of questions. A question in none of the lists is not applicable.

    ``levels`` has the level of the case in each question that has levels and could tell it.
    """

    case: str
    sufficient: tuple[str, ...]
    insufficient: tuple[str, ...]
    not_assessed: tuple[str, ...]
    levels: dict[str, str] = Field(default_factory=dict)


class ListedTable(Record):
    """A table of what was told case by case: its rows, its files, and one SHA-256 over those of its files."""

    name: str
    rows: int
    parts: int
    sha256: str


class Listings(Record):
    """What was told case by case and is not in the result itself. ``severities`` counts the findings by severity."""

    tables: tuple[ListedTable, ...]
    severities: dict[Severity, int]

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return next(one.rows for one in self.tables if one.name == table)


class AuditResult(Record):
    """All that an audit found. Its JSON is a contract with whoever reads it.

    ``failed`` stands in it only where there are any. Where ``listings`` stands in
    it, what is told case by case (findings, gaps, answers and the others, and the
    cases of a recommendation) is in tables beside it, and is empty here.
    """

    manifest: Manifest
    cases: int
    questions: tuple[QuestionScore, ...]
    criteria: tuple[CriterionScore, ...]
    stages: tuple[StageScore, ...]
    outcomes: tuple[OutcomeScore, ...]
    factors: tuple[FactorScore, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    strengths: tuple[Highlight, ...] = ()
    improvements: tuple[Highlight, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    sample: tuple[SampleCharacteristic, ...] = ()
    answers: tuple[CaseAnswers, ...] = ()
    due_soon: tuple[DueSoon, ...]
    findings: tuple[Finding, ...]
    judged_insufficient: tuple[JudgedInsufficient, ...]
    not_assessed: tuple[NotAssessed, ...]
    overrides: tuple[Overridden, ...]
    rejected: tuple[RejectedRecord, ...]
    failed: tuple[FailedCase, ...] = Field(default=(), exclude_if=lambda failed: not failed)
    listings: Listings | None = Field(default=None, exclude_if=lambda listings: listings is None)

    def to_json(self) -> str:
        """Return the result as JSON text: the same result, the same bytes."""
        return self.model_dump_json(indent=2) + "\n"
