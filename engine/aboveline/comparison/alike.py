"""What of two audits is compared: like with like.

A case that both audits hold is compared on a question only where its answer
counts in both. Otherwise a question that an assessor has not judged yet, or
that does not apply any more, would pass for a change in the work. Cases in one
audit only count by themselves. Where an audit does not list its answers, all
that it counts is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from aboveline.result import AuditResult, CaseAnswers

from .cases import lists_answers
from .intervals import Measure, measure, measure_of_counts

__all__ = ["Compared", "alike"]


@dataclass(frozen=True)
class Compared:
    """What one audit brings to the comparison: sufficient answers and all that count, by question; answers by case where listed."""

    counts: Mapping[str, tuple[int, int]]
    cases: tuple[CaseAnswers, ...] | None

    def n(self, question: str) -> int:
        """Return how many answers to a question are compared."""
        return self.counts.get(question, (0, 0))[1]

    def counting(self, question: str) -> frozenset[str]:
        """Return the cases whose answer to a question is compared."""
        return frozenset(
            one.case for one in self.cases or () if question in one.sufficient or question in one.insufficient
        )

    def score(self, weights: Mapping[str, Fraction]) -> Fraction:
        """Return the score of weighted questions."""
        return sum((weight * Fraction(*self.counts[q]) for q, weight in weights.items()), Fraction())

    def measure(self, weights: Mapping[str, Fraction]) -> Measure:
        """Return the score of weighted questions, with its precision."""
        shares = {question: float(weight) for question, weight in weights.items()}
        if self.cases is None:
            return measure_of_counts(shares, self.counts)
        return measure(shares, {question: self.n(question) for question in weights}, self.cases)


def alike(before: AuditResult, after: AuditResult) -> tuple[Compared, Compared]:
    """Return what of each audit is compared with the other."""
    if not (lists_answers(before) and lists_answers(after)):
        return _as_counted(before), _as_counted(after)
    counting_before, counting_after = _counting(before), _counting(after)
    return _restricted(before, counting_after), _restricted(after, counting_before)


def _as_counted(audit: AuditResult) -> Compared:
    return Compared(
        {one.id: (one.sufficient, one.sufficient + one.insufficient) for one in audit.questions}, None
    )


def _counting(audit: AuditResult) -> Mapping[str, frozenset[str]]:
    return {one.case: frozenset(one.sufficient) | frozenset(one.insufficient) for one in audit.answers}


def _restricted(audit: AuditResult, other: Mapping[str, frozenset[str]]) -> Compared:
    cases: list[CaseAnswers] = []
    counts: dict[str, list[int]] = {}
    for one in audit.answers:
        there = other.get(one.case)
        good, bad = (
            tuple(question for question in questions if there is None or question in there)
            for questions in (one.sufficient, one.insufficient)
        )
        cases.append(CaseAnswers(case=one.case, sufficient=good, insufficient=bad, not_assessed=()))
        for questions, is_good in ((good, 1), (bad, 0)):
            for question in questions:
                count = counts.setdefault(question, [0, 0])
                count[0] += is_good
                count[1] += 1
    return Compared({question: (good, n) for question, (good, n) in counts.items()}, tuple(cases))
