"""What is kept of the cases of an audit while it goes on: counts, and the answers that are told one by one.

What two processes gathered of different cases can be put together, in any order.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from aboveline.answers import Answer, QuestionAnswer
from aboveline.backends.columnar import Standing, Truths
from aboveline.breakdowns import Characteristic, Grouping, groups_standing
from aboveline.case import CaseRecord, digest_of
from aboveline.factors import FactorTally
from aboveline.factors_standing import count_factors
from aboveline.facts import CaseFacts
from aboveline.listings import ListedPart
from aboveline.result import CaseAnswers, FailedCase
from aboveline.scoring import Count, Tally
from aboveline.sheets import QuestionColumn, Sheet, judged_standing
from aboveline.shortfalls import Shortfalls

__all__ = ["Gathering", "ManyAnswers"]


class ManyAnswers(Protocol):
    """The answers to many cases: counted, listed case by case, and some told by themselves."""

    @property
    def cases(self) -> Sequence[CaseFacts]:
        """The cases."""
        ...

    @property
    def told(self) -> Sequence[QuestionAnswer]:
        """The answers that are told by themselves."""
        ...

    def counts(self, places: Sequence[int] | None = None) -> Iterable[Count]:
        """Count the answers of all cases, or of those in some places."""
        ...

    def by_case(self) -> Iterable[tuple[CaseFacts, Mapping[Answer, Sequence[str]], dict[str, str]]]:
        """Yield each case with the questions that have each answer, and the levels that it is at."""
        ...


class Gathering:
    """Cases as they were audited, and those that could not be."""

    def __init__(
        self,
        by: Collection[Characteristic],
        suppress_below: int,
        *,
        keep_answers: bool,
        keep_told: bool = True,
    ) -> None:
        self.tally = Tally()
        self.factors = FactorTally()
        self.groups = Grouping(by, suppress_below)
        self.by_case: list[CaseAnswers] = []
        self.answers: list[QuestionAnswer] = []
        self.shortfalls = Shortfalls()
        self.listed: list[ListedPart] = []
        self.cases = 0
        self.digests: list[bytes] = []
        self.left_out = 0
        self.judged: set[str] = set()
        self.failed: list[FailedCase] = []
        self._keep_answers = keep_answers
        self._keep_told = keep_told

    def add(self, record: CaseRecord, facts: CaseFacts, answers: tuple[QuestionAnswer, ...]) -> None:
        """Keep what is wanted of a case and its answers."""
        self._read(digest_of(record), facts)
        self.left_out += facts.left_out
        self.tally.add(answers)
        if self._keep_answers:
            by_answer: dict[Answer, list[str]] = {answer: [] for answer in Answer}
            for one in answers:
                by_answer[one.answer].append(one.question)
            self._list(facts.case, by_answer, {one.question: one.level for one in answers if one.level})
        self.groups.add(facts, answers)
        self.shortfalls.add(answers)
        if self._keep_told:
            self.answers += [one for one in answers if _worth_telling(one)]

    def add_many(self, digests: Iterable[bytes], left_out: int, answers: ManyAnswers) -> None:
        """Keep what is wanted of many cases and their answers.

        Args:
            digests: the digest of each case's record, in the order of the cases.
            left_out: how much of the records had not happened by the day of the audit.
            answers: the cases and their answers.
        """
        for digest, facts in zip(digests, answers.cases, strict=True):
            self._read(digest, facts)
        self.left_out += left_out
        self.tally.add_counts(answers.counts())
        if self._keep_answers:
            for facts, by_answer, levels in answers.by_case():
                self._list(facts.case, by_answer, levels)
        self.groups.add_many(answers.cases, answers.counts)
        self.shortfalls.add(answers.told)
        self.answers += answers.told

    def add_standing(self, standing: Standing, sheet: Sheet) -> None:
        """Count cases as they stand in columns and were answered. Nothing of them is kept to be told one by one.

        Digests and judgements that were not read are those that the manifest of the packed folder tells of.
        """
        self.cases += standing.many
        if standing.chunk.read_for is None:
            self.digests += standing.chunk.cases["digest"].to_pylist()
            self.judged |= judged_standing(standing)
        self.left_out += standing.left_out
        self.factors.add_counts(count_factors(standing))
        self.tally.add_counts(sheet.counts())
        self.groups.add_groups(lambda one: groups_standing(one, standing), sheet.counts)
        self.shortfalls.add_part(_short(column) for column in sheet.columns)

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
        self.shortfalls.merge(other.shortfalls)
        self.listed += other.listed
        self.cases += other.cases
        self.digests += other.digests
        self.left_out += other.left_out
        self.judged |= other.judged
        self.failed += other.failed

    def _read(self, digest: bytes, facts: CaseFacts) -> None:
        self.cases += 1
        self.digests.append(digest)
        self.judged |= set(facts.judgements)
        self.factors.add(facts)

    def _list(self, case: str, by_answer: Mapping[Answer, Sequence[str]], levels: dict[str, str]) -> None:
        self.by_case.append(
            CaseAnswers(
                case=case,
                sufficient=tuple(by_answer[Answer.SUFFICIENT]),
                insufficient=tuple(by_answer[Answer.INSUFFICIENT]),
                not_assessed=tuple(by_answer[Answer.NOT_ASSESSED]),
                levels=levels,
            )
        )


def _short(column: QuestionColumn) -> tuple[str, Truths, dict[str, int], int]:
    """Return which cases fall short on a question, and in how many of them each deficiency, and none, was found."""
    short = column.is_answered(Answer.INSUFFICIENT)
    found = {name: many for name, many in column.deficiencies(short).items() if many}
    return column.question.id, short, found, int(np.count_nonzero(short & ~column.deficient))


def _worth_telling(one: QuestionAnswer) -> bool:
    """Tell whether an answer is listed by itself, and not only counted."""
    return (
        one.answer in {Answer.INSUFFICIENT, Answer.NOT_ASSESSED} or one.by == "override" or bool(one.due_soon)
    )
