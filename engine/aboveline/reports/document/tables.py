"""The tables that a report shows, and that a workbook holds: each is drawn from the result in one place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from aboveline.answers import Finding, in_words
from aboveline.reports.groups import TOO_FEW, characteristic_name, group_name
from aboveline.reports.words import NO_ANSWER, gap, label, names, percent_range
from aboveline.result import (
    AuditResult,
    DeficiencyCount,
    FactorScore,
    Highlight,
    Manifest,
    SampleCharacteristic,
)
from aboveline.rulebook import Severity
from aboveline.rulebook.data import NUMBER
from aboveline.scoring import CriterionScore, OutcomeScore, QuestionScore, StageScore

from .model import Bar, Chart, Column, Kind, Table

__all__ = [
    "averages",
    "chart",
    "criteria",
    "deficiencies",
    "due_soon",
    "factors",
    "failed",
    "highlights",
    "judged",
    "levels",
    "missing",
    "outcomes",
    "overrides",
    "parameters",
    "rejected",
    "sample",
    "shortfalls",
    "stages",
]

_ID = Kind.IDENTIFIER
_SCORE = Column(title="Score", kind=Kind.PERCENT, missing=NO_ANSWER)
_IF_RESOLVED = Column(title="If every gap were resolved", width=1)
_EXPECTED = Column(title="What is expected")
_CASES = Column(title="Cases", kind=Kind.NUMBER)
_CASE = Column(title="Case", kind=_ID)
_QUESTION = Column(title="Question", kind=_ID)
_ASSESSOR = Column(title="Assessor", kind=_ID)
_HOLDS_FROM = Column(title="Holds from", kind=Kind.DATE)
_SEVERITY = Column(title="Severity", width=0)
_SEVEREST_FIRST = list(reversed(Severity))
_WANTED = "an assessor's judgement is wanted"


def outcomes(scores: Iterable[OutcomeScore]) -> Table:
    """Return every outcome with its score and the number of questions behind it."""
    return Table(
        name="outcomes",
        caption="Work done well enough, by outcome",
        columns=(
            Column(title="Outcome"),
            _SCORE,
            Column(title="Questions", kind=Kind.NUMBER),
            _IF_RESOLVED,
        ),
        rows=tuple((one.title, one.score, one.questions, _resolved(one)) for one in scores),
    )


def _resolved(one: OutcomeScore | CriterionScore | StageScore) -> str:
    if one.score_range is None:
        return NO_ANSWER
    return percent_range(one.score, one.score_range) or "no gaps"


def averages(scores: Iterable[OutcomeScore]) -> Table:
    """Return both averages of every outcome."""
    return Table(
        name="averages",
        caption="Outcomes by each of the two averages",
        columns=(
            Column(title="Outcome"),
            Column(title="Average over questions", kind=Kind.PERCENT, missing=NO_ANSWER),
            Column(title="Average over criteria", kind=Kind.PERCENT, missing=NO_ANSWER),
        ),
        rows=tuple((one.title, one.by_questions, one.by_criteria) for one in scores),
    )


def criteria(caption: str, scores: Iterable[CriterionScore]) -> Table:
    """Return criteria with their scores."""
    return Table(
        name="criteria",
        caption=caption,
        columns=(
            Column(title="Criterion", kind=_ID),
            _EXPECTED,
            _SCORE,
            Column(title="Questions", kind=Kind.NUMBER),
            _IF_RESOLVED,
        ),
        rows=tuple((one.id, one.title, one.score, one.questions, _resolved(one)) for one in scores),
    )


def stages(scores: Iterable[StageScore]) -> Table:
    """Return the stages of the work with their scores."""
    return Table(
        name="stages",
        caption="Stages of the work, over all outcomes",
        columns=(Column(title="Stage"), _SCORE, _IF_RESOLVED),
        rows=tuple((label(one.id), one.score, _resolved(one)) for one in scores),
    )


def chart(caption: str, questions: Iterable[QuestionScore], cases: int) -> Chart:
    """Return a bar for each question that was answered in any case."""
    return Chart(
        caption=caption,
        scale=cases,
        bars=tuple(
            Bar(
                id=one.id,
                title=one.title,
                sufficient=one.sufficient,
                insufficient=one.insufficient,
                score=one.score,
            )
            for one in questions
            if one.sufficient + one.insufficient
        ),
    )


def factors(scores: Iterable[FactorScore]) -> Table:
    """Return the offending-related factors, the commonest first. Percentages are of all cases with the factor."""
    return Table(
        name="factors",
        caption="Factors linked to offending: work (interventions) and progress",
        columns=(
            Column(title="Factor", width=1),
            _CASES,
            Column(title="Work sufficient", kind=Kind.NUMBER),
            Column(title="Work sufficient (%)", kind=Kind.PERCENT, missing=NO_ANSWER),
            Column(title="Work not recorded", kind=Kind.NUMBER),
            Column(title="Progress sufficient", kind=Kind.NUMBER),
            Column(title="Progress sufficient (%)", kind=Kind.PERCENT, missing=NO_ANSWER),
            Column(title="Progress not recorded", kind=Kind.NUMBER),
        ),
        rows=tuple(
            (
                label(one.factor),
                one.cases,
                one.interventions,
                one.interventions_percent,
                one.interventions_unknown,
                one.progress,
                one.progress_percent,
                one.progress_unknown,
            )
            for one in sorted(scores, key=lambda one: (-one.cases, one.factor))
        ),
    )


def levels(one: QuestionScore) -> Table:
    """Return how many of the answered cases are at each level of a question."""
    unknown = [("No level could be told", one.without_level)] if one.without_level else []
    return Table(
        name=f"levels-{one.id}",
        caption=f"{one.id}, by level: {one.title}",
        columns=(Column(title="Level"), _CASES),
        rows=(*((level.title, level.cases) for level in one.levels), *unknown),
    )


def highlights(caption: str, found: Iterable[Highlight]) -> Table:
    """Return questions that stand out, with their counts."""
    return Table(
        name="questions",
        caption=caption,
        columns=(
            _QUESTION,
            _EXPECTED,
            Column(title="Sufficient", kind=Kind.NUMBER),
            Column(title="Insufficient", kind=Kind.NUMBER),
            _SCORE,
        ),
        rows=tuple((one.question, one.title, one.sufficient, one.insufficient, one.score) for one in found),
    )


def deficiencies(caption: str, found: Iterable[DeficiencyCount]) -> Table:
    """Return how often each deficiency was found."""
    return Table(
        name="deficiencies",
        caption=caption,
        columns=(Column(title="Deficiency", kind=_ID), _SEVERITY, _CASES),
        rows=tuple((one.deficiency, one.severity.value, one.cases) for one in found),
    )


def shortfalls(name: str, caption: str, findings: Iterable[Finding]) -> Table:
    """Return each deficiency with its cases and what to do: the words that most of its findings have."""
    by_deficiency: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_deficiency[finding.deficiency].append(finding)

    def rows() -> Iterator[tuple[str, str, int, str, str]]:
        for deficiency, found in by_deficiency.items():
            cases = {one.case for one in found}
            told = Counter(one.put_right for one in found)
            todo = min(told, key=lambda text: (-told[text], text))
            yield deficiency, found[0].severity, len(cases), todo, names(cases)

    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(title="Deficiency", kind=_ID),
            _SEVERITY,
            _CASES,
            Column(title="What to do", width=3),
            Column(title="Which cases", width=2),
        ),
        rows=tuple(
            (deficiency, str(severity), cases, todo, which)
            for deficiency, severity, cases, todo, which in sorted(
                rows(), key=lambda row: (_SEVEREST_FIRST.index(Severity(row[1])), -row[2], row[0])
            )
        ),
    )


def judged(result: AuditResult) -> Table:
    """Return what assessors judged insufficient where no rule found a deficiency."""
    return Table(
        name="judged_insufficient",
        caption="Judged insufficient by an assessor, where no rule found a deficiency",
        columns=(
            _CASE,
            _QUESTION,
            _ASSESSOR,
            _HOLDS_FROM,
            Column(title="Reason", missing="none given"),
        ),
        rows=tuple(
            (one.case, one.question, one.assessor, one.made_on, one.reason)
            for one in result.judged_insufficient
        ),
    )


def due_soon(result: AuditResult) -> Table:
    """Return what will be a deficiency if it is not done in time."""
    return Table(
        name="due_soon",
        caption="Due, and counted for nothing yet",
        columns=(
            _CASE,
            _QUESTION,
            Column(title="Deficiency if not done", kind=_ID),
            Column(title="Due", kind=Kind.DATE),
        ),
        rows=tuple((one.case, one.question, one.deficiency, one.due) for one in result.due_soon),
    )


def missing(result: AuditResult) -> Table:
    """Return what is missing, and in which cases it left a question unanswered."""
    cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in result.not_assessed:
        for what in sorted({gap(missed) for missed in one.gaps}) or [_WANTED]:
            cases[one.question, what].add(one.case)
    return Table(
        name="not_assessed",
        caption="Questions not answered, and what is missing",
        columns=(_QUESTION, Column(title="Missing"), _CASES, Column(title="Which cases")),
        rows=tuple((question, what, len(of), names(of)) for (question, what), of in sorted(cases.items())),
    )


def overrides(result: AuditResult) -> Table:
    """Return the answers that an assessor put in place of the computed ones."""
    return Table(
        name="overrides",
        caption="Answers changed by an assessor",
        columns=(
            _CASE,
            _QUESTION,
            Column(title="Computed", width=0),
            Column(title="Assessor's answer", width=0),
            _ASSESSOR,
            _HOLDS_FROM,
            Column(title="Reason", missing="none given"),
        ),
        rows=tuple(
            (
                one.case,
                one.question,
                in_words(one.computed),
                in_words(one.answer),
                one.assessor,
                one.made_on,
                one.reason or None,
            )
            for one in result.overrides
        ),
    )


def rejected(result: AuditResult) -> Table:
    """Return the records that could not be read, and why."""
    return Table(
        name="rejected",
        caption="Records that could not be read and were not audited",
        columns=(
            Column(title="File"),
            Column(title="Line", kind=Kind.NUMBER, missing="none"),
            Column(title="What", missing="the record"),
            Column(title="Why"),
        ),
        rows=tuple((one.source, one.line, one.path or None, one.reason) for one in result.rejected),
    )


def failed(result: AuditResult) -> Table:
    """Return the cases on which the rules could not be run, and why."""
    return Table(
        name="failed",
        caption="Cases that could not be audited",
        columns=(_CASE, Column(title="Why")),
        rows=tuple((one.case, one.reason) for one in result.failed),
    )


def sample(described: Iterable[SampleCharacteristic]) -> Table:
    """Return how many cases there are by each characteristic."""
    return Table(
        name="sample",
        caption="The sample, by characteristic",
        columns=(
            Column(title="Characteristic"),
            Column(title="Group"),
            Column(title="Cases", kind=Kind.NUMBER, missing=TOO_FEW),
        ),
        rows=tuple(
            (label(characteristic_name(one.by)), group_name(one.by, group.value), group.cases)
            for one in described
            for group in one.groups
        ),
    )


def parameters(manifest: Manifest) -> Table:
    """Return the numbers that the rules used, and where each comes from."""
    return Table(
        name="parameters",
        caption="Numbers that the rules used",
        columns=(
            Column(title="Parameter", kind=_ID),
            Column(title="Value", kind=Kind.NUMBER),
            Column(title="Unit", missing="number", width=0),
            Column(title="In force from", kind=Kind.DATE),
            Column(title="Source"),
        ),
        rows=tuple(
            (name, one.value, None if one.unit == NUMBER else in_words(one.unit), one.start, one.source)
            for name, one in sorted(manifest.parameters.items())
        ),
    )
