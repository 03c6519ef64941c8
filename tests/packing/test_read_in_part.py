"""A packed caseload read for one day and some fields tells of them what the whole of it tells."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aboveline.packing import CASES, SHAPES, AsAt, Packed, PackedColumns, as_at, pack
from aboveline.packing.later import Later
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY
from packing_records import any_records, as_bytes
from strategies import AS_OF

DAYS = [-400, -30, -1, 0, 1, 30, 400]


def rows(known: AsAt, kind: str, fields: set[str]) -> list[dict[str, Any]]:
    """Return the facts of a kind, as far as some fields go."""
    table: pa.Table = known.facts[kind]
    rows_of: list[dict[str, Any]] = table.select(["number", *sorted(fields)]).to_pylist()
    return rows_of


def hold_to_whole(packed: Packed, as_of: dt.date, wanted: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Hold what is read in part to what is read whole; return the dates that were not read."""
    not_read = set()
    with PackedColumns(packed, as_of) as whole, PackedColumns(packed, as_of, wanted) as part:
        for groups in packed.parts(1):
            chunk = part.read(groups)
            expected, found = as_at(whole.read(groups), as_of), as_at(chunk, as_of)
            assert expected.left_out == found.left_out
            assert chunk.cases.column_names == ["number", "case"]
            for kind in wanted.keys() - {CASES}:
                for name in (kind, UNFINISHED + kind) if kind in DONE_OR_NOT else (kind,):
                    fields = wanted[kind] & VOCABULARY[name].fields.keys()
                    assert rows(expected, name, fields) == rows(found, name, fields)
            not_read |= {
                (kind, field.name)
                for kind in SHAPES.keys() & VOCABULARY.keys()
                for field in VOCABULARY[kind].fields.values()
                if field.tense
                and (kind not in chunk.facts or field.name not in chunk.facts[kind].column_names)
            }
    return not_read


@settings(max_examples=40, deadline=None)
@given(any_records(), st.sampled_from(DAYS), st.data())
def test_random_records_read_in_part(raws: list[dict[str, Any]], days: int, data: st.DataObject) -> None:
    """Whatever fields are wanted, as at days around which everything happens, nothing is told otherwise, or not counted."""
    kinds = sorted({kind for raw in raws for kind in raw} & SHAPES.keys() & VOCABULARY.keys())
    some = data.draw(st.lists(st.sampled_from(kinds), unique=True) if kinds else st.just([]))
    wanted = {
        kind: set(
            data.draw(st.lists(st.sampled_from(sorted(VOCABULARY[kind].fields.keys() - {"id"})), unique=True))
        )
        for kind in some
    }
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "cases.jsonl"
        lines.write_bytes(b"\n".join(as_bytes(raw) for raw in raws))
        pack([lines], Path(folder) / "packed", cases_in_a_group=2)
        hold_to_whole(
            Packed.open(Path(folder) / "packed"),
            AS_OF + dt.timedelta(days=days),
            {CASES: {"case"}, **wanted},
        )


def test_dates_that_tell_nothing_are_not_read(packed: Path) -> None:
    """On a day after all of it no date is read that nobody wants; on a day before all of it every one there is."""
    opened = Packed.open(packed)
    of_plans = {(kind, "completed_on") for kind in DONE_OR_NOT}

    late = hold_to_whole(opened, dt.date(2031, 1, 1), {CASES: {"case"}, "plan": {"type"}})
    early = hold_to_whole(opened, dt.date(1990, 1, 1), {CASES: {"case"}, "plan": {"type"}})

    assert not late & of_plans
    assert ("check", "made_on") in late - early
    assert early < late


def test_part_tells_nothing_of_another_day(packed: Path) -> None:
    """What was read for one day is refused for another."""
    opened = Packed.open(packed)
    with PackedColumns(opened, AS_OF, {"plan": {"type"}}) as columns:
        (groups,) = opened.parts(1000)
        chunk = columns.read(groups)

    with pytest.raises(ValueError, match="tells nothing of 2013-01-01"):
        as_at(chunk, dt.date(2013, 1, 1))


@pytest.mark.parametrize("statistics", [True, False])
def test_file_that_says_nothing_of_its_dates_is_read(statistics: bool, tmp_path: Path) -> None:
    """Only where a row group tells that no date is later is none taken to be."""
    day = dt.date(2013, 6, 1)
    table = pa.table({"on": pa.array([day, None], pa.date32()), "never": pa.array([None, None], pa.date32())})
    pq.write_table(table, tmp_path / "one.parquet", write_statistics=statistics)
    metadata = pq.read_metadata(tmp_path / "one.parquet")

    def later(as_of: dt.date) -> set[str]:
        return Later(metadata, as_of).of(range(1), ("on", "never"))

    assert later(day) == (set() if statistics else {"on", "never"})
    assert later(day - dt.timedelta(days=1)) == ({"on"} if statistics else {"on", "never"})


def test_manifest_tells_what_was_judged_by_a_day(tmp_path: Path) -> None:
    """Of each question the first judgement counts, on its day and after."""
    lines = tmp_path / "cases.jsonl"
    judgement = '{{"question": "{}", "answer": "sufficient", "assessor": "A1", "made_on": "{}"}}'
    made = [("PP-03", "2013-05-02"), ("PP-03", "2013-05-01"), ("AS-09", "2013-06-01")]
    lines.write_text(
        "".join(
            f'{{"case": "C-{n}", "judgement": [{judgement.format(*one)}]}}\n' for n, one in enumerate(made)
        ),
        encoding="utf-8",
    )

    manifest = pack([lines], tmp_path / "packed", cases_in_a_group=1)

    assert manifest.judged_by(dt.date(2013, 4, 30)) == set()
    assert manifest.judged_by(dt.date(2013, 5, 1)) == {"PP-03"}
    assert manifest.judged_by(dt.date(2013, 6, 1)) == {"PP-03", "AS-09"}
