"""The twenty questions and the four answers as hand-written Polars has them: a small number for each answer."""

import polars as pl

from aboveline.answers import Answer

from .common import TWENTY

__all__ = [
    "CODES",
    "INSUFFICIENT",
    "NOT_APPLICABLE",
    "NOT_ASSESSED",
    "QUESTIONS",
    "SUFFICIENT",
    "WORDS",
    "codes_at",
    "otherwise",
]

CODES = {
    Answer.NOT_APPLICABLE: 0,
    Answer.SUFFICIENT: 1,
    Answer.NOT_ASSESSED: 2,
    Answer.INSUFFICIENT: 3,
}
"""Of the answers that facts of a case have by themselves, the greatest is the case's."""

NOT_APPLICABLE, SUFFICIENT, NOT_ASSESSED, INSUFFICIENT = (pl.lit(code, pl.UInt8) for code in CODES.values())
WORDS = pl.Enum([str(answer) for answer in CODES])

QUESTIONS = tuple(deficiency.partition(".")[0] for deficiency in TWENTY)
_OF_EVERY_CASE = frozenset({"DS-47", "RR-20"})


def codes_at(frame: pl.DataFrame, question: str, cases: pl.Series) -> pl.Series:
    """Return the answers to a question of some cases."""
    of_others = pl.Series([otherwise(question)], dtype=pl.UInt8)
    codes = of_others.new_from_index(0, len(cases))
    many = int(frame["alone"].sum())
    for part in (frame.head(many), frame.tail(-many) if many else frame):
        if part.height:
            places = part["case"].search_sorted(cases).clip(upper_bound=part.height - 1)
            codes = part[question].gather(places).zip_with(part["case"].gather(places) == cases, codes)
    return codes


def otherwise(question: str) -> int:
    """Return the answer of cases that have none of the facts that a question is about."""
    return CODES[Answer.SUFFICIENT if question in _OF_EVERY_CASE else Answer.NOT_APPLICABLE]
