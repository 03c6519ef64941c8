"""Who falls short on which question, and on what: all that recommendations need to know of answers.

A case falls short where its answer is insufficient, whoever said so. It may do so
without a deficiency that was found, as in a judgement.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from aboveline.answers import Answer, QuestionAnswer

__all__ = ["Shortfalls"]


class Shortfalls:
    """The cases that fall short.

    ``cases`` has their ids by question; ``found`` counts by question and
    deficiency the cases in which it was found, and ``unfound`` by question those
    in which none was.
    """

    def __init__(self) -> None:
        self.cases: dict[str, list[str]] = defaultdict(list)
        self.found: Counter[tuple[str, str]] = Counter()
        self.unfound: Counter[str] = Counter()

    def add(self, answers: Iterable[QuestionAnswer]) -> None:
        """Take in answers, of which those that are insufficient count."""
        for one in answers:
            if one.answer is Answer.INSUFFICIENT:
                self.cases[one.question].append(one.case)
                found = {finding.deficiency for finding in one.findings}
                self.found.update((one.question, deficiency) for deficiency in found)
                self.unfound[one.question] += not found

    def add_counts(self, question: str, cases: Iterable[str], found: Mapping[str, int], unfound: int) -> None:
        """Take in the cases that fall short on a question, and in how many of them each deficiency, and none, was found."""
        self.cases[question] += cases
        self.found.update({(question, deficiency): many for deficiency, many in found.items()})
        self.unfound[question] += unfound

    def merge(self, other: "Shortfalls") -> None:
        """Take in those of other cases."""
        for question, cases in other.cases.items():
            self.cases[question] += cases
        self.found.update(other.found)
        self.unfound.update(other.unfound)
