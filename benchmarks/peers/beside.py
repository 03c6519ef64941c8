"""Our columns beside Polars by hand, over one packed caseload and the same twenty questions: in memory, and from the files."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl
from benchmarks.caseload import AS_OF

from aboveline.ahead import one_ahead
from aboveline.answers import Answer
from aboveline.backends.columnar import ColumnarBackend, Run, Standing, standing_of
from aboveline.caseload import CASES_IN_A_PART, audit_caseload
from aboveline.packing import CASES, Packed, PackedColumns
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook, lower
from aboveline.scoring import Count
from aboveline.sheets import columns_standing, fill_sheet
from aboveline.vocabulary import UNFINISHED

from .answering import answer_packed, answers_in, tables_to_answer
from .common import explained_within
from .measuring import NotTheSame, twenty_of
from .packed import find_in_tables, find_packed, tables_in

__all__ = ["Beside", "beside"]

Counts = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Beside:
    """Microseconds a case of one way, round by round, of the processor and by the clock."""

    name: str
    worked: Sequence[float]
    clock: Sequence[float]

    def against(self, other: "Beside") -> tuple[float, float]:
        """Return the medians of the rounds' ratios to another way, of the processor and by the clock."""
        both = (self.worked, other.worked), (self.clock, other.clock)
        worked, clock = (statistics.median(a / b for a, b in zip(one, two, strict=True)) for one, two in both)
        return worked, clock


def beside(folder: Path, rulebook: Rulebook, rounds: int) -> list[Beside]:
    """Show that both give the same answers in as many cases, then measure every way in turn, so many times.

    Raises:
        NotTheSame: they do not. Nothing has been measured then.
    """
    ways = dict(_ways(folder, rulebook))
    worked: dict[str, list[float]] = {name: [] for name in ways}
    clock: dict[str, list[float]] = {name: [] for name in ways}
    many = Packed.open(folder).manifest.count
    for _ in range(rounds):
        for name, way in ways.items():
            began, began_work = time.perf_counter(), time.process_time()
            way()
            worked[name].append((time.process_time() - began_work) / many * 1e6)
            clock[name].append((time.perf_counter() - began) / many * 1e6)
    return [Beside(name, worked[name], clock[name]) for name in ways]


def _ways(folder: Path, rulebook: Rulebook) -> Iterator[tuple[str, Callable[[], object]]]:
    within, book = explained_within(rulebook, AS_OF), twenty_of(rulebook)
    cases = pl.read_parquet(folder / "cases.parquet", columns=["case", "incomplete"])
    frames = {kind: table.collect().lazy() for kind, table in tables_in(folder, AS_OF).items()}
    answering = {kind: table.collect().lazy() for kind, table in tables_to_answer(folder, AS_OF).items()}
    backend = ColumnarBackend(lower(book, AS_OF))
    standings = _standings(folder, backend)

    def answered(standings: Iterable[Standing]) -> list[Count]:
        counts: list[Count] = []
        for standing in standings:
            run = Run(backend.plan, standing.tables)
            counts += fill_sheet(columns_standing(standing, book.active), run, book).counts()
        return counts

    def ours() -> list[Count]:
        return answered(standings)

    def answered_from_files() -> list[Count]:
        packed = Packed.open(folder)
        with _columns(packed, backend) as columns:
            parts = packed.parts(CASES_IN_A_PART)
            return answered(one_ahead(lambda groups: standing_of(columns.read(groups), AS_OF), parts))

    def polars() -> pl.DataFrame:
        return answers_in(answering, cases, AS_OF, within).counts()

    def polars_with_findings() -> object:
        answered = answers_in(answering, cases, AS_OF, within)
        return answered.counts(), answered.findings()

    def ours_from_files() -> AuditResult:
        return audit_caseload(Packed.open(folder), book, AS_OF, listings=None)

    _hold(ours(), polars(), ours_from_files())
    _hold(answered_from_files(), polars(), ours_from_files())
    yield (
        "in memory: Polars, only what is deficient",
        partial(find_in_tables, frames, cases["case"], AS_OF, within),
    )
    yield "in memory: Polars, answers and counts", polars
    yield "in memory: Polars, answers, counts and findings", polars_with_findings
    yield "in memory: our columns", ours
    yield "from the files: Polars, only what is deficient", partial(find_packed, folder, AS_OF, within)
    yield (
        "from the files: Polars, answers, counts and findings",
        partial(answer_packed, folder, AS_OF, within),
    )
    yield "from the files: our columns, answers and counts", answered_from_files
    yield "from the files: our audit", ours_from_files


def _columns(packed: Packed, backend: ColumnarBackend) -> PackedColumns:
    """Open a caseload for what the rules read and what assessors said, and no more."""
    wanted: dict[str, set[str]] = defaultdict(set, {CASES: {"incomplete"}})
    for kind, fields in backend.plan.reads.items():
        wanted[kind.removeprefix(UNFINISHED)] |= fields
    wanted["override"] = {"question", "answer", "made_on"}
    return PackedColumns(packed, AS_OF, wanted)


def _standings(folder: Path, backend: ColumnarBackend) -> list[Standing]:
    """Return the cases part by part with the columns that rules read, as Polars has its tables."""
    packed = Packed.open(folder)
    with _columns(packed, backend) as columns:
        standings = [standing_of(columns.read(groups), AS_OF) for groups in packed.parts(CASES_IN_A_PART)]
    for standing in standings:
        for kind, fields in backend.plan.reads.items():
            for field in fields:
                standing.tables.by_kind[kind].columns[field]
    return standings


def _hold(ours: Sequence[Count], theirs: pl.DataFrame, result: AuditResult) -> None:
    """Hold the counts of every answer to every question to one another."""
    counted: Counts = {(question.id, str(answer)): 0 for question in result.questions for answer in Answer}
    for one in ours:
        counted[one.question, str(one.answer)] += one.cases
    of_polars = {(question, answer): cases for question, answer, cases in theirs.iter_rows()}
    of_files = {(one.id, str(answer)): getattr(one, answer) for one in result.questions for answer in Answer}
    if not counted == of_polars == of_files:
        raise NotTheSame("Polars and our columns count other answers")
