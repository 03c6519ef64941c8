"""Answer one case live: its record as it is kept, with what assessors said of it, as at a day."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from sqlalchemy.orm import Session

from aboveline.answers import QuestionAnswer
from aboveline.audit import Auditor
from aboveline.case import CaseRecord
from aboveline.explain import Explanation, explain
from aboveline.facts import CaseFacts
from aboveline.rulebook import DEFAULT_STANDARDS, Question, Rulebook
from aboveline.store import AreaScope, NotFoundError, caseload, cases

from .desk import Desk, rules_of

__all__ = ["Answered", "answer_record", "case_of", "explain_record", "question_of", "record_of"]

_lock = Lock()


@dataclass(frozen=True)
class Answered:
    """A case with its answers as at a day, by some rules."""

    facts: CaseFacts
    answers: tuple[QuestionAnswer, ...]
    rulebook: Rulebook
    as_of: dt.date


def case_of(desk: Desk, key: str) -> str:
    """Return the id of the case that a key stands for.

    Raises:
        NotFoundError: it stands for none.
    """
    case = desk.keys.case(key)
    if case is None:
        raise NotFoundError("there is no such case")
    return case


def record_of(session: Session, scope: AreaScope, case: str) -> tuple[CaseRecord, str | None]:
    """Return the record of a case with what was said of it, and its area.

    Raises:
        NotFoundError: there is no such case in the areas.
    """
    stored = cases.get(session, scope, case)
    return caseload.record(session, scope, case), stored.stored.area


def answer_record(record: CaseRecord, as_of: dt.date, standards: str = DEFAULT_STANDARDS) -> Answered:
    """Answer every question for a case.

    Raises:
        BackendError: the rules could not be run on the case.
    """
    auditor = _auditor(as_of, standards)
    with _lock:  # durable_rules keeps what a case has said so far in the rules themselves
        facts = auditor.facts(record)
        answers = auditor.answer(facts)
    return Answered(facts, answers, auditor.rulebook, as_of)


def explain_record(
    record: CaseRecord, question: str, as_of: dt.date, standards: str = DEFAULT_STANDARDS
) -> Explanation:
    """Say why a question has its answer for a case.

    Raises:
        NotFoundError: no such question is asked.
        BackendError: the rules could not be run on the case.
    """
    rulebook = rules_of(standards)
    question_of(rulebook, question)
    return explain(record, question, rulebook, as_of)


def question_of(rulebook: Rulebook, question: str) -> Question:
    """Return a question that is asked.

    Raises:
        NotFoundError: no such question is asked.
    """
    for one in rulebook.active:
        if one.id == question:
            return one
    raise NotFoundError("there is no such question")


@lru_cache(maxsize=16)
def _auditor(as_of: dt.date, standards: str) -> Auditor:
    return Auditor(rules_of(standards), as_of)
