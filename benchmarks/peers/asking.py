"""What each kind of fact says of the twenty questions: lazy queries, from the tables to an answer for each case.

The facts of a case stand together in every table, in the order of the cases. So
no table is hashed to bring together what a case has. Each fact has an answer of
its own, and the greatest of them is the case's: there is nothing to do for a case
with one fact, and for the others a maximum runs along the table (``_by_case``).
A plan is the last of its case where none is later, before it or after it in the
table (``_extreme``).
"""

import datetime as dt
from collections.abc import Iterator, Mapping

import polars as pl

from aboveline.workdays import numbers

from .coded import INSUFFICIENT, NOT_ASSESSED, SUFFICIENT

__all__ = ["Frames", "queries"]

Frames = Mapping[str, pl.LazyFrame]
"""A table for each kind of fact."""


def queries(table: Frames, as_of: dt.date, within: int) -> Iterator[pl.LazyFrame]:
    """Yield queries of the answers, each of questions about the same facts."""
    plans = {
        kind: table["plan"].filter(pl.col("type") == kind)
        for kind in ("sentence_plan", "risk_management_plan")
    }
    in_force = _extreme("completed_on", last=True)
    current = plans["sentence_plan"].filter(in_force)
    due = pl.col("review_due_on")
    yield _by_case(
        current,
        {
            "DS-07": _done("person_involved"),
            "DS-21": _decided(due.is_null()),
            "DS-22": _done("review_triggers"),
            "DS-23": _done("review_period_apt"),
            "DS-24": _done("workers_recorded"),
            "to be reviewed": due.is_not_null().cast(pl.UInt8),
        },
    ).with_columns(pl.col("DS-23") * pl.col("to be reviewed"))
    last = current.select("case", "completed_on").filter(_ends())
    barriers = table["barrier"].join(last, on="case", maintain_order="left")
    yield _by_case(
        barriers.filter(pl.col("identified_on") <= pl.col("completed_on")), {"DS-14": _done("in_plan")}
    )
    yield _by_case(
        plans["risk_management_plan"],
        {
            "PP-14": _done("contingency"),
            "PP-17": pl.when(in_force).then(_done("person_involved")).otherwise(SUFFICIENT),
            "PP-31": _done("carried_out"),
        },
    )
    started = table["enforcement"].filter(pl.col("started_on").is_not_null())
    late = pl.col("explained_on").is_null() & (pl.col("started_on") <= _late_since(as_of, within))
    yield _by_case(started, {"DS-40": _decided(late)})
    yield _by_case(_not_complied(table, as_of), {"DS-47": pl.col("DS-47")})
    handed_over = table["allocation"].filter(~(_begins() & _ends()))
    changes = handed_over.filter(~_extreme("allocated_on", last=False))
    yield _by_case(changes, {"DS-50": _done("delivery_maintained")})
    actions = table["mappa_action"].join(table["mappa"], on="case", how="semi", maintain_order="left")
    yield _by_case(actions, {"PP-22": _done("in_plan")})
    # Of several stays one with interventions is enough, so the greatest here is the best.
    delivered = pl.col("interventions_delivered")
    best = _decided(delivered, open_if=delivered.is_null())
    yield _by_case(table["approved_premises"], {"RR-12": best}).with_columns(
        (4 - pl.col("RR-12")).alias("RR-12")
    )
    begun = table["intervention"].filter(pl.col("started_on").is_not_null())
    yield _by_case(_that_matter(begun, "prepared"), {"RR-13": _done("prepared")})
    started_on = pl.col("started_on")
    offences = table["further_offence"].join(
        table["sentence"].select("case", "started_on"), on="case", maintain_order="left"
    )
    since = pl.col("recorded_on") >= started_on
    yield _by_case(offences, {"RR-20": _decided(since, open_if=started_on.is_null())})
    yield _by_case(table["court_report"], {"AS-01": _done("record_on_file")})
    yield _by_case(table["transfer"], {"DS-43": _done("manager_clear")})
    yield _by_case(table["visor"], {"PP-30": _done("used_effectively")})
    victims = _that_matter(table["victim"], "safety_prioritised")
    yield _by_case(victims, {"VW-02": _done("safety_prioritised")})


def _not_complied(table: Frames, as_of: dt.date) -> pl.LazyFrame:
    """Return what says that somebody did not comply unaided, and the absences of which nobody recorded what they were."""
    verdict = pl.col("verdict")
    absences = table["absence"].filter((verdict == "unacceptable") | verdict.is_null())
    missed = table["appointment"].filter(
        pl.col("outcome").is_in(["unacceptable_absence", "attended_and_did_not_comply"])
        & (pl.col("planned_for") <= as_of)
    )
    untold = missed.join(
        table["absence"], left_on=["case", "planned_for"], right_on=["case", "occurred_on"], how="anti"
    )
    said = absences.select(
        "case", pl.when(verdict.is_null()).then(NOT_ASSESSED).otherwise(INSUFFICIENT).alias("DS-47")
    )
    acted = (
        frame.select("case", INSUFFICIENT.alias("DS-47"))
        for frame in (untold, table["warning"], table["enforcement"])
    )
    return pl.concat([said, *acted]).sort("case")


def _that_matter(frame: pl.LazyFrame, field: str) -> pl.LazyFrame:
    """Return the last fact of each case, and of the others those where a field does not say yes: for kinds of which cases have many."""
    return frame.filter(_ends() | pl.col(field).is_null() | ~pl.col(field))


def _done(field: str) -> pl.Expr:
    """Return the answer of a fact: insufficient where a field says no, not assessed where it says nothing."""
    return _decided(~pl.col(field), open_if=pl.col(field).is_null())


def _decided(found: pl.Expr, open_if: pl.Expr | None = None) -> pl.Expr:
    answer = pl.when(found).then(INSUFFICIENT).otherwise(SUFFICIENT)
    return answer if open_if is None else pl.when(open_if).then(NOT_ASSESSED).otherwise(answer)


def _by_case(frame: pl.LazyFrame, answers: Mapping[str, pl.Expr]) -> pl.LazyFrame:
    """Return the greatest of the answers of each case's facts: first the cases with one fact, then the others, each in order."""
    rows = frame.select(
        "case",
        *(answer.alias(name) for name, answer in answers.items()),
        (_begins() & _ends()).alias("alone"),
    )
    # The case's number is the higher part of what the maximum is of, so with each case it begins anew.
    running = ((pl.col("case") * 4 + pl.col(name)).cum_max().alias(name) for name in answers)
    several = rows.filter(~pl.col("alone")).select("case", *running, "alone").filter(_ends())
    return pl.concat(
        [
            rows.filter("alone"),
            several.select("case", *((pl.col(name) % 4).cast(pl.UInt8) for name in answers), "alone"),
        ]
    )


def _begins() -> pl.Expr:
    """Tell of every row whether it is its case's first."""
    return pl.col("case").ne_missing(pl.col("case").shift(1))


def _ends() -> pl.Expr:
    """Tell of every row whether it is its case's last."""
    return pl.col("case").ne_missing(pl.col("case").shift(-1))


def _extreme(day: str, *, last: bool) -> pl.Expr:
    """Tell of every row whether none of its case has a later day (or an earlier one)."""
    case = pl.col("case").cast(pl.Int64) * (1 << 32)  # no day comes to as much
    days = pl.col(day).cast(pl.Int32).cast(pl.Int64)
    days = days if last else -days
    rising, falling = case + days, days - case
    return (rising == rising.cum_max()) & (falling == falling.cum_max(reverse=True))


def _late_since(as_of: dt.date, within: int) -> dt.date:
    """Return the last day of which so many working days are over by a date."""
    day = as_of
    while numbers(day).down + within >= numbers(as_of).up:
        day -= dt.timedelta(days=1)
    return day
