"""How far an outcome's score could be off, at 95%: by the method by which audits are compared."""

from collections.abc import Mapping
from math import floor
from weakref import ref

from aboveline.comparison.intervals import measure, measure_of_counts, wilson
from aboveline.result import AuditResult
from aboveline.scoring import Average, OutcomeScore, QuestionScore

__all__ = ["answers_behind", "outcome_interval"]

Interval = tuple[int, int] | None

# Of each result that is still held, by where it is: it never changes, and every case's answers count.
_found: "dict[int, tuple[ref[AuditResult], dict[str, Interval]]]" = {}


def outcome_interval(result: AuditResult, outcome: OutcomeScore) -> Interval:
    """Return the interval in whole percent, rounded half up; none where nothing counts.

    Where the audit does not list its answers it is the widest that its counts
    allow. It is worked out once for as long as the result is held.
    """
    known = _known(result)
    if outcome.id not in known:
        known[outcome.id] = _interval(result, outcome)
    return known[outcome.id]


def _known(result: AuditResult) -> dict[str, Interval]:
    place = id(result)
    held = _found.get(place)
    if held is None or held[0]() is not result:
        held = _found[place] = (ref(result, lambda _: _found.pop(place, None)), {})
    return held[1]


def _interval(result: AuditResult, outcome: OutcomeScore) -> Interval:
    questions = _counting(result, outcome)
    if not questions:
        return None
    weights = _weights(questions, outcome, result.manifest.average)
    if result.answers:
        wanted = set(weights)
        answers: dict[str, dict[str, bool]] = {question: {} for question in weights}
        for one in result.answers:
            for given, good in ((one.sufficient, True), (one.insufficient, False)):
                for question in wanted.intersection(given):
                    answers[question][one.case] = good
        found = measure(weights, answers)
    else:
        found = measure_of_counts(
            weights, {one.id: (one.sufficient, one.sufficient + one.insufficient) for one in questions}
        )
    low, high = wilson(found.share, found.effective)
    return floor(100 * low + 0.5), floor(100 * high + 0.5)


def answers_behind(result: AuditResult, outcome: OutcomeScore) -> int:
    """Return how many answers an outcome's score is made of."""
    return sum(one.sufficient + one.insufficient for one in _counting(result, outcome))


def _counting(result: AuditResult, outcome: OutcomeScore) -> list[QuestionScore]:
    criteria = set(outcome.criteria)
    return [
        one
        for one in result.questions
        if one.scored and one.score is not None and criteria & set(one.criteria)
    ]


def _weights(questions: list[QuestionScore], outcome: OutcomeScore, average: Average) -> Mapping[str, float]:
    """Return the weight of each question: equal, or equal within equal criteria."""
    if average is Average.QUESTIONS:
        return {one.id: 1 / len(questions) for one in questions}
    members = [[one.id for one in questions if name in one.criteria] for name in outcome.criteria]
    within = [one for one in members if one]
    return {
        one.id: sum(1 / (len(within) * len(group)) for group in within if one.id in group)
        for one in questions
    }
