"""What a pattern in the wire form asks of a fact by itself: columns that it has, has not, or has with a value.

A fact that does not have these cannot be taken by the pattern, whatever else
the pattern says. So it need not be told; and a rule of which some pattern
cannot be met by any fact of a case cannot fire in that case. What else a
pattern says (more, less, another value, another fact's) is the engine's to tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .wire import Wire, bodies

__all__ = ["Ask", "asked", "columns_read"]


@dataclass(frozen=True)
class Ask:
    """What must be so of a fact of a kind, for its columns' sake alone. The kind has the role before it."""

    kind: str
    recorded: frozenset[str]
    unrecorded: frozenset[str]
    values: frozenset[tuple[str, bool | int | str]]


def asked(body: Wire) -> Ask:
    """Return what the body of a pattern asks."""
    kind = ""
    recorded: set[str] = set()
    unrecorded: set[str] = set()
    values: set[tuple[str, bool | int | str]] = set()
    for name, operand in _conditions(body):
        match name:
            case "kind":
                kind = operand
            case "$nex":
                unrecorded |= operand.keys()
            case _ if name.startswith("$"):
                recorded |= operand.keys()
            case _:
                values.add((name, operand))
    return Ask(kind, frozenset(recorded), frozenset(unrecorded), frozenset(values))


def columns_read(rules: Iterable[Wire]) -> Mapping[str, tuple[str, ...]]:
    """Return the columns that rules read of each kind, with its role before it."""
    read: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        kinds = {alias: asked(body).kind for alias, body in bodies(rule)}
        for alias, body in bodies(rule):
            read[kinds[alias]] |= set()
            for other, column in _columns(body):
                read[kinds[other or alias]].add(column)
    return {kind: tuple(sorted(columns)) for kind, columns in read.items()}


def _columns(body: Wire) -> Iterator[tuple[str | None, str]]:
    """Yield what a pattern reads: columns of its own, with none, and those of the alias that they are compared with."""
    for name, operand in _conditions(body):
        if name == "kind":
            continue
        if not name.startswith("$"):
            yield None, name
            continue
        for column, other in operand.items():
            yield None, column
            if isinstance(other, dict):
                yield from _referred(other)


def _referred(reference: Wire) -> Iterator[tuple[str, str]]:
    """Yield the alias and column of a reference, which may be the left of a sum."""
    for name, inner in reference.items():
        yield from _referred(inner["$l"]) if name in {"$add", "$sub"} else [(name, inner)]


def _conditions(body: Wire) -> Iterator[tuple[str, Any]]:
    for condition in body.get("$and", [body]):
        yield from condition.items()
