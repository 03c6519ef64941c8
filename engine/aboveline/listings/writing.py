"""Write the listings of a caseload: a folder for each table, in it a file for each part of the caseload.

What is in a part's file depends on its cases, the rules and the day alone. So
whoever writes it, and however often, it is the same file: a part that is done
again replaces what was there and doubles nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from aboveline.result import ListedTable, Listings
from aboveline.rulebook import Severity

from .shapes import ANSWERS, SHAPES

__all__ = ["ListedPart", "sum_up", "write_part"]


class ListedPart(NamedTuple):
    """One table of one part: its rows, the SHA-256 of its file, and of findings how many are of which severity."""

    table: str
    part: int
    rows: int
    sha256: str
    severities: Mapping[str, int]


def write_part(folder: Path, part: int, tables: Mapping[str, pa.Table]) -> list[ListedPart]:
    """Write the listings of a part of the caseload.

    Raises:
        OSError: they cannot be written.
    """
    return [_write(folder / name, part, name, table) for name, table in tables.items()]


def _write(folder: Path, part: int, name: str, table: pa.Table) -> ListedPart:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"part-{part:05}.parquet"
    beside = folder / f".{path.name}.{uuid4().hex}"
    try:
        pq.write_table(table, beside, compression="zstd", row_group_size=max(1, len(table)))
        digest = hashlib.sha256(beside.read_bytes()).hexdigest()
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    severities: dict[str, int] = {}
    if name == "findings":
        counted = pc.value_counts(table["severity"].cast(pa.string()).combine_chunks()).to_pylist()
        severities = {one["values"]: one["counts"] for one in counted}
    return ListedPart(name, part, len(table), digest, severities)


def sum_up(parts: Iterable[ListedPart]) -> Listings:
    """Say what was listed: of each table its rows, and one hash over the hashes of its parts, in their order."""
    by_table: dict[str, list[ListedPart]] = defaultdict(list)
    severities: dict[str, int] = defaultdict(int)
    for one in sorted(parts):
        by_table[one.table].append(one)
        for severity, many in one.severities.items():
            severities[severity] += many
    return Listings(
        tables=tuple(
            ListedTable(
                name=name,
                rows=sum(one.rows for one in by_table[name]),
                parts=len(by_table[name]),
                sha256=hashlib.sha256("".join(one.sha256 for one in by_table[name]).encode()).hexdigest(),
            )
            for name in (*SHAPES, ANSWERS)
        ),
        severities={one: severities[one] for one in Severity if one in severities},
    )
