"""Explain an answer: the step of the answer order that decided, the trace, and what would alter it."""

import datetime as dt
from dataclasses import replace

from aboveline.answers import ANSWERED, Answer, QuestionAnswer, in_words
from aboveline.audit import Auditor
from aboveline.case import CaseRecord
from aboveline.case.judgement import Judgement, Override
from aboveline.problems import InputError, Problem
from aboveline.rulebook import Question, Rulebook
from aboveline.rulebook.clauses import APPLIES, EXCEPT, level_part
from aboveline.rulebook.language import Status

from . import words
from .holds import Reading
from .model import Asked, Change, DecidedBy, Explanation, PartShown, Said
from .nearest import nearest_changes
from .shown import gaps_in_words, show_part
from .trace import trace
from .traced import TracedPart

__all__ = ["explain"]


def explain(record: CaseRecord, question_id: str, rulebook: Rulebook, as_of: dt.date) -> Explanation:
    """Say why a question has its answer for a case as at a date.

    Raises:
        InputError: there is no such question, or it is not one that is audited.
        BackendError: the rules could not be run on the case.
    """
    question = rulebook.question(question_id)
    if question.status is not Status.ACTIVE:
        reason = f"{question.id} is {question.status}: only an active question has answers to explain"
        raise InputError([Problem(question.path, question.line, "status", reason)])
    alone = replace(rulebook, questions=(question,))
    auditor = Auditor(alone, as_of)
    facts = auditor.facts(record)
    (answer,) = auditor.answer(facts)
    reading = Reading(question, alone, as_of)
    traced = trace(reading, facts)
    parts = tuple(show_part(part, reading) for part in traced)
    decided_by = _decided_by(answer, traced, question)
    judgement = _said(facts.judgements.get(question.id)) if question.judged else None
    override = _said(facts.overrides.get(question.id))
    levels = {level_part(level.id) for level in question.levels}
    deciding = tuple(part for part in traced if part.part not in levels)
    changes = nearest_changes(record, answer, deciding, reading, auditor)
    return Explanation(
        case=record.case,
        as_of=as_of,
        question=_asked(question),
        answer=answer,
        decided_by=decided_by,
        reason=_reason(decided_by, answer, parts, judgement),
        level=_level(answer, question),
        judgement=judgement,
        override=override,
        parts=parts,
        changes=changes,
        outlook=_outlook(decided_by, answer, changes, override),
        put_right=tuple(dict.fromkeys(finding.put_right for finding in answer.findings)),
    )


def _asked(question: Question) -> Asked:
    return Asked(
        id=question.id,
        title=question.title,
        sources=tuple(f"{source.document}, {source.paragraph}" for source in question.sources),
        known_gaps=question.known_gaps,
    )


def _said(one: Judgement | Override | None) -> Said | None:
    if one is None:
        return None
    return Said(answer=Answer(str(one.answer)), assessor=one.assessor, made_on=one.made_on, reason=one.reason)


def _decided_by(answer: QuestionAnswer, traced: tuple[TracedPart, ...], question: Question) -> DecidedBy:
    """Return the first step of the answer order that holds."""
    match answer.computed:
        case Answer.NOT_APPLICABLE:
            excused = next(part for part in traced if part.part == EXCEPT).truth
            return DecidedBy.EXCEPT if excused else DecidedBy.APPLIES
        case Answer.INSUFFICIENT if answer.findings:
            return DecidedBy.DEFICIENCY
        case Answer.NOT_ASSESSED:
            return DecidedBy.GAP if answer.gaps else DecidedBy.JUDGEMENT_WANTED
    return DecidedBy.JUDGEMENT if question.judged else DecidedBy.NO_DEFICIENCY


def _reason(
    decided_by: DecidedBy, answer: QuestionAnswer, parts: tuple[PartShown, ...], judgement: Said | None
) -> str:
    """Say in a sentence or two what decided the computed answer."""
    said = {part.part: part.said for part in parts}
    match decided_by:
        case DecidedBy.EXCEPT:
            return said[EXCEPT]
        case DecidedBy.APPLIES:
            return said[APPLIES]
        case DecidedBy.DEFICIENCY:
            return (
                f"{said[APPLIES]} {' '.join(dict.fromkeys(finding.finding for finding in answer.findings))}"
            )
        case DecidedBy.GAP:
            return f"What is not recorded would decide the answer: {gaps_in_words(answer.gaps)}."
        case DecidedBy.JUDGEMENT_WANTED:
            return "No deficiency is past its due date. An assessor's judgement is wanted, and nobody has judged it."
        case DecidedBy.JUDGEMENT if judgement:
            when = in_words(judgement.made_on)
            return (
                "No deficiency is past its due date, so the assessor's judgement decides: "
                f"{judgement.assessor} judged it {in_words(judgement.answer)} on {when}."
            )
    soon = (
        words.joined(f"{due.deficiency} by {in_words(due.due)}" for due in answer.due_soon)
        if answer.due_soon
        else ""
    )
    return f"{said[APPLIES]} No deficiency is past its due date{f'; due soon: {soon}' if soon else ''}."


def _level(answer: QuestionAnswer, question: Question) -> str | None:
    """Say which level the case is at, or why that is not told; nothing where there is no answer to have a level."""
    if not question.levels or answer.answer not in ANSWERED:
        return None
    if answer.level_gaps:
        return f"Not told: it turns on {gaps_in_words(answer.level_gaps)}."
    if answer.answer is not answer.computed:
        return "Not told: it was overridden, and the level would be of the computed answer."
    return next((level.title for level in question.levels if level.id == answer.level), "None of them holds.")


def _outlook(
    decided_by: DecidedBy, answer: QuestionAnswer, changes: tuple[Change, ...], override: Said | None
) -> str:
    """Say what the changes are of, or that none was found."""
    told = []
    if override:
        told.append("The override stands whatever the record shows; this is about the computed answer.")
    if decided_by is DecidedBy.JUDGEMENT_WANTED:
        told.append("An assessor's judgement would answer this question.")
    if decided_by is DecidedBy.JUDGEMENT:
        told.append("Another judgement by an assessor would alter this answer.")
    if not changes:
        # Of a sufficient answer, two changes together are not looked for.
        many = "single" if answer.computed is Answer.SUFFICIENT else "single or double"
        told.append(f"No {many} change to the record was found that alters the answer.")
    elif any(finding.due for finding in answer.findings):
        told.append("The due date has passed. This is what the record would have had to show:")
    else:
        told.append("Each of these was tried on a copy of the record:")
    return " ".join(told)
