"""How the cases of a chunk stand as at a date, by columns alone: no fact is made of a row until somebody asks for it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from aboveline.facts import FlatFact, kinds_in_doubt
from aboveline.packing import Chunk, as_at
from aboveline.vocabulary import VOCABULARY, FieldType

from .days import Numbers, day_number
from .tables import Column, Table, Tables, Texts, Truths

__all__ = ["Standing", "as_coded", "standing_of"]


@dataclass(frozen=True)
class Standing:
    """Cases as at a date.

    ``facts`` has the facts by kind as rules know it, as ``packing.as_at`` gives
    them; ``tables`` the same as rules read them. ``chunk`` is what they were made of.
    """

    as_of: dt.date
    chunk: Chunk
    facts: Mapping[str, pa.Table]
    tables: Tables
    incomplete: Mapping[str, Truths]
    left_out: int

    @property
    def many(self) -> int:
        """How many cases there are."""
        return len(self.chunk.cases)

    def column(self, kind: str, field: str) -> Column:
        """Return a field of every fact of a kind, as rules read it."""
        return self.tables.by_kind[kind].columns[field]

    def doubted(self, kind: str) -> Truths:
        """Tell of every case whether its source cannot hold a kind of fact."""
        return self.incomplete.get(kind, np.zeros(self.many, np.bool_))


@dataclass
class _Columns(Mapping[str, Column]):
    """The columns of a kind, each made when it is first read: most are never asked for."""

    kind: str
    table: pa.Table
    texts: Texts
    _made: dict[str, Column] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Column:
        if name not in self._made:
            of = VOCABULARY[self.kind].fields[name].type
            self._made[name] = _column_of(self.table[name], of, self.texts)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(VOCABULARY[self.kind].fields)

    def __len__(self) -> int:
        return len(VOCABULARY[self.kind].fields)


def standing_of(chunk: Chunk, as_of: dt.date) -> Standing:
    """Return the cases of a chunk as at a date."""
    known = as_at(chunk, as_of)
    many = len(chunk.cases)
    first = chunk.cases["number"][0].as_py() if many else 0
    texts = Texts()
    day = Column(np.full(many, day_number(as_of), np.int64), np.ones(many, np.bool_))
    audit = FlatFact("audit", "audit", {"id": "audit", "as_of": as_of})
    tables = {"audit": Table(np.arange(many), {"as_of": day}, lambda _: audit)}
    for kind, table in known.facts.items():
        if "number" not in table.column_names:  # it was read only for what had not happened
            continue
        tables[kind] = Table(
            table["number"].to_numpy() - first,
            _Columns(kind, table, texts),
            _FactOf(kind, table),
        )
    return Standing(
        as_of, chunk, known.facts, Tables(many, tables, texts), _incomplete(chunk.cases), known.left_out
    )


@dataclass
class _FactOf:
    """Tells a row of a kind as a fact."""

    kind: str
    table: pa.Table
    _facts: list[FlatFact] = field(default_factory=list)

    def __call__(self, row: int) -> FlatFact:
        if not self._facts:
            self._facts = list(_facts_in(self.kind, self.table))
        return self._facts[row]


def _facts_in(kind: str, table: pa.Table) -> Iterator[FlatFact]:
    """Yield the facts of a kind, each with the fields that are recorded."""
    names = [name for name in ("id", *VOCABULARY[kind].fields) if table[name].null_count < len(table)]
    names = list(dict.fromkeys(names))
    for row in zip(*(table[name].to_pylist() for name in names), strict=True):
        values = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        yield FlatFact(kind, values["id"], values)


def _column_of(column: pa.ChunkedArray, of: FieldType, texts: Texts) -> Column:
    """Return a column as rules read it."""
    if of in {"bool", "date", "int"}:
        return Column(*_numbers(column.combine_chunks()))
    words = as_coded(column)
    places = np.array([texts[word] for word in words.dictionary.to_pylist()] or [0], np.int32)
    numbers, recorded = _numbers(words.indices)
    return Column(places.take(numbers), recorded, among=places)


def as_coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a column of texts with each of them once."""
    if pa.types.is_dictionary(column.type):
        return column.combine_chunks()
    return column.cast(pa.string()).combine_chunks().dictionary_encode()


def _numbers(array: pa.Array) -> tuple[Numbers, Truths]:
    """Return the numbers of an array as they lie in memory, 0 where there is none, and where there is one.

    To let pyarrow fill and convert them takes some times as long, and most columns are read for nothing else.
    """
    recorded = np.ones(len(array), np.bool_)
    if not len(array):
        return recorded.astype(np.int32), recorded
    validity, data = array.buffers()
    which = slice(array.offset, array.offset + len(array))
    numbers: Numbers = (
        _bits(data, which).view(np.int8)
        if pa.types.is_boolean(array.type)
        else np.frombuffer(data, np.int32)[which]
    )
    if not array.null_count:
        return numbers, recorded
    recorded = _bits(validity, which)
    return numbers * recorded, recorded


def _bits(buffer: pa.Buffer, which: slice) -> Truths:
    bits = np.unpackbits(np.frombuffer(buffer, np.uint8), count=which.stop, bitorder="little")
    return bits[which].view(np.bool_)


def _incomplete(cases: pa.Table) -> dict[str, Truths]:
    """Tell of every kind that some source cannot hold of which cases that is so."""
    lists = cases["incomplete"].combine_chunks()
    places = pc.list_parent_indices(lists).to_numpy()
    kinds = pc.list_flatten(lists).to_pylist()
    found: dict[str, Truths] = {}
    for place, kind in zip(places.tolist(), kinds, strict=True):
        for one in kinds_in_doubt([kind]):
            found.setdefault(one, np.zeros(len(cases), np.bool_))[place] = True
    return found
