"""Count the factors of many cases by columns: what ``factors`` says of one case, counted over all.

A row of a grid is a factor, a column a case.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from aboveline.backends.columnar import Numbers, Standing, Truths
from aboveline.case.codes import FactorName

from .factors import ENOUGH, FactorCount

__all__ = ["READS", "count_factors"]

READS: Mapping[str, frozenset[str]] = {
    "factor": frozenset({"name", "linked_to_offending"}),
    "intervention": frozenset({"factor", "started_on", "sufficient"}),
    "progress": frozenset({"factor", "level", "recorded_on"}),
}
"""The fields that factors are counted by, by kind of fact."""

_FACTORS = tuple(FactorName)
_NOWHERE = -1


def count_factors(standing: Standing) -> Iterator[tuple[FactorName, FactorCount, int]]:
    """Yield how many cases count for what, of every factor."""
    has, linked = _named(standing)
    sufficient, unclear = _interventions(standing)
    progressed, recorded = _progress(standing)
    unheld = standing.doubted("factor")
    counts: dict[FactorCount, Truths] = {
        "cases": has,
        "cases_unknown": ~has & unheld,
        "linked": has & linked,
        "interventions": has & sufficient,
        "interventions_unknown": has & unclear,
        "progress": has & progressed,
        "progress_unknown": has & ~recorded,
    }
    for count, grid in counts.items():
        for factor, many in zip(_FACTORS, np.count_nonzero(grid, axis=1).tolist(), strict=True):
            yield factor, count, many


def _named(standing: Standing) -> tuple[Truths, Truths]:
    """Tell which cases have a factor, and in which a link of it to offending is recorded."""
    cell = _cells(standing, "factor", "name")
    link = standing.column("factor", "linked_to_offending")
    known = cell >= 0
    clear = known & link.recorded & (link.values == 1)
    return _grid(standing, cell[known]), _grid(standing, cell[clear])


def _interventions(standing: Standing) -> tuple[Truths, Truths]:
    """Tell in which cases work on a factor was sufficient, and in which nobody recorded whether work was."""
    cell = _cells(standing, "intervention", "factor")
    case = standing.tables.by_kind["intervention"].case
    began, said = (standing.column("intervention", name) for name in ("started_on", "sufficient"))
    started = began.recorded & (cell >= 0)
    on_it = _grid(standing, cell[started])
    anything = np.zeros(standing.many, np.bool_)
    anything[case[began.recorded & ~standing.column("intervention", "factor").recorded]] = True
    anything |= standing.doubted("intervention")
    sufficient, told = _latest_all(standing, cell, began.values, said.values == 1, started & said.recorded)
    return sufficient, ~told & (on_it | anything)


def _progress(standing: Standing) -> tuple[Truths, Truths]:
    """Tell in which cases progress on a factor was sufficient, and in which any is recorded."""
    cell = _cells(standing, "progress", "factor")
    level = standing.column("progress", "level")
    enough = np.isin(level.values, [standing.tables.texts.get(str(one), -1) for one in ENOUGH])
    days = standing.column("progress", "recorded_on").values
    return _latest_all(standing, cell, days, enough, level.recorded & (cell >= 0))


def _latest_all(
    standing: Standing, cell: Numbers, days: Numbers, good: Truths, counts: Truths
) -> tuple[Truths, Truths]:
    """Tell for which cells all rows of the last day are good, of those that count, and for which there is one at all."""
    rows = np.flatnonzero(counts)
    cell, days = cell[rows], days[rows]
    # As wide as the days are: beside another width this takes five times as long.
    last = np.full(standing.many * len(_FACTORS), np.iinfo(days.dtype).min, days.dtype)
    np.maximum.at(last, cell, days)
    told = _grid(standing, cell)
    return told & ~_grid(standing, cell[(days == last[cell]) & ~good[rows]]), told


def _cells(standing: Standing, kind: str, field: str) -> Numbers:
    """Return the place in a grid of the factor and the case of each row of a kind; below 0 where it is about no factor."""
    column = standing.column(kind, field)
    texts = standing.tables.texts
    first = np.full(len(texts) + 1, _NOWHERE)
    for number, factor in enumerate(_FACTORS):
        if str(factor) in texts:
            first[texts[str(factor)]] = number * standing.many
    of_row = first.take(np.where(column.recorded, column.values, len(texts)))
    return np.where(of_row < 0, _NOWHERE, of_row + standing.tables.by_kind[kind].case)


def _grid(standing: Standing, cells: Numbers) -> Truths:
    """Return a grid with some of its cells marked."""
    grid = np.zeros(standing.many * len(_FACTORS), np.bool_)
    grid[cells] = True
    return grid.reshape(len(_FACTORS), standing.many)
