"""Audit case records: facts, rules, answers, scores, in one pass over the records.

Records are read one at a time, so the memory an audit takes grows with its
findings, and by a list of ids for each case unless answers are left out. The
same records, rules and date give the same result, whatever order the records
come in.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable

import structlog

from aboveline import __version__
from aboveline.answers import Answer, QuestionAnswer, answer_case
from aboveline.backends import Backend, DurableBackend
from aboveline.breakdowns import SUPPRESS_BELOW, Characteristic, Grouping
from aboveline.case import SCHEMA_VERSION, CaseRecord, Rejected, digest_of, hash_of
from aboveline.factors import FactorTally
from aboveline.facts import CaseFacts, flatten
from aboveline.highlights import improvements, strengths
from aboveline.problems import Problem, in_order
from aboveline.recommendations import recommend
from aboveline.result import (
    AuditResult,
    CaseAnswers,
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
from aboveline.scoring import Average, Tally, score

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
        each: called after each record.

    Raises:
        InputError: a parameter of the rulebook has no value on that day.
        BackendError: the rules could not be run on a case.
    """
    auditor = Auditor(rulebook, as_of)
    limits = thresholds(rulebook, as_of)
    tally = Tally()
    factors = FactorTally()
    by_case: list[CaseAnswers] = []
    groups = Grouping(by, suppress_below)
    rejected: list[Problem] = []
    answers: list[QuestionAnswer] = []
    digests: list[bytes] = []
    left_out = 0
    judged: set[str] = set()
    for record in records:
        if isinstance(record, Rejected):
            rejected += record.problems
        else:
            digests.append(digest_of(record))
            facts = auditor.facts(record)
            left_out += facts.left_out
            judged |= set(facts.judgements)
            of_case = auditor.answer(facts)
            tally.add(of_case)
            factors.add(facts)
            if keep_answers:
                by_case.append(_listed(facts.case, of_case))
            groups.add(facts, of_case)
            answers += [one for one in of_case if _worth_telling(one)]
        each()
    answers.sort(key=lambda one: (one.case, one.question))
    scores = score(tally, rulebook, average)
    used = sorted(
        {name for question in rulebook.active for name in rulebook.mentions[question.id].parameters}
        | set(THRESHOLDS)
    )
    log.info(
        "audit_done", cases=len(digests), rejected=len(rejected), rulebook=rulebook.hash, as_of=str(as_of)
    )
    return AuditResult(
        manifest=Manifest(
            aboveline=__version__,
            schema_version=SCHEMA_VERSION,
            rulebook=rulebook.hash,
            cases=hash_of(digests),
            as_of=as_of,
            engine=auditor.backend.name,
            standards=_standards(rulebook, as_of),
            average=average,
            by=groups.by,
            suppress_below=suppress_below,
            left_out=left_out,
            judgements_unused=tuple(
                sorted(judged - {question.id for question in rulebook.active if question.judged})
            ),
            parameters={
                name: _parameter(rulebook, name, as_of)
                for name in used
                if rulebook.parameters[name].at(as_of)
            },
        ),
        cases=len(digests),
        questions=scores.questions,
        criteria=scores.criteria,
        stages=scores.stages,
        outcomes=scores.outcomes,
        factors=factors.scores(),
        recommendations=recommend(scores.questions, answers, rulebook, limits),
        strengths=strengths(scores.questions, rulebook, limits),
        improvements=improvements(scores.questions, rulebook, limits),
        answers=tuple(
            sorted(by_case, key=lambda one: (one.case, one.sufficient, one.insufficient, one.not_assessed))
        ),
        breakdowns=groups.breakdowns(rulebook),
        sample=groups.sample(),
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
            for p in in_order(rejected)
        ),
    )


def _listed(case: str, answers: Iterable[QuestionAnswer]) -> CaseAnswers:
    by_answer: dict[Answer, list[str]] = {answer: [] for answer in Answer}
    levels: dict[str, str] = {}
    for one in answers:
        by_answer[one.answer].append(one.question)
        if one.level:
            levels[one.question] = one.level
    return CaseAnswers(
        case=case,
        sufficient=tuple(by_answer[Answer.SUFFICIENT]),
        insufficient=tuple(by_answer[Answer.INSUFFICIENT]),
        not_assessed=tuple(by_answer[Answer.NOT_ASSESSED]),
        levels=levels,
    )


def _worth_telling(one: QuestionAnswer) -> bool:
    """Tell whether an answer is listed by itself, and not only counted."""
    return (
        one.answer in {Answer.INSUFFICIENT, Answer.NOT_ASSESSED} or one.by == "override" or bool(one.due_soon)
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
        reason=one.reason or "",
        deficiencies=tuple(sorted({finding.deficiency for finding in one.findings})),
    )
