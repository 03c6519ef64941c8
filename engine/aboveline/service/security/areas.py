"""Which cases, audits and lists somebody sees: those of their areas, and no sign of any other."""

from collections.abc import Iterable
from dataclasses import dataclass

from aboveline.service.ports import EVERY_AREA
from aboveline.service.problems import not_found

__all__ = ["AreaScope"]


@dataclass(frozen=True)
class AreaScope:
    """The areas that were granted to somebody. They come from the store, never from the request."""

    granted: frozenset[str]

    @property
    def is_everything(self) -> bool:
        """Say whether all areas are in it, and cases that have none."""
        return EVERY_AREA in self.granted

    @property
    def names(self) -> tuple[str, ...] | None:
        """Return the areas to choose by, in order; nothing where there is nothing to leave out."""
        return None if self.is_everything else tuple(sorted(self.granted))

    def holds(self, area: str | None) -> bool:
        """Say whether a case of this area is in it; a case without one is only in everything."""
        return self.is_everything or (area is not None and area in self.granted)

    def holds_all(self, areas: Iterable[str | None]) -> bool:
        """Say whether all of these are in it, as is needed to see an audit that was run over them.

        An audit over no area at all is one that only everything holds.
        """
        areas = tuple(areas)
        return self.is_everything or (bool(areas) and all(self.holds(area) for area in areas))

    def need(self, *areas: str | None) -> None:
        """Go on only if all of these are in it.

        Raises:
            ProblemError: they are not; it reads as if there were nothing to see.
        """
        if not self.holds_all(areas):
            raise not_found()
