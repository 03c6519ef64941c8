"""Intervals, held to published figures, and to what must hold of any."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveline.comparison.intervals import Measure, difference, measure, measure_of_counts, wilson

ONE = {"AS-01": 1.0}


def sample(good: int, n: int, name: str = "c") -> Measure:
    """Return the score of one question over cases of their own."""
    return measure(ONE, cases([True] * good + [False] * (n - good), name))


def cases(answers: list[bool], name: str = "c") -> dict[str, dict[str, bool]]:
    """Return the answers to one question, each of a case of its own."""
    return {"AS-01": {f"{name}{number}": good for number, good in enumerate(answers)}}


def paired(both: int, before_only: int, after_only: int, neither: int) -> tuple[Measure, Measure]:
    """Return the two scores of one question over the same cases."""
    answers = (
        [(True, True)] * both
        + [(True, False)] * before_only
        + [(False, True)] * after_only
        + [(False, False)] * neither
    )
    before, after = zip(*answers, strict=True)
    return measure(ONE, cases(list(before))), measure(ONE, cases(list(after)))


@pytest.mark.parametrize(
    ("good", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_interval_of_one_proportion_is_wilsons(good: int, n: int, low: float, high: float) -> None:
    """Figures of Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    assert (low, high) == pytest.approx(wilson(good / n, n), abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_interval_over_other_cases_is_newcombes_hybrid(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Figures of Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10."""
    assert (low, high) == pytest.approx(difference(sample(*other, "a"), sample(*one, "b")), abs=5e-5)


def test_interval_over_the_same_cases_is_newcombes_for_pairs() -> None:
    """The table of Fagerland, Lydersen and Laake (Statistical Analysis of Contingency Tables, 2017, chapter 8): 59, 6, 16, 80."""
    before, after = paired(59, 16, 6, 80)

    assert (-0.1186, -0.0046) == pytest.approx(difference(before, after), abs=5e-5)


def test_pairs_that_agree_make_the_interval_narrower() -> None:
    """The same scores over the same cases are told apart better than over others."""
    low, high = difference(*paired(59, 16, 6, 80))
    low_apart, high_apart = difference(sample(75, 161, "a"), sample(65, 161, "b"))

    assert low_apart < low < high < high_apart


def test_samples_that_overlap_in_part_lie_between() -> None:
    """With half of the cases in both the interval is narrower than with none, wider than with all."""
    answers = [True, False] * 20

    def width(shared: int) -> float:
        after = cases(answers[:shared])["AS-01"] | cases(answers[shared:], "other")["AS-01"]
        low, high = difference(measure(ONE, cases(answers)), measure(ONE, {"AS-01": after}))
        return high - low

    assert width(40) < width(20) < width(0)


def test_outcome_of_one_question_is_that_question() -> None:
    """An average over one question has the precision of the question, with answers by case or without."""
    by_case = sample(7, 10)
    by_counts = measure_of_counts(ONE, {"AS-01": (7, 10)})

    assert (0.7, 10.0) == pytest.approx((by_case.share, by_case.effective))
    assert (0.7, 10.0) == pytest.approx((by_counts.share, by_counts.effective))


@given(
    st.lists(
        st.lists(st.sampled_from(["s", "i", None]), min_size=3, max_size=3).filter(any),
        min_size=1,
        max_size=12,
    )
)
def test_counts_alone_never_claim_more_precision(given_answers: list[list[str | None]]) -> None:
    """Without the answers by case an outcome counts for no more cases than with them, and for no more than its answers."""
    answers = {
        name: {f"c{number}": case[n] == "s" for number, case in enumerate(given_answers) if case[n]}
        for n, name in enumerate(("AS-01", "AS-02", "AS-03"))
    }
    answered = {name: given_ for name, given_ in answers.items() if given_}
    weights = dict.fromkeys(answered, 1 / len(answered))

    by_case = measure(weights, answered)
    by_counts = measure_of_counts(weights, {name: (sum(g.values()), len(g)) for name, g in answered.items()})

    assert by_case.share == pytest.approx(by_counts.share)
    assert 1 - 1e-9 <= by_counts.effective <= by_case.effective + 1e-9
    assert by_case.effective <= sum(len(given_) for given_ in answered.values()) + 1e-9


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_interval_holds_the_change_and_turns_about(
    both: int, before_only: int, after_only: int, neither: int
) -> None:
    """An interval holds the change, stays within -100 and 100 points, and turns about with the audits."""
    if not both + before_only + after_only + neither:
        return
    before, after = paired(both, before_only, after_only, neither)

    low, high = difference(before, after)

    assert -1 <= low <= after.share - before.share + 1e-12
    assert after.share - before.share - 1e-12 <= high <= 1
    assert (-high, -low) == pytest.approx(difference(after, before), abs=1e-9)


def test_outcome_of_one_case_is_one_case() -> None:
    """However many questions it answers, one case says nothing of how cases differ."""
    found = measure({"AS-01": 0.5, "AS-02": 0.5}, {"AS-01": {"c": True}, "AS-02": {"c": True}})

    assert (1.0, 1.0) == (found.share, found.effective)


def test_answers_that_go_together_count_for_less() -> None:
    """Two questions answered alike in each case are as good as one; answered apart, they are better."""
    goods = [n % 2 == 0 for n in range(40)]
    halves = {"AS-01": 0.5, "AS-02": 0.5}
    first = {f"c{n}": good for n, good in enumerate(goods)}
    apart = {f"c{n}": n % 4 < 2 for n in range(40)}

    alike = measure(halves, {"AS-01": first, "AS-02": first}).effective
    unlike = measure(halves, {"AS-01": first, "AS-02": apart}).effective

    assert 40 == pytest.approx(alike, rel=0.03)
    assert 80 == pytest.approx(unlike, rel=0.03)


@pytest.mark.parametrize("shared", [0, 15, 30])
def test_interval_of_an_outcome_holds_the_truth_as_often_as_it_says(shared: int) -> None:
    """In simulated audits of 30 cases, with answers that go together in a case, 19 of 20 intervals or more hold no change."""
    chance = random.Random(shared)
    chances = {"AS-01": 0.9, "AS-02": 0.7, "AS-03": 0.5, "AS-04": 0.8}
    weights = dict.fromkeys(chances, 0.25)
    rounds, held = 400, 0
    for _ in range(rounds):
        lean = [chance.random() for _ in range(60)]
        audits = [
            {
                question: {
                    f"c{n}": (lean[n] if chance.random() < 0.5 else chance.random()) < good for n in members
                }
                for question, good in chances.items()
            }
            for members in (range(30), range(30 - shared, 60 - shared))
        ]
        low, high = difference(*(measure(weights, one) for one in audits))
        held += low <= 0 <= high

    assert held >= 0.93 * rounds
