"""Measure everything on this machine, and write it to ``benchmarks/RESULTS.md``.

    python -m benchmarks.run [--one-process] [--cases 1000 5000] [--evaluated 200 1000] [--audited ...] [--folder F] [--rules 1 2 4] [--rounds 5] [--peer-cases 2000]

The part of the page that is measured is between two marks; the rest is left as
it is. Peers are measured where the extra ``bench`` is installed.
"""

import argparse
import datetime as dt
import json
import logging
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path

import structlog
from benchmarks.caseload import AS_OF, caseload, write_caseload
from benchmarks.caseloads import Way, made, measure, rows
from benchmarks.engines import ENGINES, as_cases_grow, as_rules_grow

from aboveline.case import CaseRecord, read_record
from aboveline.facts import CaseFacts, flatten
from aboveline.rulebook import load_rulebook, lower

__all__ = ["main"]

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- make bench writes from here -->", "<!-- to here -->"
BENCH = ("polars", "zen-engine", "clipspy", "common-expression-language", "datalogic-py")


def main(arguments: Sequence[str]) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description="Measure everything on this machine.")
    parser.add_argument("--cases", type=int, nargs="+", default=[1000, 5000], help="caseloads to read")
    parser.add_argument("--evaluated", type=int, nargs="+", default=[200, 1000], help="caseloads to evaluate")
    parser.add_argument("--rules", type=int, nargs="+", default=[1, 2, 4], help="times the rulebook")
    parser.add_argument(
        "--audited",
        type=int,
        nargs="+",
        default=[1000, 20000, 240000, 1000000],
        help="caseloads to audit whole",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="where made caseloads are kept for the next run; making a million takes a quarter of an hour",
    )
    parser.add_argument(
        "--one-process", action="store_true", help="leave out the audits by two processes and on Spark"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer-cases", type=int, default=2000)
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    lines = []
    for part in (
        _machine(),
        _reading(asked.cases, asked.rounds),
        _audits(asked.folder, asked.audited, asked.rules, asked.rounds, shared=not asked.one_process),
        _beside(asked.folder, asked.audited, asked.rounds),
        _evaluation(asked.evaluated, asked.rules, asked.rounds),
        _peers(asked.peer_cases, asked.rounds),
    ):
        for line in part:
            print(line, flush=True)
            lines.append(line)
    before, _, rest = RESULTS.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2] or "\n"
    RESULTS.write_text(before + "\n".join([BEGIN, "", *lines, "", END]) + after, encoding="utf-8")


def _machine() -> Iterator[str]:
    today = dt.datetime.now().astimezone().date()
    load = os.getloadavg()[0]
    yield "## What was measured in one run"
    yield ""
    yield (
        f"{today}, {os.cpu_count()} cores (load {load:.1f} when it began), Python {platform.python_version()}, {platform.machine()}. "
        "`make bench`. Medians; the machine may have been busy, so read figures of one table beside each other and not by themselves."
    )
    yield ""


def _reading(sizes: Sequence[int], rounds: int) -> Iterator[str]:
    yield "### Reading"
    yield ""
    yield (
        f"Microseconds a case (median of {rounds} rounds, each way in a process of its own, in turn) and the peak of its memory, of which "
        "some is the program itself (first column). *Facts* are flattened as at a date, *columns* are the same facts in tables."
    )
    yield ""
    yield "| cases | MiB idle | lines | gzipped | packed | lines to facts | packed to facts | packed to columns | packing | on disk: lines, gzipped, packed |"
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            yield _read_row(Path(folder), size, rounds)
    yield ""


def _read_row(folder: Path, size: int, rounds: int) -> str:
    lines, gzipped, packed = (folder / name for name in ("cases.jsonl", "cases.jsonl.gz", "packed"))
    write_caseload(lines, size)
    write_caseload(gzipped, size)
    ways = {
        "packing": ("pack", lines, packed),
        "lines": ("lines", lines),
        "gzipped": ("lines", gzipped),
        "packed": ("packed", packed),
        "lines to facts": ("facts", lines),
        "packed to facts": ("facts", packed),
        "packed to columns": ("tables", packed),
    }
    timed: dict[str, list[float]] = defaultdict(list)
    peak: dict[str, float] = defaultdict(float)
    idle = 0.0
    for _ in range(rounds):
        for name, way in ways.items():
            command = [sys.executable, "-m", "benchmarks.measure", *map(str, way)]
            done = subprocess.run(command, check=True, capture_output=True, cwd=RESULTS.parents[1])  # noqa: S603 - our own
            said = json.loads(done.stdout)
            if said["cases"] != size:
                raise RuntimeError(f"{name} read {said['cases']} cases of {size}")
            timed[name].append(said["seconds"] / size * 1e6)
            peak[name] = max(peak[name], said["peak"])
            idle = max(idle, said["idle"])
    cells = [
        f"{statistics.median(timed[name]):,.0f} ({peak[name]:,.0f} MiB)"
        for name in (
            "lines",
            "gzipped",
            "packed",
            "lines to facts",
            "packed to facts",
            "packed to columns",
            "packing",
        )
    ]
    room = (lines.stat().st_size, gzipped.stat().st_size, sum(one.stat().st_size for one in packed.iterdir()))
    disk = ", ".join(f"{one / 1024 / 1024:,.1f}" for one in room)
    return f"| {size:,} | {idle:,.0f} | {' | '.join(cells)} | {disk} MiB |"


DURABLE = 400
"""Made cases that durable_rules audits. What it takes a case does not depend on how many there are."""


NATIONAL = 240_000
"""Cases of a national caseload, to which the largest is set beside."""

SOME = 20_000
"""Cases that are audited as rules grow."""


def _audits(
    folder: Path | None, sizes: Sequence[int], books: Sequence[int], rounds: int, *, shared: bool
) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as made:
        yield from _audited(folder or Path(made), sizes, books, rounds, shared=shared)


def _audited(
    folder: Path, sizes: Sequence[int], books: Sequence[int], rounds: int, *, shared: bool
) -> Iterator[str]:
    yield "### Whole audits of packed caseloads"
    yield ""
    yield (
        f"134 questions; from the files checked to the result, with every finding, its evidence and every gap written as Parquet. Microseconds "
        f"a case, of the processor and by the clock, median (least to most) of {rounds} rounds, each audit in a process of its own, in turn, without "
        f"starting it and reading the rules. Times faster are medians of the rounds' ratios, of the processor, to durable_rules on {DURABLE} cases. "
        "Where other work shares the cores the clock says more of that than of us. The peak is that of the first process."
    )
    yield ""
    yield "| engine | cases | of the processor | times faster | by the clock | peak MiB |"
    yield "|---|---:|---:|---:|---:|---:|"
    by_size = [Way("columnar", size) for size in sizes]
    middle = NATIONAL if NATIONAL in sizes else max(sizes)
    ways = [Way("durable", DURABLE), *by_size]
    if shared:
        ways += [Way("workers", middle), Way("spark", middle)]
    measured = measure(folder, ways, rounds)
    yield from rows(measured, measured[0])
    yield ""
    largest, other = (
        next(one for one in measured if one.way == Way("columnar", size)) for size in (max(sizes), middle)
    )
    yield f"{max(sizes):,} cases cost {largest.against(other):.2f} times a case what {middle:,} do."
    yield ""
    some = SOME if SOME in sizes else min(sizes)
    yield f"As rules grow: {some:,} cases by columns, by the rulebook so many times over, its questions renamed, in turn."
    yield ""
    yield "| rulebook | microseconds a case | times the first |"
    yield "|---:|---:|---:|"
    grown = measure(folder, [Way("columnar", some, size) for size in books], rounds)
    for one in grown:
        yield f"| {one.way.times}x | {one.median:,.1f} | {one.against(grown[0]):.2f} |"
    yield ""


OURS = {True: "in memory: our columns", False: "from the files: our columns, answers and counts"}


def _beside(folder: Path | None, sizes: Sequence[int], rounds: int) -> Iterator[str]:
    yield "### Columns beside Polars by hand"
    yield ""
    try:
        version("polars")
    except PackageNotFoundError:
        yield "Not measured: polars is not installed (`pip install -e .[bench]`)."
        return
    from benchmarks.peers.beside import beside  # noqa: PLC0415 - only where polars is installed

    size = NATIONAL if NATIONAL in sizes else max(sizes)
    with tempfile.TemporaryDirectory() as here:
        measured = {
            one.name: one for one in beside(made(folder or Path(here), size), load_rulebook(), rounds)
        }
    yield (
        f"The same twenty questions of {size:,} cases, first shown to have the same counts of every answer. Microseconds a case, medians of "
        f"{rounds} rounds in turn; Polars takes both cores where it can, our columns one (and another to read the next part). In memory what is "
        "read stands there as at the day, in the columns that rules read. From the files both hold them to the manifest first. Our audit besides "
        "counts groups, factors and all that had not happened by the day, and makes scores and recommendations."
    )
    yield ""
    yield "| | of the processor | by the clock | ours, times that (processor, clock) |"
    yield "|---|---:|---:|---:|"
    for name, one in measured.items():
        mine = measured[OURS[name.startswith("in memory")]]
        times = "" if "our" in name else ", ".join(f"{ratio:.2f}" for ratio in mine.against(one))
        yield f"| {name} | {statistics.median(one.worked):.2f} | {statistics.median(one.clock):.2f} | {times} |"
    yield ""


def _evaluation(sizes: Sequence[int], books: Sequence[int], rounds: int) -> Iterator[str]:
    rulebook = load_rulebook()
    facts = _facts(max(sizes))
    yield "### Evaluation"
    yield ""
    yield (
        f"{len(rulebook.active)} questions, {len(lower(rulebook, AS_OF))} clauses. Microseconds a case for the rules and for answering, "
        f"on cases that were read before: the median of {rounds} equal parts, one after another, in one process."
    )
    yield ""
    yield "| engine | cases | rules | answers | MiB at the end (all facts in memory) |"
    yield "|---|---:|---:|---:|---:|"
    for engine in ENGINES:
        for size in sizes:
            grown = as_cases_grow(engine, facts[:size], rulebook, rounds)
            yield f"| {engine} | {size:,} | {grown.rules:,.0f} | {grown.answers:,.0f} | {grown.peak:,.0f} |"
    yield ""
    yield f"As rules grow: the same {min(sizes)} cases in {rounds} parts, by the rulebook so many times over, its questions renamed, in turn."
    yield ""
    yield "| engine | rulebook | rules | times the first | answers |"
    yield "|---|---:|---:|---:|---:|"
    for engine in ENGINES:
        grown_rules = as_rules_grow(engine, facts[: min(sizes)], rulebook, books, rounds)
        for one in grown_rules:
            yield f"| {engine} | {one.size}x | {one.rules:,.0f} | {one.rules / grown_rules[0].rules:.2f} | {one.answers:,.0f} |"
    yield ""


def _peers(size: int, rounds: int) -> Iterator[str]:
    yield "### Peers"
    yield ""
    try:
        installed = ", ".join(f"{name} {version(name)}" for name in BENCH)
    except PackageNotFoundError as missing:
        yield f"Not measured: {missing.name} is not installed (`pip install -e .[bench]`)."
        return
    from benchmarks.peers.measuring import measure as measure_peers  # noqa: PLC0415 - only where the peers are installed

    measured, found = measure_peers(_facts(size), load_rulebook(), rounds)
    yield (
        f"Twenty of the shipped questions, written by hand for each ({installed}). Each found the same {len(found):,} deficiencies in the same "
        f"{size:,} made cases before anything was measured. Microseconds a case, median (least to most) of {rounds} rounds in turn, with the "
        "cases converted to dicts before, and to columns for Polars. Peers say only what is deficient; ours also say which unrecorded field "
        "leaves a question open, and on what evidence."
    )
    yield ""
    yield "| engine | microseconds a case | times hand-written Python |"
    yield "|---|---:|---:|"
    plain = next(one.median for one in measured if one.name == "hand-written Python")
    for one in sorted(measured, key=lambda one: one.median):
        yield f"| {one.name} | {one.median:,.1f} ({one.least:,.1f} to {one.most:,.1f}) | {one.median / plain:,.1f} |"


def _facts(size: int) -> list[CaseFacts]:
    read = (read_record(line, "made") for line in islice(caseload(size, wrong=0), size))
    return [flatten(record, AS_OF) for record in read if isinstance(record, CaseRecord)]


if __name__ == "__main__":
    main(sys.argv[1:])
