"""Scores: the proportion of work above the line, by both averages, with a range over gaps."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveline.answers import Answer, QuestionAnswer
from aboveline.rulebook import Rulebook
from aboveline.scoring import Average, Scores, Tally, percent, score
from books import book, deficiency

QUESTIONS = {
    "PP-01": '["4.1"]',
    "PP-02": '["4.1"]',
    "PP-03": '["4.1"]',
    "PP-04": '["4.2"]',
    "PP-05": '["4.2", "5.1"]',
    "PP-06": '["4.2"]',
}
GOOD, BAD, NA, OPEN = Answer.SUFFICIENT, Answer.INSUFFICIENT, Answer.NOT_APPLICABLE, Answer.NOT_ASSESSED


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return six questions: three of criterion 4.1, three of 4.2, of which one counts to victims and one is not scored."""
    folder: Path = tmp_path_factory.mktemp("rules")
    body = "when: [rosh: {}]"
    return book(
        folder,
        {
            i: f"criteria: {c}\nscored: {str(i != 'PP-06').lower()}\ndeficiencies: [{deficiency(i + '.1', body)}]"
            for i, c in QUESTIONS.items()
        },
    )


def scored(
    rulebook: Rulebook, answers: dict[str, list[Answer]], average: Average = Average.QUESTIONS
) -> Scores:
    """Score these answers to each question."""
    tally = Tally()
    for question, given_answers in answers.items():
        tally.add(
            QuestionAnswer(case="A", question=question, answer=a, computed=a, by="rule")
            for a in given_answers
        )
    return score(tally, rulebook, average)


@pytest.mark.parametrize(
    ("share", "whole"),
    [
        (Fraction(5, 8), 63),
        (Fraction(1, 8), 13),
        (Fraction(1, 200), 1),
        (Fraction(1, 201), 0),
        (Fraction(7, 8), 88),
        (Fraction(20, 41), 49),
        (Fraction(0), 0),
        (Fraction(1), 100),
    ],
)
def test_percentages_are_rounded_half_up(share: Fraction, whole: int) -> None:
    """62.5 is 63, 0.5 is 1, and less than half is dropped."""
    assert whole == percent(share)


def test_question_scores_sufficient_of_sufficient_and_insufficient(rulebook: Rulebook) -> None:
    """Not applicable is left out of a score, and not assessed is its range."""
    question = scored(rulebook, {"PP-01": [GOOD] * 3 + [BAD] + [NA] * 5 + [OPEN] * 2}).questions[0]

    assert (3, 1, 5, 2) == (
        question.sufficient,
        question.insufficient,
        question.not_applicable,
        question.not_assessed,
    )
    assert (75, (50, 83)) == (question.score, question.score_range)


def test_question_with_gaps_alone_could_be_anything(rulebook: Rulebook) -> None:
    """Where every answer is a gap there is no score, and the range is all of it."""
    question = scored(rulebook, {"PP-01": [OPEN, NA]}).questions[0]

    assert (None, (0, 100)) == (question.score, question.score_range)


def test_question_nobody_is_asked_has_neither_score_nor_range(rulebook: Rulebook) -> None:
    """Where nothing counts there is nothing to say."""
    question = scored(rulebook, {"PP-01": [NA, NA]}).questions[0]

    assert (None, None) == (question.score, question.score_range)


def test_two_averages_differ_where_criteria_are_of_unequal_size(rulebook: Rulebook) -> None:
    """Over questions: 100, 100, 100 and 0 is 75. Over criteria: 100 and 0 is 50. The first is the default."""
    answers = {"PP-01": [GOOD], "PP-02": [GOOD], "PP-03": [GOOD], "PP-04": [BAD]}

    default, by_criteria = (scored(rulebook, answers, average).outcomes[0] for average in Average)

    assert (75, 75, 50) == (default.score, default.by_questions, default.by_criteria)
    assert 50 == by_criteria.score


def test_question_counts_to_every_criterion_it_names(rulebook: Rulebook) -> None:
    """A question of criteria 4.2 and 5.1 counts to both outcomes."""
    public, victims = scored(rulebook, {"PP-05": [GOOD, BAD]}).outcomes

    assert (50, 50) == (public.score, victims.score)
    assert (1, 1) == (public.questions, victims.questions)


def test_question_that_is_not_scored_is_reported_and_left_out(rulebook: Rulebook) -> None:
    """An unscored question has its own figures and moves no average."""
    scores = scored(rulebook, {"PP-04": [GOOD], "PP-06": [BAD]})

    assert 0 == scores.questions[5].score
    assert 100 == scores.outcomes[0].score
    assert 100 == scores.criteria[1].score


def test_stage_is_the_average_of_its_criteria(rulebook: Rulebook) -> None:
    """A stage of 4.1 at 100 and 5.1 at 0 is 50, however many questions each has."""
    scores = scored(rulebook, {"PP-01": [GOOD], "PP-02": [GOOD], "PP-05": [BAD]})

    assert 50 == scores.stages[0].score


def test_averages_are_taken_before_rounding(rulebook: Rulebook) -> None:
    """12.5% and 0% average to 6.25%, which is 6; rounded to 13 first they would have made 7."""
    scores = scored(rulebook, {"PP-01": [GOOD] + [BAD] * 7, "PP-02": [BAD]})

    assert 6 == scores.outcomes[0].score


@given(
    counts=st.lists(
        st.tuples(*(st.integers(0, 4) for _ in range(4))), min_size=len(QUESTIONS), max_size=len(QUESTIONS)
    )
)
def test_score_is_within_its_range(rulebook: Rulebook, counts: list[tuple[int, int, int, int]]) -> None:
    """Whatever the answers, every score lies in its range, and without gaps the range is the score."""
    answers = {
        question: [a for a, n in zip((GOOD, BAD, NA, OPEN), many, strict=True) for _ in range(n)]
        for question, many in zip(QUESTIONS, counts, strict=True)
    }

    for average in Average:
        scores = scored(rulebook, answers, average)
        kinds: list[Iterable[Any]] = [scores.questions, scores.criteria, scores.stages, scores.outcomes]
        for one in chain(*kinds):
            if one.score is not None:
                low, high = one.score_range
                assert low <= one.score <= high
                if not any(many[3] for many in counts):
                    assert (one.score, one.score) == (low, high)


def test_question_without_a_score_moves_no_average(rulebook: Rulebook) -> None:
    """A question with gaps alone widens the range of its outcome, and leaves the score to those that have one."""
    outcome = scored(rulebook, {"PP-01": [GOOD], "PP-02": [OPEN]}).outcomes[0]

    assert (100, (50, 100), 1) == (outcome.score, outcome.score_range, outcome.questions)
