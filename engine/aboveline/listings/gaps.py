"""What would decide the questions that could not be answered, by columns: the gaps that ``answers`` names case by case."""

from collections.abc import Iterator

import numpy as np

from aboveline.answers import Answer
from aboveline.backends.columnar import Numbers, Truths
from aboveline.rulebook import Rulebook
from aboveline.sheets import Found, QuestionColumn
from aboveline.vocabulary import VOCABULARY

from .ids import KINDS, Ids

__all__ = ["FIELDS", "NOT_HERE", "REASONS", "gaps_of"]

FIELDS = tuple(sorted({name for kind in VOCABULARY.values() for name in kind.fields}))
"""Every field of any kind, by name; the place of a field is its number."""

REASONS = ("not recorded", "code not mapped", "not in this source")
NOT_HERE = -1
"""Stands for the fact and the field of a gap that is a whole kind."""

_KIND = {kind: number for number, kind in enumerate(KINDS)}
_FIELD = {field: number for number, field in enumerate(FIELDS)}
_NOT_RECORDED, _NOT_MAPPED, _NOT_IN_SOURCE = range(len(REASONS))


def gaps_of(column: QuestionColumn, rulebook: Rulebook, ids: Ids) -> Numbers:
    """Return the gaps of a question, each once, in the order in which they are told.

    A row is a gap: the case, the kind, the id of the fact as ``Ids`` ranks it, the field, the reason.
    """
    asked = column.is_answered(Answer.NOT_ASSESSED)
    parts = []
    if asked.any():
        for part, deciding in column.open_parts().items():
            wanted = asked & deciding
            if (wanted & column.opens(part)).any():
                parts += [*_of_matches(column, part, wanted, ids)]
                parts += [*_of_sources(column, part, wanted, rulebook)]
    found = np.concatenate(parts) if parts else np.zeros((0, 5), np.int64)
    order = np.lexsort(tuple(found[:, n] for n in (4, 3, 2, 1, 0)))
    found = found[order]
    fresh = np.ones(len(found), np.bool_)
    fresh[1:] = (np.diff(found, axis=0) != 0).any(axis=1)
    return found[fresh]


def _of_matches(column: QuestionColumn, part: str, wanted: Truths, ids: Ids) -> Iterator[Numbers]:
    marks = column.marks
    for found in marks.of(column.question.id, part):
        which = wanted[found.bound.case] & found.which(certain=False)
        rows = np.flatnonzero(which)
        if not len(rows):
            continue
        for gap in found.clause.gaps:
            yield _of_field(column, found, rows, gap.position, gap.field, ids)
        for kind in sorted({absent.kind for absent in found.clause.absent} & marks.cases.incomplete.keys()):
            case = found.bound.case[rows]
            yield _of_kind(kind, case[marks.cases.incomplete[kind][case]])


def _of_field(
    column: QuestionColumn, found: Found, rows: Numbers, position: int, field: str, ids: Ids
) -> Numbers:
    kind = found.bound.kinds[position]
    of_match = found.bound.rows[position][rows]
    recorded = column.marks.run.tables.by_kind[kind].columns[field].recorded[of_match]
    return np.stack(
        [
            found.bound.case[rows],
            np.full(len(rows), _KIND[kind]),
            ids.rank(kind, of_match),
            np.full(len(rows), _FIELD[field]),
            np.where(recorded, _NOT_MAPPED, _NOT_RECORDED),
        ],
        axis=1,
    )


def _of_sources(column: QuestionColumn, part: str, wanted: Truths, rulebook: Rulebook) -> Iterator[Numbers]:
    marks = column.marks
    for kinds in rulebook.kinds_together[column.question.id, part]:
        doubted = marks.doubted(kinds)
        if doubted is None:
            continue
        for kind in sorted(kinds & marks.cases.incomplete.keys()):
            yield _of_kind(kind, np.flatnonzero(wanted & doubted & marks.cases.incomplete[kind]))


def _of_kind(kind: str, cases: Numbers) -> Numbers:
    nowhere = np.full(len(cases), NOT_HERE)
    return np.stack(
        [cases, np.full(len(cases), _KIND[kind]), nowhere, nowhere, np.full(len(cases), _NOT_IN_SOURCE)],
        axis=1,
    )
