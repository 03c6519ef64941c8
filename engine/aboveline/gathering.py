"""What an audit gathers on its way through the records: what the manifest says of them, and what was found."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from aboveline.answers import Answer, QuestionAnswer
from aboveline.breakdowns import Characteristic, Grouping
from aboveline.case import CaseRecord, Rejected
from aboveline.factors import FactorTally
from aboveline.facts import CaseFacts, flatten
from aboveline.problems import Problem
from aboveline.result import CaseAnswers
from aboveline.scoring import Count, Tally

__all__ = ["Found", "ManyAnswers", "Reading"]


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


class Reading:
    """Reads records, and keeps of them what the manifest says of all."""

    def __init__(
        self, records: Iterable[CaseRecord | Rejected], as_of: dt.date, each: Callable[[], None]
    ) -> None:
        self.rejected: list[Problem] = []
        self.digests: list[bytes] = []
        self.judged: set[str] = set()
        self.left_out = 0
        self._records = records
        self._as_of = as_of
        self._each = each

    def __iter__(self) -> Iterator[CaseFacts]:
        """Yield the facts of every case that could be read."""
        for record in self._records:
            if isinstance(record, Rejected):
                self.rejected += record.problems
            else:
                text = record.model_dump_json(exclude_defaults=True)
                self.digests.append(hashlib.sha256(text.encode()).digest())
                facts = flatten(record, self._as_of)
                self.left_out += facts.left_out
                self.judged |= set(facts.judgements)
                yield facts
            self._each()


class Found:
    """What was found: counts of everything, and the answers that are told by themselves."""

    def __init__(self, by: Collection[Characteristic], suppress_below: int, *, keep_answers: bool) -> None:
        self.tally = Tally()
        self.factors = FactorTally()
        self.groups = Grouping(by, suppress_below)
        self.by_case: list[CaseAnswers] = []
        self.answers: list[QuestionAnswer] = []
        self.keep_answers = keep_answers

    def add(self, facts: CaseFacts, of_case: Sequence[QuestionAnswer]) -> None:
        """Take in the answers to one case."""
        self.tally.add(of_case)
        self.factors.add(facts)
        if self.keep_answers:
            by_answer: dict[Answer, list[str]] = {answer: [] for answer in Answer}
            for one in of_case:
                by_answer[one.answer].append(one.question)
            self._list(facts.case, by_answer, {one.question: one.level for one in of_case if one.level})
        self.groups.add(facts, of_case)
        self.answers += [one for one in of_case if _worth_telling(one)]

    def add_sheet(self, sheet: ManyAnswers) -> None:
        """Take in the answers to many cases."""
        self.tally.add_counts(sheet.counts())
        for facts in sheet.cases:
            self.factors.add(facts)
        if self.keep_answers:
            for facts, by_answer, levels in sheet.by_case():
                self._list(facts.case, by_answer, levels)
        self.groups.add_many(sheet.cases, sheet.counts)
        self.answers += sheet.told

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


def _worth_telling(one: QuestionAnswer) -> bool:
    """Tell whether an answer is listed by itself, and not only counted."""
    return (
        one.answer in {Answer.INSUFFICIENT, Answer.NOT_ASSESSED} or one.by == "override" or bool(one.due_soon)
    )
