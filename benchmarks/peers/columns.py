"""Polars over a table for each kind of fact, as somebody would write it who had only these twenty questions."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from .common import FIELDS, Case, Found

__all__ = ["Frames", "Polars", "frames_of", "query_of"]

Frames = dict[str, pl.DataFrame]

_TEXT = {"outcome", "type", "verdict"}


def frames_of(cases: Sequence[Case]) -> Frames:
    """Return a table for each kind, of the cases that every peer is given. It is not part of what is measured."""
    frames = {"cases": pl.DataFrame({"case": [case["case"] for case in cases]})}
    for kind, names in FIELDS.items():
        fields = (*names, "started_on_down") if kind == "enforcement" else names
        rows: dict[str, list[Any]] = {"case": []} | {field: [] for field in fields}
        for number, case in enumerate(cases):
            for fact in case[kind]:
                rows["case"].append(number)
                for field in fields:
                    rows[field].append(fact[field])
        frames[kind] = pl.DataFrame(
            rows, schema={"case": pl.UInt32} | {field: _type(field) for field in fields}
        )
    return frames


def _type(field: str) -> Any:
    if field in _TEXT:
        return pl.Categorical
    return pl.Int32 if field.endswith(("_on", "_for", "_down")) else pl.Boolean


class Polars:
    """One lazy query: twenty columns of cases, with the plans in force worked out once."""

    name = "hand-written Polars"

    def __init__(self, within: int) -> None:
        self.within = within

    def find(self, cases: Sequence[Case]) -> Found:
        """Return what is found, tables made first."""
        return self.find_in(frames_of(cases), cases[0]["as_of"], cases[0]["as_of_up"])

    def find_in(self, frames: Frames, as_of: int, as_of_up: int) -> Found:
        """Return what is found in tables."""
        tables = {kind: frame.lazy() for kind, frame in frames.items()}
        found = query_of(tables, as_of, as_of_up, self.within)
        numbers = pl.collect_all([frame.select("case").unique() for frame in found.values()])
        names = frames["cases"]["case"]
        return {
            (case, deficiency)
            for deficiency, rows in zip(found, numbers, strict=True)
            for case in names.gather(rows["case"])
        }


def query_of(
    table: Mapping[str, pl.LazyFrame], as_of: Any, as_of_up: int, within: int
) -> dict[str, pl.LazyFrame]:
    """Return the cases of each deficiency, of a table for each kind. Days are as they stand in the tables."""
    plans = {
        kind: table["plan"].filter(pl.col("type") == kind)
        for kind in ("sentence_plan", "risk_management_plan")
    }
    latest = pl.col("completed_on") == pl.col("completed_on").max().over("case")
    current = plans["sentence_plan"].filter(latest)
    current_risk = plans["risk_management_plan"].filter(latest)
    barriers = current.select("case", "completed_on").join(_false(table["barrier"], "in_plan"), on="case")
    missed = table["appointment"].filter(
        pl.col("outcome").is_in(["unacceptable_absence", "attended_and_did_not_comply"])
        & (pl.col("planned_for") <= as_of)
    )
    unexplained = table["enforcement"].filter(
        pl.col("started_on").is_not_null()
        & pl.col("explained_on").is_null()
        & (pl.col("started_on_down") + within < as_of_up)
    )
    changed = table["allocation"].filter(pl.col("allocated_on") > pl.col("allocated_on").min().over("case"))
    stays = (
        table["approved_premises"]
        .group_by("case")
        .agg(pl.col("interventions_delivered").eq(other=False).fill_null(value=False).all())
    )
    again = table["further_offence"].join(table["sentence"], on="case")
    return {
        "AS-01.1": _false(table["court_report"], "record_on_file"),
        "DS-07.1": _false(current, "person_involved"),
        "DS-14.1": barriers.filter(pl.col("identified_on") <= pl.col("completed_on")),
        "DS-21.1": current.filter(pl.col("review_due_on").is_null()),
        "DS-22.1": _false(current, "review_triggers"),
        "DS-23.1": _false(current, "review_period_apt").join(
            current.filter(pl.col("review_due_on").is_not_null()), on="case", how="semi"
        ),
        "DS-24.1": _false(current, "workers_recorded"),
        "DS-40.1": unexplained,
        "DS-43.1": _false(table["transfer"], "manager_clear"),
        "DS-47.1": pl.concat(
            [
                table["warning"].select("case"),
                table["enforcement"].select("case"),
                table["absence"].filter(pl.col("verdict") == "unacceptable").select("case"),
                missed.join(
                    table["absence"],
                    left_on=["case", "planned_for"],
                    right_on=["case", "occurred_on"],
                    how="anti",
                ).select("case"),
            ]
        ),
        "DS-50.1": _false(changed, "delivery_maintained"),
        "PP-14.1": _false(plans["risk_management_plan"], "contingency"),
        "PP-17.1": _false(current_risk, "person_involved"),
        "PP-22.1": _false(table["mappa_action"], "in_plan").join(table["mappa"], on="case", how="semi"),
        "PP-30.1": _false(table["visor"], "used_effectively"),
        "PP-31.1": _false(plans["risk_management_plan"], "carried_out"),
        "RR-12.1": stays.filter("interventions_delivered"),
        "RR-13.1": _false(table["intervention"].filter(pl.col("started_on").is_not_null()), "prepared"),
        "RR-20.1": again.filter(pl.col("recorded_on") >= pl.col("started_on")),
        "VW-02.1": _false(table["victim"], "safety_prioritised"),
    }


def _false(frame: pl.LazyFrame, field: str) -> pl.LazyFrame:
    return frame.filter(~pl.col(field))
