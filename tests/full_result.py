"""An audit's result with every part filled, made up from the shipped questions and a fixed seed.

Its texts are as hostile as an input could make them: markup, formulas, long names.
"""

import datetime as dt
import random
from fractions import Fraction
from typing import Any

from aboveline.answers import DueSoon, Evidence, EvidenceGap, Finding
from aboveline.result import (
    AuditResult,
    Breakdown,
    DeficiencyCount,
    FactorScore,
    FailedCase,
    GroupOutcome,
    GroupQuestion,
    GroupScore,
    GroupSize,
    Highlight,
    JudgedInsufficient,
    Manifest,
    NotAssessed,
    Overridden,
    ParameterUsed,
    Recommendation,
    RejectedRecord,
    SampleCharacteristic,
    StandardsUsed,
)
from aboveline.rulebook import Severity, load_rulebook
from aboveline.scoring import (
    Average,
    CriterionScore,
    LevelCount,
    OutcomeScore,
    QuestionScore,
    StageScore,
    percent,
)

AS_OF = dt.date(2013, 12, 2)
CASES = 49
HOSTILE = "=HYPERLINK(\"http://x\") <script>alert('1')</script> & “quoted”"
THRESHOLD = 5


def full_result() -> AuditResult:
    """Return the result. Each call makes the same one."""
    chance = random.Random(2014)
    rulebook = load_rulebook()
    questions = tuple(_question(q.id, q.title, q.criteria, q.scored, chance) for q in rulebook.active)
    framework = rulebook.framework
    criteria = tuple(
        CriterionScore(id=name, title=title, **_average([q for q in questions if name in q.criteria]))
        for name, title in framework.criteria.items()
    )
    outcomes = tuple(
        _outcome(
            one.id, one.title, one.criteria, [q for q in questions if set(q.criteria) & set(one.criteria)]
        )
        for one in framework.outcomes.values()
    )
    findings = tuple(
        _finding(f"C-{case:02}", deficiency.id, q.id, deficiency.severity)
        for q in rulebook.active
        for deficiency in q.deficiencies[:1]
        for case in range(1, 1 + next(s.insufficient for s in questions if s.id == q.id))
    )
    ranked = sorted((q for q in questions if q.score is not None), key=lambda q: q.score or 0)
    worst, best = ranked[:6], ranked[-6:]
    return AuditResult(
        manifest=Manifest(
            aboveline="0.1.0",
            schema_version=1,
            rulebook="a1" * 32,
            cases="b2" * 32,
            as_of=AS_OF,
            engine="durable",
            standards=StandardsUsed(
                name="then",
                title="National Standards 2007",
                start=dt.date(2007, 9, 1),
                end=None,
                in_force=True,
                caveats=("Two of its numbers are our own reading.",),
                values=("csc_check_days",),
            ),
            average=Average.QUESTIONS,
            by=("gender", "officer_grade"),
            suppress_below=THRESHOLD,
            left_out=3,
            judgements_unused=("AS-02",),
            parameters={
                "csc_check_days": ParameterUsed(
                    value=5, unit="working_days", start=dt.date(2007, 1, 1), source="our reading"
                ),
                "mappa_custody_months": ParameterUsed(
                    value=12, unit="number", start=dt.date(2004, 4, 5), source=HOSTILE
                ),
            },
        ),
        cases=CASES,
        questions=questions,
        criteria=criteria,
        stages=tuple(
            StageScore(id=name, score=70 + place, score_range=(60 + place, 80 + place))
            for place, name in enumerate(framework.stages)
        ),
        outcomes=outcomes,
        factors=tuple(
            _factor(name, chance) for name in ("alcohol_misuse", "thinking_and_behaviour", "attitudes")
        ),
        recommendations=tuple(
            Recommendation(
                id=name,
                text=advice.text,
                severity=Severity.HIGH,
                questions=tuple(_highlight(q, rulebook.framework.outcomes) for q in worst[:3]),
                deficiencies=tuple(
                    DeficiencyCount(
                        deficiency=f"{q.id}.1", question=q.id, severity=Severity.HIGH, cases=q.insufficient
                    )
                    for q in worst[:3]
                ),
                cases=tuple(f"C-{case:02}" for case in range(1, 24)),
            )
            for name, advice in list(framework.recommendations.items())[:2]
        ),
        strengths=tuple(_highlight(q, framework.outcomes) for q in reversed(best)),
        improvements=tuple(_highlight(q, framework.outcomes) for q in worst),
        breakdowns=(
            _breakdown("gender", {"female": 8, "male": 41}, questions, outcomes, chance),
            _breakdown(
                "officer_grade", dict.fromkeys(("A", "B", "C", "D", "E", "F"), 8), questions, outcomes, chance
            ),
        ),
        sample=(
            SampleCharacteristic(
                by="gender",
                threshold=THRESHOLD,
                groups=(GroupSize(value="female", cases=8), GroupSize(value="male", cases=41)),
            ),
            SampleCharacteristic(
                by="rosh",
                threshold=THRESHOLD,
                groups=(GroupSize(value="high", cases=None), GroupSize(value="not_recorded", cases=None)),
            ),
        ),
        due_soon=(
            DueSoon(case="C-47", question="PP-39", deficiency="PP-39.1", due=dt.date(2013, 12, 5)),
            DueSoon(case="C-48", question="DS-42", deficiency="DS-42.1", due=dt.date(2014, 1, 9)),
        ),
        findings=findings,
        judged_insufficient=(
            JudgedInsufficient(case="C-07", question="PP-12", assessor="QA-1", reason=HOSTILE),
            JudgedInsufficient(case="C-08", question="PP-12", assessor="QA-1", reason=None),
        ),
        not_assessed=(
            NotAssessed(
                case="C-09",
                question="PP-19",
                gaps=(EvidenceGap(kind="offence", id="1", field="code", reason="code not mapped"),),
            ),
            NotAssessed(case="C-10", question="RR-01", gaps=()),
        ),
        overrides=(
            Overridden(
                case="C-11",
                question="DS-02",
                answer="sufficient",
                computed="insufficient",
                assessor="QA-7",
                reason="+1 seen at court; @home -2",
                deficiencies=("DS-02.1",),
            ),
        ),
        rejected=(
            RejectedRecord(source="cases.jsonl", line=12, path="sentence.type", reason=HOSTILE),
            RejectedRecord(source="cases.jsonl", line=12, path="", reason="not JSON"),
        ),
        failed=(
            FailedCase(case="C-13", reason=HOSTILE),
            FailedCase(
                case="C-14",
                reason="the process that audited it ended by SIGKILL, and so did the one before it",
            ),
        ),
    )


def _question(
    name: str,
    title: str,
    criteria: tuple[str, ...],
    scored: bool,
    chance: random.Random,
) -> QuestionScore:
    if name == "VW-05":
        return QuestionScore(
            id=name, title=title, criteria=criteria, scored=scored, sufficient=0, insufficient=0,
            not_applicable=CASES, not_assessed=0, score=None, score_range=None,
        )  # fmt: skip
    n = chance.randint(5, CASES)
    good = chance.randint(n // 3, n)
    unknown = chance.choice([0, 0, min(2, CASES - n)])
    levels = tuple(
        LevelCount(level=title.lower(), title=title, cases=cases)
        for title, cases in (("Good progress", good), ("Deterioration", n - good))
        if name == "RR-16"
    )
    return QuestionScore(
        id=name,
        title=title,
        levels=levels,
        criteria=criteria,
        scored=scored,
        sufficient=good,
        insufficient=n - good,
        not_applicable=CASES - n - unknown,
        not_assessed=unknown,
        score=percent(Fraction(good, n)),
        score_range=(percent(Fraction(good, n + unknown)), percent(Fraction(good + unknown, n + unknown))),
    )


def _average(questions: list[QuestionScore]) -> dict[str, Any]:
    scores = [q.score for q in questions if q.score is not None and q.scored]
    ranges = [q.score_range for q in questions if q.score_range is not None and q.scored]
    if not scores:
        return {"questions": 0, "score": None, "score_range": None}
    return {
        "questions": len(scores),
        "score": percent(Fraction(sum(scores), 100 * len(scores))),
        "score_range": (
            percent(Fraction(sum(low for low, _ in ranges), 100 * len(ranges))),
            percent(Fraction(sum(high for _, high in ranges), 100 * len(ranges))),
        ),
    }


def _outcome(
    name: str, title: str, criteria: tuple[str, ...], questions: list[QuestionScore]
) -> OutcomeScore:
    average = _average(questions)
    return OutcomeScore(
        id=name,
        title=title,
        criteria=criteria,
        by_questions=average["score"],
        by_criteria=None if average["score"] is None else average["score"] - 1,
        **average,
    )


def _highlight(one: QuestionScore, outcomes: Any) -> Highlight:
    return Highlight(
        outcome=next(o.id for o in outcomes.values() if set(o.criteria) & set(one.criteria)),
        question=one.id,
        title=one.title,
        sufficient=one.sufficient,
        insufficient=one.insufficient,
        score=one.score or 0,
    )


def _finding(case: str, deficiency: str, question: str, severity: Severity) -> Finding:
    return Finding(
        case=case,
        question=question,
        deficiency=deficiency,
        severity=severity,
        finding=f"What was due on 11 March 2013 was not done. {HOSTILE}",
        put_right="Do it now, and write down when and how it was done.",
        due=dt.date(2013, 3, 11),
        recommendation="R1",
        evidence=(Evidence(kind="sentence", id="1", fields={"started_on": dt.date(2013, 3, 4)}),),
    )


def _factor(name: str, chance: random.Random) -> FactorScore:
    cases = chance.randint(8, 40)
    done, progress = chance.randint(0, cases), chance.randint(0, cases)
    figures: dict[str, Any] = {
        "factor": name,
        "cases": cases,
        "interventions": done,
        "interventions_percent": percent(Fraction(done, cases)),
        "progress": progress,
        "progress_percent": percent(Fraction(progress, cases)),
    }
    unknown = {"cases_unknown": 2, "linked": cases, "interventions_unknown": 1, "progress_unknown": 3}
    return FactorScore.model_validate(figures | unknown)


def _breakdown(
    by: str,
    sizes: dict[str, int],
    questions: tuple[QuestionScore, ...],
    outcomes: tuple[OutcomeScore, ...],
    chance: random.Random,
) -> Breakdown:
    return Breakdown(
        by=by,
        threshold=THRESHOLD,
        groups=tuple(
            GroupScore(
                value=value,
                cases=size if size >= THRESHOLD else None,
                outcomes=tuple(
                    GroupOutcome(id=one.id, questions=chance.randint(1, 9), score=chance.randint(40, 99))
                    for one in outcomes
                ),
                questions=tuple(_group_question(one.id, size, chance) for one in questions),
            )
            for value, size in sizes.items()
        ),
    )


def _group_question(name: str, size: int, chance: random.Random) -> GroupQuestion:
    n = chance.randint(0, size)
    if 0 < n < THRESHOLD:
        return GroupQuestion(
            id=name, sufficient=None, insufficient=None, score=None, interval=None, suppressed=True
        )
    good = chance.randint(0, n)
    score = percent(Fraction(good, n)) if n else None
    return GroupQuestion(
        id=name,
        sufficient=good,
        insufficient=n - good,
        score=score,
        interval=None if score is None else (max(score - 17, 0), min(score + 13, 100)),
        suppressed=False,
    )
