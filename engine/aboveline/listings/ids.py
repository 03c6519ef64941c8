"""The ids of facts as numbers that sort as the ids do."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from aboveline.backends.columnar import Numbers, Standing, as_coded
from aboveline.vocabulary import VOCABULARY

__all__ = ["KINDS", "Ids"]

KINDS = tuple(sorted(VOCABULARY))
"""Every kind of fact, by name; the place of a kind is its number."""


@dataclass(frozen=True)
class _OfKind:
    rank: Numbers
    words: list[str]


class Ids:
    """The ids of every kind of fact, each kind numbered by itself when it is first asked for."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._kinds: dict[str, _OfKind] = {}

    def rank(self, kind: str, rows: Numbers) -> Numbers:
        """Return a number for the id of each row, in the order of the ids."""
        return self._of(kind).rank[rows]

    def words(self, kinds: Numbers, ranks: Numbers) -> pa.Array:
        """Return ids by the number of their kind and their own."""
        present = np.unique(kinds).tolist()
        begin = np.zeros(len(KINDS), np.int64)
        words: list[str] = []
        for number in present:
            begin[number] = len(words)
            words += self._of(KINDS[number]).words
        return pa.array(words, pa.string()).take(pa.array(begin[kinds] + ranks))

    @cached_property
    def most(self) -> int:
        """How many numbers the ids of a kind may take."""
        return max((len(table) for table in self._standing.facts.values()), default=0) + 1

    def _of(self, kind: str) -> _OfKind:
        if kind not in self._kinds:
            coded = as_coded(self._standing.facts[kind]["id"])
            words = coded.dictionary.to_pylist()
            rank = np.zeros(len(words), np.int64)
            rank[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
            self._kinds[kind] = _OfKind(rank[coded.indices.to_numpy()], sorted(words))
        return self._kinds[kind]
