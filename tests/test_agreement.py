"""How far two assessors agree, against figures worked by hand."""

import pytest

from aboveline.agreement import agreement

GOOD, BAD, NONE = "sufficient", "insufficient", "not_applicable"


def test_nearly_all_agreed_can_be_worse_than_chance() -> None:
    """46 of 49 agreed; each calls others insufficient, 1 and 2 times.

    First: 48 and 1; second: 47 and 2. By chance (48 x 47 + 1 x 2) / 49² = 2258 / 2401 agree, and 46 / 49 is
    2254 / 2401: kappa is (2254 - 2258) / (2401 - 2258) = -4 / 143.
    """
    found = agreement([(GOOD, GOOD)] * 46 + [(GOOD, BAD)] * 2 + [(BAD, GOOD)])

    assert (49, 46) == (found.compared, found.agreed)
    assert found.raw == pytest.approx(46 / 49)
    assert found.expected == pytest.approx(2258 / 2401)
    assert found.kappa == pytest.approx(-4 / 143)
    assert found.kappa is not None
    assert "-0.03" == f"{found.kappa:.2f}"
    assert ((GOOD, 95 / 98), (BAD, 3 / 98)) == found.prevalence
    assert found.undefined is None


def test_cohens_arithmetic() -> None:
    """Of 50: both yes 20, only the first 5, only the second 10, neither 15. Raw 0.7, by chance 0.5, kappa 0.4."""
    found = agreement([(GOOD, GOOD)] * 20 + [(GOOD, BAD)] * 5 + [(BAD, GOOD)] * 10 + [(BAD, BAD)] * 15)

    assert (0.7, 0.5) == (found.raw, found.expected)
    assert found.kappa == pytest.approx(0.4)
    assert ((BAD, BAD, 15), (BAD, GOOD, 10), (GOOD, BAD, 5), (GOOD, GOOD, 20)) == found.pairs


def test_three_answers() -> None:
    """Of 10: agreed 2 + 3 + 1 = 6; first 4, 4, 2; second 4, 4, 2. By chance (16 + 16 + 4) / 100, kappa 24 / 64."""
    found = agreement(
        [(GOOD, GOOD)] * 2
        + [(BAD, BAD)] * 3
        + [(NONE, NONE)]
        + [(GOOD, BAD)]
        + [(GOOD, NONE)]
        + [(BAD, GOOD)]
        + [(NONE, GOOD)]
    )

    assert found.kappa == pytest.approx(0.24 / 0.64)


def test_perfect_agreement_on_two_answers_is_one() -> None:
    """Where both use two answers and always agree, kappa is 1."""
    assert agreement([(GOOD, GOOD)] * 3 + [(BAD, BAD)]).kappa == pytest.approx(1)


def test_kappa_is_not_defined_where_all_say_the_same() -> None:
    """Agreement by chance is then certain: the raw agreement stands, kappa does not, and why is said."""
    found = agreement([(GOOD, GOOD)] * 49)

    assert found.raw == pytest.approx(1)
    assert found.kappa is None
    assert found.undefined is not None
    assert "same answer every time" in found.undefined
    assert ((GOOD, 1.0),) == found.prevalence


def test_total_disagreement_is_defined() -> None:
    """One says always yes and the other always no: nothing agrees, nothing would by chance, kappa is 0."""
    found = agreement([(GOOD, BAD)] * 4)

    assert (0.0, 0.0, 0.0) == (found.raw, found.expected, found.kappa)


def test_nothing_compared() -> None:
    """Without a pair there is no figure, and why is said."""
    found = agreement([])

    assert (0, None, None) == (found.compared, found.raw, found.kappa)
    assert found.undefined == "Nothing was answered by both assessors."
