"""The answers of many cases to all questions, counted and listed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aboveline.answers import Answer
from aboveline.backends.columnar import Numbers, Run
from aboveline.rulebook import Rulebook
from aboveline.scoring import Count

from .cases import ANSWERS, PLACES, CaseColumns
from .column import NO_LEVEL, QuestionColumn
from .marks import Marks

__all__ = ["ANSWERS", "PLACES", "Sheet", "fill_sheet"]


@dataclass(frozen=True)
class Sheet:
    """The answers of many cases, a column for each question."""

    cases: CaseColumns
    columns: Sequence[QuestionColumn]

    def counts(self, places: Numbers | None = None) -> Iterator[Count]:
        """Count the answers of all cases, or of those in some places."""
        which: slice | Numbers = slice(None) if places is None else places
        for column in self.columns:
            names = [level.id for level in column.question.levels]
            each = column.answer[which]
            for place, answer in enumerate(ANSWERS):
                of_answer = each == place
                for level, name in enumerate([None, *names], NO_LEVEL):
                    at = of_answer if column.level is None else of_answer & (column.level[which] == level)
                    if many := int(np.count_nonzero(at)):
                        yield Count(column.question.id, answer, name, many)

    def by_case(self) -> Iterator[tuple[dict[Answer, tuple[str, ...]], dict[str, str]]]:
        """Yield for each case the questions that have each answer, and the levels that it is at."""
        answers = np.zeros((self.cases.many, 0), np.int8)
        if self.columns:
            answers = np.stack([column.answer for column in self.columns], axis=1)
        ids = np.array([column.question.id for column in self.columns], np.object_)
        levels = [(column.question, column.level) for column in self.columns if column.level is not None]
        for place, row in enumerate(answers):
            yield (
                {answer: tuple(ids[row == number].tolist()) for number, answer in enumerate(ANSWERS)},
                {q.id: q.levels[level[place]].id for q, level in levels if level[place] != NO_LEVEL},
            )


def fill_sheet(cases: CaseColumns, run: Run, rulebook: Rulebook) -> Sheet:
    """Answer every active question for cases, by what a run finds of their facts."""
    marks = Marks(cases, run)
    return Sheet(cases, [QuestionColumn(question, marks, rulebook) for question in rulebook.active])
