"""No number that is hidden can be worked out from those that are shown."""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aboveline.breakdowns.suppression import Counts, hidden_answers, hidden_sizes
from attack import Shown, could_be, show


@st.composite
def tables(draw: st.DrawFn, most_groups: int) -> tuple[dict[str, int], dict[str, Counts], int]:
    """Make up the cases of a few groups, their answers to one question, and a threshold."""
    groups = "abcd"[: draw(st.integers(2, most_groups))]
    sizes = {group: draw(st.integers(1, 9 if len(groups) < 4 else 5)) for group in groups}
    answers = {}
    for group, size in sizes.items():
        counted = draw(st.sampled_from([size, draw(st.integers(0, size))]))
        good = draw(st.integers(0, counted))
        answers[group] = good, counted - good
    return sizes, answers, draw(st.integers(2, 6))


def values(shown: Shown, *, knows_the_program: bool = False) -> Mapping[tuple[str, str], set[int]]:
    """Return every value that each hidden number could have. What the whole sample's counts tell is no secret."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    good, bad = (sum(counts[n] for counts in shown.answers.values()) for n in (0, 1))
    for sizes, answers in could_be(shown, knows_the_program=knows_the_program):
        for group in shown.hidden_sizes:
            found["cases", group].add(sizes[group])
        for group in shown.hidden_answers:
            found["counted", group].add(sum(answers[group]))
            if good and bad:
                found["sufficient", group].add(answers[group][0])
                found["insufficient", group].add(answers[group][1])
    return found


def known(shown: Shown, *, knows_the_program: bool = False) -> list[tuple[str, str]]:
    """Return the hidden numbers that have one value only, where not every group is hidden already."""
    groups = len(shown.sizes)
    nothing_left = {"cases": len(shown.hidden_sizes) == groups}
    return [
        key
        for key, found in values(shown, knows_the_program=knows_the_program).items()
        if len(found) < 2 and not nothing_left.get(key[0], len(shown.hidden_answers) == groups)
    ]


@settings(max_examples=400, deadline=None)
@given(table=tables(most_groups=4))
def test_nothing_hidden_can_be_worked_out(table: tuple[dict[str, int], dict[str, Counts], int]) -> None:
    """Whatever the numbers, a reader of all that is shown finds two values at least for each that is not."""
    shown = show(*table)
    assume(shown.hidden_sizes or shown.hidden_answers)

    assert [] == known(shown)


@settings(max_examples=400, deadline=None)
@given(table=tables(most_groups=3))
def test_knowing_the_program_does_not_help(table: tuple[dict[str, int], dict[str, Counts], int]) -> None:
    """Among three groups that holds of a reader who runs this very program on every table there could be."""
    shown = show(*table)
    assume(shown.hidden_sizes or shown.hidden_answers)

    assert [] == known(shown, knows_the_program=True)


@given(table=tables(most_groups=4))
def test_no_small_number_is_shown(table: tuple[dict[str, int], dict[str, Counts], int]) -> None:
    """A number that is shown is none, or not below the threshold."""
    sizes, answers, below = table
    shown = show(sizes, answers, below)

    assert all(sizes[group] >= below for group in sizes.keys() - shown.hidden_sizes)
    counted = {sum(answers[group]) for group in answers.keys() - shown.hidden_answers}
    assert all(n == 0 or n >= below for n in counted)


def test_attack_recovers_what_is_left_open() -> None:
    """The reader of these tests is able: hiding one group alone, or two of one case each, they find out."""
    sizes, answers = {"a": 3, "b": 9, "c": 9}, {"a": (1, 2), "b": (5, 4), "c": (9, 0)}
    alone = Shown(sizes, answers, frozenset("a"), frozenset("a"), 5)
    two = Shown(
        {"a": 1, "b": 1, "c": 9}, {"a": (0, 0), "b": (0, 0), "c": (9, 0)}, frozenset("ab"), frozenset(), 5
    )

    assert {3} == values(alone)["cases", "a"]
    assert {1} == values(alone)["sufficient", "a"]
    assert {1} == values(two)["cases", "b"]


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"women": 8, "men": 41}, ""),
        ({"women": 4, "men": 41}, "women men"),
        ({"north": 3, "south": 9, "west": 12}, "north south"),
        ({"north": 3, "south": 4, "west": 12}, "north south"),
        ({"north": 1, "south": 1, "west": 12}, "north south west"),
        ({"north": 5, "south": 5, "west": 5}, ""),
        ({"all": 3}, "all"),
    ],
)
def test_next_smallest_group_is_hidden_too(sizes: dict[str, int], hidden: str) -> None:
    """One small group is hidden with the next smallest; two of one case each, which add up to two, with a third."""
    assert frozenset(hidden.split()) == hidden_sizes(sizes, 5)


@pytest.mark.parametrize(
    ("answers", "hidden"),
    [
        ({"a": (7, 1), "b": (20, 21), "c": (9, 2)}, ""),
        ({"a": (2, 2), "b": (4, 2), "c": (9, 2)}, "a b"),
        ({"a": (2, 2), "b": (0, 0), "c": (9, 2)}, "a b"),
        ({"a": (7, 1), "b": (0, 0), "c": (9, 2)}, ""),
        ({"a": (4, 0), "b": (6, 0), "c": (9, 2)}, "a b c"),
        ({"a": (0, 4), "b": (0, 6), "c": (9, 2)}, "a b c"),
        ({"a": (4, 0), "b": (6, 0), "c": (9, 0)}, "a b"),
        ({"a": (0, 0), "b": (0, 0), "c": (0, 0)}, ""),
    ],
)
def test_answers_are_hidden_by_their_number(answers: dict[str, Counts], hidden: str) -> None:
    """It goes by how many are counted; nobody hides somebody; all sufficient among the hidden would tell of each."""
    sizes = dict.fromkeys(answers, 50)

    assert frozenset(hidden.split()) == hidden_answers(answers, sizes, (), 5)


def test_group_of_hidden_size_shows_nothing_of_a_question_that_counts_it() -> None:
    """Else the questions asked of everybody would tell its size; a question that counts none of them tells nothing."""
    sizes = {"a": 3, "b": 6, "c": 20}
    asked_of_all = {"a": (1, 2), "b": (3, 3), "c": (10, 10)}
    asked_of_b = {"a": (0, 0), "b": (3, 3), "c": (10, 10)}
    asked_of_c = {"a": (0, 0), "b": (0, 0), "c": (10, 10)}
    small = hidden_sizes(sizes, 5)

    assert frozenset("ab") == small
    assert frozenset("ab") == hidden_answers(asked_of_all, sizes, small, 5)
    assert frozenset("ab") == hidden_answers(asked_of_b, sizes, small, 5)
    assert frozenset() == hidden_answers(asked_of_c, sizes, small, 5)


@given(table=tables(most_groups=4))
def test_threshold_of_nothing_hides_nothing(table: tuple[dict[str, int], dict[str, Counts], int]) -> None:
    """0 turns it off."""
    sizes, answers, _ = table
    shown = show(sizes, answers, 0)

    assert (frozenset(), frozenset()) == (shown.hidden_sizes, shown.hidden_answers)
