"""What a sheet must know of cases beside their facts: what assessors said, and what their sources cannot hold."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aboveline.answers import Answer
from aboveline.backends.columnar import Numbers, Truths
from aboveline.case.judgement import Judgement, Override
from aboveline.facts import CaseFacts

__all__ = ["ANSWERS", "PLACES", "CaseColumns", "Places", "Said", "columns_of"]

Places = NDArray[np.int8]

ANSWERS = tuple(Answer)
"""What the numbers in a column of answers stand for."""

PLACES = {answer: place for place, answer in enumerate(ANSWERS)}


@dataclass(frozen=True)
class Said:
    """What assessors said of a question: the places of the cases, the answer to each, and the row where it stands, if it stands in a table."""

    cases: Numbers
    answers: Places
    rows: Numbers | None = None


@dataclass(frozen=True)
class CaseColumns:
    """Cases as at one date. ``incomplete`` tells of kinds that some source cannot hold of which cases that is so."""

    many: int
    as_of: dt.date
    incomplete: Mapping[str, Truths]
    judgements: Mapping[str, Said]
    overrides: Mapping[str, Said]


def columns_of(cases: Sequence[CaseFacts]) -> CaseColumns:
    """Return what a sheet must know of cases, all as at one date."""
    incomplete: dict[str, Truths] = {}
    for place, case in enumerate(cases):
        for kind in case.incomplete:
            incomplete.setdefault(kind, np.zeros(len(cases), np.bool_))[place] = True
    return CaseColumns(
        many=len(cases),
        as_of=cases[0].as_of if cases else dt.date.min,
        incomplete=incomplete,
        judgements=_said((place, case.judgements) for place, case in enumerate(cases)),
        overrides=_said((place, case.overrides) for place, case in enumerate(cases)),
    )


def _said(of_cases: Iterable[tuple[int, Mapping[str, Judgement | Override]]]) -> dict[str, Said]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, by_question in of_cases:
        for question, said in by_question.items():
            found[question].append((place, PLACES[Answer(str(said.answer))]))
    return {
        question: Said(np.array(cases, np.int64), np.array(answers, np.int8))
        for question, (cases, answers) in ((name, zip(*pairs, strict=True)) for name, pairs in found.items())
    }
