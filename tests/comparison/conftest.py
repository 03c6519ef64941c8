"""Audits put together by hand: the answers to a few questions for a few cases."""

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from aboveline.answers import Finding
from aboveline.result import AuditResult, CaseAnswers, Manifest, ParameterUsed
from aboveline.rulebook import Severity
from aboveline.scoring import Average, OutcomeScore, QuestionScore, percent

Build = Callable[..., AuditResult]
CRITERIA = {"AS-01": ("1.1",), "AS-02": ("1.1", "1.2"), "AS-03": ("1.2",)}


def _audit(
    answers: Mapping[str, str],
    *,
    questions: tuple[str, ...] = ("AS-01",),
    deficiencies: tuple[tuple[str, str], ...] = (),
    listed: bool = True,
    records: str = "c",
    **manifest: Any,
) -> AuditResult:
    """Make an audit: each case has a letter a question (s, i, n for not applicable, g for a gap)."""
    letters = {name: [(case, said[n]) for case, said in answers.items()] for n, name in enumerate(questions)}

    def of(case: str, letter: str) -> tuple[str, ...]:
        return tuple(name for n, name in enumerate(questions) if answers[case][n] == letter)

    return AuditResult(
        manifest=Manifest(
            **{
                "aboveline": "0.1.0",
                "schema_version": 1,
                "rulebook": "r",
                "cases": records,
                "as_of": dt.date(2013, 12, 2),
                "engine": "durable_rules",
                "standards": None,
                "by": (),
                "suppress_below": 5,
                "average": Average.QUESTIONS,
                "left_out": 0,
                "judgements_unused": (),
                "parameters": {
                    "few": ParameterUsed(
                        value=5, unit="working_days", start=dt.date(1990, 1, 1), source="our reading"
                    )
                },
                **manifest,
            }
        ),
        cases=len(answers),
        questions=tuple(_score(name, [letter for _, letter in given]) for name, given in letters.items()),
        criteria=(),
        stages=(),
        outcomes=(_outcome(letters),),
        answers=tuple(
            CaseAnswers(
                case=case, sufficient=of(case, "s"), insufficient=of(case, "i"), not_assessed=of(case, "g")
            )
            for case in sorted(answers)
        )
        if listed
        else (),
        due_soon=(),
        findings=tuple(_finding(case, deficiency) for case, deficiency in deficiencies),
        judged_insufficient=(),
        not_assessed=(),
        overrides=(),
        rejected=(),
    )


def _score(name: str, letters: list[str]) -> QuestionScore:
    good, bad = letters.count("s"), letters.count("i")
    return QuestionScore(
        id=name,
        title=f"The question {name}",
        criteria=CRITERIA[name],
        scored=True,
        sufficient=good,
        insufficient=bad,
        not_applicable=letters.count("n"),
        not_assessed=letters.count("g"),
        score=percent(Fraction(good, good + bad)) if good + bad else None,
        score_range=None,
    )


def _outcome(letters: Mapping[str, list[tuple[str, str]]]) -> OutcomeScore:
    scores = [_score(name, [letter for _, letter in given]) for name, given in letters.items()]
    counted = [Fraction(s.sufficient, s.sufficient + s.insufficient) for s in scores if s.score is not None]
    mean = percent(sum(counted, Fraction()) / len(counted)) if counted else None
    return OutcomeScore(
        id="assisting-sentencing",
        title="Assisting sentencing",
        criteria=("1.1", "1.2"),
        questions=len(counted),
        score=mean,
        score_range=None,
        by_questions=mean,
        by_criteria=None,
    )


def _finding(case: str, deficiency: str) -> Finding:
    return Finding(
        case=case,
        question=deficiency.partition(".")[0],
        deficiency=deficiency,
        severity=Severity.HIGH,
        finding="Missing.",
        put_right="Mend it.",
        due=None,
        recommendation=None,
        evidence=(),
    )


@pytest.fixture(scope="session")
def build() -> Build:
    """Return what makes an audit."""
    return _audit
