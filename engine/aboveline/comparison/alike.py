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

from aboveline.result import AuditResult

from .cases import lists_answers
from .intervals import Measure, measure, measure_of_counts

__all__ = ["Compared", "alike"]


@dataclass(frozen=True)
class Compared:
    """What one audit brings to the comparison.

    ``counts`` has sufficient answers and all that are compared, by question;
    ``answers`` each of them by question and case, whether it is sufficient. It
    is none where an audit does not list its answers.
    """

    counts: Mapping[str, tuple[int, int]]
    answers: Mapping[str, Mapping[str, bool]] | None

    def n(self, question: str) -> int:
        """Return how many answers to a question are compared."""
        return self.counts.get(question, (0, 0))[1]

    def score(self, weights: Mapping[str, Fraction]) -> Fraction:
        """Return the score of weighted questions."""
        return sum((weight * Fraction(*self.counts[q]) for q, weight in weights.items()), Fraction())

    def measure(self, weights: Mapping[str, Fraction]) -> Measure:
        """Return the score of weighted questions, with its precision."""
        shares = {question: float(weight) for question, weight in weights.items()}
        if self.answers is None:
            return measure_of_counts(shares, self.counts)
        return measure(shares, self.answers)


def alike(before: AuditResult, after: AuditResult) -> tuple[Compared, Compared]:
    """Return what of each audit is compared with the other."""
    if not (lists_answers(before) and lists_answers(after)):
        return _as_counted(before), _as_counted(after)
    was, now = _counting(before), _counting(after)
    return _restricted(was, now, after), _restricted(now, was, before)


def _as_counted(audit: AuditResult) -> Compared:
    return Compared(
        {one.id: (one.sufficient, one.sufficient + one.insufficient) for one in audit.questions}, None
    )


def _counting(audit: AuditResult) -> dict[str, dict[str, bool]]:
    """Return the answers that count by question and case: whether they are sufficient."""
    found: dict[str, dict[str, bool]] = {}
    for one in audit.answers:
        for questions, good in ((one.sufficient, True), (one.insufficient, False)):
            for question in questions:
                found.setdefault(question, {})[one.case] = good
    return found


def _restricted(
    own: Mapping[str, Mapping[str, bool]], others: Mapping[str, Mapping[str, bool]], other: AuditResult
) -> Compared:
    cases = {one.case for one in other.answers}
    nobody: Mapping[str, bool] = {}
    kept = {
        question: {
            case: good
            for case, good in given.items()
            if case not in cases or case in others.get(question, nobody)
        }
        for question, given in own.items()
    }
    return Compared({name: (sum(given.values()), len(given)) for name, given in kept.items()}, kept)
