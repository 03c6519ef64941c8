"""Count the factors of many cases by columns: what ``factors`` says of one case, counted over all.

A row of a grid is a case, a column a factor.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from aboveline.backends.columnar import Column, Numbers, Standing, Truths
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


def count_factors(standing: Standing) -> Iterator[tuple[FactorName, FactorCount, int]]:
    """Yield how many cases count for what, of every factor."""
    has, linked = _named(standing)
    sufficient, unclear = _interventions(standing)
    progressed, recorded = _progress(standing)
    unheld = _doubted(standing, "factor")[:, None]
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
        for factor, many in zip(_FACTORS, grid.sum(axis=0).tolist(), strict=True):
            yield factor, count, many


def _named(standing: Standing) -> tuple[Truths, Truths]:
    """Tell which cases have a factor, and in which a link of it to offending is recorded."""
    case, factor = _on(standing, "factor", "name")
    link = _column(standing, "factor", "linked_to_offending")
    has, linked = _grids(standing, 2)
    known = factor >= 0
    has[case[known], factor[known]] = True
    clear = known & link.recorded & (link.values == 1)
    linked[case[clear], factor[clear]] = True
    return has, linked


def _interventions(standing: Standing) -> tuple[Truths, Truths]:
    """Tell in which cases work on a factor was sufficient, and in which nobody recorded whether work was."""
    case, factor = _on(standing, "intervention", "factor")
    began, said = (_column(standing, "intervention", name) for name in ("started_on", "sufficient"))
    on_it, unclear = _grids(standing, 2)
    started = began.recorded & (factor >= 0)
    on_it[case[started], factor[started]] = True
    anything = np.zeros(standing.many, np.bool_)
    anything[case[began.recorded & ~_column(standing, "intervention", "factor").recorded]] = True
    anything |= _doubted(standing, "intervention")
    sufficient, told = _latest_all(
        standing, case, factor, began.values, said.values == 1, started & said.recorded
    )
    unclear = ~told & (on_it | anything[:, None])
    return sufficient, unclear


def _progress(standing: Standing) -> tuple[Truths, Truths]:
    """Tell in which cases progress on a factor was sufficient, and in which any is recorded."""
    case, factor = _on(standing, "progress", "factor")
    level = _column(standing, "progress", "level")
    enough = np.isin(level.values, [standing.tables.texts.get(str(one), -1) for one in ENOUGH])
    days = _column(standing, "progress", "recorded_on").values
    return _latest_all(standing, case, factor, days, enough, level.recorded & (factor >= 0))


def _latest_all(
    standing: Standing, case: Numbers, factor: Numbers, days: Numbers, good: Truths, counts: Truths
) -> tuple[Truths, Truths]:
    """Tell for which cases and factors all rows of the last day are good, and for which there is one at all."""
    rows = np.flatnonzero(counts)
    good_grid, told = _grids(standing, 2)
    if not len(rows):
        return good_grid, told
    cell = case[rows] * len(_FACTORS) + factor[rows]
    last = np.full(told.size, np.iinfo(np.int64).min)
    np.maximum.at(last, cell, days[rows])
    of_last = days[rows] == last[cell]
    told.reshape(-1)[cell] = True
    good_grid |= told
    good_grid.reshape(-1)[cell[of_last & ~good[rows]]] = False
    return good_grid, told


def _on(standing: Standing, kind: str, field: str) -> tuple[Numbers, Numbers]:
    """Return the case of each row of a kind, and the place of the factor that it is about (-1: none)."""
    column = _column(standing, kind, field)
    texts = standing.tables.texts
    place = np.full(len(texts) + 1, -1, np.int64)
    for number, factor in enumerate(_FACTORS):
        place[texts.get(str(factor), len(texts))] = number
    place[len(texts)] = -1
    return standing.tables.by_kind[kind].case, place[np.where(column.recorded, column.values, len(texts))]


def _grids(standing: Standing, many: int) -> Iterator[Truths]:
    return (np.zeros((standing.many, len(_FACTORS)), np.bool_) for _ in range(many))


def _column(standing: Standing, kind: str, field: str) -> Column:
    return standing.tables.by_kind[kind].columns[field]


def _doubted(standing: Standing, kind: str) -> Truths:
    return standing.incomplete.get(kind, np.zeros(standing.many, np.bool_))
