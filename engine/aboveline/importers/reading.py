"""Read the JSON documents of a folder. A file that cannot be read is noted and the others go on."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from aboveline.problems import InputError, Problem, did_you_mean, shown

from .place import Notes, Place
from .shapes import Shape, shapes_of

__all__ = ["Document", "documents_in"]

_DEEPEST = 50
"""Levels of a JSON document. What the case system and OASys return has about ten."""


@dataclass(frozen=True)
class Document:
    """One answer of the case system or of OASys."""

    place: Place
    shapes: frozenset[Shape]


def documents_in(folder: Path, notes: Notes) -> list[Document]:
    """Return every recognised document of the JSON files of a folder, in the order of their names.

    Raises:
        InputError: there is no such folder, or nothing in it is recognised.
    """
    if not folder.is_dir():
        near = (
            did_you_mean(folder.name, (p.name for p in folder.parent.iterdir() if p.is_dir()))
            if folder.parent.is_dir()
            else ""
        )
        raise InputError([Problem(shown(folder), None, "", f"there is no such folder{near}")])
    found: list[Document] = []
    first: dict[str, Place] = {}
    for place in _places(folder, notes):
        shapes = shapes_of(place.value)
        if not shapes:
            place.note(
                "not recognised: this has the shape of nothing that the importer knows, so it is not used"
            )
            continue
        same = first.setdefault(json.dumps(place.value, sort_keys=True), place)
        if same is not place:
            place.note(f"not used: it is the same, word for word, as {same.file}")
            continue
        found.append(Document(place, shapes))
    if not found:
        nothing = "no JSON file in this folder has a shape that the case system or OASys returns"
        raise InputError([Problem(shown(folder), None, "", nothing), *notes.all()])
    return found


def _places(folder: Path, notes: Notes) -> Iterator[Place]:
    for path in sorted(folder.iterdir()):
        source = shown(path)
        if path.name.startswith("."):
            continue
        if path.is_dir():
            notes.add(
                source, "", "not read: this is a folder within the folder; import it by itself if it is meant"
            )
        elif path.suffix.lower() != ".json":
            notes.add(source, "", "not read: the importer reads files that end in .json")
        else:
            try:
                value = _parsed(path.read_bytes())
            except (OSError, ValueError, RecursionError) as error:
                notes.add(source, "", _unreadable(error))
            else:
                yield from _unwrapped(Place(source, "", value, notes))


def _parsed(raw: bytes) -> object:
    value: object = json.loads(
        raw.decode("utf-8-sig"), object_pairs_hook=_no_key_twice, parse_constant=_no_such_number
    )
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise RecursionError
    return value


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


class _RepeatedKeyError(ValueError):
    """A JSON object has the same key twice; which one is meant cannot be known."""


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _RepeatedKeyError(next(key for key in keys if keys.count(key) > 1))
    return found


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _unreadable(error: Exception) -> str:
    match error:
        case _RepeatedKeyError():
            return (
                f"not used: the key '{error}' stands twice in one object, and which is meant cannot be known"
            )
        case UnicodeDecodeError():
            return "not used: this is not UTF-8 text"
        case json.JSONDecodeError():
            return f"not used: this is not JSON: {error.msg}, in line {error.lineno}, column {error.colno}"
        case OSError():
            return f"not used: the file cannot be read: {error.strerror}"
        case RecursionError():
            return "not used: this is nested too deeply"
        case _:
            return "not used: it holds a number that cannot be read"


def _unwrapped(place: Place) -> Iterator[Place]:
    """Yield the answers inside a WireMock file, ``{"mappings": [{"response": {"jsonBody": ...}}]}``, or the place itself."""
    mappings = place.at("mappings")
    if isinstance(mappings.value, list):
        for mapping in mappings.items():
            yield from _unwrapped(mapping)
    elif place.at("response").has("jsonBody"):
        yield place.at("response").at("jsonBody")
    else:
        yield place
