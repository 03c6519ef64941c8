"""How many cases of each stratum: in proportion, by largest remainder, and at least one where there is room."""

from collections.abc import Mapping

__all__ = ["allocate"]

Key = tuple[str, ...]


def allocate(strata: Mapping[Key, int], size: int) -> dict[Key, int]:
    """Return how many of ``size`` cases fall to each stratum; they add up to it.

    Each gets the whole part of its exact share, and what is left goes to the
    largest remainders (of equal ones to the larger stratum, then by name).
    Where there are places for all, a stratum left without gets one from the
    stratum that stands furthest above its share.

    Args:
        strata: how many cases each has, none of them nought.
        size: how many are wanted, at most as many as there are.
    """
    population = sum(strata.values())
    if not population:
        return {}
    given = {key: size * n // population for key, n in strata.items()}
    by_remainder = sorted(strata, key=lambda key: (-(size * strata[key] % population), -strata[key], key))
    for key in by_remainder[: size - sum(given.values())]:
        given[key] += 1
    if size < len(strata):
        return given
    for key in sorted(strata):
        if not given[key]:
            donor = min(
                (other for other in strata if given[other] > 1),
                key=lambda other: (size * strata[other] - given[other] * population, other),
            )
            given[donor] -= 1
            given[key] = 1
    return given
