"""What a sheet must know of cases that stand in columns already."""

import numpy as np
import pyarrow as pa

from aboveline.answers import Answer
from aboveline.backends.columnar import Numbers, Standing, as_coded, day_number

from .cases import PLACES, CaseColumns, Said

__all__ = ["columns_standing"]


def columns_standing(standing: Standing) -> CaseColumns:
    """Return what a sheet must know of cases as they stand."""
    return CaseColumns(
        many=standing.many,
        as_of=standing.as_of,
        incomplete=standing.incomplete,
        judgements=_latest(standing, "judgement"),
        overrides=_latest(standing, "override"),
    )


def _latest(standing: Standing, kind: str) -> dict[str, Said]:
    """Return what was said last of each question and case by the date; of two on one day, the later in the record."""
    table = standing.chunk.facts[kind]
    if not len(table):
        return {}
    made: Numbers = table["made_on"].cast(pa.int32()).to_numpy().astype(np.int64)
    rows = np.flatnonzero(made <= day_number(standing.as_of))
    first = standing.chunk.cases["number"][0].as_py()
    place = table["number"].to_numpy()[rows] - first
    questions, answers = as_coded(table["question"]), as_coded(table["answer"])
    question = questions.indices.to_numpy()[rows].astype(np.int64)
    meant = np.array([PLACES[Answer(one)] for one in answers.dictionary.to_pylist()], np.int8)
    answer = meant[answers.indices.to_numpy()[rows]]
    of = place * len(questions.dictionary) + question
    days = made[rows] - made.min()
    order = np.argsort(of * (days.max(initial=0) + 1) + days, kind="stable")
    last = np.ones(len(order), np.bool_)
    last[:-1] = np.diff(of[order]) != 0
    kept = order[last]
    found = {}
    for code, name in enumerate(questions.dictionary.to_pylist()):
        of_question = kept[question[kept] == code]
        if len(of_question):
            found[name] = Said(place[of_question], answer[of_question], rows[of_question])
    return found
