"""What a sheet must know of cases that stand in columns already."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from aboveline.answers import Answer
from aboveline.backends.columnar import Numbers, Standing, as_coded, day_number

from .cases import PLACES, CaseColumns, Said

__all__ = ["columns_standing", "judged_standing"]


def columns_standing(standing: Standing, questions: Collection[str]) -> CaseColumns:
    """Return what a sheet of some questions must know of cases as they stand."""
    return CaseColumns(
        many=standing.many,
        as_of=standing.as_of,
        incomplete=standing.incomplete,
        judgements=_latest(standing, "judgement", questions),
        overrides=_latest(standing, "override", questions),
    )


def judged_standing(standing: Standing) -> set[str]:
    """Return the questions that somebody judged by the date, whether or not any rule asks for it."""
    table = standing.chunk.facts["judgement"]
    known = table.filter(pc.less_equal(table["made_on"], pa.scalar(standing.as_of)))
    return set(pc.unique(known["question"]).to_pylist())


def _latest(standing: Standing, kind: str, questions: Collection[str]) -> dict[str, Said]:
    """Return what was said last of each question and case by the date; of two on one day, the later in the record."""
    table = standing.chunk.facts[kind]
    if not len(table):
        return {}
    made: Numbers = table["made_on"].cast(pa.int32()).to_numpy().astype(np.int64)
    coded = as_coded(table["question"])
    names = coded.dictionary.to_pylist()
    asked = np.array([name in questions for name in names], np.bool_)
    codes = coded.indices.to_numpy()
    rows = np.flatnonzero((made <= day_number(standing.as_of)) & asked[codes])
    first = standing.chunk.cases["number"][0].as_py()
    place = table["number"].to_numpy()[rows] - first
    answers = as_coded(table["answer"])
    question = codes[rows].astype(np.int64)
    meant = np.array([PLACES[Answer(one)] for one in answers.dictionary.to_pylist()], np.int8)
    answer = meant[answers.indices.to_numpy()[rows]]
    of = place * len(names) + question
    days = made[rows] - made.min()
    order = np.argsort(of * (days.max(initial=0) + 1) + days, kind="stable")
    last = np.ones(len(order), np.bool_)
    last[:-1] = np.diff(of[order]) != 0
    kept = order[last]
    found = {}
    for code, name in enumerate(names):
        of_question = kept[question[kept] == code]
        if len(of_question):
            found[name] = Said(place[of_question], answer[of_question], rows[of_question])
    return found
