"""What sources cannot hold, and which answers it leaves open: for the hand-written Polars."""

from collections.abc import Iterator, Mapping

import polars as pl

from .asking import Frames
from .coded import INSUFFICIENT, NOT_APPLICABLE, NOT_ASSESSED, QUESTIONS, codes_at
from .common import FIELDS

__all__ = ["doubted_in", "leave_open"]

_READ_BY: Mapping[str, str] = {
    **dict.fromkeys(("DS-07", "DS-21", "DS-22", "DS-23", "DS-24", "PP-14", "PP-17", "PP-31"), "plan"),
    "AS-01": "court_report",
    "DS-40": "enforcement",
    "DS-43": "transfer",
    "DS-50": "allocation",
    "PP-30": "visor",
    "RR-12": "approved_premises",
    "RR-13": "intervention",
    "VW-02": "victim",
}
"""The kind of fact that a question is about, where it is about one alone."""

_ABSENT = frozenset({"DS-07", "DS-21", "DS-22", "DS-23", "DS-24", "PP-17", "RR-12"})
"""Of those, the questions whose deficiency rests on something not being there."""


def doubted_in(cases: pl.DataFrame) -> pl.DataFrame:
    """Return the cases of which a source cannot hold some kind that the twenty read, with each such kind."""
    lists = cases.lazy().select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("case"), pl.col("incomplete").alias("kind")
    )
    lacking = lists.filter(pl.col("kind").list.len() > 0).explode("kind")
    return lacking.filter(pl.col("kind").is_in(list(FIELDS))).collect()


def leave_open(
    computed: Mapping[str, pl.DataFrame], table: Frames, doubted: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Return the answers with those changed that a kind which a source cannot hold leaves open.

    A part of a rule is in doubt where a kind that it looks for may be there after all, and
    all else that it looks for is there or may be. A deficiency stands that was found on
    what is recorded, unless it rests on something being absent that may be there.
    """
    cases = doubted["case"].unique().sort()
    there = {
        kind: table[kind]
        for kind in ("barrier", "further_offence", "mappa", "mappa_action", "plan", "sentence")
    }
    unacceptable = table["absence"].filter(pl.col("verdict") == "unacceptable")
    acted = (unacceptable, table["warning"], table["enforcement"])
    there["acted"] = pl.concat(frame.select("case") for frame in acted)
    seen = pl.collect_all(
        [
            frame.filter(pl.col("case").is_in(cases.implode())).select("case").unique()
            for frame in there.values()
        ]
    )
    of_kind = dict(doubted.group_by("kind").agg("case").iter_rows())
    columns = pl.DataFrame(
        [
            cases,
            *(codes_at(frame, question, cases).alias(question) for question, frame in computed.items()),
            *(cases.is_in(of_kind.get(kind, [])).alias(f"no {kind}") for kind in FIELDS),
            *(cases.is_in(one["case"].implode()).alias(kind) for kind, one in zip(there, seen, strict=True)),
        ]
    )
    changed = columns.select(
        "case",
        *(
            pl.when(open_if).then(NOT_ASSESSED).otherwise(question).alias(question)
            for question, open_if in _left_open()
        ),
    )
    return {
        question: pl.concat(
            [
                frame.select("case", question).filter(~pl.col("case").is_in(cases.implode())),
                changed.select("case", question),
            ]
        )
        .sort("case")
        .with_columns(pl.lit(value=True).alias("alone"))
        for question, frame in computed.items()
    }


def _left_open() -> Iterator[tuple[str, pl.Expr]]:
    """Yield of each question which cases are left open by what sources cannot hold."""

    def lacks(*kinds: str) -> pl.Expr:
        return pl.any_horizontal(f"no {kind}" for kind in kinds)

    def may_have(kind: str) -> pl.Expr:
        return pl.col(kind) | lacks(kind)

    for question in QUESTIONS:
        found = pl.col(question) == INSUFFICIENT
        if question in _READ_BY:
            doubt = lacks(_READ_BY[question])
            yield question, doubt if question in _ABSENT else doubt & ~found
        elif question == "DS-14":
            yield (
                question,
                (lacks("plan") & may_have("barrier")) | (lacks("barrier") & pl.col("plan") & ~found),
            )
        elif question == "DS-47":
            # What was missed rests on there being no absence that says otherwise.
            sure = pl.when(lacks("absence")).then(pl.col("acted")).otherwise(found)
            yield question, lacks("absence", "warning", "enforcement", "appointment") & ~sure
        elif question == "PP-22":
            applies = pl.col(question) != NOT_APPLICABLE
            yield (
                question,
                (lacks("mappa_action") & may_have("mappa") & ~found)
                | (lacks("mappa") & pl.col("mappa_action") & ~applies),
            )
        else:
            both = may_have("sentence") & may_have("further_offence")
            yield question, lacks("sentence", "further_offence") & both & ~found
