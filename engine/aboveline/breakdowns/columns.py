"""Which group each of many cases is in, by columns: what ``characteristics`` says of one case, said of all."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np

from aboveline.backends.columnar import Numbers, Standing
from aboveline.case.codes import ConcernKind
from aboveline.vocabulary import VOCABULARY

from .characteristics import (
    CONCERN_STANDS,
    LEVEL_NOT_RECORDED,
    NO_CONCERN,
    NOT_IDENTIFIED,
    NOT_RECORDED,
    SENTENCES,
    Characteristic,
)

__all__ = ["READS", "Groups", "groups_standing"]


class Groups(NamedTuple):
    """Groups, and of every case the place of its group among them."""

    names: list[str]
    of_case: Numbers


def groups_standing(characteristic: Characteristic, standing: Standing) -> Groups:
    """Return the groups of cases by a characteristic, each once."""
    names, of_case = _READ[characteristic](standing)
    sizes = np.bincount(of_case, minlength=len(names))
    present = np.flatnonzero(sizes)
    place = np.zeros(len(names), np.int64)
    place[present] = np.arange(len(present))
    return Groups([names[one] for one in present.tolist()], place[of_case])


def _last_of_each(case: Numbers, days: Numbers, heights: Numbers) -> Numbers:
    """Return the row of each case that is last: the latest, of those of one day the highest, of equals the last in the record."""
    if not len(case):
        return case
    many, low = len(case), heights.min()
    day = (days - days.min()).astype(np.int64)  # wide enough for all three in one number
    order = (day * (heights.max() - low + 1) + heights - low) * many + np.arange(many)
    begins = np.flatnonzero(np.diff(case, prepend=-1))
    return np.maximum.reduceat(order, begins) % many


def _words(standing: Standing, kind: str, field: str, rows: Numbers) -> tuple[list[str], Numbers]:
    """Return how a field is told, and the place of each of some rows among that; what is not recorded comes last."""
    column = standing.column(kind, field)
    values, recorded = column.values[rows], column.recorded[rows]
    if VOCABULARY[kind].fields[field].type in {"int", "bool", "date"}:
        names = [str(number) for number in range(int(values.max(initial=0)) + 1)]
    else:
        names = list(standing.tables.texts)
    return [*names, NOT_RECORDED], np.where(recorded, values, len(names))


def _of_rows(
    standing: Standing, case: Numbers, words: tuple[list[str], Numbers]
) -> tuple[list[str], Numbers]:
    """Return what is told of cases by the rows that tell it; of the others, that it is not recorded."""
    names, places = words
    of_case = np.full(standing.many, len(names) - 1, np.int64)
    of_case[case] = places
    return names, of_case


def _field(kind: str, field: str, standing: Standing) -> tuple[list[str], Numbers]:
    case = standing.tables.by_kind[kind].case
    return _of_rows(standing, case, _words(standing, kind, field, np.arange(len(case))))


def _heights(standing: Standing, kind: str, field: str) -> Numbers:
    """Return how high each row stands in a field: by its code list, or by its number. Nothing recorded is lowest."""
    column = standing.column(kind, field)
    members = VOCABULARY[kind].fields[field].members
    if not members:
        return np.where(column.recorded, column.values, 0)
    texts = list(standing.tables.texts)
    heights = np.array([members.index(text) if text in members else -1 for text in texts] or [-1], np.int64)
    return np.where(column.recorded, heights[np.where(column.recorded, column.values, 0)], 0)


def _last(kind: str, day: str, prefix: str, standing: Standing) -> tuple[list[str], Numbers]:
    case = standing.tables.by_kind[kind].case
    rows = _last_of_each(case, standing.column(kind, day).values, _heights(standing, kind, "level"))
    names, of_case = _of_rows(standing, case[rows], _words(standing, kind, "level", rows))
    return [name if name == NOT_RECORDED else prefix + name for name in names], of_case


def _sentence(standing: Standing) -> tuple[list[str], Numbers]:
    names, of_case = _field("sentence", "type", standing)
    groups = [SENTENCES.get(name, NOT_RECORDED) for name in names]
    present = sorted(set(groups))
    return present, np.array([present.index(group) for group in groups], np.int64)[of_case]


def _concern(kind: ConcernKind, standing: Standing) -> tuple[list[str], Numbers]:
    case = standing.tables.by_kind["concern"].case
    about = standing.column("concern", "kind")
    now = ~standing.column("concern", "ended_on").recorded
    number = standing.tables.texts.get(str(kind), -1)
    stands, unclear = np.zeros((2, standing.many), np.bool_)
    stands[case[now & about.recorded & (about.values == number)]] = True
    unclear[case[now & ~about.recorded]] = True
    unclear |= standing.doubted("concern")
    return [CONCERN_STANDS, NOT_RECORDED, NO_CONCERN], np.select([stands, unclear], [0, 1], 2)


def _mappa(standing: Standing) -> tuple[list[str], Numbers]:
    case = standing.tables.by_kind["mappa"].case
    now = np.flatnonzero(~standing.column("mappa", "ended_on").recorded)
    days = standing.column("mappa", "identified_on").values[now]
    rows = now[_last_of_each(case[now], days, _heights(standing, "mappa", "level")[now])]
    levels, of_row = _words(standing, "mappa", "level", rows)
    names = [LEVEL_NOT_RECORDED if one == NOT_RECORDED else f"level_{one}" for one in levels]
    of_case = np.where(standing.doubted("mappa"), len(names), len(names) + 1)
    of_case[case[rows]] = of_row
    return [*names, NOT_RECORDED, NOT_IDENTIFIED], of_case


_READ: Mapping[Characteristic, Callable[[Standing], tuple[list[str], Numbers]]] = {
    Characteristic.GENDER: partial(_field, "person", "gender"),
    Characteristic.ETHNICITY: partial(_field, "person", "ethnicity_group"),
    Characteristic.ROSH: partial(_last, "rosh", "classified_on", ""),
    Characteristic.TIER: partial(_last, "tier", "assigned_on", "tier_"),
    Characteristic.LDU: partial(_field, "area", "ldu"),
    Characteristic.OFFICER_GRADE: partial(_field, "area", "officer_grade"),
    Characteristic.SENTENCE: _sentence,
    Characteristic.CHILD_PROTECTION: partial(_concern, ConcernKind.CHILD_PROTECTION),
    Characteristic.DOMESTIC_ABUSE: partial(_concern, ConcernKind.DOMESTIC_ABUSE),
    Characteristic.MAPPA: _mappa,
}

READS: Mapping[str, frozenset[str]] = {
    "person": frozenset({"gender", "ethnicity_group"}),
    "rosh": frozenset({"classified_on", "level"}),
    "tier": frozenset({"assigned_on", "level"}),
    "area": frozenset({"ldu", "officer_grade"}),
    "sentence": frozenset({"type"}),
    "concern": frozenset({"kind", "ended_on"}),
    "mappa": frozenset({"ended_on", "identified_on", "level"}),
}
"""The fields that groups are read from, by kind of fact."""
