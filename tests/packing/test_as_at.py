"""Facts of whole columns as at a date are those that ``flatten`` gives case by case."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aboveline.case import CaseRecord, Placed, read_record
from aboveline.facts import flatten
from aboveline.packing import as_at, chunks_of, read_placed
from aboveline.vocabulary import VOCABULARY
from packing_records import any_records, as_bytes
from strategies import AS_OF


def hold_to_flatten(reads: list[Placed], as_of: dt.date) -> int:
    """Hold every fact, every value and what was left out to ``flatten``; return how much was left out."""
    left_out = 0
    expected: Counter[Any] = Counter()
    for placed in reads:
        if isinstance(placed.read, CaseRecord):
            flat = flatten(placed.read, as_of)
            left_out += flat.left_out
            expected.update(
                (flat.case, fact.kind, tuple(sorted(fact.values.items())))
                for fact in flat.facts
                if fact.kind != "audit"
            )
    found: Counter[Any] = Counter()
    dropped = 0
    for chunk in chunks_of(reads, 3):
        as_of_then = as_at(chunk, as_of)
        dropped += as_of_then.left_out
        assert set(as_of_then.facts) == set(VOCABULARY) - {"audit"}
        for kind, table in as_of_then.facts.items():
            assert {"number", "case", *VOCABULARY[kind].fields} == set(table.column_names)
            found.update(
                (
                    row.pop("case"),
                    kind,
                    tuple(sorted((n, v) for n, v in row.items() if v is not None and n != "number")),
                )
                for row in table.to_pylist()
            )
    assert expected == found
    assert left_out == dropped
    return left_out


@settings(max_examples=60)
@given(any_records(), st.sampled_from([-30, -1, 0, 1, 30]))
def test_random_records_as_at_any_day(raws: list[dict[str, Any]], days: int) -> None:
    """On days around which everything happens, columns say what ``flatten`` says."""
    reads = [Placed("here", n, read_record(as_bytes(raw), "here", n)) for n, raw in enumerate(raws, 1)]

    hold_to_flatten(reads, AS_OF + dt.timedelta(days=days))


@pytest.mark.parametrize("as_of", ["2013-12-02", "2013-06-01", "2012-01-01", "2031-01-01"])
def test_fixtures_as_at_several_days(as_of: str, cases: Path) -> None:
    """At the audit's day, before it and after all is done."""
    left_out = hold_to_flatten(list(read_placed([cases])), dt.date.fromisoformat(as_of))

    assert (as_of == "2031-01-01") == (left_out == 0)
