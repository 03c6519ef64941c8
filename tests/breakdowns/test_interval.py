"""Wilson's interval: known values, and the equation that it solves."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveline.breakdowns.interval import _Z, _ends, wilson


@pytest.mark.parametrize(
    ("good", "counted", "interval"),
    [
        (7, 8, (53, 98)),
        (40, 49, (69, 90)),
        (20, 41, (34, 64)),
        (0, 5, (0, 43)),
        (5, 5, (57, 100)),
        (1, 1, (21, 100)),
        (0, 1, (0, 79)),
    ],
)
def test_intervals_of_small_samples(good: int, counted: int, interval: tuple[int, int]) -> None:
    """Whole percents, rounded half up, within 0 and 100."""
    assert interval == wilson(good, counted)


@pytest.mark.parametrize(
    ("good", "counted", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_published_intervals(good: int, counted: int, low: float, high: float) -> None:
    """The four examples of R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, score method, to four places."""
    assert (low, high) == tuple(round(end, 4) for end in _ends(good, counted))


@given(counted=st.integers(1, 500), data=st.data())
def test_ends_solve_the_score_equation(counted: int, data: st.DataObject) -> None:
    """At either end the counted share is 1.96 standard errors away, by the standard error at that end."""
    good = data.draw(st.integers(0, counted))

    low, high = _ends(good, counted)

    assert 0 <= low <= high <= 1
    assert low - 1e-9 <= good / counted <= high + 1e-9
    for end in (low, high):
        away = _Z * sqrt(end * (1 - end) / counted)
        assert abs(good / counted - end) == pytest.approx(away, abs=1e-7)


@given(counted=st.integers(1, 200), data=st.data())
def test_other_side_of_the_line_has_the_other_interval(counted: int, data: st.DataObject) -> None:
    """The interval of what is insufficient mirrors that of what is sufficient."""
    good = data.draw(st.integers(0, counted))

    low, high = _ends(good, counted)

    assert (1 - high, 1 - low) == pytest.approx(_ends(counted - good, counted))


@pytest.mark.parametrize(("good", "counted"), [(0, 0), (2, 1), (-1, 3)])
def test_what_is_no_proportion_is_refused(good: int, counted: int) -> None:
    """Nothing counted has no interval."""
    with pytest.raises(ValueError, match="is no proportion"):
        wilson(good, counted)
