"""What a draft of the rules does to the cases that are kept. A draft is YAML files, which are data: nothing of it is run.

A file is written only under a name of the shape that names have here, into a
folder that is gone afterwards; how many there are, how large they are and how
many cases they are tried on is bounded.
"""

import datetime as dt
import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from aboveline.backends import BackendError
from aboveline.impact import Impact, assess
from aboveline.problems import InputError, Problem
from aboveline.rulebook import DEFAULT_STANDARDS, load_rulebook, shipped_rules
from aboveline.scoring import Average
from aboveline.store import AreaScope, ConflictError, UnfitError, cases
from aboveline.store.caseload import caseload, extent

from .desk import Desk, rules_of

__all__ = ["LARGEST_DRAFT", "MOST_CASES", "UnfitDraftError", "files_of_zip", "impact_of"]

LARGEST_DRAFT = 2 * 1024 * 1024
"""Bytes that the files of a draft may have together. The shipped rules have less than a quarter of that, and with the cases that they are tried on some half."""

MOST_FILES = 1000
MOST_CASES = 2000
"""On so many cases at most a draft is tried within a request."""

_NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,63}/)?[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\.cases)?\.yaml")
_one_at_a_time = Lock()


class UnfitDraftError(Exception):
    """A draft cannot be used. Holds everything that is wrong, each with its file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("the draft cannot be used")
        self.problems = problems


def files_of_zip(packed: bytes) -> dict[str, bytes]:
    """Return the files of a zip by their paths, unpacked in memory as far as a draft may be large.

    Raises:
        UnfitError: it is no zip, or a file or all of them are too many or too large.
    """
    found: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as folder:
            inside = [one for one in folder.infolist() if not one.is_dir()]
            if len(inside) > MOST_FILES:
                raise UnfitError(f"a draft has at most {MOST_FILES:,} files")
            for one in inside:
                with folder.open(one) as file:  # what it says of its own size is not believed
                    content = file.read(LARGEST_DRAFT - total + 1)
                total += len(content)
                if total > LARGEST_DRAFT:
                    raise UnfitError(f"a draft has at most {LARGEST_DRAFT:,} bytes")
                if one.filename in found:
                    raise UnfitError("a file stands twice in the zip")
                found[one.filename] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise UnfitError("this is no zip that can be read") from None
    return found


def impact_of(
    desk: Desk,
    scope: AreaScope,
    files: Mapping[str, bytes],
    as_of: dt.date,
    *,
    on_shipped: bool = False,
    standards: str = DEFAULT_STANDARDS,
    average: Average = Average.QUESTIONS,
) -> Impact:
    """Audit the caseload of some areas by the rules and by a draft of them, and say what differs. Nothing is stored.

    Raises:
        UnfitDraftError: the draft cannot be used.
        UnfitError: there are too many files, or none, or no case in the areas, or no such standards.
        ConflictError: there are too many cases to do it within a request, or another draft is being tried.
    """
    _check(files)
    if standards not in rules_of().packs:
        raise UnfitError("there are no such standards")
    with desk.database.reading() as session:
        many, until = cases.count(session, scope), extent(session)
    if not many:
        raise UnfitError("there is no case in these areas: upload case records first")
    if many > MOST_CASES:
        raise ConflictError(
            f"a draft is tried on {MOST_CASES:,} cases at most, and there are {many:,}: use aboveline impact"
        )
    if not _one_at_a_time.acquire(blocking=False):
        raise ConflictError("another draft is being tried: try again in a minute")
    try:
        with TemporaryDirectory(prefix="aboveline-draft-") as name:
            folder = Path(name) / "rules"
            if on_shipped:
                shutil.copytree(shipped_rules(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
            for path, content in files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)
            try:
                draft = load_rulebook(folder, standards)
                return assess(
                    lambda: caseload(desk.database, scope, until), rules_of(standards), draft, as_of, average
                )
            except InputError as error:
                raise UnfitDraftError(tuple(_within(folder, one) for one in error.problems)) from None
            except BackendError:
                raise ConflictError("the draft cannot be run on one of the cases") from None
    finally:
        _one_at_a_time.release()


def _check(files: Mapping[str, bytes]) -> None:
    if not 0 < len(files) <= MOST_FILES:
        raise UnfitError(f"a draft has 1 to {MOST_FILES:,} files")
    if sum(map(len, files.values())) > LARGEST_DRAFT:
        raise UnfitError(f"a draft has at most {LARGEST_DRAFT:,} bytes")
    if not all(_NAME.fullmatch(path) for path in files):
        raise UnfitError("a file of a draft is called as those of the rules, such as victims/VW-01.yaml")
    if len({path.casefold() for path in files}) < len(files):
        raise UnfitError("two files of the draft have one name")


def _within(folder: Path, one: Problem) -> Problem:
    """Return a problem with paths as the draft has them: where it lay here is nobody's business."""
    here = f"{folder}/"
    source = one.source.rpartition(here)[2] if here in one.source else one.source.rpartition("/rules/")[2]
    return Problem(source, one.line, one.path, one.reason.replace(here, "").replace(str(folder), "the draft"))
