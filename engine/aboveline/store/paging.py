"""A page of a list that goes on, and where the next begins."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from .errors import UnfitError

__all__ = ["LARGEST_PAGE", "Page", "page_of"]

LARGEST_PAGE = 1000

Item = TypeVar("Item")
Place = TypeVar("Place")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item, Place]):
    """Some of a list. ``after`` is what to ask for to go on, none at the end."""

    items: tuple[Item, ...]
    after: Place | None


def page_of(found: list[tuple[Place, Item]], limit: int) -> Page[Item, Place]:
    """Make a page of ``limit`` items, of which one more was looked for."""
    kept = found[:limit]
    return Page(tuple(item for _, item in kept), kept[-1][0] if len(found) > limit else None)


def checked(limit: int) -> int:
    """Return how many items to look for so as to know whether there are more.

    Raises:
        UnfitError: a page has at least one item, and at most ``LARGEST_PAGE``.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise UnfitError(f"a page has 1 to {LARGEST_PAGE} items")
    return limit + 1
