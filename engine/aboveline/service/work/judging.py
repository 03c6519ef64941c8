"""An assessor's answer to a question of a case: the judgement that was wanted, or another in place of the computed one.

An answer holds from a day. Given to what an audit found, that is the audit's day
unless an earlier one is named, so that it is said of this audit and of every
later one; given to a case as it stands, it is today. When it was said is kept
beside it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from aboveline.answers import Answer, QuestionAnswer, in_words
from aboveline.case import CaseRecord
from aboveline.case.codes import JudgedAnswer
from aboveline.explain import Explanation
from aboveline.store import Act, AreaScope, UnfitError, audits, judgements
from aboveline.store.as_audited import record_as_audited

from .answering import Answered, explain_record, question_of, record_of
from .auditing import Asked
from .desk import Desk, rules_of
from .judged import need_rules, since
from .today import today_of

__all__ = [
    "Standing",
    "explain_as_judged",
    "explain_in_audit",
    "is_no_change",
    "judge",
    "keep",
    "record_in_audit",
    "say",
    "wrong_day",
]

_LATER = "another answer holds from {}: give that day or a later one"


@dataclass(frozen=True)
class Standing:
    """An answer that can be judged: to which question of which case, as at which day, and since when another stands in its place."""

    case: str
    question: str
    as_of: dt.date
    answer: QuestionAnswer
    overridden_from: dt.date | None

    @classmethod
    def explained(cls, one: Explanation) -> Self:
        """Return an answer as it was explained."""
        overridden = one.override.made_on if one.override else None
        return cls(one.case, one.question.id, one.as_of, one.answer, overridden)

    @classmethod
    def answered(cls, found: Answered, question: str) -> Self:
        """Return an answer as a case was answered."""
        override = found.facts.overrides.get(question)
        (answer,) = (one for one in found.answers if one.question == question)
        return cls(found.facts.case, question, found.as_of, answer, override.made_on if override else None)


def judge(
    desk: Desk,
    act: Act,
    scope: AreaScope,
    case: str,
    question: str,
    answer: JudgedAnswer,
    reason: str,
    *,
    holds_from: dt.date | None = None,
    audit: str | None = None,
) -> judgements.Said:
    """Keep an assessor's answer with its reason. The computed one is kept beside it.

    Args:
        desk: what work is done with.
        act: who judges, and when.
        scope: the areas of whoever judges.
        case: the case.
        question: the question.
        answer: the answer.
        reason: why.
        holds_from: the day from which it holds; the audit's, or today, where none is named.
        audit: the audit whose answer is judged, where it is one.

    Raises:
        NotFoundError: there is no such case, or audit, in the areas, or no such question is asked.
        ConflictError: the audit was done by other rules.
        UnfitError: it is the computed answer, the day cannot be, or there is no reason.
    """
    if audit is not None:
        explained, _ = explain_in_audit(desk, scope, audit, case, question)
    else:
        explained, _ = explain_as_judged(desk, scope, case, question, holds_from)
    return say(desk, act, scope, explained, answer, reason, holds_from=holds_from, audit=audit)


def explain_as_judged(
    desk: Desk, scope: AreaScope, case: str, question: str, as_of: dt.date | None = None
) -> tuple[Explanation, str | None]:
    """Say why a question has its answer for a case as it is kept, today or as at a day before; and the case's area.

    Raises:
        NotFoundError: there is no such case in the areas, or no such question is asked.
    """
    question_of(rules_of(), question)
    today = today_of(desk.clock)
    with desk.database.reading() as session:
        record, area = record_of(session, scope, case)
    return explain_record(record, question, min(as_of or today, today)), area


def explain_in_audit(
    desk: Desk, scope: AreaScope, audit: str, case: str, question: str
) -> tuple[Explanation, str | None]:
    """Say why a question has its answer for a case in an audit, with what was said since; and the case's area.

    Raises:
        NotFoundError: there is no such audit in the areas, the case was not in it, or no such question is asked.
        ConflictError: it is not done, or was done by other rules.
    """
    question_of(rules_of(), question)
    record, area, one = record_in_audit(desk, scope, audit, case)
    return explain_record(record, question, one.as_of, Asked.of(one).standards), area


def record_in_audit(
    desk: Desk, scope: AreaScope, audit: str, case: str
) -> tuple[CaseRecord, str | None, audits.Audit]:
    """Return a case as an audit read it, with what was said since, its area, and the audit.

    Raises:
        NotFoundError: there is no such audit in the areas, or the case was not in it.
        ConflictError: it is not done, or was done by other rules.
    """
    with desk.database.reading() as session:
        one = audits.get(session, scope, audit)
        need_rules(one)
        record, area = record_as_audited(session, scope, audit, case)
        said = since(session, scope, audit).of_case(case)
    return judgements.added(record, said), area, one


def say(
    desk: Desk,
    act: Act,
    scope: AreaScope,
    explained: Explanation,
    answer: JudgedAnswer,
    reason: str,
    *,
    holds_from: dt.date | None = None,
    audit: str | None = None,
) -> judgements.Said:
    """Keep an assessor's answer to a question that was explained as it stands.

    Raises:
        NotFoundError: there is no such case in the areas.
        UnfitError: it is the computed answer, the day cannot be, another answer holds from a later one, or there is no reason.
    """
    until = explained.as_of if audit is not None else today_of(desk.clock)
    with desk.database.begin() as session:
        return keep(
            session,
            act,
            scope,
            Standing.explained(explained),
            answer,
            reason,
            holds_from=holds_from or explained.as_of,
            until=until,
            audit=audit,
        )


def keep(
    session: Session,
    act: Act,
    scope: AreaScope,
    standing: Standing,
    answer: JudgedAnswer,
    reason: str,
    *,
    holds_from: dt.date,
    until: dt.date,
    audit: str | None = None,
) -> judgements.Said:
    """Keep an assessor's answer. No other of its kind may hold from a later day up to ``until``: this one would count for nothing.

    Raises:
        NotFoundError: there is no such case in the areas.
        UnfitError: it is the computed answer, the day cannot be, another answer holds from a later one, or there is no reason.
    """
    if wrong := wrong_day(standing, holds_from):
        raise UnfitError(wrong)
    if is_no_change(standing, answer):
        raise UnfitError("this is the computed answer: nothing needs to be said in its place")
    # Where a judgement was wanted and none is there, this is it; anywhere else it stands in place of an answer.
    wanted = (
        question_of(rules_of(), standing.question).judged
        and standing.answer.computed is Answer.NOT_ASSESSED
        and not standing.answer.gaps
        and standing.overridden_from is None
    )
    kind = (
        judgements.Kind.JUDGEMENT
        if wanted and answer is not JudgedAnswer.NOT_APPLICABLE
        else judgements.Kind.OVERRIDE
    )
    for one in judgements.of_case(session, scope, standing.case):
        if one.kind is kind and one.question == standing.question and holds_from < one.made_on <= until:
            raise UnfitError(_LATER.format(in_words(one.made_on)))
    return judgements.say(
        session,
        act,
        scope,
        kind,
        case=standing.case,
        question=standing.question,
        answer=answer,
        made_on=holds_from,
        reason=reason,
        audit=audit,
    )


def is_no_change(standing: Standing, answer: JudgedAnswer) -> bool:
    """Tell whether an answer is what was computed, and nobody had put another in its place."""
    return str(answer) == str(standing.answer.computed) and standing.overridden_from is None


def wrong_day(standing: Standing, holds_from: dt.date) -> str | None:
    """Return why an answer cannot hold from a day, or none where it can."""
    if holds_from > standing.as_of:
        return f"the day must be {in_words(standing.as_of)} or before: later, it would not be said of this answer"
    if standing.overridden_from is not None and standing.overridden_from > holds_from:
        return _LATER.format(in_words(standing.overridden_from))
    return None
