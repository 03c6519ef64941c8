"""How far two assessors agree: raw agreement, Cohen's kappa, and the prevalence that explains it.

J. Cohen, "A coefficient of agreement for nominal scales", Educational and
Psychological Measurement 20 (1960), 37-46. Kappa takes off the agreement to be
expected by chance, so where nearly every answer is the same it can be near
nothing, or below, however well two people agree: 46 of 49 agreed has given
-0.03. It is never told alone (T. Byrt, J. Bishop and J. B. Carlin, "Bias,
prevalence and kappa", Journal of Clinical Epidemiology 46 (1993), 423-429).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Agreement", "agreement"]

NOTHING_COMPARED = "Nothing was answered by both assessors."
NO_CHANCE = "Both assessors gave the same answer every time, so agreement by chance is certain and kappa is not defined."


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two assessors agree over what both answered.

    ``agreed`` of ``compared`` pairs are the same; ``raw`` is that share, none
    where nothing was compared. ``kappa`` is none where it is not defined, and
    ``undefined`` says why. ``expected`` is the share that would agree by chance.
    ``prevalence`` has each answer with the share of all answers, of both
    assessors together, that it is, the most frequent first; ``pairs`` counts
    each pair of answers, first assessor's first.
    """

    compared: int
    agreed: int
    raw: float | None
    expected: float | None
    kappa: float | None
    undefined: str | None
    prevalence: tuple[tuple[str, float], ...]
    pairs: tuple[tuple[str, str, int], ...]


def agreement(answers: Iterable[tuple[str, str]]) -> Agreement:
    """Return how far two assessors agree, from the pair of answers that they gave to each question of each case."""
    pairs = Counter(answers)
    compared = pairs.total()
    if not compared:
        return Agreement(0, 0, None, None, None, NOTHING_COMPARED, (), ())
    agreed = sum(many for (one, other), many in pairs.items() if one == other)
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), many in pairs.items():
        first[one] += many
        second[other] += many
    raw = Fraction(agreed, compared)
    expected = Fraction(sum(first[answer] * second[answer] for answer in first), compared**2)
    both = first + second
    return Agreement(
        compared=compared,
        agreed=agreed,
        raw=float(raw),
        expected=float(expected),
        kappa=None if expected == 1 else float((raw - expected) / (1 - expected)),
        undefined=NO_CHANCE if expected == 1 else None,
        prevalence=tuple(
            (answer, both[answer] / (2 * compared))
            for answer in sorted(both, key=lambda one: (-both[one], one))
        ),
        pairs=tuple((one, other, many) for (one, other), many in sorted(pairs.items())),
    )
