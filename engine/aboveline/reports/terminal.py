"""Show the result of an audit in a terminal, for a manager to read.

Percentages come with the numbers behind them. Nothing is told by colour alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from aboveline.answers import in_words
from aboveline.result import AuditResult, FactorScore, Highlight, Listings
from aboveline.rulebook import Severity
from aboveline.scoring import OutcomeScore, QuestionScore

from . import groups
from .parts import MOST_ROWS, heading, more, table
from .words import gap, many, names, percent, percent_range

__all__ = ["show"]

_SEVEREST_FIRST = list(reversed(Severity))


def show(result: AuditResult) -> RenderableType:
    """Return the whole result: scores, what stands out, groups, then findings, what is due soon, unanswered or unread."""
    return Group(*_parts(result))


def _parts(result: AuditResult) -> Iterator[RenderableType]:
    manifest = result.manifest
    answered = sum(q.sufficient + q.insufficient for q in result.questions)
    yield heading(f"Audit of {many(result.cases, 'case')} as at {in_words(manifest.as_of)}")
    yield Text(f"{many(len(result.questions), 'question')}, {answered} answers above or below the line.")
    yield from _standards(result)
    yield _outcomes(result.outcomes)
    yield from _recommendations(result)
    yield from _highlights("Strengths", result.strengths, result.outcomes)
    yield from _highlights("Areas for improvement", result.improvements, result.outcomes)
    yield _questions(result.questions)
    yield from _levels(result.questions)
    yield from _factors(result.factors)
    yield from groups.sample(result)
    yield from groups.breakdowns(result)
    yield from _listed(result.listings) if result.listings else _findings(result)
    yield from _judged(result)
    yield from _due_soon(result)
    yield from _not_assessed(result)
    yield from _overrides(result)
    yield from _notices(result)
    yield from _rejected(result)
    yield from _failed(result)


def _standards(result: AuditResult) -> Iterator[RenderableType]:
    """Yield which standards work was late against. That is no breach of law."""
    used = result.manifest.standards
    if used is None:
        yield Text()
        return
    told = f"Time standards: {used.title} ({used.name}). Late means late against these standards, not a breach of law."
    if not used.in_force:
        until = (
            f"from {in_words(used.start)} to {in_words(used.end)}"
            if used.end
            else f"only from {in_words(used.start)}"
        )
        told += f" They were in force {until}, so not on the day of this audit."
    yield Text(told + "\n")


def _outcomes(outcomes: Iterable[OutcomeScore]) -> Table:
    shown = table(
        "Work above the line, by outcome", "Outcome", "Score", "If every gap is resolved", "Questions"
    )
    for outcome in outcomes:
        shown.add_row(
            outcome.title,
            percent(outcome.score),
            percent_range(outcome.score, outcome.score_range),
            str(outcome.questions),
        )
    return shown


def _recommendations(result: AuditResult) -> Iterator[RenderableType]:
    if not result.recommendations:
        return
    shown = table(
        "Recommendations, those of most cases first",
        "Id",
        "What should be done",
        "Severity",
        "Cases",
        "Falls short",
    )
    for one in result.recommendations:
        short = ", ".join(f"{q.question} {_of(q.sufficient, q.insufficient, q.score)}" for q in one.questions)
        shown.add_row(one.id, one.text, one.severity, str(one.n), short)
    yield shown


def _highlights(
    title: str, highlights: Iterable[Highlight], outcomes: Iterable[OutcomeScore]
) -> Iterator[RenderableType]:
    titles = {outcome.id: outcome.title for outcome in outcomes}
    shown = table(title, "Id", "Question", "Above the line", "Outcome")
    for one in highlights:
        above = _of(one.sufficient, one.insufficient, one.score)
        shown.add_row(one.question, one.title, above, titles[one.outcome])
    if shown.row_count:
        yield shown


def _questions(questions: Iterable[QuestionScore]) -> Table:
    shown = table("Questions", "Id", "Question", "Above the line", "Not applicable", "Not assessed")
    for question in questions:
        n = question.sufficient + question.insufficient
        above = _of(question.sufficient, question.insufficient, question.score) if n else "no answer"
        title = question.title if question.scored else f"{question.title} (not scored)"
        shown.add_row(question.id, title, above, str(question.not_applicable), str(question.not_assessed))
    return shown


def _levels(questions: Iterable[QuestionScore]) -> Iterator[RenderableType]:
    levelled = [question for question in questions if question.levels]
    if not levelled:
        return
    shown = table("Levels of the cases that have an answer", "Id", "Level", "Cases")
    for question in levelled:
        n = question.sufficient + question.insufficient
        counts = [(level.title, level.cases) for level in question.levels]
        for title, cases in [*counts, ("Level not told", question.without_level)]:
            shown.add_row(question.id, title, f"{cases} of {n}")
    yield shown


def _factors(factors: Iterable[FactorScore]) -> Iterator[RenderableType]:
    held = [one for one in factors if one.cases]
    if not held:
        return
    shown = table(
        "Factors related to offending (not scored)",
        "Factor",
        "Cases",
        "Sufficient interventions",
        "Sufficient progress",
        "Work not rated",
        "Progress not recorded",
    )
    for one in held:
        shown.add_row(
            in_words(one.factor),
            str(one.cases),
            f"{one.interventions} of {one.cases} ({one.interventions_percent}%)",
            f"{one.progress} of {one.cases} ({one.progress_percent}%)",
            str(one.interventions_unknown),
            str(one.progress_unknown),
        )
    yield shown
    unknown = max(one.cases_unknown for one in held)
    if unknown:
        yield Text(f"{many(unknown, 'case')} from a source that cannot hold factors may have more of them.\n")


def _findings(result: AuditResult) -> Iterator[RenderableType]:
    counts = Counter(finding.severity for finding in result.findings)
    told = ", ".join(f"{counts[severity]} {severity}" for severity in _SEVEREST_FIRST if counts[severity])
    yield heading(f"{many(len(result.findings), 'finding')}{f' ({told})' if told else ''}")
    shown = table(None, "Case", "Id", "Severity", "Finding", "What to do")
    by_severity = sorted(
        result.findings, key=lambda one: (_SEVEREST_FIRST.index(one.severity), one.case, one.question)
    )
    for finding in by_severity[:MOST_ROWS]:
        shown.add_row(finding.case, finding.deficiency, finding.severity, finding.finding, finding.put_right)
    if result.findings:
        yield shown
    yield from more(len(by_severity), "--format csv")


def _listed(listings: Listings) -> Iterator[RenderableType]:
    """Yield what is in the listings beside the result."""
    counts = listings.severities
    told = ", ".join(f"{counts[severity]} {severity}" for severity in _SEVEREST_FIRST if severity in counts)
    yield heading(f"{many(listings.rows('findings'), 'finding')}{f' ({told})' if told else ''}")
    shown = table("Told case by case, in the listings", "Folder", "Rows", "Files")
    for one in listings.tables:
        shown.add_row(one.name, str(one.rows), str(one.parts))
    yield shown


def _judged(result: AuditResult) -> Iterator[RenderableType]:
    if not result.judged_insufficient:
        return
    shown = table("Judged insufficient by an assessor", "Case", "Id", "Assessor", "Reason")
    for one in result.judged_insufficient[:MOST_ROWS]:
        shown.add_row(one.case, one.question, one.assessor, one.reason or "")
    yield shown
    yield from more(len(result.judged_insufficient), "--format csv --table judged_insufficient")


def _due_soon(result: AuditResult) -> Iterator[RenderableType]:
    if not result.due_soon:
        return
    shown = table(f"{many(len(result.due_soon), 'thing')} due, counted for nothing yet", "Due", "Case", "Id")
    for due in result.due_soon[:MOST_ROWS]:
        shown.add_row(in_words(due.due), due.case, due.deficiency)
    yield shown
    yield from more(len(result.due_soon), "--format csv --table due_soon")


def _not_assessed(result: AuditResult) -> Iterator[RenderableType]:
    if not result.not_assessed:
        return
    gaps: dict[tuple[str, str], set[str]] = {}
    for one in result.not_assessed:
        fields = sorted({gap(missing) for missing in one.gaps}) or ["an assessor's judgement is wanted"]
        for field in fields:
            gaps.setdefault((one.question, field), set()).add(one.case)
    shown = table(
        f"{many(len(result.not_assessed), 'answer')} not given: what is missing", "Id", "Missing", "Cases"
    )
    for (question, field), cases in sorted(gaps.items()):
        shown.add_row(question, field, names(cases))
    yield shown


def _overrides(result: AuditResult) -> Iterator[RenderableType]:
    if not result.overrides:
        return
    shown = table(
        "Answers changed by an assessor", "Case", "Id", "Computed", "Assessor's", "Assessor", "Reason"
    )
    for one in result.overrides:
        shown.add_row(
            one.case, one.question, in_words(one.computed), in_words(one.answer), one.assessor, one.reason
        )
    yield shown


def _notices(result: AuditResult) -> Iterator[RenderableType]:
    if result.manifest.judgements_unused:
        unused = ", ".join(result.manifest.judgements_unused)
        yield Text(f"Judgements of these questions were not used, since no rule asks for them: {unused}.\n")
    if result.manifest.left_out:
        yield Text(
            f"{many(result.manifest.left_out, 'entry', 'entries')} dated after the audit's date left out.\n"
        )


def _rejected(result: AuditResult) -> Iterator[RenderableType]:
    if not result.rejected:
        return
    records = {(one.source, one.line) for one in result.rejected}
    shown = table(
        f"{many(len(records), 'record')} could not be read and were not audited", "Where", "What", "Why"
    )
    for one in result.rejected:
        shown.add_row(f"{one.source}:{one.line}", one.path, one.reason)
    yield shown


def _failed(result: AuditResult) -> Iterator[RenderableType]:
    if not result.failed:
        return
    shown = table(f"{many(len(result.failed), 'case')} could not be audited", "Case", "Why")
    for one in result.failed:
        shown.add_row(one.case, one.reason)
    yield shown


def _of(sufficient: int, insufficient: int, score: int | None) -> str:
    return f"{sufficient} of {sufficient + insufficient} ({score}%)"
