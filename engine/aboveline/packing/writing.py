"""Pack case records: read and validate each, write it to tables chunk by chunk, and the manifest last.

What is held in memory is one chunk of cases, and of every case its id, its
place and its digest. Nothing stands under the folder's own name before all of
it is written: it is made beside it and then renamed.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import structlog

from aboveline import __version__
from aboveline.case import SCHEMA_VERSION, Rejected, hash_of
from aboveline.problems import InputError, Problem, shown

from .inputs import read_placed, sources_in
from .manifest import (
    MANIFEST,
    PACKED_BY,
    PackedChunk,
    PackedFile,
    PackedSource,
    PackManifest,
    Refused,
    file_hash,
)
from .shapes import CASES, LAYOUT, SHAPES
from .tables import CASES_IN_A_CHUNK, Chunk, chunks_of

__all__ = ["CASES_IN_A_GROUP", "pack"]

CASES_IN_A_GROUP = 20_000
"""Cases of one row group, unless other is asked: with fewer, finding the columns costs more than reading them."""

log = structlog.get_logger(__name__)


def pack(
    paths: Iterable[Path], folder: Path, *, force: bool = False, cases_in_a_group: int = CASES_IN_A_GROUP
) -> PackManifest:
    """Pack the case records of files or folders into a folder of Parquet files.

    Args:
        paths: where the records are, packed or not.
        folder: the folder to make.
        force: replace a packed folder that is already there.
        cases_in_a_group: how many cases share a row group.

    Raises:
        InputError: a path holds no case records, or the folder cannot be made. Nothing has changed then.
    """
    paths = list(paths)
    _may_be_made(folder, force=force)
    sources = tuple(_source(path) for path in sources_in(paths))
    with _beside(folder) as made:
        with _Files(made) as files:
            chunks = chunks_of(read_placed(paths), min(cases_in_a_group, CASES_IN_A_CHUNK))
            for group in _together(chunks, cases_in_a_group):
                files.write(group)
        manifest = files.manifest(sources)
        (made / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
        _rename(made, folder)
    log.info("packed", cases=manifest.count, rejected=len(manifest.rejected), chunks=len(manifest.chunks))
    return manifest


def _together(chunks: Iterable[Chunk], cases: int) -> Iterator[Chunk]:
    """Yield chunks put together until they have so many cases: a table takes far less than the records it was made of."""
    waiting: list[Chunk] = []
    many = 0
    for chunk in chunks:
        waiting.append(chunk)
        many += len(chunk.cases)
        if many >= cases:
            yield _one_of(waiting)
            waiting, many = [], 0
    if waiting:
        yield _one_of(waiting)


def _one_of(chunks: Sequence[Chunk]) -> Chunk:
    return Chunk(
        _one_table(chunk.cases for chunk in chunks),
        {name: _one_table(chunk.facts[name] for chunk in chunks) for name in chunks[0].facts},
        tuple(record for chunk in chunks for record in chunk.rejected),
    )


def _one_table(tables: Iterable[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


class _Files:
    """The files while they are written, a row group of each for every chunk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._digests: list[bytes] = []
        self._judged: dict[str, dt.date] = {}
        self._rejected: list[tuple[Refused, ...]] = []
        self._chunks: list[PackedChunk] = []

    def __enter__(self) -> Self:
        for name, shape in SHAPES.items():
            writer = pq.ParquetWriter(self._path(name), shape, compression="zstd")
            self._writers[name] = self._open.enter_context(writer)
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def write(self, chunk: Chunk) -> None:
        """Write a row group of every table, empty ones too, so that row groups and chunks agree."""
        self._rejected += [_refused(one) for one in chunk.rejected]
        if not len(chunk.cases):
            return
        tables = {CASES: chunk.cases, **chunk.facts}
        for name, table in tables.items():
            self._writers[name].write_table(table, row_group_size=max(1, len(table)))
        rows = {name: len(table) for name, table in tables.items()}
        self._chunks.append(PackedChunk(rows=rows))
        self._digests += chunk.cases["digest"].to_pylist()
        for question, day in _first_judged(chunk.facts["judgement"]):
            self._judged[question] = min(day, self._judged.get(question, day))

    def manifest(self, sources: tuple[PackedSource, ...]) -> PackManifest:
        """Return what was written. The files must be closed by now."""
        files = {
            name: PackedFile(
                rows=sum(chunk.rows[name] for chunk in self._chunks),
                bytes=self._path(name).stat().st_size,
                sha256=file_hash(self._path(name)),
            )
            for name in SHAPES
        }
        return PackManifest(
            packed_by=PACKED_BY,
            aboveline=__version__,
            layout=LAYOUT,
            schema_version=SCHEMA_VERSION,
            sources=sources,
            cases=hash_of(self._digests),
            count=len(self._digests),
            facts=sum(file.rows for name, file in files.items() if name != CASES),
            judged=dict(sorted(self._judged.items())),
            rejected=tuple(self._rejected),
            chunks=tuple(self._chunks),
            files=files,
        )

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.parquet"


def _first_judged(judgements: pa.Table) -> Iterator[tuple[str, dt.date]]:
    """Yield the questions that were judged, and the day of the first judgement of each."""
    found = judgements.select(["question", "made_on"]).group_by("question").aggregate([("made_on", "min")])
    yield from zip(found["question"].to_pylist(), found["made_on_min"].to_pylist(), strict=True)


def _refused(record: Rejected) -> tuple[Refused, ...]:
    return tuple(Refused(source=p.source, line=p.line, path=p.path, reason=p.reason) for p in record.problems)


def _source(path: Path) -> PackedSource:
    try:
        return PackedSource(source=shown(path), sha256=file_hash(path))
    except OSError as error:
        raise _cannot(path, "read", error) from error


def _cannot(path: Path, what: str, error: OSError) -> InputError:
    return InputError([Problem(shown(path), None, "", f"this cannot be {what}: {error.strerror}")])


def _may_be_made(folder: Path, *, force: bool) -> None:
    """Raise where the folder's name is taken by anything that may not be replaced."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not _is_ours(folder):
        reason = "this is there already and is not a packed caseload: choose another name"
    elif force:
        return
    else:
        reason = "this packed caseload is there already: choose another name, or --force to replace it"
    raise InputError([Problem(shown(folder), None, "", reason)])


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder holds what we packed and nothing else, whatever its layout: it may be replaced."""
    if not folder.is_dir() or any(
        one.suffix != ".parquet" and one.name != MANIFEST for one in folder.iterdir()
    ):
        return False
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("packed_by") == PACKED_BY


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a new folder beside one, and leave nothing of it behind unless it was renamed."""
    made = folder.absolute().with_name(f".{folder.absolute().name}-{uuid4().hex}")
    try:
        made.mkdir()
        yield made
    except OSError as error:
        raise _cannot(folder, "written", error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _rename(made: Path, folder: Path) -> None:
    """Give a folder its name. One that has the name already is moved aside, and back if that fails."""
    if not folder.exists():
        made.rename(folder)
        return
    aside = made.with_name(made.name + "-replaced")
    folder.rename(aside)
    try:
        made.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside)
