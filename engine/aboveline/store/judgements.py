"""What assessors said: judgements where a record cannot answer, overrides of computed answers. Never changed, only added to.

When a case is audited they stand in its record beside those that it came with,
and count as those do: the latest by the day it was made, of two on one day the
one that was said last (``aboveline.facts.latest``).
"""

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from aboveline.case import CaseRecord
from aboveline.case.codes import JudgedAnswer
from aboveline.case.judgement import Judgement, Override

from . import cases, trail
from .act import Act, new_id
from .errors import NotFoundError, UnfitError
from .paging import Page, checked, page_of
from .schema import JudgementRow
from .scope import AreaScope

__all__ = ["Kind", "Said", "added", "get", "of_case", "of_cases", "page", "say", "staff_code"]

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")


class Kind(StrEnum):
    """An answer that was wanted, or one in place of the computed one."""

    JUDGEMENT = "judgement"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Said:
    """What an assessor said of a question for a case, and why.

    ``made_on`` is the day from which it holds, ``at`` when it was said, and
    ``audit`` the audit whose answer was judged, where it was one.
    """

    id: str
    case: str
    kind: Kind
    question: str
    answer: JudgedAnswer
    made_on: dt.date
    assessor: str
    reason: str
    at: dt.datetime
    audit: str | None = None


def say(
    session: Session,
    act: Act,
    scope: AreaScope,
    kind: Kind,
    *,
    case: str,
    question: str,
    answer: JudgedAnswer,
    made_on: dt.date,
    reason: str,
    audit: str | None = None,
) -> Said:
    """Keep what an assessor says of a question for a case. What was said before is kept too.

    ``made_on`` is the day it counts from: an audit as at an earlier day leaves it out.
    When it was said is the act's moment. ``audit`` is the audit whose answer is judged.

    Raises:
        NotFoundError: there is no such case in the areas.
        UnfitError: there is no reason, or no question can have such an id.
    """
    cases.hold(session, scope, case)
    said = Said(new_id(act.at), case, kind, question, answer, made_on, act.who, reason.strip(), act.at, audit)
    try:
        _fact(said)
    except ValidationError as error:
        fields = ", ".join(sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]}))
        raise UnfitError(
            f"this cannot be kept ({fields}): give a question's id and a reason of 1 to 2000 characters"
        ) from None
    session.execute(insert(JudgementRow), [_row(said)])
    trail.note(
        session,
        act,
        f"{kind}_made",
        said.id,
        question=question,
        answer=str(answer),
        made_on=made_on.isoformat(),
        audit=audit,
    )
    return said


def get(session: Session, scope: AreaScope, judgement: str) -> Said:
    """Return one judgement or override.

    Raises:
        NotFoundError: there is none in the areas.
    """
    row = session.scalars(select(JudgementRow).where(JudgementRow.id == judgement)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such judgement")
    try:
        cases.require(session, scope, row.case_id)
    except NotFoundError:
        raise NotFoundError("there is no such judgement") from None
    return _said(row)


def of_case(session: Session, scope: AreaScope, case: str) -> tuple[Said, ...]:
    """Return all that was said of a case, in the order in which it was.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    cases.require(session, scope, case)
    return of_cases(session, scope, (case,)).get(case, ())


def of_cases(
    session: Session,
    scope: AreaScope,
    these: Collection[str],
    upto: int | None = None,
    *,
    after: int | None = None,
) -> dict[str, tuple[Said, ...]]:
    """Return all that was said of some cases, after one and up to the last that is to count, in the order in which it was."""
    conditions: list[ColumnElement[bool]] = [JudgementRow.case_id.in_(these)]
    conditions += cases.seen_by(scope, JudgementRow.__table__.c.case_id)
    if upto is not None:
        conditions.append(JudgementRow.seq <= upto)
    if after is not None:
        conditions.append(JudgementRow.seq > after)
    found: dict[str, list[Said]] = defaultdict(list)
    for row in session.scalars(select(JudgementRow).where(*conditions).order_by(JudgementRow.seq)):
        found[row.case_id].append(_said(row))
    return {case: tuple(said) for case, said in found.items()}


def page(
    session: Session,
    scope: AreaScope,
    *,
    kind: Kind | None = None,
    question: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[Said, int]:
    """Return what was said of all cases, the latest first."""
    query = (
        select(JudgementRow)
        .where(*cases.seen_by(scope, JudgementRow.__table__.c.case_id))
        .order_by(JudgementRow.seq.desc())
        .limit(checked(limit))
    )
    if kind is not None:
        query = query.where(JudgementRow.kind == str(kind))
    if question is not None:
        query = query.where(JudgementRow.question == question)
    if after is not None:
        query = query.where(JudgementRow.seq < after)
    return page_of([(row.seq, _said(row)) for row in session.scalars(query)], limit)


def last_said(session: Session) -> int:
    """Return the number of the last judgement or override of any case."""
    return session.scalar(select(func.max(JudgementRow.seq))) or 0


def added(record: CaseRecord, said: Iterable[Said]) -> CaseRecord:
    """Return a case record with what was said of the case added to it, as facts that the engine knows."""
    facts = [_fact(one) for one in said]
    if not facts:
        return record
    return record.model_copy(
        update={
            "judgement": record.judgement + tuple(one for one in facts if isinstance(one, Judgement)),
            "override": record.override + tuple(one for one in facts if isinstance(one, Override)),
        }
    )


def staff_code(user: str) -> str:
    """Return what stands for a user as an assessor in a record: the name itself where it is a code, else a hash of it.

    An identity provider may name a user by an address of theirs, which must not stand in results.
    """
    if _CODE.fullmatch(user):
        return user
    return "user-" + hashlib.sha256(user.encode()).hexdigest()[:16]


def _fact(said: Said) -> Judgement | Override:
    made: type[Judgement | Override] = Judgement if said.kind is Kind.JUDGEMENT else Override
    return made(
        id=said.id,
        question=said.question,
        answer=said.answer,
        made_on=said.made_on,
        assessor=staff_code(said.assessor),
        reason=said.reason,
    )


def _row(said: Said) -> dict[str, Any]:
    return {
        "id": said.id,
        "case_id": said.case,
        "kind": str(said.kind),
        "question": said.question,
        "answer": str(said.answer),
        "made_on": said.made_on,
        "assessor": said.assessor,
        "reason": said.reason,
        "at": said.at,
        "audit_id": said.audit,
    }


def _said(row: JudgementRow) -> Said:
    return Said(
        row.id,
        row.case_id,
        Kind(row.kind),
        row.question,
        JudgedAnswer(row.answer),
        row.made_on,
        row.assessor,
        row.reason,
        row.at,
        row.audit_id,
    )
