"""Audits: the list, the form that starts one, one in progress, one that is done, its criteria and its questions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum

from aboveline.answers import Finding, in_words
from aboveline.breakdowns import Characteristic
from aboveline.case.base import Record
from aboveline.reports.groups import characteristic_name, group_name
from aboveline.reports.words import gap, label, many, percent, percent_range
from aboveline.result import AuditResult, Breakdown
from aboveline.rulebook import Rulebook
from aboveline.rulebook.standards import DEFAULT_STANDARDS
from aboveline.scoring import Average, QuestionScore
from aboveline.service.pages import urls
from aboveline.service.pages.views.charts import IntervalChart, interval_chart
from aboveline.service.pages.views.dashboard import outcome_scores, outcome_table
from aboveline.service.pages.views.judged import JudgedPart
from aboveline.service.pages.views.parts import (
    Cell,
    Colour,
    FieldError,
    KeyOf,
    Link,
    Option,
    Pager,
    Pair,
    Table,
    Tag,
    View,
    cell,
    columns,
    of_n,
    page_of,
    pair,
    severity_tag,
    share,
)  # fmt: skip

__all__ = [
    "AuditList", "AuditPage", "AuditProgress", "AuditStart", "AuditState", "AuditSummary", "CriterionPage", "FindingShown",
    "QuestionPage", "audit_list", "audit_page", "audit_progress", "audit_start", "criterion_page", "evidence", "question_page", "shown_finding",
]  # fmt: skip

_EXPORTS = (
    ("html", "Report (web page)"), ("pdf", "Report (PDF)"), ("xlsx", "Every table (Excel)"),
    ("csv", "Findings (CSV)"), ("json", "The whole result (JSON)"),
)  # fmt: skip


class AuditState(StrEnum):
    """How far an audit has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_STATES: Mapping[AuditState, Colour] = {
    AuditState.QUEUED: "grey", AuditState.RUNNING: "blue", AuditState.DONE: "green",
    AuditState.FAILED: "red", AuditState.CANCELLED: "grey",
}  # fmt: skip


class AuditSummary(Record):
    """An audit in a list."""

    id: str
    as_of: dt.date
    areas: tuple[str, ...]
    state: AuditState
    started_by: str
    started_at: dt.datetime
    cases: int | None


class AuditList(View):
    """Every audit that the caller may see, newest first."""

    table: Table
    pager: Pager


class AuditStart(View):
    """The form that starts an audit: fields ``as_of-day``, ``-month``, ``-year``, ``areas``, ``standards``, ``average``, ``by``."""

    areas: tuple[Option, ...]
    standards: tuple[Option, ...]
    averages: tuple[Option, ...]
    characteristics: tuple[Option, ...]
    values: dict[str, str]
    chosen_areas: tuple[str, ...]
    chosen_by: tuple[str, ...]
    date: dict[str, str]


class AuditProgress(View):
    """An audit that is not done. The page asks for itself again after ``refresh`` seconds, where that is not none."""

    id: str
    state: Tag
    told: str
    done: int
    total: int | None
    refresh: int | None
    pairs: tuple[Pair, ...]


class AuditPage(View):
    """What an audit found: outcomes, criteria, groups, and its downloads."""

    id: str
    pairs: tuple[Pair, ...]
    chart: IntervalChart
    outcomes: Table
    criteria: Table
    recommendations: Table
    groups: tuple[Table, ...]
    groups_told: str
    problems: Table | None
    exports: tuple[Link, ...]
    exports_told: str
    more: tuple[Link, ...]
    judged: JudgedPart | None = None


class CriterionPage(View):
    """A criterion: its score and its questions."""

    audit: str
    told: str
    table: Table


class FindingShown(Record):
    """A finding with its evidence, as a person reads it."""

    case: Link
    severity: Tag
    finding: str
    put_right: str
    due: str | None
    evidence: tuple[str, ...]
    why: Link


class QuestionPage(View):
    """A question: how it came out, and the cases that fall short with the evidence for each, a page at a time."""

    audit: str
    question: str
    pairs: tuple[Pair, ...]
    findings: tuple[FindingShown, ...]
    pager: Pager
    judged: Table | None
    not_assessed: Table
    rule: str
    since: Table | None = None


def audit_list(audits: Sequence[AuditSummary], page: int = 1) -> AuditList:
    """Build the list of audits."""
    shown, pager = page_of(audits, page, urls.AUDITS)
    return AuditList(
        title="Audits",
        table=Table(
            caption="Audits, newest first",
            columns=columns("As at", "Areas", "State", "Cases", "Started", numbers=["Cases"]),
            rows=tuple(
                (
                    cell(one.as_of, urls.audit(one.id)),
                    cell(", ".join(one.areas)),
                    cell("", tag=Tag(text=label(one.state), colour=_STATES[one.state])),
                    cell("" if one.cases is None else one.cases),
                    cell(_moment(one.started_at), note=f"by {one.started_by}"),
                )
                for one in shown
            ),
            empty="No audit has been started for your areas.",
        ),
        pager=pager,
    )


def audit_start(
    areas: Mapping[str, str], rulebook: Rulebook, today: dt.date,
    values: Mapping[str, str] | None = None, chosen_areas: Sequence[str] | None = None,
    chosen_by: Sequence[str] = (Characteristic.GENDER,), errors: Sequence[FieldError] = (),
) -> AuditStart:  # fmt: skip
    """Build the form that starts an audit, filled in with what was sent where something was. ``areas`` has what each is called."""
    given = dict(values or {})
    return AuditStart(
        title="Start an audit",
        errors=tuple(errors),
        areas=tuple(Option(value=value, text=text) for value, text in areas.items()),
        standards=tuple(
            Option(value=one.name, text=one.title, hint=one.description) for one in rulebook.packs.values()
        ),
        averages=(
            Option(
                value=Average.QUESTIONS,
                text="its questions",
                hint="The default: each question weighs the same",
            ),
            Option(value=Average.CRITERIA, text="its criteria", hint="Each criterion weighs the same"),
        ),
        characteristics=tuple(
            Option(value=str(one), text=label(characteristic_name(one))) for one in Characteristic
        ),
        values={"standards": DEFAULT_STANDARDS, "average": str(Average.QUESTIONS)} | given,
        chosen_areas=tuple([next(iter(areas))] if chosen_areas is None and areas else chosen_areas or ()),
        chosen_by=tuple(str(one) for one in chosen_by),
        date={
            part: given.get(f"as_of-{part}", str(getattr(today, part))) for part in ("day", "month", "year")
        },
    )


def audit_progress(
    summary: AuditSummary, done: int, total: int | None, *, reason: str | None = None
) -> AuditProgress:
    """Build the page of an audit that is queued, running, failed or cancelled."""
    going = summary.state in {AuditState.QUEUED, AuditState.RUNNING}
    counted = (
        f"{done} of {many(total, 'case')} audited."
        if total is not None
        else f"{many(done, 'case')} audited so far."
    )
    told = {
        AuditState.QUEUED: "The audit is waiting to be started. You can leave this page: it goes on without you.",
        AuditState.RUNNING: f"{counted} You can leave this page: it goes on without you.",
        AuditState.FAILED: reason or "The audit could not be completed. Nothing was lost: start it again.",
        AuditState.CANCELLED: "The audit was stopped.",
        AuditState.DONE: counted,
    }[summary.state]
    return AuditProgress(
        title={AuditState.FAILED: "The audit failed", AuditState.CANCELLED: "The audit was stopped"}.get(
            summary.state, "The audit is in progress"
        ),
        id=summary.id,
        state=Tag(text=label(summary.state), colour=_STATES[summary.state]),
        told=told,
        done=done,
        total=total,
        refresh=5 if going else None,
        pairs=(
            pair("As at", summary.as_of),
            pair("Areas", ", ".join(summary.areas)),
            pair("Started", f"{_moment(summary.started_at)} by {summary.started_by}"),
        ),
    )


def audit_page(summary: AuditSummary, result: AuditResult, *, may_name: bool = False) -> AuditPage:
    """Build the page of an audit that is done. ``may_name`` says whether to offer files with the ids of cases."""
    manifest = result.manifest
    return AuditPage(
        title=f"Audit as at {in_words(manifest.as_of)}",
        id=summary.id,
        pairs=(
            pair("Cases", result.cases),
            pair("Areas", ", ".join(summary.areas)),
            pair("Standards", manifest.standards.title if manifest.standards else "those of the rulebook"),
            pair("An outcome's score", f"the average of its {manifest.average}"),
            pair("Started", f"{_moment(summary.started_at)} by {summary.started_by}"),
            pair("Rules", manifest.rulebook[:12]),
        ),
        chart=interval_chart("Work above the line, by outcome", outcome_scores(result)),
        outcomes=outcome_table(result),
        criteria=_criteria(summary.id, result),
        recommendations=Table(
            caption="Recommendations",
            columns=columns("Recommendation", "Severity", "Cases", numbers=["Cases"]),
            rows=tuple(
                (
                    cell(
                        f"{one.id}. {one.text}",
                        note="Because of " + ", ".join(q.question for q in one.questions),
                    ),
                    cell("", tag=severity_tag(one.severity)),
                    cell(len(one.cases)),
                )
                for one in result.recommendations
            ),
            empty="No recommendation is called for.",
        ),
        groups=tuple(table for one in result.breakdowns if (table := _groups(one, result)).rows),
        groups_told=(
            f"Numbers below {manifest.suppress_below} are not shown, nor are those that they could be worked out from."
            if manifest.suppress_below
            else "Small numbers are shown. Take care who sees them."
        ),
        problems=_problems(result),
        exports=tuple(
            Link(text=text + said, href=urls.audit_export(summary.id, form) + query)
            for said, query in (("", ""), *([(", with ids of cases", "?cases=ids")] if may_name else []))
            for form, text in _EXPORTS
        ),
        exports_told="A pseudonym stands for each case, the same in every file, unless the file says that it has ids.",
        more=(
            Link(text="Assessors' answers beside these", href=urls.audit_self_view(summary.id)),
            Link(text="Compare with another audit", href=urls.COMPARE),
        ),
    )


def criterion_page(audit: str, result: AuditResult, criterion: str) -> CriterionPage:
    """Build the page of a criterion.

    Raises:
        KeyError: the audit has no such criterion.
    """
    found = {one.id: one for one in result.criteria}[criterion]
    questions = [one for one in result.questions if criterion in one.criteria]
    n = sum(one.sufficient + one.insufficient for one in questions if one.scored)
    moved = percent_range(found.score, found.score_range)
    return CriterionPage(
        title=f"{found.id} {found.title}",
        audit=audit,
        told=f"Score: {percent(found.score)}, the average of {many(found.questions, 'question')} with {many(n, 'answer')}."
        + (f" Gaps in the record could move it to {moved}." if moved else ""),
        table=Table(
            caption="Questions",
            columns=columns("Question", "Sufficient", "95% interval", "Not applicable", "Not assessed", numbers=["Not applicable", "Not assessed"]),
            rows=tuple(_question_row(audit, one) for one in questions),
        ),
    )  # fmt: skip


def question_page(
    audit: str, result: AuditResult, question: str, rulebook: Rulebook, key_of: KeyOf, page: int = 1
) -> QuestionPage:
    """Build the page of a question.

    Raises:
        KeyError: the audit has no such question.
    """
    score = {one.id: one for one in result.questions}[question]
    n = score.sufficient + score.insufficient
    address = urls.audit_question(audit, question)
    findings, pager = page_of([one for one in result.findings if one.question == question], page, address)
    titles = {
        deficiency.id: deficiency
        for one in rulebook.active
        if one.id == question
        for deficiency in one.deficiencies
    }
    judged = [one for one in result.judged_insufficient if one.question == question]
    return QuestionPage(
        title=f"{question} {score.title}",
        audit=audit,
        question=question,
        pairs=(
            pair("Sufficient", share(score.sufficient, n, score.score)),
            *([pair("95% interval", of_n(score.sufficient, n))] if n else []),
            *(
                [pair("Range over gaps in the record", moved)]
                if (moved := percent_range(score.score, score.score_range))
                else []
            ),
            pair("Not applicable", many(score.not_applicable, "case")),
            pair("Not assessed", many(score.not_assessed, "case")),
            *([pair("Judged insufficient", many(len(judged), "case"))] if judged else []),
            pair("Counts to the score", score.scored),
            *(pair(f"{level.title}", many(level.cases, "case")) for level in score.levels),
            pair("What was looked for", ", ".join(titles) or "an assessor's judgement"),
        ),
        findings=tuple(shown_finding(one, audit, key_of) for one in findings),
        pager=pager,
        judged=_said(audit, result, question, key_of),
        not_assessed=Table(
            caption="Not assessed",
            columns=columns("Case", "What is missing"),
            rows=tuple(
                (
                    cell(one.case, urls.audit_case(audit, key_of(one.case))),
                    cell("; ".join(map(gap, one.gaps)) or "an assessor's judgement is wanted"),
                )
                for one in result.not_assessed
                if one.question == question
            ),
            empty="Every case that the question is about was assessed.",
        ),
        rule=urls.rule(question),
    )


def shown_finding(finding: Finding, audit: str, key_of: KeyOf) -> FindingShown:
    """Return a finding as a person reads it."""
    key = key_of(finding.case)
    return FindingShown(
        case=Link(text=finding.case, href=urls.audit_case(audit, key)),
        severity=severity_tag(finding.severity),
        finding=finding.finding,
        put_right=finding.put_right,
        due=in_words(finding.due) if finding.due else None,
        evidence=evidence(finding),
        why=Link(text="Why", href=urls.audit_case_question(audit, key, finding.question)),
    )


def evidence(finding: Finding) -> tuple[str, ...]:
    """Return what a finding rests on, a line for each fact."""
    return tuple(
        f"{label(one.kind)}: "
        + "; ".join(
            f"{in_words(name)} {in_words(value)}" for name, value in one.fields.items() if name != "id"
        )
        if set(one.fields) - {"id"}
        else label(one.kind)
        for one in finding.evidence
    )


def _said(audit: str, result: AuditResult, question: str, key_of: KeyOf) -> Table | None:
    """Return what assessors said of a question: insufficient where no rule found it, or other than was computed."""
    said = [
        (one.case, one.assessor, "judged insufficient", one.reason or "")
        for one in result.judged_insufficient
        if one.question == question
    ]
    said += [
        (one.case, one.assessor, f"{in_words(one.answer)} in place of {in_words(one.computed)}", one.reason)
        for one in result.overrides
        if one.question == question
    ]
    if not said:
        return None
    return Table(
        caption="Said by assessors",
        columns=columns("Case", "Assessor", "Answer", "Reason"),
        rows=tuple(
            (cell(case, urls.audit_case(audit, key_of(case))), cell(assessor), cell(answer), cell(reason))
            for case, assessor, answer, reason in sorted(said)
        ),
    )


def _question_row(audit: str, one: QuestionScore) -> tuple[Cell, ...]:
    n = one.sufficient + one.insufficient
    return (
        cell(
            f"{one.id} {one.title}",
            urls.audit_question(audit, one.id),
            note=None if one.scored else "not part of a score",
        ),
        cell(share(one.sufficient, n, one.score)),
        cell(of_n(one.sufficient, n)),
        cell(one.not_applicable),
        cell(one.not_assessed),
    )


def _criteria(audit: str, result: AuditResult) -> Table:
    answers = {
        one.id: sum(
            q.sufficient + q.insufficient for q in result.questions if q.scored and one.id in q.criteria
        )
        for one in result.criteria
    }
    return Table(
        caption="Criteria",
        columns=columns("Criterion", "Score", "Made of", "Range over gaps in the record", numbers=["Score"]),
        rows=tuple(
            (
                cell(f"{one.id} {one.title}", urls.audit_criterion(audit, one.id)),
                cell(percent(one.score)),
                cell(f"{many(answers[one.id], 'answer')} to {many(one.questions, 'question')}"),
                cell(percent_range(one.score, one.score_range) or "none"),
            )
            for one in result.criteria
        ),
    )


def _groups(breakdown: Breakdown, result: AuditResult) -> Table:
    titles = [one.title for one in result.outcomes]
    return Table(
        caption=f"By {characteristic_name(breakdown.by)}",
        columns=columns("Group", "Cases", *titles, numbers=["Cases"]),
        rows=tuple(
            (
                cell(label(group_name(breakdown.by, group.value))),
                cell("too few to show" if group.cases is None else group.cases),
                *(
                    cell(
                        percent(one.score),
                        note=many(one.questions, "question") if one.score is not None else None,
                    )
                    for one in group.outcomes
                ),
            )
            for group in breakdown.groups
        ),
    )


def _problems(result: AuditResult) -> Table | None:
    rows = [(cell(one.case), cell("could not be audited"), cell(one.reason)) for one in result.failed]
    rows += [
        (cell("a record" if one.line is None else f"line {one.line}"), cell(one.path), cell(one.reason))
        for one in result.rejected
    ]
    if not rows:
        return None
    return Table(caption="Left out of this audit", columns=columns("What", "Where", "Why"), rows=tuple(rows))


def _moment(moment: dt.datetime) -> str:
    return f"{in_words(moment.date())} at {moment:%H:%M}"
