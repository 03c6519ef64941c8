"""Read case records wherever they are: in JSON Lines, gzipped or not, in folders of such files, or packed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from aboveline.case import CaseRecord, Placed, Rejected, each_once, files_in, read_file

from .manifest import MANIFEST
from .reading import Packed, looks_packed

__all__ = ["read_caseload", "read_placed", "sources_in"]


def read_caseload(paths: Iterable[Path]) -> Iterator[CaseRecord | Rejected]:
    """Yield every case record, or what is wrong with it, of files, folders and packed folders.

    Raises:
        InputError: a path does not exist, holds no case records, or was packed and is damaged. Nothing has been read then.
    """
    return (placed.read for placed in read_placed(paths))


def read_placed(paths: Iterable[Path]) -> Iterator[Placed]:
    """Yield the same with the place that each was read at. A case that was read before is rejected.

    Raises:
        InputError: as above.
    """
    found = [Packed.open(path) if looks_packed(path) else path for path in _in_turn(paths)]
    return each_once(
        placed for one in found for placed in (one.read() if isinstance(one, Packed) else read_file(one))
    )


def sources_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files that tell whether paths hold the same records again: of a packed folder, its manifest.

    Raises:
        InputError: a path does not exist or holds no case records.
    """
    return [path / MANIFEST if looks_packed(path) else path for path in _in_turn(paths)]


def _in_turn(paths: Iterable[Path]) -> list[Path]:
    """Return packed folders as they are, and the files that all else stands for, in the order given."""
    paths = list(paths)
    files_in(path for path in paths if not looks_packed(path))  # says at once all that is wrong with any
    return [one for path in paths for one in ([path] if looks_packed(path) else files_in([path]))]
