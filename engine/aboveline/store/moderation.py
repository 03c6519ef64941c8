"""Two assessors on one case: where they agree, where they differ, and what was settled.

Of each case the two assessments that were begun first and are handed in are
compared, on the questions that both answered. The first assessor of a pair is
the one whose name comes first, in every case alike.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from aboveline.agreement import Agreement, agreement
from aboveline.case.codes import JudgedAnswer
from aboveline.case.judgement import QuestionId

from . import cases, trail
from .act import Act, new_id
from .assessments import Assessment, AssessmentState, handed_in, of_case
from .errors import UnfitError
from .schema import ModerationRow
from .scope import AreaScope

__all__ = [
    "Compared",
    "Moderation",
    "Pair",
    "QuestionAgreement",
    "Settled",
    "compare",
    "moderation",
    "settle",
    "settled",
]

LONGEST_REASON = 2000
_QUESTION: TypeAdapter[str] = TypeAdapter(QuestionId)


@dataclass(frozen=True, slots=True)
class Compared:
    """A question of a case as each of two assessors answered it; none where one did not."""

    question: str
    first: JudgedAnswer | None
    second: JudgedAnswer | None

    @property
    def differs(self) -> bool:
        """Whether both answered, and not the same."""
        return self.first is not None and self.second is not None and self.first is not self.second


@dataclass(frozen=True, slots=True)
class Pair:
    """Two assessments of a case, question by question."""

    case: str
    first: str
    second: str
    questions: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """How far assessors agree on a question over all cases."""

    question: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Moderation:
    """How far assessors agree, over all and by question, those that differ most first; and the pairs it was counted from."""

    agreement: Agreement
    questions: tuple[QuestionAgreement, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a moderator settled for a question of a case, and why."""

    id: str
    case: str
    question: str
    answer: JudgedAnswer
    reason: str
    moderator: str
    at: dt.datetime


def moderation(session: Session, scope: AreaScope, case: str | None = None) -> Moderation:
    """Return how far assessors agree: on one case, or on all that two have assessed.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    found = handed_in(session, scope) if case is None else of_case(session, scope, case)
    return compare(found)


def compare(assessments: Iterable[Assessment]) -> Moderation:
    """Compare the assessments that are handed in."""
    by_case: dict[str, list[Assessment]] = defaultdict(list)
    for one in assessments:
        if one.state is AssessmentState.HANDED_IN:
            by_case[one.case].append(one)
    pairs = tuple(_pair(case, some) for case, some in sorted(by_case.items()) if len(some) > 1)
    said: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in pairs:
        for both in pair.questions:
            if both.first is not None and both.second is not None:
                said[both.question].append((str(both.first), str(both.second)))
    questions = [QuestionAgreement(question, agreement(pairs)) for question, pairs in sorted(said.items())]
    questions.sort(key=lambda one: one.agreement.raw or 0)
    return Moderation(
        agreement(both for some in said.values() for both in some),
        tuple(questions),
        pairs,
    )


def settle(
    session: Session,
    act: Act,
    scope: AreaScope,
    *,
    case: str,
    question: str,
    answer: JudgedAnswer,
    reason: str,
) -> Settled:
    """Keep what was settled for a question. Both assessments stay as they are.

    The answer that counts in an audit is a judgement or an override: see ``judgements.say``.

    Raises:
        NotFoundError: there is no such case in the areas.
        UnfitError: there is no reason, or it is too long, or no question can have such an id.
    """
    cases.hold(session, scope, case)
    try:
        _QUESTION.validate_python(question)
    except ValidationError:
        raise UnfitError("a question has an id such as CP-01") from None
    if not 0 < len(reason := reason.strip()) <= LONGEST_REASON:
        raise UnfitError(f"give a reason of 1 to {LONGEST_REASON} characters")
    made = Settled(new_id(act.at), case, question, answer, reason, act.who, act.at)
    session.execute(
        insert(ModerationRow),
        [
            {
                "id": made.id,
                "case_id": case,
                "question": question,
                "answer": str(answer),
                "reason": reason,
                "moderator": act.who,
                "at": act.at,
            }
        ],
    )
    trail.note(session, act, "moderation_settled", made.id, question=question, answer=str(answer))
    return made


def settled(session: Session, scope: AreaScope, case: str) -> tuple[Settled, ...]:
    """Return all that was settled for a case, in order; the latest of a question holds.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    cases.require(session, scope, case)
    query = select(ModerationRow).where(ModerationRow.case_id == case).order_by(ModerationRow.seq)
    return tuple(
        Settled(
            row.id, row.case_id, row.question, JudgedAnswer(row.answer), row.reason, row.moderator, row.at
        )
        for row in session.scalars(query)
    )


def _pair(case: str, assessments: list[Assessment]) -> Pair:
    begun_first = sorted(assessments, key=lambda one: one.id)[:2]
    first, second = sorted(begun_first, key=lambda one: one.assessor)
    questions = sorted(first.answers.keys() | second.answers.keys())
    return Pair(
        case,
        first.assessor,
        second.assessor,
        tuple(Compared(q, first.answers.get(q), second.answers.get(q)) for q in questions),
    )
