"""Everything that the rules find of many cases, by question and part."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from aboveline.backends.columnar import Bound, Run, Truths
from aboveline.rulebook import Clause

from .cases import CaseColumns

__all__ = ["Found", "Marks"]


@dataclass(frozen=True)
class Found:
    """What a clause finds: the facts bound, and which of it is past its due date and which is certain (none: all of it is).

    What is not certain is possible: it would take what is not recorded to decide.
    """

    clause: Clause
    bound: Bound
    late: Truths | None
    certain: Truths | None

    def which(self, *, certain: bool, late: bool = True) -> Truths | None:
        """Tell what is certain or only possible, past its due date or not yet. None where that is all of it."""
        masks = []
        if self.certain is not None:
            masks.append(self.certain if certain else ~self.certain)
        elif not certain:
            return np.zeros(len(self.bound.case), np.bool_)
        if self.late is not None:
            masks.append(self.late if late else ~self.late)
        elif not late:
            return np.zeros(len(self.bound.case), np.bool_)
        return np.logical_and.reduce(masks) if masks else None


class Marks:
    """What was found of cases."""

    def __init__(self, cases: CaseColumns, run: Run) -> None:
        self.cases = cases
        self.run = run
        found: dict[tuple[str, str], list[Found]] = defaultdict(list)
        for hits in run.hits():
            bound = hits.bound
            if not len(bound.case):
                continue
            in_doubt = self.any_of({step.kind for step in hits.body.absent})
            certain = None if in_doubt is None else ~in_doubt[bound.case]
            for clause in hits.body.clauses:
                late = None
                if clause.due:
                    position = clause.due.position
                    past = run.masks.past(bound.kinds[position], clause.due, cases.as_of)
                    late = past[bound.rows[position]]
                sure = np.zeros(len(bound.case), np.bool_) if clause.gaps else certain
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
        present = np.zeros(self.cases.many, np.bool_)
        present[self.run.tables.by_kind[kind].case] = True
        incomplete = self.cases.incomplete
        return present | incomplete[kind] if kind in incomplete else present
