"""Which cases are drawn: the first of each stratum, in an order that a seed settles.

A case's place depends on the seed and its own id and on nothing else, so the
same frame gives the same sample whatever order its records come in, and the
next in the same stratum is there to replace a case that cannot be audited.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

__all__ = ["Drawn", "draw_stratum", "in_drawing_order"]


@dataclass(frozen=True)
class Drawn:
    """What was drawn of a stratum, with who replaced whom (none where nobody was left)."""

    cases: tuple[str, ...]
    replaced: tuple[tuple[str, str | None], ...]


def in_drawing_order(cases: Iterable[str], seed: str) -> list[str]:
    """Return cases in the order in which they are drawn."""
    return sorted(cases, key=lambda case: hashlib.sha256(f"{seed}\0{case}".encode()).digest())


def draw_stratum(cases: Iterable[str], size: int, seed: str, replace: Collection[str]) -> Drawn:
    """Draw so many cases of a stratum, passing over those to be replaced.

    A case to be replaced that was never drawn is in neither part of the answer.
    """
    order = in_drawing_order(cases, seed)
    rest = iter(order[size:])
    drawn: list[str] = []
    replaced: list[tuple[str, str | None]] = []
    for case in order[:size]:
        place: str | None = case
        while place is not None and place in replace:
            instead = next(rest, None)
            replaced.append((place, instead))
            place = instead
        if place is not None:
            drawn.append(place)
    return Drawn(tuple(drawn), tuple(replaced))
