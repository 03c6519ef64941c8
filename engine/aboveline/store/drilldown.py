"""From a score to the cases behind it: the answers, findings and gaps of an audit, in pages, and counted."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from aboveline.answers import Answer, Finding
from aboveline.result import NotAssessed

from .audits import get
from .paging import Page, checked, page_of
from .schema import AuditAnswerRow, AuditFindingRow, AuditGapRow, AuditQuestionRow
from .scope import AreaScope

__all__ = [
    "CaseAnswer",
    "Only",
    "answers",
    "count_answers",
    "count_findings",
    "count_gaps",
    "findings",
    "gaps",
]


@dataclass(frozen=True, slots=True)
class Only:
    """What to look at: what is none makes no difference. ``deficiency`` and ``severity`` are of findings, ``answer`` is of answers."""

    case: str | None = None
    question: str | None = None
    criterion: str | None = None
    outcome: str | None = None
    deficiency: str | None = None
    severity: str | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """The answer to a question for a case. Where a case has none to a question, the question is not applicable."""

    case: str
    question: str
    answer: Answer
    level: str | None


ALL = Only()
Told = TypeVar("Told", Finding, NotAssessed)


def answers(
    session: Session,
    scope: AreaScope,
    audit: str,
    only: Only = ALL,
    *,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> Page[CaseAnswer, tuple[str, str]]:
    """Return answers after one of a case and question, in the order of cases and questions.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    get(session, scope, audit)
    case, question = AuditAnswerRow.case_id, AuditAnswerRow.question
    query = (
        select(AuditAnswerRow).where(*_of_answers(audit, only)).order_by(case, question).limit(checked(limit))
    )
    if after is not None:
        query = query.where((case > after[0]) | ((case == after[0]) & (question > after[1])))
    found = [
        (
            (row.case_id, row.question),
            CaseAnswer(row.case_id, row.question, Answer(row.answer), row.level),
        )
        for row in session.scalars(query)
    ]
    return page_of(found, limit)


def findings(
    session: Session,
    scope: AreaScope,
    audit: str,
    only: Only = ALL,
    *,
    after: int | None = None,
    limit: int = 50,
) -> Page[Finding, int]:
    """Return findings, with their evidence, in the order of the audit's result.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    get(session, scope, audit)
    number, text = AuditFindingRow.number, AuditFindingRow.finding
    return _numbered(session, Finding, number, text, _of_findings(audit, only), after, limit)


def gaps(
    session: Session,
    scope: AreaScope,
    audit: str,
    only: Only = ALL,
    *,
    after: int | None = None,
    limit: int = 50,
) -> Page[NotAssessed, int]:
    """Return questions that could not be answered for a case, in the order of the audit's result.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    get(session, scope, audit)
    number, text = AuditGapRow.number, AuditGapRow.gap
    return _numbered(session, NotAssessed, number, text, _of_gaps(audit, only), after, limit)


def count_answers(session: Session, scope: AreaScope, audit: str, only: Only = ALL) -> dict[Answer, int]:
    """Return how many answers there are of each kind that is listed.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    get(session, scope, audit)
    query = (
        select(AuditAnswerRow.answer, func.count())
        .where(*_of_answers(audit, only))
        .group_by(AuditAnswerRow.answer)
    )
    found = dict(session.execute(query).all())
    return {answer: found.get(str(answer), 0) for answer in Answer if answer is not Answer.NOT_APPLICABLE}


def count_findings(session: Session, scope: AreaScope, audit: str, only: Only = ALL) -> int:
    """Return how many findings there are.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    get(session, scope, audit)
    return _count(session, AuditFindingRow.number, _of_findings(audit, only))


def count_gaps(session: Session, scope: AreaScope, audit: str, only: Only = ALL) -> int:
    """Return how many questions of cases could not be answered.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    get(session, scope, audit)
    return _count(session, AuditGapRow.number, _of_gaps(audit, only))


def _numbered(
    session: Session,
    model: type[Told],
    number: InstrumentedAttribute[int],
    text: InstrumentedAttribute[str],
    where: list[ColumnElement[bool]],
    after: int | None,
    limit: int,
) -> Page[Told, int]:
    """Return what stands as JSON in rows after a number, in the order of the numbers."""
    query = select(number, text).where(*where).order_by(number)
    if after is not None:
        query = query.where(number > after)
    rows = session.execute(query.limit(checked(limit)))
    return page_of([(n, model.model_validate_json(told)) for n, told in rows], limit)


def _count(session: Session, number: InstrumentedAttribute[int], where: list[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count(number)).where(*where)) or 0


def _of_answers(audit: str, only: Only) -> list[ColumnElement[bool]]:
    where = [AuditAnswerRow.audit_id == audit]
    where += _belonging(audit, AuditAnswerRow.case_id, AuditAnswerRow.question, only)
    if only.answer is not None:
        where.append(AuditAnswerRow.answer == str(only.answer))
    return where


def _of_findings(audit: str, only: Only) -> list[ColumnElement[bool]]:
    where = [AuditFindingRow.audit_id == audit]
    where += _belonging(audit, AuditFindingRow.case_id, AuditFindingRow.question, only)
    if only.deficiency is not None:
        where.append(AuditFindingRow.deficiency == only.deficiency)
    if only.severity is not None:
        where.append(AuditFindingRow.severity == only.severity)
    return where


def _of_gaps(audit: str, only: Only) -> list[ColumnElement[bool]]:
    return [
        AuditGapRow.audit_id == audit,
        *_belonging(audit, AuditGapRow.case_id, AuditGapRow.question, only),
    ]


def _belonging(
    audit: str, case: InstrumentedAttribute[str], question: InstrumentedAttribute[str], only: Only
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if only.case is not None:
        where.append(case == only.case)
    if only.question is not None:
        where.append(question == only.question)
    if only.criterion is not None or only.outcome is not None:
        questions = select(AuditQuestionRow.question).where(AuditQuestionRow.audit_id == audit)
        if only.criterion is not None:
            questions = questions.where(AuditQuestionRow.criterion == only.criterion)
        if only.outcome is not None:
            questions = questions.where(AuditQuestionRow.outcome == only.outcome)
        where.append(question.in_(questions))
    return where
