"""A criterion of an audit with its questions, and a question with its cases and the evidence for each finding."""

from aboveline.answers import Finding, in_words
from aboveline.case.base import Record
from aboveline.reports.words import gap, label, many, percent, percent_range
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook
from aboveline.scoring import QuestionScore
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import (
    Cell,
    KeyOf,
    Link,
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
)

__all__ = [
    "CriterionPage",
    "FindingShown",
    "QuestionPage",
    "criterion_page",
    "evidence",
    "question_page",
    "shown_finding",
]


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
