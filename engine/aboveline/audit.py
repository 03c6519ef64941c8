"""Audit case records: facts, rules, answers, scores, in one pass over the records.

Records are read one at a time, or a batch where they are answered by columns, so
the memory an audit takes grows with its findings, and by a list of ids for each
case unless answers are left out. The same records, rules and date give the same
result, whatever order the records come in and whichever engine answers.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable

import structlog

from aboveline import __version__
from aboveline.answers import Answer, QuestionAnswer, answer_case
from aboveline.backends import Backend, DurableBackend
from aboveline.breakdowns import SUPPRESS_BELOW, Characteristic
from aboveline.case import SCHEMA_VERSION, CaseRecord, Rejected
from aboveline.engines import AT_ONCE, Engine, choose, in_batches
from aboveline.facts import CaseFacts, flatten
from aboveline.gathering import Found, Reading
from aboveline.highlights import improvements, strengths
from aboveline.problems import in_order
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
from aboveline.rulebook import Clause, Rulebook, lower
from aboveline.rulebook.thresholds import THRESHOLDS, thresholds
from aboveline.scoring import Average, score

__all__ = ["Auditor", "MakeBackend", "audit"]

MakeBackend = Callable[[Collection[Clause]], Backend]
"""What makes a backend out of clauses: its class."""

log = structlog.get_logger(__name__)


class Auditor:
    """Answers cases one by one, by one rulebook as at one date.

    Raises:
        InputError: a parameter of the rulebook has no value on that date.
    """

    def __init__(self, rulebook: Rulebook, as_of: dt.date, backend: MakeBackend = DurableBackend) -> None:
        self.rulebook = rulebook
        self.as_of = as_of
        self.backend: Backend = backend(lower(rulebook, as_of))

    def facts(self, record: CaseRecord) -> CaseFacts:
        """Return the facts of a case as at the audit's date."""
        return flatten(record, self.as_of)

    def answer(self, facts: CaseFacts) -> tuple[QuestionAnswer, ...]:
        """Return the answer to every active question for a case.

        Raises:
            BackendError: the rules could not be run on the case.
        """
        return answer_case(facts, self.backend.matches(facts), self.rulebook)


def audit(
    records: Iterable[CaseRecord | Rejected],
    rulebook: Rulebook,
    as_of: dt.date,
    average: Average = Average.QUESTIONS,
    *,
    keep_answers: bool = True,
    by: Collection[Characteristic] = (Characteristic.GENDER,),
    suppress_below: int = SUPPRESS_BELOW,
    engine: Engine = Engine.AUTO,
    each: Callable[[], None] = lambda: None,
) -> AuditResult:
    """Audit every record and return what was found.

    Args:
        records: case records, and those that could not be read.
        rulebook: the rules to audit by.
        as_of: the day the audit stands at.
        average: which of the two averages an outcome's score is.
        keep_answers: list the answers to every case, which takes room where there are many.
        by: what scores are broken down by.
        suppress_below: numbers of a group below this are not shown; 0 shows all.
        engine: what answers the rules. It makes no difference to the answers.
        each: called after each record.

    Raises:
        InputError: a parameter of the rulebook has no value on that day.
        BackendError: the rules could not be run on a case.
    """
    clauses = lower(rulebook, as_of)
    limits = thresholds(rulebook, as_of)
    found = Found(by, suppress_below, keep_answers=keep_answers)
    read = Reading(records, as_of, each)
    engine, cases = choose(engine, iter(read))
    if engine is Engine.COLUMNAR:
        _answer_by_columns(cases, clauses, rulebook, found)
    else:
        backend = DurableBackend(clauses)
        for facts in cases:
            found.add(facts, answer_case(facts, backend.matches(facts), rulebook))
    answers = found.answers
    answers.sort(key=lambda one: (one.case, one.question))
    scores = score(found.tally, rulebook, average)
    used = sorted(
        {name for question in rulebook.active for name in rulebook.mentions[question.id].parameters}
        | set(THRESHOLDS)
    )
    log.info(
        "audit_done",
        cases=len(read.digests),
        rejected=len(read.rejected),
        rulebook=rulebook.hash,
        as_of=str(as_of),
    )
    return AuditResult(
        manifest=Manifest(
            aboveline=__version__,
            schema_version=SCHEMA_VERSION,
            rulebook=rulebook.hash,
            cases=hashlib.sha256(b"".join(sorted(read.digests))).hexdigest(),
            as_of=as_of,
            engine=engine,
            standards=_standards(rulebook, as_of),
            average=average,
            by=found.groups.by,
            suppress_below=suppress_below,
            left_out=read.left_out,
            judgements_unused=tuple(
                sorted(read.judged - {question.id for question in rulebook.active if question.judged})
            ),
            parameters={
                name: _parameter(rulebook, name, as_of)
                for name in used
                if rulebook.parameters[name].at(as_of)
            },
        ),
        cases=len(read.digests),
        questions=scores.questions,
        criteria=scores.criteria,
        stages=scores.stages,
        outcomes=scores.outcomes,
        factors=found.factors.scores(),
        recommendations=recommend(scores.questions, answers, rulebook, limits),
        strengths=strengths(scores.questions, rulebook, limits),
        improvements=improvements(scores.questions, rulebook, limits),
        answers=tuple(
            sorted(
                found.by_case, key=lambda one: (one.case, one.sufficient, one.insufficient, one.not_assessed)
            )
        ),
        breakdowns=found.groups.breakdowns(rulebook),
        sample=found.groups.sample(),
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
                case=one.case, question=one.question, assessor=one.assessor or "", reason=one.reason
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
            for p in in_order(read.rejected)
        ),
    )


def _answer_by_columns(
    cases: Iterable[CaseFacts], clauses: Collection[Clause], rulebook: Rulebook, found: Found
) -> None:
    from aboveline.backends.columnar import ColumnarBackend  # noqa: PLC0415 - it takes numpy, which few cases do without
    from aboveline.sheets import answer_sheet  # noqa: PLC0415 - the same

    backend = ColumnarBackend(clauses)
    for batch in in_batches(cases, AT_ONCE):
        found.add_sheet(answer_sheet(batch, backend, rulebook))


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
        reason=one.reason or "",
        deficiencies=tuple(sorted({finding.deficiency for finding in one.findings})),
    )
