"""Tell one by one the answers of a sheet that have something to say of themselves, as ``answers`` tells them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aboveline.answers import Answer, Answering, QuestionAnswer
from aboveline.backends import Match
from aboveline.backends.columnar import ColumnarBackend, Run, Tables, facts_of, tables_of
from aboveline.facts import CaseFacts
from aboveline.rulebook import Rulebook
from aboveline.scoring import Count

from .cases import columns_of
from .column import QuestionColumn
from .sheet import Sheet, fill_sheet

__all__ = ["ToldSheet", "answer_sheet"]


@dataclass(frozen=True)
class ToldSheet:
    """A sheet with its cases. ``told`` are the answers told by themselves, in no order that means anything."""

    cases: Sequence[CaseFacts]
    sheet: Sheet
    told: Sequence[QuestionAnswer]

    def counts(self, places: Sequence[int] | None = None) -> Iterator[Count]:
        """Count the answers of all cases, or of those in some places."""
        return self.sheet.counts(None if places is None else np.array(places, np.int64))

    def by_case(self) -> Iterable[tuple[CaseFacts, Mapping[Answer, Sequence[str]], dict[str, str]]]:
        """Yield each case with the questions that have each answer, and the levels that it is at."""
        return ((case, *answers) for case, answers in zip(self.cases, self.sheet.by_case(), strict=True))


def answer_sheet(
    cases: Sequence[CaseFacts], backend: ColumnarBackend, rulebook: Rulebook, tables: Tables | None = None
) -> ToldSheet:
    """Answer every active question for cases, all as at one date.

    Args:
        cases: the cases, of which ``tables``, where they are given, have the facts.
        backend: the rules, compiled.
        rulebook: the rules that they were compiled from.
        tables: the cases' facts as columns; made here where they are not given.
    """
    run = Run(backend.plan, tables_of(cases, backend.plan.reads) if tables is None else tables)
    sheet = fill_sheet(columns_of(cases), run, rulebook)
    answering = [Answering(case, rulebook) for case in cases]
    return ToldSheet(cases, sheet, [one for column in sheet.columns for one in _told(column, answering)])


def _told(column: QuestionColumn, answering: Sequence[Answering]) -> Iterator[QuestionAnswer]:
    """Yield every answer that is told by itself, as what answers each case has it."""
    told = column.told
    matches: dict[int, list[Match]] = {place: [] for place in np.flatnonzero(told).tolist()}
    for found in column.found():
        which = told[found.bound.case]
        if which.any():
            for place, facts in facts_of(found.bound.take(which), column.marks.run.tables):
                matches[place].append(Match(found.clause, facts))
    for place, of_case in matches.items():
        yield answering[place].answer(column.question, of_case)
