"""Columns of a listing made of numbers: each text once, in the order in which it first comes."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from aboveline.backends.columnar import Numbers, Truths

from .shapes import CODE

__all__ = ["NONE", "Words", "coded", "days", "in_lists", "in_words", "joined"]

NONE = -1
"""The number of no text."""


def coded(numbers: Numbers, words: Sequence[str]) -> pa.DictionaryArray:
    """Return texts by their places among words. The same texts give the same column, whatever else is among the words."""
    present, first, place = np.unique(numbers, return_index=True, return_inverse=True)
    order = np.argsort(first)
    kept = order[present[order] != NONE]
    new = np.full(len(present), NONE, np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    indices = new[place]
    return pa.DictionaryArray.from_arrays(
        pa.array(indices, pa.int32(), mask=indices == NONE),
        pa.array([words[one] for one in present[kept].tolist()], pa.string()),
    ).cast(CODE)


def in_lists(owner: Numbers, many: int, items: pa.Array, field: pa.Field) -> pa.ListArray:
    """Return items in a list for each of so many owners, whose numbers stand beside the items and never fall."""
    offsets = np.searchsorted(owner, np.arange(many + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), items, type=pa.list_(field))


class Words:
    """Numbers words in the order in which they come."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def words(self) -> list[str]:
        """The words in that order."""
        return list(self._numbers)

    def number(self, word: str | None) -> int:
        """Return the number of a word."""
        return NONE if word is None else self._numbers.setdefault(word, len(self._numbers))

    def numbers(self, words: Sequence[str]) -> Numbers:
        """Return the numbers of words."""
        return np.array([self.number(word) for word in words], np.int64)


def in_words(numbers: Numbers, words: Sequence[str]) -> pa.Array:
    """Return texts by their places among words."""
    return pa.array(words, pa.string()).take(pa.array(numbers))


def days(numbers: Numbers, none: Truths | None = None) -> pa.Array:
    """Return days by their numbers, and no day where there is none."""
    given = numbers if none is None else np.where(none, 0, numbers)
    return pa.array(given.astype(np.int32), pa.int32(), mask=none).cast(pa.date32())


def joined(parts: Sequence[Numbers], columns: int | None = None) -> Numbers:
    """Return arrays one after another; of none, an empty one with so many columns."""
    return np.concatenate(parts) if parts else np.zeros((0,) if columns is None else (0, columns), np.int64)
