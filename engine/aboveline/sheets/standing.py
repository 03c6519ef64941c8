"""What a sheet must know of cases that stand in columns already."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from aboveline.answers import Answer
from aboveline.backends.columnar import Numbers, Standing, as_coded, day_number
from aboveline.rulebook import Question

from .cases import PLACES, CaseColumns, Said

__all__ = ["columns_standing", "judged_standing"]

_FEW = 20
"""Where no more than one cell in so many has a number, sorting the numbers takes less time than a look at every cell."""


def columns_standing(standing: Standing, questions: Collection[Question]) -> CaseColumns:
    """Return what a sheet of some questions must know of cases as they stand."""
    judged = {question.id for question in questions if question.judged}
    asked = {question.id for question in questions}
    return CaseColumns(
        many=standing.many,
        as_of=standing.as_of,
        incomplete=standing.incomplete,
        judgements=_latest(standing, "judgement", judged),
        overrides=_latest(standing, "override", asked),
    )


def judged_standing(standing: Standing) -> set[str]:
    """Return the questions that somebody judged by the date, whether or not any rule asks for it."""
    table = standing.chunk.facts["judgement"]
    known = table.filter(pc.less_equal(table["made_on"], pa.scalar(standing.as_of)))
    return set(pc.unique(known["question"]).to_pylist())


def _latest(standing: Standing, kind: str, questions: Collection[str]) -> dict[str, Said]:
    """Return what was said last of each question and case by the date; of two on one day, the later in the record."""
    if not questions:
        return {}
    table = standing.chunk.facts[kind]
    if not len(table):
        return {}
    made: Numbers = table["made_on"].cast(pa.int32()).to_numpy().astype(np.int64)
    coded = as_coded(table["question"])
    told_of = coded.dictionary.to_pylist()
    names = [name for name in told_of if name in questions]
    number = np.array([names.index(name) if name in questions else -1 for name in told_of] or [-1], np.int64)
    codes = number[coded.indices.to_numpy()]
    rows = np.flatnonzero((made <= day_number(standing.as_of)) & (codes >= 0))
    first = standing.chunk.cases["number"][0].as_py()
    place = table["number"].to_numpy()[rows] - first
    answers = as_coded(table["answer"])
    question = codes[rows]
    meant = np.array([PLACES[Answer(one)] for one in answers.dictionary.to_pylist()], np.int8)
    answer = meant[answers.indices.to_numpy()]
    # The latest of each case and question is the highest by day, then by row.
    told = (made[rows] - made.min()) * len(table) + rows
    of, last = _highest(question * standing.many + place, told, standing.many * len(names))
    kept = last % len(table)
    question, place = np.divmod(of, standing.many)
    found = {}
    for code, name in enumerate(names):
        of_question = slice(*np.searchsorted(question, [code, code + 1]).tolist())
        if len(kept[of_question]):
            found[name] = Said(place[of_question], answer[kept[of_question]], kept[of_question])
    return found


def _highest(cells: Numbers, numbers: Numbers, many: int) -> tuple[Numbers, Numbers]:
    """Return the cells of many that have a number, rising, and the highest number of each."""
    if len(cells) < many / _FEW:
        order = np.lexsort((numbers, cells))
        last = np.ones(len(order), np.bool_)
        last[:-1] = np.diff(cells[order]) != 0
        return cells[order[last]], numbers[order[last]]
    highest = np.full(many, -1, np.int64)
    np.maximum.at(highest, cells, numbers)
    found = np.flatnonzero(highest >= 0)
    return found, highest[found]
