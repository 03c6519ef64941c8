"""Which conviction a case is about: the one that is active, or the one that was asked for."""

from collections.abc import Iterator, Sequence

from .place import Place

__all__ = ["choices", "chosen"]

_CHOOSE = "choose the one that this case is about with `--conviction ID`"


def choices(lists: Sequence[Place], singles: Sequence[Place]) -> dict[str, Place]:
    """Return every conviction by its id, contradictions noted.

    The list of convictions is the master: a file of one conviction is used
    only where the person has no list.
    """
    found: dict[str, Place] = {}
    contradicted: set[str] = set()
    for place in [item for file in lists for item in file.items()] if lists else singles:
        identifier = place.reference("convictionId")
        if identifier is None:
            place.note("not used: it has no convictionId")
        elif found.setdefault(identifier, place).value != place.value:
            contradicted.add(identifier)
            place.note(f"not used: conviction {identifier} is told differently in {found[identifier].file}")
    if lists:
        for single in singles:
            _compare(single, found)
    return {identifier: place for identifier, place in found.items() if identifier not in contradicted}


def chosen(convictions: dict[str, Place], asked: str | None) -> Place | None:
    """Return the conviction asked for, or the only active one. None or several: noted, and none is used."""
    if not convictions:
        return None
    active = [identifier for identifier, place in convictions.items() if place.flag("active")]
    wanted = asked or (active[0] if len(active) == 1 else None)
    first = next(iter(convictions.values()))
    if wanted is None:
        first.notes.add(
            first.source,
            "",
            f"the sentence is left out: {_and(active)} are all active; {_CHOOSE}"
            if active
            else f"the sentence is left out: none of {_and(list(convictions))} is active; {_CHOOSE}",
        )
        return None
    others = [identifier for identifier in convictions if identifier != wanted]
    if others:
        first.notes.add(
            first.source,
            "",
            f"the case is about conviction {wanted}, so nothing of {_and(others)} is in it",
        )
    return convictions[wanted]


def _compare(single: Place, listed: dict[str, Place]) -> None:
    identifier = single.reference("convictionId")
    if identifier is None or identifier not in listed:
        single.note(
            "not used: the list of convictions has no such conviction, and the list stands", "convictionId"
        )
        return
    file = listed[identifier].file
    for path in _differences(single.value, listed[identifier].value):
        single.note(f"{file} says something else of this conviction, and stands", path)
    single.note(f"not used: {file} has this conviction")


def _differences(one: object, other: object, path: str = "") -> Iterator[str]:
    """Yield the paths at which both say something, and not the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() & other.keys()):
            yield from _differences(one[key], other[key], f"{path}.{key}" if path else key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(left, right, f"{path}[{number}]")
    elif one != other:
        yield path


def _and(words: Sequence[str]) -> str:
    return " and ".join(words)
