"""Which group each of many cases is in, by columns: what ``characteristics`` says of one case, said of all."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np

from aboveline.backends.columnar import Column, Numbers, Standing, Truths
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

__all__ = ["Groups", "groups_standing", "last_of_each"]


class Groups(NamedTuple):
    """Groups, and of every case the place of its group among them."""

    names: list[str]
    of_case: Numbers


def groups_standing(characteristic: Characteristic, standing: Standing) -> Groups:
    """Return the groups of cases by a characteristic, each once."""
    names = _READ[characteristic](standing)
    present, of_case = np.unique(names, return_inverse=True)
    return Groups([str(name) for name in present.tolist()], of_case)


def last_of_each(case: Numbers, *rising: Numbers) -> Numbers:
    """Return the row of each case that is last by some columns, the first of which decides first."""
    order = np.lexsort((*reversed(rising), case))
    last = np.ones(len(order), np.bool_)
    last[:-1] = np.diff(case[order]) != 0
    return order[last]


def _column(standing: Standing, kind: str, field: str) -> Column:
    return standing.tables.by_kind[kind].columns[field]


def _words(standing: Standing, kind: str, field: str, rows: Numbers) -> list[str]:
    """Return a field of some rows as it is told; what is not recorded is so told."""
    column = _column(standing, kind, field)
    texts = list(standing.tables.texts)
    is_text = VOCABULARY[kind].fields[field].type not in {"int", "bool", "date"}
    return [
        (texts[number] if is_text else str(number)) if recorded else NOT_RECORDED
        for number, recorded in zip(column.values[rows].tolist(), column.recorded[rows].tolist(), strict=True)
    ]


def _by_default(standing: Standing, name: str) -> list[str]:
    return [name] * standing.many


def _field(kind: str, field: str, standing: Standing) -> list[str]:
    names = _by_default(standing, NOT_RECORDED)
    case = standing.tables.by_kind[kind].case
    for place, word in zip(case.tolist(), _words(standing, kind, field, np.arange(len(case))), strict=True):
        names[place] = word
    return names


def _heights(standing: Standing, kind: str, field: str) -> Numbers:
    """Return how high each row stands in a field: by its code list, or by its number. Nothing recorded is lowest."""
    column = _column(standing, kind, field)
    members = VOCABULARY[kind].fields[field].members
    if not members:
        return np.where(column.recorded, column.values, 0)
    texts = list(standing.tables.texts)
    heights = np.array([members.index(text) if text in members else -1 for text in texts] or [-1], np.int64)
    return np.where(column.recorded, heights[np.where(column.recorded, column.values, 0)], 0)


def _last(kind: str, day: str, prefix: str, standing: Standing) -> list[str]:
    names = _by_default(standing, NOT_RECORDED)
    case = standing.tables.by_kind[kind].case
    rows = last_of_each(case, _column(standing, kind, day).values, _heights(standing, kind, "level"))
    for place, word in zip(case[rows].tolist(), _words(standing, kind, "level", rows), strict=True):
        names[place] = word if word == NOT_RECORDED else prefix + word
    return names


def _sentence(standing: Standing) -> list[str]:
    return [SENTENCES.get(name, NOT_RECORDED) for name in _field("sentence", "type", standing)]


def _doubted(standing: Standing, kind: str) -> Truths:
    return standing.incomplete.get(kind, np.zeros(standing.many, np.bool_))


def _concern(kind: ConcernKind, standing: Standing) -> list[str]:
    case = standing.tables.by_kind["concern"].case
    about = _column(standing, "concern", "kind")
    now = ~_column(standing, "concern", "ended_on").recorded
    number = standing.tables.texts.get(str(kind), -1)
    stands, unclear = np.zeros((2, standing.many), np.bool_)
    stands[case[now & about.recorded & (about.values == number)]] = True
    unclear[case[now & ~about.recorded]] = True
    unclear |= _doubted(standing, "concern")
    names: list[str] = np.select([stands, unclear], [CONCERN_STANDS, NOT_RECORDED], NO_CONCERN).tolist()
    return names


def _mappa(standing: Standing) -> list[str]:
    names: list[str] = np.where(_doubted(standing, "mappa"), NOT_RECORDED, NOT_IDENTIFIED).tolist()
    case = standing.tables.by_kind["mappa"].case
    now = np.flatnonzero(~_column(standing, "mappa", "ended_on").recorded)
    days = _column(standing, "mappa", "identified_on").values[now]
    rows = now[last_of_each(case[now], days, _heights(standing, "mappa", "level")[now])]
    for place, word in zip(case[rows].tolist(), _words(standing, "mappa", "level", rows), strict=True):
        names[place] = LEVEL_NOT_RECORDED if word == NOT_RECORDED else f"level_{word}"
    return names


_READ: Mapping[Characteristic, Callable[[Standing], list[str]]] = {
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
