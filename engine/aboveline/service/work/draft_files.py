"""The files of a draft of the rules: their names, how large they may be, and where they are laid out to be read.

A draft is YAML files, which are data: nothing of it is run. A file is written
only under a name of the shape that names have here, into a folder that is gone
afterwards. Files of worked cases are left out: rules are read without them, and
one could hold a case that is real.
"""

import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aboveline.problems import Problem
from aboveline.rulebook import shipped_rules
from aboveline.store import UnfitError

__all__ = ["LARGEST_DRAFT", "checked", "files_of_zip", "laid_out", "path_of", "shipped_text", "within"]

LARGEST_DRAFT = 2 * 1024 * 1024
"""Bytes that the files of a draft may have together. The shipped rules have less than a quarter of that, and with the cases that they are tried on some half."""

MOST_FILES = 1000

_CASES = ".cases.yaml"
_NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,63}/)?[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\.cases)?\.yaml")
_ID_SHAPE = r"[A-Z]{2}-[0-9]{2}"
_ID = re.compile(rf"^id:[ \t]*[\"']?({_ID_SHAPE})\b", re.MULTILINE)


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


def checked(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the texts of a draft's files, without those of worked cases.

    Raises:
        UnfitError: they are none, too many or too large, one is not called as rules are, or is no text.
    """
    if not 0 < len(files) <= MOST_FILES:
        raise UnfitError(f"a draft has 1 to {MOST_FILES:,} files")
    if sum(map(len, files.values())) > LARGEST_DRAFT:
        raise UnfitError(f"a draft has at most {LARGEST_DRAFT:,} bytes")
    if not all(_NAME.fullmatch(path) for path in files):
        raise UnfitError("a file of a draft is called as those of the rules, such as victims/VW-01.yaml")
    if len({path.casefold() for path in files}) < len(files):
        raise UnfitError("two files of the draft have one name")
    rules = {path: content for path, content in files.items() if not path.endswith(_CASES)}
    if not rules:
        raise UnfitError("there is no rule among these files")
    try:
        return {path: content.decode() for path, content in rules.items()}
    except UnicodeDecodeError:
        raise UnfitError("a file of the draft is not UTF-8 text") from None


@contextmanager
def laid_out(texts: Mapping[str, str], *, on_shipped: bool) -> Iterator[Path]:
    """Give a folder with the files of a draft, in place of those of the shipped rules and beside them if so wanted."""
    with TemporaryDirectory(prefix="aboveline-draft-") as name:
        folder = Path(name) / "rules"
        if on_shipped:
            leave = shutil.ignore_patterns("*.py", f"*{_CASES}", "__pycache__")
            shutil.copytree(shipped_rules(), folder, ignore=leave)
        for path, text in texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
        yield folder


def path_of(text: str, name: str = "") -> str | None:
    """Return where a text belongs: where the shipped rule of its id is, or else the shipped file of its name; none where neither is."""
    said = _ID.search(text)
    found = _shipped(said[1]) if said else None
    if found is None and _NAME.fullmatch(name):
        found = min(shipped_rules().glob(f"*/{name}"), default=None)
    return None if found is None else found.relative_to(shipped_rules()).as_posix()


def shipped_text(question: str) -> str | None:
    """Return the text of the shipped rule of a question, if there is such a question."""
    found = _shipped(question) if re.fullmatch(_ID_SHAPE, question) else None
    return None if found is None else found.read_text(encoding="utf-8")


def _shipped(question: str) -> Path | None:
    found = (one for one in shipped_rules().glob(f"*/{question}*.yaml") if not one.name.endswith(_CASES))
    return min(found, default=None)


def within(folder: Path, one: Problem) -> Problem:
    """Return a problem with paths as the draft has them: where it lay here is nobody's business."""
    here = f"{folder}/"
    source = one.source.rpartition(here)[2] if here in one.source else one.source.rpartition("/rules/")[2]
    return Problem(source, one.line, one.path, one.reason.replace(here, "").replace(str(folder), "the draft"))
