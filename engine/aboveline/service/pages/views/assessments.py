"""Assessors' own answers: a case assessed question by question, two assessors side by side, and both against the engine."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.answers import Answer, QuestionAnswer, in_words
from aboveline.case.base import Record
from aboveline.reports.words import gap, label, many
from aboveline.result import AuditResult
from aboveline.rulebook import Question, Rulebook
from aboveline.service.pages import urls
from aboveline.service.pages.views.audits import evidence
from aboveline.service.pages.views.parts import (
    FieldError,
    Option,
    Pair,
    Table,
    Tag,
    View,
    answer_tag,
    cell,
    columns,
    pair,
    share,
)  # fmt: skip
from aboveline.service.work.in_order import in_order
from aboveline.service.work.self_view import self_view_of

__all__ = [
    "Agreement", "AssessedAnswer", "AssessmentPage", "AssessmentSection", "ModeratedQuestion", "ModerationList", "ModerationPage",
    "ModerationRow", "QuestionAsked", "Section", "SelfViewPage", "agreement_pairs", "assessment_page", "assessment_section",
    "moderation_list", "moderation_page", "self_view",
]  # fmt: skip

_CHOICES = (Answer.SUFFICIENT, Answer.INSUFFICIENT, Answer.NOT_APPLICABLE)


class AssessedAnswer(Record):
    """What an assessor answered so far."""

    answer: Answer
    reason: str | None = None


class Section(Record):
    """A criterion in an assessor's list: how many of its questions are answered."""

    title: str
    href: str
    answered: int
    questions: int
    state: Tag | None


class AssessmentPage(View):
    """The caller's assessment of a case: its sections by stage, in the inspector's order. Finishing it posts no fields."""

    key: str
    pairs: tuple[Pair, ...]
    stages: tuple[tuple[str, tuple[Section, ...]], ...]
    finished: bool
    complete: bool


class QuestionAsked(Record):
    """A question with the engine's answer and evidence beside the fields ``answer-ID`` and ``reason-ID``."""

    id: str
    title: str
    expectation: str
    engine: Tag
    engine_says: tuple[str, ...]
    why: str
    answer: str
    reason: str


class AssessmentSection(View):
    """The questions of a criterion. ``choices`` are the answers; the button's field ``go`` is ``next`` or ``list``."""

    key: str
    case: str
    questions: tuple[QuestionAsked, ...]
    choices: tuple[Option, ...]


class Agreement(Record):
    """How far two assessors agree over ``n`` answers: raw share, Cohen's kappa, and how often each said sufficient.

    ``kappa`` is none where it is not defined: both gave one and the same answer throughout.
    """

    n: int
    agreed: int
    kappa: float | None
    prevalence: tuple[int, int]


class ModerationRow(Record):
    """A case with two assessments."""

    key: str
    case: str
    assessors: tuple[str, str]
    agreement: Agreement
    moderated: bool


class ModerationList(View):
    """The cases that two assessors have assessed, and how far they agree over all."""

    figures: tuple[Pair, ...]
    told: str
    table: Table


class ModeratedQuestion(Record):
    """A question on which two assessors differ, beside the fields ``agreed-ID`` and ``reason-ID``."""

    id: str
    title: str
    first: Tag
    first_reason: str
    second: Tag
    second_reason: str
    engine: Tag
    agreed: str
    reason: str


class ModerationPage(View):
    """Two assessments of a case, with what is to be agreed."""

    key: str
    assessors: tuple[str, str]
    figures: tuple[Pair, ...]
    told: str
    differing: tuple[ModeratedQuestion, ...]
    choices: tuple[Option, ...]
    same: Table


class SelfViewPage(View):
    """How practitioners see their own work, beside what the engine found, over the same cases and questions."""

    audit: str
    told: str
    pairs: tuple[Pair, ...]
    table: Table


def assessment_page(
    key: str, case: str, rulebook: Rulebook, given: Mapping[str, AssessedAnswer], *,
    started: dt.date | None, finished: dt.date | None,
) -> AssessmentPage:  # fmt: skip
    """Build the list of sections of the caller's assessment of a case."""
    stages = []
    for stage, criteria in in_order(rulebook):
        sections = []
        for criterion, questions in criteria:
            answered = sum(one.id in given for one in questions)
            sections.append(
                Section(
                    title=f"{criterion} {rulebook.framework.criteria[criterion]}",
                    href=urls.assessment_section(key, criterion),
                    answered=answered,
                    questions=len(questions),
                    state=None if answered == len(questions) else Tag(text="Not started" if not answered else "In progress", colour="grey" if not answered else "blue"),
                )
            )  # fmt: skip
        stages.append((label(stage), tuple(sections)))
    everything = sum(one.questions for _, sections in stages for one in sections)
    return AssessmentPage(
        title=f"Your assessment of case {case}",
        key=key,
        pairs=(
            pair(
                "Answered",
                f"{sum(one.answered for _, sections in stages for one in sections)} of {many(everything, 'question')}",
            ),
            pair("Started", started or "not started"),
            pair("Finished", finished or "not finished"),
        ),
        stages=tuple(stages),
        finished=finished is not None,
        complete=all(one.answered == one.questions for _, sections in stages for one in sections),
    )


def assessment_section(
    key: str, case: str, criterion: str, rulebook: Rulebook, answers: Sequence[QuestionAnswer],
    given: Mapping[str, AssessedAnswer], values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = (),
) -> AssessmentSection:  # fmt: skip
    """Build the questions of a criterion, filled in with what was saved, or with what was sent.

    Raises:
        KeyError: no section is about that criterion.
    """
    questions = {name: found for _, criteria in in_order(rulebook) for name, found in criteria}[criterion]
    engine = {one.question: one for one in answers}
    sent = values or {}

    def asked(one: Question) -> QuestionAsked:
        saved = given.get(one.id)
        return QuestionAsked(
            id=one.id,
            title=one.title,
            expectation="; ".join(f"{source.document}, {source.paragraph}" for source in one.sources),
            engine=answer_tag(engine[one.id].computed),
            engine_says=_says(engine[one.id]),
            why=urls.case_question(key, one.id),
            answer=sent.get(f"answer-{one.id}", str(saved.answer) if saved else ""),
            reason=sent.get(f"reason-{one.id}", (saved.reason or "") if saved else ""),
        )

    return AssessmentSection(
        title=f"{criterion} {rulebook.framework.criteria[criterion]}",
        errors=tuple(errors),
        key=key,
        case=case,
        questions=tuple(asked(one) for one in questions),
        choices=_choices(),
    )


def _choices() -> tuple[Option, ...]:
    return tuple(Option(value=str(one), text=label(one)) for one in _CHOICES)


def _says(answer: QuestionAnswer) -> tuple[str, ...]:
    if answer.findings:
        return tuple(text for one in answer.findings for text in (one.finding, *evidence(one)))
    if answer.gaps:
        return tuple(f"Missing: {gap(one)}" for one in answer.gaps)
    if answer.computed is Answer.SUFFICIENT and answer.by == "judgement":
        return ("No rule found a shortfall, and an assessor judged the work sufficient.",)
    return {
        Answer.INSUFFICIENT: ("No rule found a shortfall. An assessor judged the work insufficient.",),
        Answer.NOT_ASSESSED: ("The record cannot show this. Your judgement is wanted.",),
        Answer.NOT_APPLICABLE: ("The question is not about this case, by the record.",),
    }.get(answer.computed, ("No shortfall was found in the record.",))


def agreement_pairs(agreement: Agreement) -> tuple[tuple[Pair, ...], str]:
    """Return agreement in figures, each with its n, and a sentence that says how to read them."""
    first, second = agreement.prevalence
    kappa = (
        "not defined: both gave one answer throughout"
        if agreement.kappa is None
        else f"{agreement.kappa:.2f}"
    )
    told = (
        "Kappa is agreement beyond what would come about by chance: 0 is chance, 1 is complete. "
        "Where nearly all answers are the same, kappa is low even if assessors nearly always agree, so read it beside the others."
    )
    return (
        pair("Raw agreement", share(agreement.agreed, agreement.n)),
        pair("Cohen's kappa", f"{kappa} (n = {agreement.n})"),
        pair("First said sufficient", share(first, agreement.n)),
        pair("Second said sufficient", share(second, agreement.n)),
    ), told


def moderation_list(rows: Sequence[ModerationRow], overall: Agreement | None) -> ModerationList:
    """Build the list of cases with two assessments."""
    figures, told = agreement_pairs(overall) if overall else ((), "")
    return ModerationList(
        title="Moderation",
        figures=figures,
        told=told,
        table=Table(
            caption="Cases with two assessments",
            columns=columns("Case", "Assessors", "Raw agreement", "Kappa", "State", numbers=["Kappa"]),
            rows=tuple(
                (
                    cell(one.case, urls.moderation(one.key)),
                    cell(" and ".join(one.assessors)),
                    cell(share(one.agreement.agreed, one.agreement.n)),
                    cell("not defined" if one.agreement.kappa is None else f"{one.agreement.kappa:.2f}"),
                    cell(
                        "",
                        tag=Tag(text="Moderated", colour="green")
                        if one.moderated
                        else Tag(text="To do", colour="blue"),
                    ),
                )
                for one in rows
            ),
            empty="No case has two finished assessments yet.",
        ),
    )


def moderation_page(
    key: str, case: str, assessors: tuple[str, str], rulebook: Rulebook,
    first: Mapping[str, AssessedAnswer], second: Mapping[str, AssessedAnswer], engine: Sequence[QuestionAnswer],
    agreement: Agreement, values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = (),
) -> ModerationPage:  # fmt: skip
    """Build the page on which two assessors' answers to a case are agreed."""
    sent = values or {}
    computed = {one.question: one.computed for one in engine}
    both = [one for one in rulebook.active if one.id in first and one.id in second]
    figures, told = agreement_pairs(agreement)
    return ModerationPage(
        title=f"Moderate case {case}",
        errors=tuple(errors),
        key=key,
        assessors=assessors,
        figures=figures,
        told=told,
        differing=tuple(
            ModeratedQuestion(
                id=one.id,
                title=one.title,
                first=answer_tag(first[one.id].answer),
                first_reason=first[one.id].reason or "",
                second=answer_tag(second[one.id].answer),
                second_reason=second[one.id].reason or "",
                engine=answer_tag(computed[one.id]),
                agreed=sent.get(f"agreed-{one.id}", ""),
                reason=sent.get(f"reason-{one.id}", ""),
            )
            for one in both
            if first[one.id].answer is not second[one.id].answer
        ),
        choices=_choices(),
        same=Table(
            caption="Answered alike",
            columns=columns("Question", "Both", "The engine"),
            rows=tuple(
                (
                    cell(f"{one.id} {one.title}"),
                    cell("", tag=answer_tag(first[one.id].answer)),
                    cell("", tag=answer_tag(computed[one.id])),
                )
                for one in both
                if first[one.id].answer is second[one.id].answer
            ),
            empty="They agree on no question.",
        ),
    )


def self_view(audit: str, result: AuditResult, own: Mapping[str, Mapping[str, Answer]]) -> SelfViewPage:
    """Build the page that sets assessors' answers beside an audit's.

    Args:
        audit: the id of the audit.
        result: what it found, with its answers listed.
        own: assessors' answers, by case and question. Only where both say
            sufficient or insufficient is an answer compared.
    """
    seen = self_view_of(result, own)
    n = seen.overall.compared
    titles = {one.id: one.title for one in result.questions}
    return SelfViewPage(
        title="Self-view against findings",
        audit=audit,
        told=f"{many(seen.cases, 'case')} assessed by practitioners, beside the audit as at {in_words(result.manifest.as_of)}. Only questions are compared to which both gave an answer that counts.",
        pairs=(
            pair("Both say the same", share(seen.overall.same, n)),
            pair("Kinder than the findings", share(seen.overall.kinder, n)),
            pair("Harder than the findings", share(seen.overall.harder, n)),
        ),
        table=Table(
            caption="By question",
            columns=columns("Question", "Self-view: sufficient", "Findings: sufficient", "Same answer"),
            rows=tuple(
                (
                    cell(f"{question} {titles[question]}", urls.audit_question(audit, question)),
                    cell(share(found.own, found.compared)),
                    cell(share(found.found, found.compared)),
                    cell(share(found.same, found.compared)),
                )
                for question, found in seen.questions
            ),
            empty="No question has both answers yet.",
        ),
    )  # fmt: skip
