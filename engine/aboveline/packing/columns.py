"""Read a packed folder for work by columns: only the columns that are wanted, and of texts their codes."""

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from aboveline.vocabulary import DONE_OR_NOT, VOCABULARY

from .reading import Packed
from .shapes import CASES, SHAPES
from .tables import Chunk

__all__ = ["PackedColumns"]


class PackedColumns:
    """The files of a packed folder, open while it is read part by part. Close it when done.

    Args:
        packed: the folder.
        wanted: the fields that are wanted, by kind of fact, ``id`` among them; all where it is not given.
            What tells how the facts stand at a date is read in any case.
    """

    def __init__(self, packed: Packed, wanted: Mapping[str, Collection[str]] | None = None) -> None:
        self._open = ExitStack()
        self._files: dict[str, pq.ParquetFile] = {}
        self._columns: dict[str, list[str]] = {}
        for name, shape in SHAPES.items():
            texts = None if name == CASES else [one.name for one in shape if pa.types.is_string(one.type)]
            path = packed.folder / f"{name}.parquet"
            file = pq.ParquetFile(path, read_dictionary=texts, memory_map=True)
            self._files[name] = self._open.enter_context(file)
            self._columns[name] = _columns(name, None if wanted is None else wanted.get(name, ()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def read(self, groups: range) -> Chunk:
        """Return the cases of some row groups. Beside its facts no case has its id, but its number."""
        tables = {
            name: file.read_row_groups([*groups], columns=self._columns[name])
            for name, file in self._files.items()
        }
        return Chunk(tables.pop(CASES), tables)


def _columns(name: str, wanted: Collection[str] | None) -> list[str]:
    """Return which columns of a table are read."""
    shape = SHAPES[name].names
    if name == CASES:
        return [one for one in shape if one not in {"source", "line"} or wanted is None]
    if wanted is None:
        return [one for one in shape if one != "case"]
    columns = {"number", *wanted} | ({"fact"} if "id" in wanted else set())
    if name in VOCABULARY:
        fields = VOCABULARY[name].fields.values()
        columns |= {field.name for field in fields if field.tense in {"began", "happened"}}
        columns |= {"status", "completed_on"} if name in DONE_OR_NOT else set()
    else:
        columns.add("made_on")
    return [one for one in shape if one in columns]
