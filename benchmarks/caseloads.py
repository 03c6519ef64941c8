"""Measure whole audits of packed caseloads: by columns, by durable_rules, in two processes and on Spark."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.caseload import write_caseload

from aboveline.packing import Packed, pack

__all__ = ["Measured", "Way", "made", "measure", "rows"]

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Way:
    """An audit: how, of how many cases, by the rules so many times over."""

    how: str
    cases: int
    times: int = 1


@dataclass(frozen=True)
class Measured:
    """Microseconds a case, round by round: of the processor, and by the clock; and the peak of memory, of the first process."""

    way: Way
    rounds: tuple[float, ...]
    clock: tuple[float, ...]
    peak: float

    @property
    def median(self) -> float:
        """The median of the rounds, of the processor."""
        return statistics.median(self.rounds)

    def against(self, other: "Measured") -> float:
        """Return the median of the rounds' ratios to another way: each round's two stood beside each other."""
        return statistics.median(
            mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True)
        )


def made(folder: Path, cases: int) -> Path:
    """Return a packed caseload of so many made cases, making it where it is not there."""
    packed = folder / f"packed-{cases}"
    if not packed.exists():
        lines = folder / f"made-{cases}.jsonl.gz"
        write_caseload(lines, cases)
        pack([lines], packed)
        lines.unlink()
    if (there := Packed.open(packed).manifest.count) != cases:
        raise RuntimeError(f"{packed} has {there} cases")
    return packed


def measure(folder: Path, ways: Sequence[Way], rounds: int) -> list[Measured]:
    """Measure every way in a process of its own, in turn, so many times."""
    packed = {cases: made(folder, cases) for cases in sorted({way.cases for way in ways})}
    taken: dict[Way, list[tuple[float, float, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            taken[way].append(_run(way, packed[way.cases]))
    return [Measured(way, *_columns(found)) for way, found in taken.items()]


def _columns(
    found: Sequence[tuple[float, float, float]],
) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    worked, clock, peaks = zip(*found, strict=True)
    return worked, clock, max(peaks)


def _run(way: Way, packed: Path) -> tuple[float, float, float]:
    command = [sys.executable, "-m", "benchmarks.measure", way.how, str(packed), str(way.times)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)  # noqa: S603 - our own
    said = json.loads(done.stdout.splitlines()[-1])
    if said["cases"] != way.cases:
        raise RuntimeError(f"{way} audited {said['cases']} cases")
    return said["worked"] / way.cases * 1e6, said["seconds"] / way.cases * 1e6, said["peak"]


def rows(measured: Sequence[Measured], durable: Measured) -> Iterator[str]:
    """Yield a row of a table for each."""
    for one in measured:
        least, most = min(one.rounds), max(one.rounds)
        clock = statistics.median(one.clock)
        alone = one.way.how in {"durable", "columnar"}  # the others leave the work to other processes
        worked = f"{one.median:,.1f} ({least:,.1f} to {most:,.1f})" if alone else ""
        times = f"{1 / one.against(durable):,.1f}" if alone else ""
        yield f"| {one.way.how} | {one.way.cases:,} | {worked} | {times} | {clock:,.1f} | {one.peak:,.0f} |"
