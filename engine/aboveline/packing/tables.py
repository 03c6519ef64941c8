"""Put case records into tables, a chunk of cases at a time: to be written, or to be worked on as they are."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aboveline.case import CaseRecord, Placed, Rejected, digest_of

from .shapes import CASES, SHAPES, fields_of

__all__ = ["CASES_IN_A_CHUNK", "Chunk", "chunks_of"]

CASES_IN_A_CHUNK = 2_000
"""Cases of one chunk, unless other is asked: enough for columns to pay, few enough to hold."""


@dataclass(frozen=True)
class Chunk:
    """A range of cases: a table of them, and a table for each kind of fact, in the shapes of ``SHAPES``.

    ``rejected`` has the records that could not be read on the way. ``read_for`` is the
    day that it was read for, where it was read in part: it tells nothing of another.
    """

    cases: pa.Table
    facts: Mapping[str, pa.Table]
    rejected: tuple[Rejected, ...] = ()
    read_for: dt.date | None = None

    def cut(self, cases: int) -> Iterator["Chunk"]:
        """Yield its cases in chunks of so many, the last with what is left. What was rejected stays here.

        Every fact goes somewhere, also one that belongs to no case or stands out of order, so that whoever reads on sees it.
        """
        starts = self.cases["number"].to_numpy()[::cases]
        bounds = {name: _bounds(table, starts) for name, table in self.facts.items()}
        for piece in range(len(starts)):
            facts = {
                name: table.slice(bounds[name][piece], bounds[name][piece + 1] - bounds[name][piece])
                for name, table in self.facts.items()
            }
            yield replace(self, cases=self.cases.slice(piece * cases, cases), facts=facts, rejected=())


def _bounds(table: pa.Table, starts: NDArray[np.int64]) -> list[int]:
    """Return where the facts of each piece begin, and where the last end."""
    between = np.searchsorted(table["number"].to_numpy(), starts[1:])
    return [0, *np.maximum.accumulate(between).tolist(), len(table)]


def chunks_of(reads: Iterable[Placed], cases: int = CASES_IN_A_CHUNK) -> Iterator[Chunk]:
    """Yield what was read in chunks of so many cases; the last has what is left, which may be no case at all."""
    growing = _Growing(0)
    for placed in reads:
        growing.add(placed)
        if growing.cases == cases:
            yield growing.chunk()
            growing = _Growing(growing.next)
    if growing.cases or growing.rejected:
        yield growing.chunk()


class _Growing:
    """A chunk that takes in cases."""

    def __init__(self, first: int) -> None:
        self.cases = 0
        self.next = first
        self.rejected: list[Rejected] = []
        self._columns: dict[str, dict[str, list[Any]]] = {
            name: {field: [] for field in shape.names} for name, shape in SHAPES.items()
        }

    def add(self, placed: Placed) -> None:
        """Take in a record, or what was wrong with it."""
        source, line, read = placed
        if not isinstance(read, CaseRecord):
            self.rejected.append(read)
            return
        number = self.next
        self.cases += 1
        self.next += 1
        row = (number, read.case, source, line, digest_of(read), list(read.incomplete))
        for values, value in zip(self._columns[CASES].values(), row, strict=True):
            values.append(value)
        for kind, facts in read.facts_by_kind():
            if not facts:
                continue
            columns = self._columns[kind]
            columns["number"] += [number] * len(facts)
            columns["case"] += [read.case] * len(facts)
            columns["fact"] += [identifier for identifier, _ in facts]
            for field in fields_of(kind):
                columns[field] += [getattr(fact, field) for _, fact in facts]

    def chunk(self) -> Chunk:
        """Return what was taken in."""
        tables = {name: _table(name, columns) for name, columns in self._columns.items()}
        return Chunk(tables.pop(CASES), tables, tuple(self.rejected))


def _table(name: str, columns: Mapping[str, list[Any]]) -> pa.Table:
    shape = SHAPES[name]
    arrays = [pa.array(values, shape.field(field).type) for field, values in columns.items()]
    return pa.Table.from_arrays(arrays, schema=shape)
