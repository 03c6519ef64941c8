"""The areas whose cases somebody may see.

Every query for cases, audits, findings or sums takes an ``AreaScope``, so
forgetting it is a type error and not a leak. It is made of what was granted
in the store, never of what a request says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

__all__ = ["EVERY_AREA", "AreaScope"]

EVERY_AREA = "*"
"""Stands for all areas, and for cases that name none, wherever areas are written down."""


@dataclass(frozen=True, slots=True)
class AreaScope:
    """All areas, where ``areas`` is none; otherwise those named, which may be no area at all."""

    areas: frozenset[str] | None

    @classmethod
    def everything(cls) -> Self:
        """Return the scope of somebody who may see every case, also one that names no area."""
        return cls(None)

    @classmethod
    def of(cls, areas: Iterable[str]) -> Self:
        """Return the scope of named areas; ``*`` among them is all of them."""
        named = frozenset(areas)
        return cls(None if EVERY_AREA in named else named)

    @property
    def named(self) -> tuple[str, ...]:
        """The areas in order, as they are kept: ``*`` alone for all."""
        return (EVERY_AREA,) if self.areas is None else tuple(sorted(self.areas))

    def includes(self, area: str | None) -> bool:
        """Tell whether a case of an area, or of none, may be seen."""
        return self.areas is None or (area is not None and area in self.areas)

    def covers(self, other: "AreaScope") -> bool:
        """Tell whether all that the other may see is seen by this one too."""
        return self.areas is None or (other.areas is not None and other.areas <= self.areas)
