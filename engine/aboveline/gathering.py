"""What is kept of the cases of an audit while it goes on: counts, and the answers that are told one by one.

What two processes gathered of different cases can be put together, in any order.
"""

import hashlib
from collections.abc import Collection, Iterable

from aboveline.answers import Answer, QuestionAnswer
from aboveline.breakdowns import Characteristic, Grouping
from aboveline.case import CaseRecord
from aboveline.factors import FactorTally
from aboveline.facts import CaseFacts
from aboveline.result import CaseAnswers, FailedCase
from aboveline.scoring import Tally

__all__ = ["Gathering"]


class Gathering:
    """Cases as they were audited, and those that could not be."""

    def __init__(self, by: Collection[Characteristic], suppress_below: int, *, keep_answers: bool) -> None:
        self.tally = Tally()
        self.factors = FactorTally()
        self.groups = Grouping(by, suppress_below)
        self.by_case: list[CaseAnswers] = []
        self.answers: list[QuestionAnswer] = []
        self.digests: list[bytes] = []
        self.left_out = 0
        self.judged: set[str] = set()
        self.failed: list[FailedCase] = []
        self._keep_answers = keep_answers

    def add(self, record: CaseRecord, facts: CaseFacts, answers: tuple[QuestionAnswer, ...]) -> None:
        """Keep what is wanted of a case and its answers."""
        self.digests.append(hashlib.sha256(record.model_dump_json(exclude_defaults=True).encode()).digest())
        self.left_out += facts.left_out
        self.judged |= set(facts.judgements)
        self.tally.add(answers)
        self.factors.add(facts)
        if self._keep_answers:
            self.by_case.append(_listed(facts.case, answers))
        self.groups.add(facts, answers)
        self.answers += [one for one in answers if _worth_telling(one)]

    def fail(self, case: str, reason: str) -> None:
        """Keep that a case could not be audited. It counts for nothing else."""
        self.failed.append(FailedCase(case=case, reason=reason))

    def merge(self, other: "Gathering") -> None:
        """Take over what was gathered of other cases."""
        self.tally.merge(other.tally)
        self.factors.merge(other.factors)
        self.groups.merge(other.groups)
        self.by_case += other.by_case
        self.answers += other.answers
        self.digests += other.digests
        self.left_out += other.left_out
        self.judged |= other.judged
        self.failed += other.failed

    @property
    def cases(self) -> int:
        """How many cases were audited."""
        return len(self.digests)


def _listed(case: str, answers: Iterable[QuestionAnswer]) -> CaseAnswers:
    by_answer: dict[Answer, list[str]] = {answer: [] for answer in Answer}
    levels: dict[str, str] = {}
    for one in answers:
        by_answer[one.answer].append(one.question)
        if one.level:
            levels[one.question] = one.level
    return CaseAnswers(
        case=case,
        sufficient=tuple(by_answer[Answer.SUFFICIENT]),
        insufficient=tuple(by_answer[Answer.INSUFFICIENT]),
        not_assessed=tuple(by_answer[Answer.NOT_ASSESSED]),
        levels=levels,
    )


def _worth_telling(one: QuestionAnswer) -> bool:
    """Tell whether an answer is listed by itself, and not only counted."""
    return (
        one.answer in {Answer.INSUFFICIENT, Answer.NOT_ASSESSED} or one.by == "override" or bool(one.due_soon)
    )
