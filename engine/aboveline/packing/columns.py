"""Read a packed folder for work by columns: only the columns that are wanted, and of texts their codes."""

import datetime as dt
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from aboveline.vocabulary import DONE_OR_NOT, VOCABULARY

from .later import Later
from .reading import Packed
from .shapes import CASES, SHAPES
from .tables import Chunk

__all__ = ["PackedColumns"]


class PackedColumns:
    """The files of a packed folder, open while it is read part by part. Close it when done.

    Args:
        packed: the folder.
        as_of: the day that the facts are read for.
        wanted: the fields that are wanted, by table, ``id`` among them for the ids of facts; all where it is not
            given. A table that is not named is read only as far as it has what had not happened by the day.
    """

    def __init__(
        self, packed: Packed, as_of: dt.date, wanted: Mapping[str, Collection[str]] | None = None
    ) -> None:
        self._open = ExitStack()
        self._as_of = as_of
        self._wanted = wanted
        self._files: dict[str, pq.ParquetFile] = {}
        self._later: dict[str, Later] = {}
        for name, shape in SHAPES.items():
            texts = None if name == CASES else [one.name for one in shape if pa.types.is_string(one.type)]
            path = packed.folder / f"{name}.parquet"
            file = pq.ParquetFile(path, read_dictionary=texts, memory_map=True)
            self._files[name] = self._open.enter_context(file)
            self._later[name] = Later(file.metadata, as_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def read(self, groups: range) -> Chunk:
        """Return the cases of some row groups. Beside its facts no case has its id, but its number.

        A date that tells only what had not happened by the day is not there where there is no such thing.
        """
        tables = {}
        for name, file in self._files.items():
            if columns := self._columns(name, groups):
                tables[name] = file.read_row_groups([*groups], columns=columns, use_threads=False)
        return Chunk(tables.pop(CASES), tables, read_for=self._as_of)

    def _columns(self, name: str, groups: range) -> list[str]:
        """Return which columns of a table are read of some row groups."""
        shape = SHAPES[name].names
        if self._wanted is None:
            return [one for one in shape if name == CASES or one != "case"]
        wanted = self._wanted.get(name)
        columns = set(wanted or ()) | ({"fact"} if "id" in (wanted or ()) else set())
        columns |= self._later[name].of(groups, _tell_what_is_later(name))
        if name in DONE_OR_NOT:
            columns |= {"status", "completed_on"}
        if wanted is not None or name == CASES:
            columns.add("number")
        return [one for one in shape if one in columns]


def _tell_what_is_later(name: str) -> Collection[str]:
    """Return the dates of a table that tell what had not happened by a day."""
    if name == CASES:
        return ()
    if name not in VOCABULARY:
        return ("made_on",)
    fields = VOCABULARY[name].fields.values()
    return [field.name for field in fields if field.tense in {"began", "happened"}]
