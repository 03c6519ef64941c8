"""Columns of a listing made of numbers: each text once, in the order in which it first comes."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from aboveline.backends.columnar import Numbers

from .shapes import CODE

__all__ = ["NONE", "coded", "in_lists"]

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
