"""Answer every question for many cases at once: a sheet of cases by questions.

What ``answers`` decides of one question and one case is decided here for a whole
column of cases, in the same order. An answer that has something to tell (a
finding, a gap, what is due soon, what an assessor said in place of the rules) is
left to ``answers``, with the matches it rests on; of the others there is nothing
to say but what they are, and they are counted.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aboveline.answers import ANSWERED, Answer, Answering, QuestionAnswer
from aboveline.backends import Match
from aboveline.backends.columnar import Bound, ColumnarBackend, Run, Tables, facts_of, tables_of
from aboveline.facts import CaseFacts
from aboveline.rulebook import Clause, Question, Rulebook
from aboveline.rulebook.clauses import APPLIES, EXCEPT, level_part
from aboveline.scoring import Count

__all__ = ["Sheet", "answer_sheet"]

Truths = NDArray[np.bool_]
Places = NDArray[np.int8]

_ANSWERS = tuple(Answer)
_PLACE = {answer: place for place, answer in enumerate(_ANSWERS)}
_NO_LEVEL = -1


@dataclass(frozen=True)
class Sheet:
    """The answers of many cases: for each question a column of answers and, if it has them, one of levels.

    ``told`` are the answers that are told by themselves, in no order that means anything.
    """

    cases: Sequence[CaseFacts]
    questions: Sequence[Question]
    answers: Sequence[Places]
    levels: Sequence[Places | None]
    told: Sequence[QuestionAnswer]

    def counts(self, places: Sequence[int] | None = None) -> Iterator[Count]:
        """Count the answers of all cases, or of those in some places."""
        which = slice(None) if places is None else np.array(places, np.int64)
        for question, answers, levels in zip(self.questions, self.answers, self.levels, strict=True):
            names = [level.id for level in question.levels]
            of_answer = answers[which]
            of_level = np.full_like(of_answer, _NO_LEVEL) if levels is None else levels[which]
            each = of_answer.astype(np.int64) * (len(names) + 1) + of_level - _NO_LEVEL
            for number in np.flatnonzero(many := np.bincount(each)).tolist():
                answer, level = divmod(number, len(names) + 1)
                yield Count(question.id, _ANSWERS[answer], [None, *names][level], int(many[number]))

    def by_case(self) -> Iterator[tuple[CaseFacts, dict[Answer, tuple[str, ...]], dict[str, str]]]:
        """Yield each case with the questions that have each answer, and the levels that it is at."""
        answers = np.stack(self.answers, axis=1) if self.answers else np.zeros((len(self.cases), 0), np.int8)
        ids = np.array([question.id for question in self.questions], np.object_)
        levels = [
            (q, column) for q, column in zip(self.questions, self.levels, strict=True) if column is not None
        ]
        for place, (case, row) in enumerate(zip(self.cases, answers, strict=True)):
            yield (
                case,
                {answer: tuple(ids[row == number].tolist()) for number, answer in enumerate(_ANSWERS)},
                {q.id: q.levels[column[place]].id for q, column in levels if column[place] != _NO_LEVEL},
            )


def answer_sheet(
    cases: Sequence[CaseFacts], backend: ColumnarBackend, rulebook: Rulebook, tables: Tables | None = None
) -> Sheet:
    """Answer every active question for cases, all as at one date.

    Args:
        cases: the cases, of which ``tables``, where they are given, have the facts.
        backend: the rules, compiled.
        rulebook: the rules that they were compiled from.
        tables: the cases' facts as columns; made here where they are not given.
    """
    run = Run(backend.plan, tables_of(cases, backend.plan.reads) if tables is None else tables)
    marks = _Marks(cases, run)
    columns = [_Column(question, marks, rulebook) for question in rulebook.active]
    answering = [Answering(case, rulebook) for case in cases]
    return Sheet(
        cases=cases,
        questions=rulebook.active,
        answers=[column.answer for column in columns],
        levels=[column.level for column in columns],
        told=[one for column in columns for one in column.told(answering)],
    )


@dataclass(frozen=True)
class _Found:
    """What a clause finds: the facts bound, which of it is past its due date, and which is in doubt (none where nothing can be)."""

    clause: Clause
    bound: Bound
    late: Truths | None
    doubt: Truths | None


class _Marks:
    """Everything that was found, by question; and of each case, which kinds it may have that its source cannot hold."""

    def __init__(self, cases: Sequence[CaseFacts], run: Run) -> None:
        self.cases = cases
        self.tables = run.tables
        self.incomplete = _incomplete(cases)
        self.found: dict[str, list[_Found]] = defaultdict(list)
        as_of = cases[0].as_of if cases else dt.date.min
        for hits in run.hits():
            bound = hits.bound
            if not len(bound.case):
                continue
            doubt = self.any_of({step.kind for step in hits.body.absent})
            for clause in hits.body.clauses:
                late = None
                if clause.due:
                    position = clause.due.position
                    past = run.masks.past(bound.kinds[position], clause.due, as_of)
                    late = past[bound.rows[position]]
                self.found[clause.question].append(
                    _Found(clause, bound, late, None if doubt is None else doubt[bound.case])
                )

    def any_of(self, kinds: Iterable[str]) -> Truths | None:
        """Tell of every case whether its source cannot hold one of some kinds; none where all sources can."""
        truths = [self.incomplete[kind] for kind in sorted(kinds) if kind in self.incomplete]
        return np.logical_or.reduce(truths) if truths else None

    def in_doubt(self, kinds_together: Iterable[frozenset[str]]) -> Truths | None:
        """Tell of every case whether a part looks for a kind that its source cannot hold, where it has all else."""
        found = np.zeros(len(self.cases), np.bool_)
        if not self.incomplete:
            return None
        for kinds in kinds_together:
            lacking = self.any_of(kinds)
            if lacking is not None:
                present = [self._present(kind) for kind in sorted(kinds)]
                found |= lacking & np.logical_and.reduce(present)
        return found

    def _present(self, kind: str) -> Truths:
        """Tell of every case whether it has a fact of a kind, or may have."""
        present = np.zeros(len(self.cases), np.bool_)
        present[self.tables.by_kind[kind].case] = True
        return present | self.incomplete[kind] if kind in self.incomplete else present


class _Column:
    """One question, and every case."""

    def __init__(self, question: Question, marks: _Marks, rulebook: Rulebook) -> None:
        self.question = question
        self.rulebook = rulebook
        self._marks = marks
        self._found = marks.found[question.id]
        self._parts: dict[str, tuple[Truths, Truths, Truths]] = {}
        self.computed, self._soon = self._compute()
        self.answer = self.computed.copy()
        self._overridden = np.zeros(len(self.computed), np.bool_)
        for place, case in enumerate(marks.cases):
            override = case.overrides.get(question.id)
            if override:
                self._overridden[place] = True
                self.answer[place] = _PLACE[Answer(str(override.answer))]
        self.level = self._levels() if question.levels else None

    def told(self, answering: Sequence[Answering]) -> Iterator[QuestionAnswer]:
        """Yield every answer that is told by itself, as what answers each case has it."""
        unanswered = np.isin(self.answer, [_PLACE[Answer.INSUFFICIENT], _PLACE[Answer.NOT_ASSESSED]])
        told = unanswered | self._overridden | self._soon
        matches: dict[int, list[Match]] = {int(place): [] for place in np.flatnonzero(told)}
        for found in self._found:
            which = told[found.bound.case]
            if not which.any():
                continue
            some = found.bound.take(which)
            for place, facts in facts_of(some, self._marks.tables):
                matches[place].append(Match(found.clause, facts))
        for place, of_case in matches.items():
            yield answering[place].answer(self.question, of_case)

    def _compute(self) -> tuple[Places, Truths]:
        """Return the answer to each case before any override, and which cases have something that is due soon."""
        excused, _, _ = self._part(EXCEPT)
        applies, _, _ = self._part(APPLIES)
        may_apply = self._open(APPLIES)
        may_be_excused = self._open(EXCEPT) & (applies | may_apply)
        late, soon, may_be_late = np.zeros((3, len(applies)), np.bool_)
        for deficiency in self.question.deficiencies:
            certain, due_later, _ = self._part(deficiency.id)
            late |= certain
            soon |= due_later
            may_be_late |= self._open(deficiency.id)
        insufficient = applies & late & ~may_be_excused
        open_ = may_be_excused | (~applies & may_apply) | (applies & ~late & may_be_late)
        computed = np.select(
            [excused, insufficient, open_, ~applies],
            [
                _PLACE[answer]
                for answer in (
                    Answer.NOT_APPLICABLE,
                    Answer.INSUFFICIENT,
                    Answer.NOT_ASSESSED,
                    Answer.NOT_APPLICABLE,
                )
            ],
            default=-1,
        ).astype(np.int8)
        for place in np.flatnonzero(computed == -1).tolist() if self.question.judged else ():
            judgement = self._marks.cases[place].judgements.get(self.question.id)
            computed[place] = _PLACE[Answer(str(judgement.answer)) if judgement else Answer.NOT_ASSESSED]
        computed[computed == -1] = _PLACE[Answer.SUFFICIENT]
        return computed, soon & applies & ~excused

    def _levels(self) -> Places:
        """Return the level of each case, by its place among the question's."""
        levels = np.full(len(self.answer), _NO_LEVEL, np.int8)
        held, may_hold = np.zeros((2, len(levels)), np.bool_)
        for place, level in enumerate(self.question.levels):
            part = level_part(level.id)
            holds = self._part(part)[0] & ~held
            levels[holds & ~may_hold] = place
            held |= holds
            may_hold |= self._open(part)
        answered = np.isin(self.answer, [_PLACE[answer] for answer in ANSWERED])
        levels[~answered | (self.answer != self.computed)] = _NO_LEVEL
        return levels

    def _open(self, part: str) -> Truths:
        """Tell of every case whether something not recorded could make a part hold (by now, if it has a due date)."""
        _, _, possible = self._part(part)
        doubt = self._marks.in_doubt(self.rulebook.kinds_together[self.question.id, part])
        return possible if doubt is None else possible | doubt

    def _part(self, part: str) -> tuple[Truths, Truths, Truths]:
        """Tell of every case whether a part certainly holds by now, certainly will, and could by now."""
        if part not in self._parts:
            now, later, possible = np.zeros((3, len(self._marks.cases)), np.bool_)
            for found in self._found:
                if found.clause.part != part:
                    continue
                cases = found.bound.case
                late = np.ones(len(cases), np.bool_) if found.late is None else found.late
                sure = np.full(len(cases), not found.clause.gaps) if found.doubt is None else ~found.doubt
                if found.clause.gaps:
                    sure = np.zeros(len(cases), np.bool_)
                now[cases[sure & late]] = True
                later[cases[sure & ~late]] = True
                possible[cases[~sure & late]] = True
            self._parts[part] = now, later, possible
        return self._parts[part]


def _incomplete(cases: Sequence[CaseFacts]) -> dict[str, Truths]:
    """Tell of every kind that the source of some case cannot hold of which cases that is so."""
    found: dict[str, Truths] = {}
    for place, case in enumerate(cases):
        for kind in case.incomplete:
            found.setdefault(kind, np.zeros(len(cases), np.bool_))[place] = True
    return found
