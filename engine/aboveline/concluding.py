"""Put together what was gathered of the cases of an audit: its result."""

import datetime as dt
from collections.abc import Sequence

import structlog

from aboveline import __version__
from aboveline.answers import Answer, QuestionAnswer
from aboveline.case import SCHEMA_VERSION, hash_of
from aboveline.gathering import Gathering
from aboveline.highlights import improvements, strengths
from aboveline.listings import sum_up
from aboveline.problems import Problem, in_order
from aboveline.recommendations import recommend
from aboveline.result import (
    AuditResult,
    JudgedInsufficient,
    Manifest,
    NotAssessed,
    Overridden,
    ParameterUsed,
    RejectedRecord,
    StandardsUsed,
)
from aboveline.rulebook import Rulebook
from aboveline.rulebook.thresholds import THRESHOLDS, thresholds
from aboveline.scoring import Average, score

__all__ = ["conclude"]

log = structlog.get_logger(__name__)


def conclude(
    gathered: Gathering,
    rulebook: Rulebook,
    as_of: dt.date,
    average: Average,
    *,
    engine: str,
    rejected: Sequence[Problem],
    cases_hash: str | None = None,
    named: bool = True,
) -> AuditResult:
    """Put together the result of an audit.

    Args:
        gathered: the cases as they were audited.
        rulebook: what they were audited by.
        as_of: the day the audit stands at.
        average: which of the two averages an outcome's score is.
        engine: what answered.
        rejected: what was wrong with records that were not audited.
        cases_hash: the hash of the cases, where it is known; else it is made of their digests.
        named: name the cases that call for a recommendation, and not only count them.
    """
    limits = thresholds(rulebook, as_of)
    answers = sorted(gathered.answers, key=lambda one: (one.case, one.question))
    scores = score(gathered.tally, rulebook, average)
    made = recommend(scores.questions, gathered.shortfalls, rulebook, limits, named=named)
    used = sorted(
        {name for question in rulebook.active for name in rulebook.mentions[question.id].parameters}
        | set(THRESHOLDS)
    )
    log.info(
        "audit_done", cases=gathered.cases, rejected=len(rejected), rulebook=rulebook.hash, as_of=str(as_of)
    )
    return AuditResult(
        manifest=Manifest(
            aboveline=__version__,
            schema_version=SCHEMA_VERSION,
            rulebook=rulebook.hash,
            cases=hash_of(gathered.digests) if cases_hash is None else cases_hash,
            as_of=as_of,
            engine=engine,
            standards=_standards(rulebook, as_of),
            average=average,
            by=gathered.groups.by,
            suppress_below=gathered.groups.suppress_below,
            left_out=gathered.left_out,
            judgements_unused=tuple(
                sorted(gathered.judged - {question.id for question in rulebook.active if question.judged})
            ),
            parameters={
                name: _parameter(rulebook, name, as_of)
                for name in used
                if rulebook.parameters[name].at(as_of)
            },
        ),
        cases=gathered.cases,
        questions=scores.questions,
        criteria=scores.criteria,
        stages=scores.stages,
        outcomes=scores.outcomes,
        factors=gathered.factors.scores(),
        recommendations=made,
        strengths=strengths(scores.questions, rulebook, limits),
        improvements=improvements(scores.questions, rulebook, limits),
        answers=tuple(
            sorted(
                gathered.by_case,
                key=lambda one: (one.case, one.sufficient, one.insufficient, one.not_assessed),
            )
        ),
        breakdowns=gathered.groups.breakdowns(rulebook),
        sample=gathered.groups.sample(),
        due_soon=tuple(
            sorted(
                (due for one in answers for due in one.due_soon),
                key=lambda due: (due.due, due.case, due.deficiency),
            )
        ),
        findings=tuple(
            finding for one in answers if one.answer is Answer.INSUFFICIENT for finding in one.findings
        ),
        judged_insufficient=tuple(
            JudgedInsufficient(
                case=one.case,
                question=one.question,
                assessor=one.assessor or "",
                made_on=one.said_on,
                reason=one.reason,
            )
            for one in answers
            if one.by == "judgement" and one.answer is Answer.INSUFFICIENT
        ),
        not_assessed=tuple(
            NotAssessed(case=one.case, question=one.question, gaps=one.gaps)
            for one in answers
            if one.answer is Answer.NOT_ASSESSED
        ),
        overrides=tuple(_overridden(one) for one in answers if one.by == "override"),
        rejected=tuple(
            RejectedRecord(source=p.source, line=p.line, path=p.path, reason=p.reason)
            for p in in_order(rejected)
        ),
        failed=tuple(sorted(gathered.failed, key=lambda one: one.case)),
        listings=sum_up(gathered.listed) if gathered.listed else None,
    )


def _parameter(rulebook: Rulebook, name: str, as_of: dt.date) -> ParameterUsed:
    parameter = rulebook.parameters[name]
    in_force = parameter.at(as_of)
    if in_force is None:  # pragma: no cover - the caller has looked
        raise KeyError(name)
    return ParameterUsed(
        value=in_force.value, unit=parameter.unit, start=in_force.start, source=in_force.source
    )


def _standards(rulebook: Rulebook, as_of: dt.date) -> StandardsUsed | None:
    pack = rulebook.standards
    if pack is None:
        return None
    return StandardsUsed(
        name=pack.name,
        title=pack.title,
        start=pack.start,
        end=pack.end,
        in_force=pack.in_force(as_of),
        caveats=pack.caveats,
        values=tuple(sorted(pack.values)),
    )


def _overridden(one: QuestionAnswer) -> Overridden:
    return Overridden(
        case=one.case,
        question=one.question,
        answer=one.answer,
        computed=one.computed,
        assessor=one.assessor or "",
        made_on=one.said_on,
        reason=one.reason or "",
        deficiencies=tuple(sorted({finding.deficiency for finding in one.findings})),
    )
