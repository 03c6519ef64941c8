"""Everything that the rules find of many cases, by question and part."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from aboveline.backends.columnar import Bound, Numbers, Run, Truths
from aboveline.rulebook import Clause

from .cases import CaseColumns

__all__ = ["Found", "Marks"]

_NO_CASES = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Found:
    """What a clause finds: the facts bound, and which of it is past its due date and which is certain (or whether all is).

    What is not certain is possible: it would take what is not recorded to decide.
    """

    clause: Clause
    bound: Bound
    late: Truths | bool
    certain: Truths | bool

    def which(self, *, certain: bool, late: bool = True) -> Truths | bool:
        """Tell what is certain or only possible, past its due date or not yet; or whether all of it is, or none."""
        asked = _as_asked(self.certain, certain)
        if asked is False:
            return False
        then = _as_asked(self.late, late)
        return then if asked is True else asked & then

    def cases(self, *, certain: bool, late: bool = True) -> Numbers:
        """Return the cases of it, some of them more than once."""
        which = self.which(certain=certain, late=late)
        if isinstance(which, bool):
            return self.bound.case if which else _NO_CASES
        return self.bound.case[which]


def _as_asked(truth: Truths | bool, asked: bool) -> Truths | bool:  # noqa: FBT001 - a truth is a value like another
    if asked:
        return truth
    return not truth if isinstance(truth, bool) else ~truth


class Marks:
    """What was found of cases."""

    def __init__(self, cases: CaseColumns, run: Run) -> None:
        self.cases = cases
        self.run = run
        self._presences: dict[str, Truths] = {}
        found: dict[tuple[str, str], list[Found]] = defaultdict(list)
        for hits in run.hits():
            bound = hits.bound
            if not len(bound.case):
                continue
            in_doubt = self.any_of({step.kind for step in hits.body.absent})
            certain: Truths | bool = True if in_doubt is None else ~in_doubt[bound.case]
            for clause in hits.body.clauses:
                late: Truths | bool = True
                if clause.due:
                    position = clause.due.position
                    past = run.masks.past(bound.kinds[position], clause.due, cases.as_of)
                    late = past[bound.rows[position]]
                sure = False if clause.gaps else certain
                found[clause.question, clause.part].append(Found(clause, bound, late, sure))
        self._found: Mapping[tuple[str, str], list[Found]] = found

    def of(self, question: str, part: str) -> list[Found]:
        """Return what the clauses of a part of a question find."""
        return self._found.get((question, part), [])

    def any_of(self, kinds: Iterable[str]) -> Truths | None:
        """Tell of every case whether its source cannot hold one of some kinds; none where all sources can."""
        incomplete = self.cases.incomplete
        truths = [incomplete[kind] for kind in sorted(kinds) if kind in incomplete]
        return np.logical_or.reduce(truths) if truths else None

    def in_doubt(self, kinds_together: Iterable[frozenset[str]]) -> Truths | None:
        """Tell of every case whether a part looks for a kind that its source cannot hold, where it has all else."""
        if not self.cases.incomplete:
            return None
        found = np.zeros(self.cases.many, np.bool_)
        for kinds in kinds_together:
            if (doubted := self.doubted(kinds)) is not None:
                found |= doubted
        return found

    def doubted(self, kinds: Iterable[str]) -> Truths | None:
        """Tell of every case whether it may have facts of all of some kinds, one of which its source cannot hold."""
        lacking = self.any_of(kinds)
        if lacking is None:
            return None
        doubted: Truths = lacking & np.logical_and.reduce([self._present(kind) for kind in sorted(kinds)])
        return doubted

    def _present(self, kind: str) -> Truths:
        """Tell of every case whether it has a fact of a kind, or may have."""
        if kind not in self._presences:
            present = np.zeros(self.cases.many, np.bool_)
            present[self.run.tables.by_kind[kind].case] = True
            if kind in self.cases.incomplete:
                present |= self.cases.incomplete[kind]
            self._presences[kind] = present
        return self._presences[kind]
