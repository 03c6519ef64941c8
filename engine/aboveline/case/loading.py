"""Read case records from JSON Lines, one case a line, without holding the file in memory.

A line that cannot be read is a rejected record: it is reported with its line,
the path within it and the reason, and the other lines go on.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from pydantic import ValidationError

from aboveline.problems import InputError, Problem, did_you_mean, shown

from .base import Record
from .record import CaseRecord

__all__ = [
    "LARGEST_LINE",
    "Placed",
    "Rejected",
    "each_once",
    "files_in",
    "read_cases",
    "read_file",
    "read_record",
]

LARGEST_LINE = 16 * 1024 * 1024
"""Bytes that one case may take. A longer line is no case record."""


class Rejected:
    """A record that could not be read, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)


class Placed(NamedTuple):
    """What was read of a line, and where the line stands."""

    source: str
    line: int
    read: CaseRecord | Rejected


def read_cases(paths: Iterable[Path]) -> Iterator[CaseRecord | Rejected]:
    """Yield a case record, or what is wrong with it, for every line of every file.

    Files end in ``.jsonl`` or ``.jsonl.gz``; a folder stands for all such files in it.

    Raises:
        InputError: a path does not exist or is of neither form. Nothing has been read then.
    """
    files = files_in(paths)
    return (placed.read for placed in each_once(placed for path in files for placed in read_file(path)))


def read_file(path: Path) -> Iterator[Placed]:
    """Yield what each line of a file holds, with its place."""
    source = shown(path)
    for number, line in _lines(path):
        if isinstance(line, str):
            yield Placed(source, number, Rejected([Problem(source, number, "", line)]))
        else:
            yield Placed(source, number, read_record(line, source, number))


def each_once(reads: Iterable[Placed]) -> Iterator[Placed]:
    """Yield what was read, with a case that was read before rejected: the first stands."""
    seen: dict[str, tuple[str, int]] = {}
    for source, line, read in reads:
        if isinstance(read, CaseRecord):
            if read.case in seen:
                first, where = seen[read.case]
                reason = f"the case '{read.case}' was read before, at {first}:{where}"
                yield Placed(source, line, Rejected([Problem(source, line, "case", reason)]))
                continue
            seen[read.case] = source, line
        yield Placed(source, line, read)


def read_record(text: bytes, source: str, line: int | None = None) -> CaseRecord | Rejected:
    """Read one case record from JSON, or say everything that is wrong with it."""
    try:
        record = CaseRecord.model_validate_json(text)
    except ValidationError as error:
        return _what_is_wrong_with(text, source, line, error)
    if _keys_at_most(text) != _fields_set(record):
        try:
            json.loads(text, object_pairs_hook=_no_key_twice)
        except _RepeatedKeyError as error:
            return _key_twice(error, source, line)
    return record


def _what_is_wrong_with(text: bytes, source: str, line: int | None, invalid: ValidationError) -> Rejected:
    """Say why a line is no case record: what is wrong with the text first, as JSON; then with the record."""
    try:
        value = json.loads(text, object_pairs_hook=_no_key_twice)
    except _RepeatedKeyError as error:
        return _key_twice(error, source, line)
    except UnicodeDecodeError:
        return Rejected([Problem(source, line, "", "this is not UTF-8 text")])
    except ValueError as error:
        return Rejected([Problem(source, line, "", f"this is not JSON: {error}")])
    except RecursionError:
        return Rejected([Problem(source, line, "", "this is nested too deeply to be a case record")])
    if not isinstance(value, dict):
        return Rejected([Problem(source, line, "", 'a case record is a JSON object, as {"case": "A-1"}')])
    return Rejected(
        Problem(source, line, _path(detail["loc"]), _reason(cast("dict[str, Any]", detail)))
        for detail in invalid.errors()
    )


def _keys_at_most(text: bytes) -> int | None:
    """Return a number that the keys in a JSON text cannot exceed, or none where it cannot be told quickly.

    Every key ends in a quotation mark and a colon. Between them no space may
    stand here; inside a text value the two may, so there may be fewer keys.
    """
    if any(space in text for space in (b" :", b"\t:", b"\n:", b"\r:")):
        return None
    return text.count(b'":')


def _fields_set(record: CaseRecord) -> int:
    """Return how many fields were given in a record and all its facts: a key given twice is one field."""
    fields = len(record.model_fields_set)
    for kind in record.model_fields_set:
        value = getattr(record, kind)
        if isinstance(value, Record):
            fields += len(value.model_fields_set)
        elif isinstance(value, tuple) and kind != "incomplete":
            fields += sum([len(fact.model_fields_set) for fact in value])
    return fields


def _key_twice(error: Exception, source: str, line: int | None) -> Rejected:
    return Rejected([Problem(source, line, "", f"the key '{error}' stands twice in one object")])


class _RepeatedKeyError(ValueError):
    """A JSON object has the same key twice; which one is meant cannot be known."""


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _RepeatedKeyError(next(key for key in keys if keys.count(key) > 1))
    return found


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files that paths stand for, in order.

    Raises:
        InputError: a path does not exist, or there is no file of case records in it.
    """
    found: list[Path] = []
    wrong: list[Problem] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.name.endswith((".jsonl", ".jsonl.gz")))
            found += inside
            if not inside:
                wrong.append(
                    Problem(shown(path), None, "", "there is no .jsonl or .jsonl.gz file in this folder")
                )
        elif not path.exists():
            near = (
                did_you_mean(path.name, (p.name for p in path.parent.iterdir()))
                if path.parent.is_dir()
                else ""
            )
            wrong.append(Problem(shown(path), None, "", f"there is no such file{near}"))
        elif not path.name.endswith((".jsonl", ".jsonl.gz")):
            wrong.append(
                Problem(
                    shown(path),
                    None,
                    "",
                    "case records are read from .jsonl or .jsonl.gz; `aboveline import` makes them",
                )
            )
        else:
            found.append(path)
    if wrong:
        raise InputError(wrong)
    return found


def _lines(path: Path) -> Iterator[tuple[int, bytes | str]]:
    """Yield the lines that hold something, numbered from 1; a line too long to read is a reason instead."""
    with cast("BinaryIO", gzip.open(path) if path.name.endswith(".gz") else path.open("rb")) as file:
        number = 0
        while True:
            number += 1
            try:
                line = file.readline(LARGEST_LINE + 1)
            except (OSError, EOFError) as error:
                yield number, f"the file cannot be read from here on: {error}"
                return
            if not line:
                return
            if len(line) > LARGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = file.readline(LARGEST_LINE)
                yield number, f"this line is longer than {LARGEST_LINE // 1024 // 1024} MiB"
                continue
            text = line.removeprefix(b"\xef\xbb\xbf").strip()
            if text:
                yield number, text


def _path(loc: tuple[int | str, ...]) -> str:
    """Write ``("concern", 0, "kind")`` as ``concern[0].kind``."""
    path = ""
    for step in loc:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _reason(detail: dict[str, Any]) -> str:
    """Say what is wrong without repeating the value, which may be about a person."""
    loc: tuple[int | str, ...] = detail["loc"]
    match detail["type"]:
        case "extra_forbidden":
            return f"there is no such field{did_you_mean(str(loc[-1]), _fields_at(loc[:-1]))}"
        case "missing":
            return "this must be recorded"
        case "enum":
            near = did_you_mean(detail["input"], _choices(detail)) if isinstance(detail["input"], str) else ""
            return f"this is not one of {', '.join(_choices(detail))}{near}"
        case "value_error":
            return str(detail["ctx"]["error"])
        case _:
            return str(detail["msg"])


def _choices(detail: dict[str, Any]) -> list[str]:
    """Take the members of a code list from pydantic's ``'a', 'b' or 'c'``."""
    return [part.strip(" '") for part in detail["ctx"]["expected"].replace(" or ", ",").split(",")]


def _fields_at(loc: tuple[int | str, ...]) -> Iterable[str]:
    """Return the fields that a record may have at a place within a case record."""
    if not loc:
        return CaseRecord.model_fields
    kind: Any = CaseRecord.model_fields[str(loc[0])].annotation
    inner = getattr(kind, "__args__", (kind,))[0]
    return cast("Iterable[str]", inner.model_fields)
