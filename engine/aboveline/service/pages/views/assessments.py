"""An assessor's own answers to a case, question by question in the inspector's order, beside those of the engine."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.answers import Answer, QuestionAnswer, in_words
from aboveline.case.base import Record
from aboveline.reports.words import gap, label, many
from aboveline.rulebook import Question, Rulebook
from aboveline.service.pages import urls
from aboveline.service.pages.views.audits import evidence
from aboveline.service.pages.views.parts import FieldError, Option, Pair, Tag, View, answer_tag, pair
from aboveline.service.work.in_order import in_order

__all__ = [
    "CHOICES", "AssessedAnswer", "AssessmentPage", "AssessmentSection", "QuestionAsked", "Section",
    "assessment_page", "assessment_section", "engine_told",
]  # fmt: skip

CHOICES = tuple(
    Option(value=str(one), text=label(one))
    for one in (Answer.SUFFICIENT, Answer.INSUFFICIENT, Answer.NOT_APPLICABLE)
)
"""The answers that an assessor can give."""


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
    engine_told: str
    questions: tuple[QuestionAsked, ...]
    choices: tuple[Option, ...]


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
    given: Mapping[str, AssessedAnswer], values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = (), *,
    as_of: dt.date, audit: str | None = None,
) -> AssessmentSection:  # fmt: skip
    """Build the questions of a criterion, filled in with what was saved, or with what was sent.

    ``as_of`` is the day as at which the engine answered, in ``audit`` where it was one.

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
            why=urls.audit_case_question(audit, key, one.id) if audit else urls.case_question(key, one.id),
            answer=sent.get(f"answer-{one.id}", str(saved.answer) if saved else ""),
            reason=sent.get(f"reason-{one.id}", (saved.reason or "") if saved else ""),
        )

    return AssessmentSection(
        title=f"{criterion} {rulebook.framework.criteria[criterion]}",
        errors=tuple(errors),
        key=key,
        case=case,
        engine_told=engine_told(as_of, audited=audit is not None),
        questions=tuple(asked(one) for one in questions),
        choices=CHOICES,
    )


def engine_told(as_of: dt.date, *, audited: bool) -> str:
    """Say as at which day the engine's answers are that stand beside those of assessors."""
    why = "the day of the latest audit" if audited else "today: no audit of this case is done yet"
    return f"The engine's answers are as at {in_words(as_of)}, {why}."


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
