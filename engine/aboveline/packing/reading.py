"""Read a packed folder chunk by chunk, as tables or as case records.

A chunk is a range of cases with all their facts, so whoever reads chunks holds
no more than that. Before the first, the folder's files are held to its
manifest: a folder that is damaged or foreign is refused as a whole.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from aboveline.case import Placed, Rejected
from aboveline.problems import InputError, Problem, shown

from .manifest import MANIFEST, PackManifest, read_manifest
from .records import records_of
from .shapes import CASES, SHAPES
from .tables import CASES_IN_A_CHUNK, Chunk

__all__ = ["Packed", "looks_packed"]


def looks_packed(path: Path) -> bool:
    """Tell whether a path is a folder that was meant to be packed, whole or not."""
    if not path.is_dir():
        return False
    names = {one.name for one in path.iterdir()}
    return bool(names & {MANIFEST, f"{CASES}.parquet"}) and not any(
        name.endswith((".jsonl", ".jsonl.gz")) for name in names
    )


@dataclass(frozen=True)
class Packed:
    """A packed folder that is as it was packed."""

    folder: Path
    manifest: PackManifest

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a packed folder.

        Raises:
            InputError: the folder was not packed, was packed for other case records, or is not as it was packed.
        """
        packed = cls(folder, read_manifest(folder))
        problems = []
        for name in SHAPES:
            path = folder / f"{name}.parquet"
            if not _is_of_shape(path, name, packed.manifest):
                reason = "this file does not hold what its folder's manifest says: pack it again from its case records with `aboveline pack`"
                problems.append(Problem(shown(path), None, "", reason))
        if problems:
            raise InputError(problems)
        return packed

    def chunks(self, cases: int = CASES_IN_A_CHUNK) -> Iterator[Chunk]:
        """Yield the cases in their order, in chunks of so many; what is left of a row group makes a smaller one."""
        with ExitStack() as stack:
            files = {name: stack.enter_context(self._open(name)) for name in SHAPES}
            for groups in self.parts(cases):
                tables = {name: file.read_row_groups([*groups]) for name, file in files.items()}
                yield from Chunk(tables.pop(CASES), tables).cut(cases)

    def parts(self, at_least: int) -> Iterator[range]:
        """Yield the row groups of consecutive cases, with at least so many cases (but the last)."""
        first = cases = 0
        for group, chunk in enumerate(self.manifest.chunks):
            cases += chunk.rows[CASES]
            if cases >= at_least or group == len(self.manifest.chunks) - 1:
                yield range(first, group + 1)
                first, cases = group + 1, 0

    def problems(self) -> list[Problem]:
        """Return all that was wrong with records that were refused when it was packed."""
        return [
            Problem(one.source, one.line, one.path, one.reason)
            for problems in self.manifest.rejected
            for one in problems
        ]

    def _open(self, name: str) -> pq.ParquetFile:
        return pq.ParquetFile(self.folder / f"{name}.parquet")

    def read(self) -> Iterator[Placed]:
        """Yield every record as it was read when it was packed, with its place; those that were refused come last."""
        for chunk in self.chunks():
            yield from records_of(chunk.cases, chunk.facts, self.folder)
        for problems in self.manifest.rejected:
            said = [Problem(one.source, one.line, one.path, one.reason) for one in problems]
            yield Placed(shown(self.folder), 0, Rejected(said))


def _is_of_shape(path: Path, name: str, manifest: PackManifest) -> bool:
    """Tell whether a file has the columns of its table, and the rows of its chunks."""
    try:
        with pq.ParquetFile(path) as file:
            rows = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
            return bool(file.schema_arrow.equals(SHAPES[name])) and rows == [
                chunk.rows.get(name) for chunk in manifest.chunks
            ]
    except (pa.ArrowException, OSError):
        return False
