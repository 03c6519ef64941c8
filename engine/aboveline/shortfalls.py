"""Who falls short on which question, and on what: all that recommendations need to know of answers.

A case falls short where its answer is insufficient, whoever said so. It may do so
without a deficiency that was found, as in a judgement.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from aboveline.answers import Answer, QuestionAnswer

__all__ = ["Shortfalls"]


class Shortfalls:
    """The cases that fall short.

    ``found`` counts by question and deficiency the cases in which it was found,
    and ``unfound`` by question those in which none was. Cases of which one by one
    nothing is told have no name here: of those it keeps a bit for each question.
    """

    def __init__(self) -> None:
        self.found: Counter[tuple[str, str]] = Counter()
        self.unfound: Counter[str] = Counter()
        self._cases: dict[str, list[str]] = defaultdict(list)
        self._parts: list[dict[str, NDArray[np.uint8]]] = []

    def add(self, answers: Iterable[QuestionAnswer]) -> None:
        """Take in answers, of which those that are insufficient count."""
        for one in answers:
            if one.answer is Answer.INSUFFICIENT:
                self._cases[one.question].append(one.case)
                found = {finding.deficiency for finding in one.findings}
                self.found.update((one.question, deficiency) for deficiency in found)
                self.unfound[one.question] += not found

    def add_part(self, counted: Iterable[tuple[str, NDArray[np.bool_], Mapping[str, int], int]]) -> None:
        """Take in cases of which nothing was taken in before, without their names.

        Args:
            counted: by question which of the cases fall short, and in how many of those each deficiency, and none, was found.
        """
        part = {}
        for question, short, found, unfound in counted:
            part[question] = np.packbits(short)
            self.found.update({(question, deficiency): many for deficiency, many in found.items()})
            self.unfound[question] += unfound
        self._parts.append(part)

    def count(self, questions: Collection[str]) -> int:
        """Count the cases that fall short on one of some questions."""
        in_parts = ([part[one] for one in questions if one in part] for part in self._parts)
        unnamed = sum(_many(reduce(np.bitwise_or, bits)) for bits in in_parts if bits)
        return unnamed + len(self.cases(questions))

    def cases(self, questions: Iterable[str]) -> set[str]:
        """Return the cases that fall short on one of some questions, as far as they are named."""
        return {case for question in questions for case in self._cases.get(question, ())}

    def merge(self, other: "Shortfalls") -> None:
        """Take in those of other cases."""
        for question, cases in other._cases.items():  # noqa: SLF001 - one of our own
            self._cases[question] += cases
        self._parts += other._parts  # noqa: SLF001 - one of our own
        self.found.update(other.found)
        self.unfound.update(other.unfound)


def _many(bits: NDArray[np.uint8]) -> int:
    return int(np.unpackbits(bits).sum())
