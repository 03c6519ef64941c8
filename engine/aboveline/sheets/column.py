"""One question, answered for every case: what ``answers`` decides of one case, for a column of them."""

from collections.abc import Iterator

import numpy as np

from aboveline.answers import ANSWERED, Answer
from aboveline.backends.columnar import Truths
from aboveline.rulebook import Question, Rulebook
from aboveline.rulebook.clauses import APPLIES, EXCEPT, level_part

from .cases import PLACES, Places
from .marks import Found, Marks

__all__ = ["NO_LEVEL", "QuestionColumn"]

NO_LEVEL = -1

_ABOVE_OR_BELOW = [PLACES[answer] for answer in ANSWERED]


_APPLIES_ALONE = 1


def _decided(*, judged: bool) -> Places:
    """Return the answer for each set of what holds, in the order of ``answers``: applies 1, gaps 2, insufficient 4, excused 8."""
    otherwise = Answer.NOT_ASSESSED if judged else Answer.SUFFICIENT
    first = (
        (8, Answer.NOT_APPLICABLE),
        (4, Answer.INSUFFICIENT),
        (2, Answer.NOT_ASSESSED),
        (_APPLIES_ALONE, otherwise),
    )
    found = [
        next((answer for bit, answer in first if which & bit), Answer.NOT_APPLICABLE) for which in range(16)
    ]
    return np.array([PLACES[answer] for answer in found], np.int8)


_DECIDED = {judged: _decided(judged=judged) for judged in (False, True)}


class QuestionColumn:
    """A question and every case.

    ``computed`` has the answers before any override, ``answer`` after; ``level``
    the place of each case's level among the question's, where it has any;
    ``soon`` which cases have something that is due soon.
    """

    def __init__(self, question: Question, marks: Marks, rulebook: Rulebook) -> None:
        self.question = question
        self.marks = marks
        self._rulebook = rulebook
        self._parts: dict[str, tuple[Truths, Truths, Truths]] = {}
        self._opens: dict[str, Truths] = {}
        self.applies = self.holds(APPLIES)
        self.excused = self.holds(EXCEPT)
        self.late, self.soon = np.zeros((2, marks.cases.many), np.bool_)
        for deficiency in question.deficiencies:
            now, later, _ = self._part(deficiency.id)
            self.late |= now
            self.soon |= later
        self.soon &= self.applies & ~self.excused
        self.judged = np.zeros(marks.cases.many, np.bool_)
        self.computed = self._compute()
        self.answer = self.computed.copy()
        self.overridden = np.zeros(marks.cases.many, np.bool_)
        if said := marks.cases.overrides.get(question.id):
            self.overridden[said.cases] = True
            self.answer[said.cases] = said.answers
        self.level = self._levels() if question.levels else None

    def holds(self, part: str) -> Truths:
        """Tell of every case whether a part certainly holds by now."""
        return self._part(part)[0]

    def opens(self, part: str) -> Truths:
        """Tell of every case whether something not recorded could make a part hold (by now, if it has a due date)."""
        if part not in self._opens:
            _, _, possible = self._part(part)
            doubt = self.marks.in_doubt(self._rulebook.kinds_together[self.question.id, part])
            self._opens[part] = possible if doubt is None else possible | doubt
        return self._opens[part]

    def found(self) -> Iterator[Found]:
        """Yield what the clauses of the question find."""
        levels = (level_part(level.id) for level in self.question.levels)
        for part in (APPLIES, EXCEPT, *(one.id for one in self.question.deficiencies), *levels):
            yield from self.marks.of(self.question.id, part)

    @property
    def told(self) -> Truths:
        """Tell which answers have something to say of themselves: a finding, a gap, what is due soon, an assessor."""
        return self.is_answered(Answer.INSUFFICIENT, Answer.NOT_ASSESSED) | self.overridden | self.soon

    @property
    def deficient(self) -> Truths:
        """Tell where deficiencies were found: they are told although an assessor may have put the same answer in their place."""
        found: Truths = (self.computed == PLACES[Answer.INSUFFICIENT]) & self.late & self.applies
        return found

    def deficiencies(self, of: Truths) -> dict[str, int]:
        """Count in how many of some cases each deficiency was found."""
        wanted = of & self.deficient
        return {
            one.id: int(np.count_nonzero(self.holds(one.id) & wanted)) for one in self.question.deficiencies
        }

    def is_answered(self, *answers: Answer) -> Truths:
        """Tell of every case whether its answer is one of some."""
        truths: Truths = np.logical_or.reduce([self.answer == PLACES[answer] for answer in answers])
        return truths

    def open_parts(self) -> dict[str, Truths]:
        """Return the parts whose gaps decide, each with the cases that they decide: gaps of the others change nothing."""
        may_apply = self.applies | self.opens(APPLIES)
        parts = {EXCEPT: may_apply, APPLIES: ~self.applies}
        return parts | {one.id: self.applies & ~self.late for one in self.question.deficiencies}

    def _compute(self) -> Places:
        """Return the answers before any override."""
        gaps = np.zeros(self.marks.cases.many, np.bool_)
        for part, deciding in self.open_parts().items():
            if (opens := self.opens(part)).any():
                gaps |= opens & deciding
        insufficient = self.applies & self.late
        if (may_be_excused := self.opens(EXCEPT)).any():
            insufficient &= ~(may_be_excused & (self.applies | self.opens(APPLIES)))
        which = self.excused.astype(np.int8)
        for holds in (insufficient, gaps, self.applies):
            which += which  # quicker than to shift it
            which += holds
        computed: Places = _DECIDED[self.question.judged].take(which)  # in half the time of an index
        said = self.marks.cases.judgements.get(self.question.id)
        if self.question.judged and said:
            undecided = which[said.cases] == _APPLIES_ALONE
            self.judged[said.cases[undecided]] = True
            computed[said.cases[undecided]] = said.answers[undecided]
        return computed

    def _levels(self) -> Places:
        levels = np.full(len(self.answer), NO_LEVEL, np.int8)
        held, may_hold = np.zeros((2, len(levels)), np.bool_)
        for place, level in enumerate(self.question.levels):
            part = level_part(level.id)
            holds = self.holds(part) & ~held
            levels[holds & ~may_hold] = place
            held |= holds
            may_hold |= self.opens(part)
        levels[~np.isin(self.answer, _ABOVE_OR_BELOW) | (self.answer != self.computed)] = NO_LEVEL
        return levels

    def _part(self, part: str) -> tuple[Truths, Truths, Truths]:
        """Tell of every case whether a part certainly holds by now, certainly will, and could by now."""
        if part not in self._parts:
            now, later, possible = np.zeros((3, self.marks.cases.many), np.bool_)
            for found in self.marks.of(self.question.id, part):
                now[found.cases(certain=True)] = True
                later[found.cases(certain=True, late=False)] = True
                possible[found.cases(certain=False)] = True
            self._parts[part] = now, later, possible
        return self._parts[part]
