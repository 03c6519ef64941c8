"""Who falls short on which question, and on what: all that recommendations need to know of answers.

A case falls short where its answer is insufficient, whoever said so. It may do so
without a deficiency that was found, as in a judgement.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aboveline.answers import Answer, QuestionAnswer

__all__ = ["Shortfalls"]


@dataclass(frozen=True)
class _Part:
    """Cases of a part of a caseload, and by question a bit for each that tells whether it falls short."""

    ids: pa.Array
    bits: dict[str, NDArray[np.uint8]] = field(default_factory=dict)

    def among(self, questions: Iterable[str]) -> NDArray[np.uint8]:
        """Return a bit for each case that falls short on one of some questions."""
        none = np.zeros((len(self.ids) + 7) // 8, np.uint8)
        return reduce(np.bitwise_or, (self.bits[one] for one in questions if one in self.bits), none)


class Shortfalls:
    """The cases that fall short.

    ``found`` counts by question and deficiency the cases in which it was found,
    and ``unfound`` by question those in which none was.
    """

    def __init__(self) -> None:
        self.found: Counter[tuple[str, str]] = Counter()
        self.unfound: Counter[str] = Counter()
        self._cases: dict[str, list[str]] = defaultdict(list)
        self._parts: list[_Part] = []

    def add(self, answers: Iterable[QuestionAnswer]) -> None:
        """Take in answers, of which those that are insufficient count."""
        for one in answers:
            if one.answer is Answer.INSUFFICIENT:
                self._cases[one.question].append(one.case)
                found = {finding.deficiency for finding in one.findings}
                self.found.update((one.question, deficiency) for deficiency in found)
                self.unfound[one.question] += not found

    def add_part(
        self, ids: pa.Array, counted: Iterable[tuple[str, NDArray[np.bool_], Mapping[str, int], int]]
    ) -> None:
        """Take in cases of which nothing was taken in before.

        Args:
            ids: the cases.
            counted: by question which of them fall short, and in how many of those each deficiency, and none, was found.
        """
        part = _Part(ids)
        for question, short, found, unfound in counted:
            part.bits[question] = np.packbits(short)
            self.found.update({(question, deficiency): many for deficiency, many in found.items()})
            self.unfound[question] += unfound
        self._parts.append(part)

    def count(self, questions: Collection[str]) -> int:
        """Count the cases that fall short on one of some questions."""
        in_parts = (int(np.unpackbits(part.among(questions)).sum()) for part in self._parts)
        return len(self._named(questions)) + sum(in_parts)

    def cases(self, questions: Collection[str]) -> tuple[str, ...]:
        """Return the cases that fall short on one of some questions, in order."""
        return tuple(sorted([*self._in_parts(questions), *self._named(questions)]))

    def merge(self, other: "Shortfalls") -> None:
        """Take in those of other cases."""
        for question, cases in other._cases.items():  # noqa: SLF001 - one of our own
            self._cases[question] += cases
        self._parts += other._parts  # noqa: SLF001 - one of our own
        self.found.update(other.found)
        self.unfound.update(other.unfound)

    def _named(self, questions: Iterable[str]) -> set[str]:
        return {case for question in questions for case in self._cases.get(question, ())}

    def _in_parts(self, questions: Collection[str]) -> Iterator[str]:
        for part in self._parts:
            places = np.flatnonzero(np.unpackbits(part.among(questions)))
            yield from part.ids.take(pa.array(places)).to_pylist()
