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
    """Microseconds a case, round by round, and the peak of the memory of the first process."""

    way: Way
    rounds: tuple[float, ...]
    peak: float

    @property
    def median(self) -> float:
        """The median of the rounds."""
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
    taken: dict[Way, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            taken[way].append(_run(way, packed[way.cases]))
    return [
        Measured(way, tuple(each for each, _ in found), max(peak for _, peak in found))
        for way, found in taken.items()
    ]


def _run(way: Way, packed: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.measure", way.how, str(packed), str(way.times)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)  # noqa: S603 - our own
    said = json.loads(done.stdout.splitlines()[-1])
    if said["cases"] != way.cases:
        raise RuntimeError(f"{way} audited {said['cases']} cases")
    return said["seconds"] / way.cases * 1e6, said["peak"]


def rows(measured: Sequence[Measured], durable: Measured) -> Iterator[str]:
    """Yield a row of a table for each."""
    for one in measured:
        least, most = min(one.rounds), max(one.rounds)
        yield (
            f"| {one.way.how} | {one.way.cases:,} | {one.median:,.1f} ({least:,.1f} to {most:,.1f}) "
            f"| {1 / one.against(durable):,.1f} | {one.peak:,.0f} |"
        )
