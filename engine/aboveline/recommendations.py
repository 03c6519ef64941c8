"""Say what should be done: the recommendations of the framework that shortfalls call for.

The framework lists the questions that lead to each. It is made where a listed
question scores below a threshold, and enough cases fall short on those that do
(``rulebook.thresholds``). A case falls short where its answer is insufficient,
whoever said so. Where no deficiency was found, as in a judgement, the shortfall
is as severe as the worst deficiency that the question knows, and medium where it
knows none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from aboveline.answers import Answer, QuestionAnswer
from aboveline.highlights import highlight, worst_first
from aboveline.result import DeficiencyCount, Recommendation
from aboveline.rulebook import Question, Rulebook, Severity
from aboveline.rulebook.thresholds import Thresholds
from aboveline.scoring import QuestionScore

__all__ = ["recommend"]

_RISING = list(Severity)


def recommend(
    questions: Collection[QuestionScore],
    answers: Iterable[QuestionAnswer],
    rulebook: Rulebook,
    limits: Thresholds,
) -> tuple[Recommendation, ...]:
    """Return the recommendations that are called for: those of most cases first, then the most severe.

    Args:
        questions: the scores of all questions.
        answers: the answers to all cases, of which the insufficient are looked at.
        rulebook: what was audited by.
        limits: the thresholds in force.
    """
    short: dict[str, list[QuestionAnswer]] = defaultdict(list)
    for answer in answers:
        if answer.answer is Answer.INSUFFICIENT:
            short[answer.question].append(answer)
    made = _made(questions, short, rulebook, limits)
    return tuple(sorted(made, key=lambda one: (-len(one.cases), -_RISING.index(one.severity), one.id)))


def _made(
    questions: Collection[QuestionScore],
    short: dict[str, list[QuestionAnswer]],
    rulebook: Rulebook,
    limits: Thresholds,
) -> Iterator[Recommendation]:
    by_id = {question.id: question for question in rulebook.active}
    for advice in rulebook.framework.recommendations.values():
        below = [
            highlight(question, question.score, by_id[question.id].outcome)
            for question in questions
            if question.id in advice.questions
            and question.score is not None
            and question.score < limits.recommendation_below_percent
        ]
        shortfalls = [answer for one in below for answer in short[one.question]]
        cases = sorted({answer.case for answer in shortfalls})
        if below and len(cases) >= limits.recommendation_cases:
            yield Recommendation(
                id=advice.id,
                text=advice.text,
                severity=max((_severity(one, by_id[one.question]) for one in shortfalls), key=_RISING.index),
                questions=tuple(sorted(below, key=worst_first)),
                deficiencies=_deficiencies(shortfalls),
                cases=tuple(cases),
            )


def _severity(answer: QuestionAnswer, question: Question) -> Severity:
    found = [finding.severity for finding in answer.findings]
    known = [deficiency.severity for deficiency in question.deficiencies]
    return max(found or known or [Severity.MEDIUM], key=_RISING.index)


def _deficiencies(shortfalls: Iterable[QuestionAnswer]) -> tuple[DeficiencyCount, ...]:
    """Count the cases of each deficiency that was found, those of most cases first."""
    cases: dict[tuple[str, str, Severity], set[str]] = defaultdict(set)
    for answer in shortfalls:
        for finding in answer.findings:
            cases[finding.deficiency, finding.question, finding.severity].add(answer.case)
    counts = (
        DeficiencyCount(deficiency=deficiency, question=question, severity=severity, cases=len(found))
        for (deficiency, question, severity), found in cases.items()
    )
    return tuple(sorted(counts, key=lambda one: (-one.cases, -_RISING.index(one.severity), one.deficiency)))
