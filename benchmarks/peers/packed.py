"""Polars over a packed caseload: the twenty questions, from the Parquet files to findings and counts, as somebody would write it by hand."""

import datetime as dt
from pathlib import Path

import polars as pl

from aboveline.packing import Packed
from aboveline.vocabulary import DONE_OR_NOT, VOCABULARY
from aboveline.workdays import numbers

from .columns import query_of
from .common import FIELDS

__all__ = ["as_at", "find_in_tables", "find_packed", "tables_in"]


def find_packed(folder: Path, as_of: dt.date, within: int) -> pl.DataFrame:
    """Return the cases with the deficiencies found in them, the files checked as ours are."""
    Packed.open(folder)
    cases = pl.read_parquet(folder / "cases.parquet", columns=["case"])["case"]
    return find_in_tables(tables_in(folder, as_of), cases, as_of, within)


def tables_in(folder: Path, as_of: dt.date) -> dict[str, pl.LazyFrame]:
    """Return a table for each kind, as at a date."""
    tables = {kind: as_at(folder, kind, as_of) for kind in FIELDS if kind != "enforcement"}
    started = _working_days(folder, as_of).alias("started_on_down")
    return tables | {"enforcement": as_at(folder, "enforcement", as_of, started)}


def find_in_tables(
    frames: dict[str, pl.LazyFrame], cases: pl.Series, as_of: dt.date, within: int
) -> pl.DataFrame:
    """Return the cases with the deficiencies found in tables."""
    found = query_of(frames, as_of, numbers(as_of).up, within)
    tables = pl.collect_all([frame.select("case").unique() for frame in found.values()])
    return pl.concat(
        table.select(pl.lit(deficiency).alias("deficiency"), cases.gather(table["case"]).alias("case"))
        for deficiency, table in zip(found, tables, strict=True)
    )


def as_at(folder: Path, kind: str, as_of: dt.date, *more: pl.Expr) -> pl.LazyFrame:
    """Return the facts of a kind as at a date, with the fields that are read, and more columns made of them."""
    frame = pl.scan_parquet(folder / f"{kind}.parquet")
    fields = VOCABULARY[kind].fields
    for name, field in fields.items():
        if field.tense == "began":
            frame = frame.filter(~(pl.col(name) > as_of).fill_null(value=False))
    if kind in DONE_OR_NOT:
        frame = frame.filter((pl.col("status") == "complete") & (pl.col("completed_on") <= as_of))
    columns = [pl.col("number").cast(pl.UInt32).alias("case")]
    for name in FIELDS[kind]:
        column = pl.col(name)
        if fields[name].tense == "happened":
            column = pl.when(column <= as_of).then(column).alias(name)
        columns.append(column)
    return frame.select(*columns, *more)


def _working_days(folder: Path, as_of: dt.date) -> pl.Expr:
    """Return the working day that an enforcement started by, each different day counted once."""
    days = (
        pl.read_parquet(folder / "enforcement.parquet", columns=["started_on"])["started_on"]
        .unique()
        .drop_nulls()
    )
    started = pl.when(pl.col("started_on") <= as_of).then(pl.col("started_on"))
    counted = [numbers(day).down for day in days.to_list()]
    return started.replace_strict(days.to_list(), counted, default=None, return_dtype=pl.Int32)
