"""The columnar backend: the matches of many cases at once."""

from collections.abc import Collection, Sequence

from aboveline.backends.base import Match
from aboveline.facts import CaseFacts
from aboveline.rulebook import Clause

from .compiling import compile_clauses
from .running import Run, facts_of
from .tables import tables_of

__all__ = ["ColumnarBackend"]


class ColumnarBackend:
    """Rules over columns, for one set of clauses."""

    name = "columnar"

    def __init__(self, clauses: Collection[Clause]) -> None:
        self.plan = compile_clauses(clauses)

    def matches(self, facts: CaseFacts) -> Collection[Match]:
        """Return every match of one case."""
        return self.matches_of([facts])[0]

    def matches_of(self, cases: Sequence[CaseFacts]) -> list[list[Match]]:
        """Return every match of each of many cases."""
        tables = tables_of(cases, self.plan.reads)
        found: list[list[Match]] = [[] for _ in cases]
        for hits in Run(self.plan, tables).hits():
            for case, facts in facts_of(hits.bound, tables):
                found[case] += [Match(clause, facts) for clause in hits.body.clauses]
        return found
