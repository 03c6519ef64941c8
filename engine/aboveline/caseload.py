"""Audit a caseload part by part, with what is told case by case in Parquet beside the result.

A part is some thousands of consecutive cases with all their facts. What comes of
it (counts, and its files in the listings) depends on nothing but its cases, the
rules and the day, so parts can be audited in any order, by any engine, in several
processes or on several machines, and one can be done again. The memory that it
takes is that of two parts (while one is audited the next is read), and some
bytes a case for what is counted.
"""

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from aboveline.ahead import one_ahead
from aboveline.answers import QuestionAnswer
from aboveline.audit import Auditor, audit_one
from aboveline.backends import DurableBackend
from aboveline.backends.columnar import ColumnarBackend, Run, Standing, standing_of
from aboveline.breakdowns import SUPPRESS_BELOW, Characteristic
from aboveline.breakdowns.columns import READS as READ_BY_BREAKDOWNS
from aboveline.case import CaseRecord, Placed
from aboveline.concluding import conclude
from aboveline.engines import Engine
from aboveline.factors_standing import READS as READ_BY_FACTORS
from aboveline.gathering import Gathering
from aboveline.listings import list_answers, list_columns, write_part
from aboveline.logs import effective_level, log_from
from aboveline.packing import CASES, SHAPES, Chunk, Packed, PackedColumns, chunks_of, records_of
from aboveline.problems import InputError, Problem
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook, lower
from aboveline.rulebook.thresholds import thresholds
from aboveline.scoring import Average
from aboveline.sheets import columns_standing, fill_sheet
from aboveline.vocabulary import UNFINISHED
from aboveline.workers import Lost, WorkersError, in_processes

__all__ = ["CASES_IN_A_PART", "PartAuditor", "audit_caseload"]

CASES_IN_A_PART = 20_000
"""Cases of a part, at least, where the caseload was packed: columns of fewer cost more a case, of more they take memory."""

Tables = dict[str, pa.Table]


@dataclass(frozen=True)
class PartAuditor:
    """Audits parts of a caseload by one rulebook as at one day, and lists what it finds in a folder.

    With no folder nothing is listed, only counted.
    """

    rulebook: Rulebook
    as_of: dt.date
    engine: Engine
    by: tuple[Characteristic, ...]
    suppress_below: int
    listings: Path | None

    def __call__(self, part: int, chunk: Chunk) -> Gathering:
        """Audit a part.

        Raises:
            OSError: its listings cannot be written.
        """
        if self.engine is not Engine.DURABLE:
            return self.by_columns(part, standing_of(chunk, self.as_of))
        gathered = self._gathering()
        return self._listed(part, gathered, self._one_by_one(chunk, gathered))

    def by_columns(self, part: int, standing: Standing) -> Gathering:
        """Audit a part by its columns.

        Raises:
            OSError: its listings cannot be written.
        """
        gathered = self._gathering()
        sheet = fill_sheet(
            columns_standing(standing, self.rulebook.active),
            Run(self._columnar.plan, standing.tables),
            self.rulebook,
        )
        gathered.add_standing(standing, sheet)
        return self._listed(part, gathered, lambda: list_columns(standing, sheet, self.rulebook))

    def _gathering(self) -> Gathering:
        return Gathering(self.by, self.suppress_below, keep_answers=False, keep_told=False)

    def _listed(self, part: int, gathered: Gathering, tables: Callable[[], Tables]) -> Gathering:
        if self.listings:
            gathered.listed += write_part(self.listings, part, tables())
        return gathered

    def _one_by_one(self, chunk: Chunk, gathered: Gathering) -> Callable[[], Tables]:
        cases: list[str] = []
        answers: list[tuple[QuestionAnswer, ...]] = []
        for _, _, record in records_of(chunk.cases, chunk.facts, Path()):
            if not isinstance(record, CaseRecord):  # pragma: no cover - tables hold none that was rejected
                continue
            of_case = audit_one(self._auditor, record, gathered)
            if of_case is not None:
                cases.append(record.case)
                answers.append(of_case)
        return lambda: list_answers(cases, answers, self.rulebook)

    def columns(self, packed: Packed) -> PackedColumns:
        """Open a packed caseload for as much as is read of it."""
        return PackedColumns(packed, self.as_of, self.wanted)

    @cached_property
    def wanted(self) -> dict[str, set[str]] | None:
        """The fields that are read to audit by columns, by table. All of them where records are made."""
        if self.engine is Engine.DURABLE:
            return None
        wanted: dict[str, set[str]] = defaultdict(set)
        for reads in (self._columnar.plan.reads, READ_BY_BREAKDOWNS, READ_BY_FACTORS):
            for kind, fields in reads.items():
                wanted[kind.removeprefix(UNFINISHED)] |= fields
        wanted[CASES] |= {"incomplete"} | ({"case"} if self.listings else set())
        if any(question.judged for question in self.rulebook.active):
            wanted["judgement"] |= {"question", "answer", "made_on"}
        wanted["override"] |= {"question", "answer", "made_on"}
        if self.listings:  # findings show all that is recorded of what they rest on
            for kind in {*self._columnar.plan.reads, "judgement", "override"}:
                record = kind.removeprefix(UNFINISHED)
                wanted[record] |= {*SHAPES[record].names, "id"} if record in SHAPES else set()
        return wanted

    @cached_property
    def _columnar(self) -> ColumnarBackend:
        return ColumnarBackend(lower(self.rulebook, self.as_of))

    @cached_property
    def _auditor(self) -> Auditor:
        return Auditor(self.rulebook, self.as_of, DurableBackend)


def audit_caseload(
    source: Packed | Iterable[Placed],
    rulebook: Rulebook,
    as_of: dt.date,
    average: Average = Average.QUESTIONS,
    *,
    listings: Path | None,
    by: Collection[Characteristic] = (Characteristic.GENDER,),
    suppress_below: int = SUPPRESS_BELOW,
    each: Callable[[int], None] = lambda _: None,
    workers: int = 1,
    engine: Engine = Engine.AUTO,
) -> AuditResult:
    """Audit a caseload part by part. The result has counts and scores, and says what the listings hold.

    Args:
        source: a packed caseload, or records as they are read.
        rulebook: the rules to audit by.
        as_of: the day the audit stands at.
        average: which of the two averages an outcome's score is.
        listings: an empty folder for what is told case by case; none where it is not wanted.
        by: what scores are broken down by.
        suppress_below: numbers of a group below this are not shown; 0 shows all.
        each: called after each part with the number of its cases.
        workers: how many processes share the parts of a packed caseload.
        engine: what answers the rules. It makes no difference to the answers.

    Raises:
        InputError: a parameter of the rulebook has no value on that day, or Spark is asked for and not there.
        OSError: the listings cannot be written.
        WorkersError: worker processes cannot be started, or end again and again on one part.
    """
    thresholds(rulebook, as_of)  # what is wrong with them is told before anything is read
    engine = Engine.COLUMNAR if engine is Engine.AUTO else engine
    auditor = PartAuditor(rulebook, as_of, engine, tuple(by), suppress_below, listings)
    gathered = Gathering(auditor.by, suppress_below, keep_answers=False, keep_told=False)
    rejected: list[Problem] = []
    if isinstance(source, Packed):
        rejected += source.problems()
        parts = _of_packed(auditor, source, workers)
    elif engine is Engine.SPARK:
        reason = "Spark audits a packed caseload: make one with `aboveline pack`"
        raise InputError([Problem("--engine spark", None, "", reason)])
    else:
        parts = _of_records(auditor, source, rejected)
    for outcome in parts:
        gathered.merge(outcome)
        each(outcome.cases + len(outcome.failed))
    # Spark runs the columns, and answers nothing itself.
    answered_by = Engine.COLUMNAR if engine is Engine.SPARK else engine
    cases_hash = None
    if isinstance(source, Packed) and answered_by is Engine.COLUMNAR:
        # No case fails by columns, so the manifest tells of just these cases what need not be read of them.
        cases_hash = source.manifest.cases
        gathered.judged |= source.manifest.judged_by(as_of)
    return conclude(
        gathered,
        rulebook,
        as_of,
        average,
        engine=answered_by,
        rejected=rejected,
        cases_hash=cases_hash,
        named=False,  # who falls short stands in the listings
    )


def _of_records(
    auditor: PartAuditor, source: Iterable[Placed], rejected: list[Problem]
) -> Iterator[Gathering]:
    for number, chunk in enumerate(chunks_of(source, CASES_IN_A_PART)):
        rejected += [problem for record in chunk.rejected for problem in record.problems]
        yield auditor(number, chunk)


def _of_packed(auditor: PartAuditor, packed: Packed, workers: int) -> Iterator[Gathering]:
    parts = list(packed.parts(CASES_IN_A_PART))
    begin = _BeginPacked(auditor, packed, effective_level())
    if auditor.engine is Engine.SPARK:
        from aboveline.spark import parts_on_spark  # noqa: PLC0415 - an extra that few need

        yield from parts_on_spark(begin.audit, parts)
    elif workers == 1:
        with auditor.columns(packed) as columns:
            if auditor.engine is Engine.DURABLE:
                yield from (auditor(number, columns.read(groups)) for number, groups in enumerate(parts))
            else:
                standings = one_ahead(lambda groups: standing_of(columns.read(groups), auditor.as_of), parts)
                yield from (auditor.by_columns(*numbered) for numbered in enumerate(standings))
    else:
        for outcome in in_processes(begin, list(enumerate(parts)), workers, 1):
            if isinstance(outcome, Lost):
                raise WorkersError(
                    f"part {outcome.thing[0]} of the caseload could not be audited: {outcome.reason}"
                )
            yield outcome


@dataclass(frozen=True)
class _BeginPacked:
    """What it takes to audit parts of a packed caseload in another process."""

    auditor: PartAuditor
    packed: Packed
    level: int

    def audit(self, number: int, groups: range) -> Gathering:
        """Audit one part, with files that are opened for it."""
        with self.auditor.columns(self.packed) as columns:
            return self.auditor(number, columns.read(groups))

    def __call__(self) -> Callable[[Iterable[tuple[int, range]]], Gathering]:
        log_from(self.level)
        columns = self.auditor.columns(self.packed)  # open as long as the process
        gc.freeze()

        def work(parts: Iterable[tuple[int, range]]) -> Gathering:
            ((number, groups),) = parts  # they are handed out one by one
            return self.auditor(number, columns.read(groups))

        return work
