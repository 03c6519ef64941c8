"""Recommendations, strengths and areas for improvement: what stands out, by the rulebook's own thresholds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveline.answers import Answer, Finding, QuestionAnswer
from aboveline.audit import audit
from aboveline.highlights import improvements, strengths
from aboveline.problems import InputError
from aboveline.recommendations import recommend
from aboveline.result import Highlight, Recommendation
from aboveline.rulebook import Rulebook, Severity, load_rulebook
from aboveline.rulebook.thresholds import THRESHOLDS, Thresholds, thresholds
from aboveline.scoring import Scores, Tally, score
from aboveline.shortfalls import Shortfalls
from books import FRAMEWORK, book, deficiency

AS_OF = dt.date(2013, 12, 2)
GOOD, BAD, NA, OPEN = Answer.SUFFICIENT, Answer.INSUFFICIENT, Answer.NOT_APPLICABLE, Answer.NOT_ASSESSED
LEADS_TO = {"R1": ["PP-01", "PP-02"], "R2": ["PP-02", "PP-03"], "R3": ["PP-04", "PP-99"]}
CRITERIA = {
    "PP-01": '["4.1"]',
    "PP-02": '["4.2", "5.1"]',
    "PP-03": '["4.2"]',
    "PP-04": '["5.1"]',
    "PP-05": '["4.1"]',
}
ADVICE = "".join(
    f"  {name}: {{text: Do {name}, questions: {questions}}}\n" for name, questions in LEADS_TO.items()
)
DEFICIENT = {"PP-01": "high", "PP-02": "low", "PP-04": "medium", "PP-05": "high"}
WORSE_KNOWN = "PP-04"
"""This question knows a deficiency of high severity, too, and it is not found."""

LIMITS = Thresholds(
    recommendation_below_percent=80,
    recommendation_cases=2,
    strength_percent=90,
    improvement_below_percent=80,
    highlight_cases=2,
    highlights_most=2,
)

Given = Mapping[str, Sequence[Answer]]


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return five questions, of which PP-03 is judged alone and PP-05 is not scored, and three recommendations."""
    folder: Path = tmp_path_factory.mktemp("rules")
    framework = FRAMEWORK[: FRAMEWORK.index("recommendations:")] + "recommendations:\n" + ADVICE
    return book(folder, {name: _question(name) for name in CRITERIA}, framework=framework)


def _question(name: str) -> str:
    head = f"criteria: {CRITERIA[name]}\nscored: {str(name != 'PP-05').lower()}\n"
    if name not in DEFICIENT:
        return head + "judged: true\n"
    one = deficiency(f"{name}.1", "when: [rosh: {}]").replace(
        "severity: high", f"severity: {DEFICIENT[name]}"
    )
    two = [deficiency(f"{name}.2", "when: [rosh: {}]")] if name == WORSE_KNOWN else []
    return head + f"deficiencies: [{', '.join([one, *two])}]\njudged: true\n"


def answered(given: Given, *, found: bool = True) -> list[QuestionAnswer]:
    """Answer each question for cases A-0, A-1 and so on; what is insufficient was found by rule, or only said."""
    return [
        QuestionAnswer(
            case=f"A-{n}",
            question=question,
            answer=answer,
            computed=answer,
            by="rule",
            findings=(_finding(f"A-{n}", question),)
            if answer is BAD and found and question in DEFICIENT
            else (),
        )
        for question, several in given.items()
        for n, answer in enumerate(several)
    ]


def _finding(case: str, question: str) -> Finding:
    return Finding(
        case=case,
        question=question,
        deficiency=f"{question}.1",
        severity=Severity(DEFICIENT[question]),
        finding="Missing.",
        put_right="Mend it.",
        due=None,
        recommendation=None,
        evidence=(),
    )


def scored(rulebook: Rulebook, answers: Sequence[QuestionAnswer]) -> Scores:
    """Score answers."""
    tally = Tally()
    tally.add(answers)
    return score(tally, rulebook)


def short(answers: Sequence[QuestionAnswer]) -> Shortfalls:
    """Return who falls short."""
    shortfalls = Shortfalls()
    shortfalls.add(answers)
    return shortfalls


def recommended(rulebook: Rulebook, given: Given, *, found: bool = True) -> dict[str, Recommendation]:
    """Return the recommendations that these answers call for."""
    answers = answered(given, found=found)
    return {
        one.id: one
        for one in recommend(scored(rulebook, answers).questions, short(answers), rulebook, LIMITS)
    }


@pytest.mark.parametrize(
    ("given_answers", "made"),
    [
        ({"PP-01": [GOOD, GOOD]}, []),
        ({"PP-01": [BAD, BAD, GOOD]}, ["R1"]),
        # Two of ten are 80%, which is not below it; three of ten are.
        ({"PP-01": [BAD] * 2 + [GOOD] * 8}, []),
        ({"PP-01": [BAD] * 3 + [GOOD] * 7}, ["R1"]),
        # 79.6% is shown as 80%, and is not below it.
        ({"PP-01": [BAD] * 11 + [GOOD] * 43}, []),
        # One case falls short: too few for a recommendation.
        ({"PP-01": [BAD]}, []),
        ({"PP-01": [BAD, GOOD], "PP-02": [BAD, GOOD]}, []),
        # One case on each of two questions, and they are two cases.
        ({"PP-01": [BAD, GOOD], "PP-02": [GOOD, BAD]}, ["R1"]),
        # What is not assessed or not applicable is no shortfall.
        ({"PP-01": [OPEN, NA, NA]}, []),
        # A question that leads to two.
        ({"PP-02": [BAD, BAD]}, ["R1", "R2"]),
        # A question that is not in the rulebook, or leads to none, makes none.
        ({"PP-05": [BAD, BAD]}, []),
    ],
)
def test_recommendation_is_made_of_enough_cases_below_the_threshold(
    rulebook: Rulebook, given_answers: Given, made: list[str]
) -> None:
    """It takes a listed question below the threshold, and enough cases that fall short on such questions."""
    assert made == list(recommended(rulebook, given_answers))


def test_recommendation_says_what_falls_short(rulebook: Rulebook) -> None:
    """Its questions stand worst first; deficiencies and cases are those of its questions below the threshold."""
    found = recommended(
        rulebook, {"PP-01": [BAD, GOOD, GOOD], "PP-02": [GOOD, BAD, BAD], "PP-03": [BAD] + [GOOD] * 9}
    )

    one, two = found["R1"], found["R2"]
    assert [("PP-02", 33, 1, 2), ("PP-01", 67, 2, 1)] == [
        (q.question, q.score, q.sufficient, q.insufficient) for q in one.questions
    ]
    assert [("PP-02.1", 2), ("PP-01.1", 1)] == [(d.deficiency, d.cases) for d in one.deficiencies]
    assert (("A-0", "A-1", "A-2"), Severity.HIGH) == (one.cases, one.severity)
    assert (("A-1", "A-2"), Severity.LOW) == (two.cases, two.severity)
    assert ["PP-02"] == [q.question for q in two.questions]


def test_severity_is_of_what_was_found(rulebook: Rulebook) -> None:
    """A worse deficiency that the question knows, and that nobody found, makes a recommendation no more severe."""
    assert Severity.MEDIUM is recommended(rulebook, {WORSE_KNOWN: [BAD, BAD]})["R3"].severity


def test_recommendations_of_most_cases_come_first_then_the_most_severe(rulebook: Rulebook) -> None:
    """Three cases stand before two; of two recommendations of two cases each, the more severe does."""
    by_severity = recommended(
        rulebook, {"PP-02": [GOOD, GOOD], "PP-03": [BAD, BAD], "PP-04": [BAD, BAD], "PP-01": [BAD, BAD]}
    )
    by_cases = recommended(rulebook, {"PP-03": [BAD, BAD, BAD], "PP-01": [BAD, BAD, GOOD]})

    assert ["R1", "R2", "R3"] == list(by_severity)
    assert ["R2", "R1"] == list(by_cases)


@pytest.mark.parametrize(
    ("question", "recommendation", "severity"),
    [
        ("PP-01", "R1", Severity.HIGH),
        ("PP-02", "R1", Severity.LOW),
        ("PP-03", "R2", Severity.MEDIUM),
        ("PP-04", "R3", Severity.HIGH),
    ],
)
def test_what_was_only_said_is_as_severe_as_the_question_can_be(
    rulebook: Rulebook, question: str, recommendation: str, severity: Severity
) -> None:
    """A judgement of insufficient is a shortfall without a deficiency, and medium where the question knows none."""
    made = recommended(rulebook, {question: [BAD, BAD]}, found=False)[recommendation]

    assert (severity, (), ("A-0", "A-1")) == (made.severity, made.deficiencies, made.cases)


def highlights(rulebook: Rulebook, given: Given) -> tuple[list[str], list[str]]:
    """Return what stands out: the good, then the bad, each as its outcome's first letter and the question."""
    questions = scored(rulebook, answered(given)).questions

    def told(found: Sequence[Highlight]) -> list[str]:
        return [f"{one.outcome[0]} {one.question}" for one in found]

    return told(strengths(questions, rulebook, LIMITS)), told(improvements(questions, rulebook, LIMITS))


@pytest.mark.parametrize(
    ("given_answers", "good", "bad"),
    [
        # At 90% it is a strength, at 80% it is neither, below that to be improved.
        ({"PP-01": [GOOD] * 9 + [BAD]}, ["p PP-01"], []),
        ({"PP-01": [GOOD] * 8 + [BAD]}, [], []),
        ({"PP-01": [GOOD] * 8 + [BAD] * 2}, [], []),
        ({"PP-01": [GOOD] * 7 + [BAD] * 2}, [], ["p PP-01"]),
        # An answer alone says too little, and a question that is not scored says nothing of its outcome.
        ({"PP-01": [GOOD], "PP-03": [BAD, OPEN, NA]}, [], []),
        ({"PP-05": [BAD, BAD]}, [], []),
        # A question that counts to two outcomes stands out in both.
        ({"PP-02": [BAD, BAD]}, [], ["p PP-02", "v PP-02"]),
        # The highest first, then those of more cases; the lowest first; at most two of an outcome.
        (
            {"PP-01": [GOOD] * 9 + [BAD], "PP-02": [GOOD] * 2, "PP-03": [GOOD] * 3},
            ["p PP-03", "p PP-02", "v PP-02"],
            [],
        ),
        (
            {"PP-01": [BAD] * 3, "PP-02": [GOOD, BAD], "PP-03": [BAD] * 4, "PP-04": [BAD] * 2},
            [],
            ["p PP-03", "p PP-01", "v PP-04", "v PP-02"],
        ),
    ],
)
def test_questions_stand_out_by_outcome(
    rulebook: Rulebook, given_answers: Given, good: list[str], bad: list[str]
) -> None:
    """Scored questions with enough answers, at or above one threshold or below the other, so many of an outcome."""
    assert (good, bad) == highlights(rulebook, given_answers)


ANSWERS = st.fixed_dictionaries(
    {
        question: st.lists(st.sampled_from([GOOD, GOOD, BAD, BAD, NA, OPEN]), max_size=6)
        for question in CRITERIA
    }
)


@given(given_answers=ANSWERS, found=st.booleans())
def test_recommendations_are_those_of_a_naive_count(
    rulebook: Rulebook, given_answers: Given, found: bool
) -> None:
    """Counted case by case and question by question, the same are made, of the same questions and cases."""
    made = recommended(rulebook, given_answers, found=found)
    for name, questions in LEADS_TO.items():
        below, cases = set(), set()
        for question in questions:
            several = given_answers.get(question, [])
            good, bad = several.count(GOOD), several.count(BAD)
            if good + bad and int(100 * good / (good + bad) + 0.5) < LIMITS.recommendation_below_percent:
                below.add(question)
                cases |= {f"A-{n}" for n, answer in enumerate(several) if answer is BAD}
        assert (name in made) == (len(cases) >= LIMITS.recommendation_cases)
        if name in made:
            assert below == {one.question for one in made[name].questions}
            assert sorted(cases) == list(made[name].cases)
    order = [len(one.cases) for one in made.values()]
    assert sorted(order, reverse=True) == order


@given(given_answers=ANSWERS)
def test_nothing_is_both_a_strength_and_to_be_improved(rulebook: Rulebook, given_answers: Given) -> None:
    """However cases are answered, no question is both, and no outcome has more than it may."""
    good, bad = highlights(rulebook, given_answers)

    assert set(good).isdisjoint(bad)
    for outcome in "pv":
        for listed in (good, bad):
            assert sum(one[0] == outcome for one in listed) <= LIMITS.highlights_most


def test_thresholds_are_parameters_of_the_rulebook(rulebook: Rulebook) -> None:
    """Every threshold is read from a parameter of its name, and named in the result with its source."""
    shipped = load_rulebook()
    used = audit([], shipped, AS_OF).manifest.parameters

    assert LIMITS == thresholds(rulebook, AS_OF)
    assert set(THRESHOLDS) <= set(used)
    assert all(used[name].source.startswith("our reading") for name in THRESHOLDS)


def test_threshold_that_is_missing_or_later_stops_the_audit(tmp_path: Path, rulebook: Rulebook) -> None:
    """Without a threshold nothing can be said to stand out, and an audit without them would be silent about it."""
    book(tmp_path, {"PP-01": _question("PP-01")})
    (tmp_path / "parameters" / "what-stands-out.yaml").unlink()

    with pytest.raises(InputError) as lacking:
        audit([], load_rulebook(tmp_path), AS_OF)
    with pytest.raises(InputError, match="strength_percent has no value on 1989-12-31"):
        audit([], rulebook, dt.date(1989, 12, 31))
    assert set(THRESHOLDS) == {problem.path for problem in lacking.value.problems}


def test_every_question_of_a_shipped_recommendation_is_its_own_reason() -> None:
    """By the shipped rules, each question that a recommendation lists can call for it alone."""
    shipped = load_rulebook()
    limits = thresholds(shipped, AS_OF)
    listed = {r.id: r.questions for r in shipped.framework.recommendations.values()}
    for question in set(chain(*listed.values())):
        answers = [
            QuestionAnswer(case=f"A-{n}", question=question, answer=BAD, computed=BAD, by="judgement")
            for n in range(limits.recommendation_cases)
        ]
        made = recommend(scored(shipped, answers).questions, short(answers), shipped, limits)
        assert {name for name, questions in listed.items() if question in questions} == {
            one.id for one in made
        }
