"""Audit case records: facts, rules, answers, scores, in one pass over the records.

Records are read one at a time, so the memory an audit takes grows with its
findings, and by a list of ids for each case unless answers are left out. The
same records, rules and date give the same result, whatever order the records
come in, in however many processes they are audited, and whichever engine answers.
By columns a batch of records is read and answered at a time.
"""

import datetime as dt
import gc
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import structlog

from aboveline.answers import QuestionAnswer, answer_case
from aboveline.backends import Backend, BackendError, DurableBackend
from aboveline.breakdowns import SUPPRESS_BELOW, Characteristic
from aboveline.case import CaseRecord, Rejected, digest_of
from aboveline.concluding import conclude
from aboveline.engines import AT_ONCE, AT_ONCE_IN_A_PROCESS, Engine, choose, in_batches
from aboveline.facts import CaseFacts, flatten
from aboveline.gathering import Gathering
from aboveline.logs import effective_level, log_from
from aboveline.packing import Packed
from aboveline.problems import Problem
from aboveline.result import AuditResult
from aboveline.rulebook import Clause, Rulebook, lower
from aboveline.rulebook.thresholds import thresholds
from aboveline.scoring import Average
from aboveline.workers import CHUNK, Lost, in_processes

__all__ = ["Auditor", "MakeBackend", "audit", "audit_one", "audit_packed"]


class MakeBackend(Protocol):
    """What makes a backend out of clauses: its class."""

    name: str

    def __call__(self, clauses: Collection[Clause], /) -> Backend:
        """Make a backend."""
        ...


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
    workers: int = 1,
    engine: Engine = Engine.AUTO,
    backend: MakeBackend = DurableBackend,
) -> AuditResult:
    """Audit every record and return what was found.

    A case on which the rules cannot be run is listed as failed, and the others are audited.

    Args:
        records: case records, and those that could not be read.
        rulebook: the rules to audit by.
        as_of: the day the audit stands at.
        average: which of the two averages an outcome's score is.
        keep_answers: list the answers to every case, which takes room where there are many.
        by: what scores are broken down by.
        suppress_below: numbers of a group below this are not shown; 0 shows all.
        each: called after each record.
        workers: how many processes share the cases; with one, it is done in this process.
        engine: what answers the rules. It makes no difference to the answers.
        backend: what runs the rules case by case. With several workers it is pickled.

    Raises:
        InputError: a parameter of the rulebook has no value on that day.
        WorkersError: worker processes cannot be started.
    """
    thresholds(rulebook, as_of)  # what is wrong with them is told before anything is read
    rejected: list[Problem] = []

    def accepted() -> Iterator[CaseRecord]:
        for record in records:
            if isinstance(record, Rejected):
                rejected.extend(record.problems)
                each()
            else:
                yield record

    engine, cases = choose(engine, accepted())
    begin = _Begin(
        rulebook,
        as_of,
        engine,
        backend,
        tuple(by),
        suppress_below,
        keep_answers=keep_answers,
        level=effective_level(),
    )
    gathered = _audit_all(begin, cases, workers, each)
    return conclude(gathered, rulebook, as_of, average, engine=begin.name, rejected=rejected)


def audit_packed(
    packed: Packed,
    rulebook: Rulebook,
    as_of: dt.date,
    average: Average = Average.QUESTIONS,
    *,
    keep_answers: bool = True,
    by: Collection[Characteristic] = (Characteristic.GENDER,),
    suppress_below: int = SUPPRESS_BELOW,
    each: Callable[[], None] = lambda: None,
) -> AuditResult:
    """Audit a packed caseload by its columns, without making records of them: the result is that of ``audit``.

    The arguments are those of ``audit``.

    Raises:
        InputError: a parameter of the rulebook has no value on that day.
    """
    from aboveline.backends.columnar import ColumnarBackend  # noqa: PLC0415 - it takes numpy, which few cases do without
    from aboveline.backends.columnar.packed import batch_of  # noqa: PLC0415 - the same
    from aboveline.sheets import answer_sheet  # noqa: PLC0415 - the same

    begin = _Begin(
        rulebook,
        as_of,
        Engine.COLUMNAR,
        DurableBackend,
        tuple(by),
        suppress_below,
        keep_answers=keep_answers,
        level=effective_level(),
    )
    backend = ColumnarBackend(lower(rulebook, as_of))
    gathered = begin.gathering()
    for (chunk,) in in_batches(packed.chunks(AT_ONCE), 1):
        batch = batch_of(chunk, as_of, backend.plan.reads)
        sheet = answer_sheet(batch.cases, backend, rulebook, batch.tables)
        gathered.add_many(batch.digests, batch.left_out, sheet)
        for _ in batch.cases:
            each()
    return conclude(gathered, rulebook, as_of, average, engine=begin.name, rejected=packed.problems())


@dataclass(frozen=True)
class _Begin:
    """What it takes to begin auditing cases, in this process or another."""

    rulebook: Rulebook
    as_of: dt.date
    engine: Engine
    backend: MakeBackend
    by: tuple[Characteristic, ...]
    suppress_below: int
    keep_answers: bool
    level: int

    def gathering(self) -> Gathering:
        return Gathering(self.by, self.suppress_below, keep_answers=self.keep_answers)

    @property
    def name(self) -> str:
        return Engine.COLUMNAR if self.engine is Engine.COLUMNAR else self.backend.name

    def auditing(self) -> "Callable[[Iterable[CaseRecord], Gathering], None]":
        """Return what audits some cases and gathers what comes of it."""
        if self.engine is Engine.COLUMNAR:
            return _by_columns(self.rulebook, self.as_of)
        auditor = Auditor(self.rulebook, self.as_of, self.backend)

        def one_by_one(records: Iterable[CaseRecord], gathered: Gathering) -> None:
            for record in records:
                audit_one(auditor, record, gathered)

        return one_by_one

    def __call__(self) -> "Callable[[Iterable[tuple[str, str]]], Gathering]":
        """Begin in another process: cases come as their id and JSON."""
        log_from(self.level)
        auditing = self.auditing()
        gc.freeze()  # rules live as long as the process: looking through them for garbage again and again costs a fifth

        def work(cases: Iterable[tuple[str, str]]) -> Gathering:
            gathered = self.gathering()
            auditing((CaseRecord.model_validate_json(text) for _, text in cases), gathered)
            return gathered

        return work


def _by_columns(rulebook: Rulebook, as_of: dt.date) -> Callable[[Iterable[CaseRecord], Gathering], None]:
    from aboveline.backends.columnar import ColumnarBackend  # noqa: PLC0415 - it takes numpy, which few cases do without
    from aboveline.sheets import answer_sheet  # noqa: PLC0415 - the same

    backend = ColumnarBackend(lower(rulebook, as_of))

    def at_once(records: Iterable[CaseRecord], gathered: Gathering) -> None:
        batch = [*records]
        facts = [flatten(record, as_of) for record in batch]
        gathered.add_many(
            map(digest_of, batch),
            sum(one.left_out for one in facts),
            answer_sheet(facts, backend, rulebook),
        )

    return at_once


def _audit_all(
    begin: _Begin, cases: Iterable[CaseRecord], workers: int, each: Callable[[], None]
) -> Gathering:
    gathered = begin.gathering()
    if workers > 1:
        for outcome in _in_processes(begin, cases, workers):
            gathered.merge(outcome)
            for _ in range(outcome.cases + len(outcome.failed)):
                each()
    elif begin.engine is Engine.COLUMNAR:
        audit_some = begin.auditing()
        for batch in in_batches(cases, AT_ONCE):
            audit_some(batch, gathered)
            for _ in batch:
                each()
    else:
        audit_some = begin.auditing()
        for record in cases:
            audit_some([record], gathered)
            each()
    return gathered


def audit_one(auditor: Auditor, record: CaseRecord, gathered: Gathering) -> tuple[QuestionAnswer, ...] | None:
    """Answer a case and keep what is wanted of it. Where the rules cannot be run on it, keep that, and return none."""
    try:
        facts = auditor.facts(record)
        answers = auditor.answer(facts)
    except BackendError as error:
        log.info("case_failed", case=record.case)
        gathered.fail(record.case, error.reason)
        return None
    gathered.add(record, facts, answers)
    return answers


def _in_processes(begin: _Begin, records: Iterable[CaseRecord], many: int) -> Iterator[Gathering]:
    lower(begin.rulebook, begin.as_of)  # what is wrong with the rules is told here, and not by every worker
    texts = ((record.case, record.model_dump_json(exclude_defaults=True)) for record in records)
    chunk = AT_ONCE_IN_A_PROCESS if begin.engine is Engine.COLUMNAR else CHUNK
    for outcome in in_processes(begin, texts, many, chunk):
        if isinstance(outcome, Lost):
            gathered = begin.gathering()
            gathered.fail(outcome.thing[0], outcome.reason)
            yield gathered
        else:
            yield outcome
