"""Intervals for the difference between two scores, at 95%.

One method serves other cases, the same cases and samples that overlap in part:
Wilson's interval for each score, put together by squares with the correlation
between the two ("square and add").

- Other cases, correlation nought: Newcombe's hybrid score interval (R G
  Newcombe, Interval estimation for the difference between independent
  proportions, Statistics in Medicine 17 (1998) 873-890, method 10).
- The same cases: Newcombe's interval for paired proportions (Statistics in
  Medicine 17 (1998) 2635-2650, method 10), with its correction of the correlation.
- In part the same: the step between the two is Zou and Donner's (Statistics in
  Medicine 27 (2008) 1693-1702), who recover variances from the limits.

The score of an outcome is an average over questions, and answers in one case go
together. Its precision is that of the cases as they differ (the variance of a
total over clusters, Cochran, Sampling Techniques, third edition 1977, chapter
9A), and enters Wilson's interval as an effective number of cases (C Franco and
others, Journal of Survey Statistics and Methodology 7 (2019) 334-364). Few
answers that are all alike are not certain, so the variance of each question is
taken at a score drawn to the middle (A Agresti and B A Coull, American
Statistician 52 (1998) 119-126). The effective number is never less than if each
case gave one answer (Kish), nor more than if each answer were a case. Simulated
audits of 12 to 49 cases had the truth within the interval 94 times in 100 or more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist

__all__ = ["Measure", "Z", "difference", "measure", "measure_of_counts", "wilson"]

Z = NormalDist().inv_cdf(0.975)
"""Of the normal distribution, 95% lies within so many standard deviations."""


@dataclass(frozen=True)
class Measure:
    """A score with what its precision depends on.

    ``effective`` is the number of equally weighted cases that would be as
    precise. ``weights`` has each case's weight in the score (they add up to 1)
    and ``residuals`` by how much a case moved it; both are empty where it is
    not known which case gave which answer.
    """

    share: float
    effective: float
    weights: Mapping[str, float]
    residuals: Mapping[str, float]


def wilson(share: float, n: float, z: float = Z) -> tuple[float, float]:
    """Return Wilson's interval for a proportion of ``n``."""
    middle = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - reach) / (1 + z * z / n)), min(1.0, (middle + reach) / (1 + z * z / n))


def difference(before: Measure, after: Measure) -> tuple[float, float]:
    """Return the interval for ``after`` less ``before``."""
    change = after.share - before.share
    low_before, high_before = wilson(before.share, before.effective)
    low_after, high_after = wilson(after.share, after.effective)
    together = _correlation(before, after)
    down = _square_and_add(after.share - low_after, high_before - before.share, together)
    up = _square_and_add(high_after - after.share, before.share - low_before, together)
    return max(-1.0, change - down), min(1.0, change + up)


def measure(weights: Mapping[str, float], answers: Mapping[str, Mapping[str, bool]]) -> Measure:
    """Return the score of weighted questions from the answers to each.

    Args:
        weights: of each question in the score, which add up to 1.
        answers: to each question by case, whether it is sufficient; each question has at least one.
    """
    shares = {question: sum(answers[question].values()) / len(answers[question]) for question in weights}
    parts: dict[str, list[tuple[float, float]]] = {}
    for question, weight in sorted(weights.items()):
        each = weight / len(answers[question])
        for case, good in answers[question].items():
            parts.setdefault(case, []).append((each, each * (good - shares[question])))
    of_case = {
        case: (fsum(part for part, _ in found), fsum(moved for _, moved in found))
        for case, found in sorted(parts.items())
    }
    share = max(0.0, min(1.0, fsum(weight * shares[question] for question, weight in weights.items())))
    cases_alone = 1 / fsum(weight * weight for weight, _ in of_case.values())
    spread = fsum(moved * moved for _, moved in of_case.values())
    effective = cases_alone
    if len(weights) > 1 and len(of_case) > 1:
        variance = spread * len(of_case) / (len(of_case) - 1) + fsum(
            weight * weight * _made_up(sum(answers[q].values()), len(answers[q]))
            for q, weight in weights.items()
        )
        most = sum(len(answers[question]) for question in weights)
        cases_seen = share * (1 - share) / variance if variance else float(most)
        effective = min(float(most), max(cases_alone, cases_seen))
    return Measure(
        share=share,
        effective=effective,
        weights={case: weight for case, (weight, _) in of_case.items()},
        residuals={case: moved for case, (_, moved) in of_case.items()},
    )


def _made_up(good: int, n: int) -> float:
    """Return by how much the variance of a proportion grows when it is drawn to the middle as Agresti and Coull do."""
    drawn_in = (good + Z * Z / 2) / (n + Z * Z)
    share = good / n
    return max(0.0, drawn_in * (1 - drawn_in) - share * (1 - share)) / n


def measure_of_counts(weights: Mapping[str, float], counts: Mapping[str, tuple[int, int]]) -> Measure:
    """Return the score of weighted questions from their counts alone, where answers to cases are not at hand.

    The effective number of cases is the least that such counts can have: the
    cases of a question with fewer are all among those of one with more.
    """
    counted = [(weight, *counts[question]) for question, weight in sorted(weights.items())]
    return Measure(
        share=min(1.0, fsum(weight * good / n for weight, good, n in counted)),
        effective=1 / fsum(w * v / max(n, m) for w, _, n in counted for v, _, m in counted),
        weights={},
        residuals={},
    )


def _square_and_add(one: float, other: float, together: float) -> float:
    return sqrt(max(0.0, one * one + other * other - 2 * together * one * other))


def _correlation(before: Measure, after: Measure) -> float:
    """Return the correlation between two scores, from the cases that both have, corrected as Newcombe does."""
    shared = sorted(before.residuals.keys() & after.residuals.keys())
    spread = sqrt(
        fsum(r * r for r in before.residuals.values()) * fsum(r * r for r in after.residuals.values())
    )
    if not shared or not spread:
        return 0.0
    together = fsum(before.residuals[case] * after.residuals[case] for case in shared)
    if together > 0:
        correction = fsum(before.weights[case] * after.weights[case] for case in shared) / len(shared) / 2
        together = max(0.0, together - correction)
    return max(-1.0, min(1.0, together / spread))
