"""What a packed folder says of itself: of which records it was made, and how its files must be.

The manifest is written last. A folder without one is not a whole folder.
"""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from aboveline.case import SCHEMA_VERSION
from aboveline.case.base import Record
from aboveline.problems import InputError, Problem, shown

from .shapes import CASES, LAYOUT, SHAPES

__all__ = [
    "MANIFEST",
    "PACKED_BY",
    "PackManifest",
    "PackedChunk",
    "PackedFile",
    "PackedSource",
    "Refused",
    "file_hash",
    "read_manifest",
]

MANIFEST = "manifest.json"
PACKED_BY: Literal["aboveline pack"] = "aboveline pack"

_AGAIN = "pack it again from its case records with `aboveline pack`"


class PackedSource(Record):
    """A file, or a packed folder, that case records were read from, and its SHA-256."""

    source: str
    sha256: str


class PackedFile(Record):
    """A file of the folder: its rows, and the SHA-256 of its bytes."""

    rows: int
    bytes: int
    sha256: str


class PackedChunk(Record):
    """A range of cases: how many rows of each table are theirs."""

    rows: dict[str, int]


class Refused(Record):
    """One thing wrong with a record that could not be read."""

    source: str
    line: int | None
    path: str
    reason: str


class PackManifest(Record):
    """What was packed.

    ``cases`` is the hash that an audit gives; ``judged`` has each question that
    somebody judged, and the day of the first judgement; ``rejected`` what is wrong,
    record by record.
    """

    packed_by: Literal["aboveline pack"]
    aboveline: str
    layout: int
    schema_version: int
    sources: tuple[PackedSource, ...]
    cases: str
    count: int
    facts: int
    judged: dict[str, dt.date]
    rejected: tuple[tuple[Refused, ...], ...]
    chunks: tuple[PackedChunk, ...]
    files: dict[str, PackedFile] = Field(description="By table")

    def judged_by(self, as_of: dt.date) -> set[str]:
        """Return the questions that somebody had judged by a day."""
        return {question for question, first in self.judged.items() if first <= as_of}

    @model_validator(mode="after")
    def _numbers_agree(self) -> Self:
        rows = {name: sum(chunk.rows.get(name, 0) for chunk in self.chunks) for name in self.files}
        facts = sum(many for name, many in rows.items() if name != CASES)
        if rows != {name: file.rows for name, file in self.files.items()} or (self.count, self.facts) != (
            rows.get(CASES),
            facts,
        ):
            raise ValueError("the rows of chunks and files do not add up")
        return self


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> PackManifest:
    """Read the manifest of a packed folder, and hold every file of the folder to it.

    Raises:
        InputError: the folder was not packed, was packed for other case records, or is not as it was packed.
    """
    path = folder / MANIFEST
    try:
        manifest = PackManifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise _wrong(
            folder, f"there is no {MANIFEST} in this folder, so it is not a whole packed caseload: {_AGAIN}"
        ) from None
    except OSError as error:
        raise _wrong(path, f"this cannot be read: {error.strerror}") from error
    except ValidationError:
        raise _wrong(path, f"this is not the manifest of a packed caseload: {_AGAIN}") from None
    if (manifest.layout, manifest.schema_version) != (LAYOUT, SCHEMA_VERSION):
        made, wanted = (
            (f"layout {one}, case records of version {two}")
            for one, two in ((manifest.layout, manifest.schema_version), (LAYOUT, SCHEMA_VERSION))
        )
        raise _wrong(
            path, f"this was packed for {made}, and this version of Aboveline reads {wanted}: {_AGAIN}"
        )
    if manifest.files.keys() != SHAPES.keys():
        kinds = ", ".join(sorted(manifest.files.keys() ^ SHAPES.keys()))
        raise _wrong(path, f"this was packed for other kinds of fact ({kinds}): {_AGAIN}")
    problems = [
        Problem(shown(folder / f"{table}.parquet"), None, "", f"{reason}: {_AGAIN}")
        for table, expected in manifest.files.items()
        if (reason := _difference(folder / f"{table}.parquet", expected))
    ]
    if problems:
        raise InputError(problems)
    return manifest


def _difference(path: Path, expected: PackedFile) -> str | None:
    try:
        if path.stat().st_size == expected.bytes and file_hash(path) == expected.sha256:
            return None
    except FileNotFoundError:
        return "this file of the packed caseload is missing"
    except OSError as error:
        return f"this cannot be read: {error.strerror}"
    return "this file is not as it was packed"


def _wrong(path: Path, reason: str) -> InputError:
    return InputError([Problem(shown(path), None, "", reason)])
