"""The findings of a part of a caseload, by columns: what ``answers`` words one by one, worded for all cases at once.

Matches of a deficiency that would read alike in a case are one finding, on the
evidence of all of them, as there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aboveline.answers import Answer
from aboveline.backends.columnar import Numbers
from aboveline.rulebook import Deficiency, Rulebook
from aboveline.sheets import PLACES, Found, QuestionColumn

from .slots import Slots

__all__ = ["Worded", "word_findings"]

NOT_DUE = np.iinfo(np.int64).min
"""Stands where a finding has no due date: before all days, as ``answers`` sorts them."""


@dataclass(frozen=True)
class Worded:
    """Findings of one deficiency, a place each, in the order of cases, due dates and words.

    ``evidence`` is pairs of a finding (its place here) and a row of a kind's
    table, by kind, in no order, and the same pair perhaps more than once.
    """

    question: str
    deficiency: Deficiency
    case: Numbers
    due: Numbers
    finding: Numbers
    put_right: Numbers
    texts: Sequence[str]
    evidence: Sequence[tuple[str, Numbers, Numbers]]


def word_findings(column: QuestionColumn, rulebook: Rulebook) -> Iterator[Worded]:
    """Yield the findings of a question, deficiency by deficiency, in the order of their ids."""
    insufficient = PLACES[Answer.INSUFFICIENT]
    told = (column.answer == insufficient) & (column.computed == insufficient)
    if not told.any():
        return
    slots = Slots(column.marks, rulebook)
    for deficiency in sorted(column.question.deficiencies, key=lambda one: one.id):
        late: list[tuple[Found, Numbers]] = []
        for found in column.marks.of(column.question.id, deficiency.id):
            which = told[found.bound.case] & found.which(certain=True)
            if which.any():
                late.append((found, np.flatnonzero(which)))
        if late:
            yield _worded(column.question.id, deficiency, late, slots)


def _worded(
    question: str, deficiency: Deficiency, late: Sequence[tuple[Found, Numbers]], slots: Slots
) -> Worded:
    """Word the matches of a deficiency, and put together what reads alike."""
    texts = _Texts()
    cases, dues, findings, rights = [], [], [], []
    for found, rows in late:
        cases.append(found.bound.case[rows])
        due = slots.due(found, rows)
        dues.append(np.full(len(rows), NOT_DUE) if due is None else due)
        findings.append(texts.of(*slots.fill(deficiency.finding, found, rows, due)))
        rights.append(texts.of(*slots.fill(deficiency.put_right, found, rows, due)))
    case, due = np.concatenate(cases), np.concatenate(dues)
    finding, right = texts.ranked(np.concatenate(findings)), texts.ranked(np.concatenate(rights))
    days, day = np.unique(due, return_inverse=True)
    many = len(texts)
    alike = ((case * len(days) + day) * many + finding) * many + right
    _, first, place = np.unique(alike, return_index=True, return_inverse=True)
    evidence = []
    begin = 0
    for found, rows in late:
        of_match = place[begin : begin + len(rows)]
        begin += len(rows)
        evidence += [
            (kind, of_match, bound[rows])
            for kind, bound in zip(found.bound.kinds, found.bound.rows, strict=True)
            if kind != "audit"
        ]
    return Worded(
        question, deficiency, case[first], due[first], finding[first], right[first], texts.sorted, evidence
    )


class _Texts:
    """Numbers texts, and then ranks them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, places: Numbers, words: Iterable[str]) -> Numbers:
        """Return the numbers of texts, which stand in places among words."""
        numbers = np.array([self._numbers.setdefault(word, len(self._numbers)) for word in words], np.int64)
        return numbers[places]

    @property
    def sorted(self) -> list[str]:
        return sorted(self._numbers)

    def ranked(self, numbers: Numbers) -> Numbers:
        """Return the places of texts among all, sorted."""
        ranks = np.zeros(len(self._numbers), np.int64)
        for rank, text in enumerate(self.sorted):
            ranks[self._numbers[text]] = rank
        return ranks[numbers]
