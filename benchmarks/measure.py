"""Measure one thing in a process of its own, so that its peak of memory is its own: seconds and MiB, as JSON.

    python -m benchmarks.measure lines|packed|facts|tables|pack|columnar|workers|spark|durable PATH [FOLDER|TIMES]

``lines`` and ``packed`` read and validate case records; ``facts`` has them
flattened too; ``tables`` are the facts of a packed folder as at a date, in
columns; ``pack`` packs PATH into FOLDER. The last four audit a packed folder by
the shipped rules (or those so many TIMES over), result, findings and all: the
files checked, what is told case by case written as Parquet. ``workers`` is two
processes with columns. The peak is that of the first process alone.
"""

import json
import logging
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from benchmarks.caseload import AS_OF
from benchmarks.rulebooks import over

from aboveline.case import CaseRecord
from aboveline.caseload import audit_caseload
from aboveline.engines import Engine
from aboveline.facts import flatten
from aboveline.packing import Packed, as_at, pack, read_caseload
from aboveline.rulebook import load_rulebook

__all__ = ["WAYS", "peak_mib"]


def read(path: Path, _: Path | None = None) -> int:
    """Read every record; return how many could be read."""
    return sum(isinstance(record, CaseRecord) for record in read_caseload([path]))


def facts(path: Path, _: Path | None = None) -> int:
    """Read and flatten every record."""
    cases = 0
    for record in read_caseload([path]):
        if isinstance(record, CaseRecord):
            flatten(record, AS_OF)
            cases += 1
    return cases


def tables(path: Path, _: Path | None = None) -> int:
    """Take every chunk of a packed folder as at a date."""
    cases = 0
    for chunk in Packed.open(path).chunks():
        as_at(chunk, AS_OF)
        cases += len(chunk.cases)
    return cases


def packing(path: Path, folder: Path | None = None) -> int:
    """Pack a file."""
    if folder is None:
        raise SystemExit("pack needs a folder to make")
    return pack([path], folder, force=True).count


def audit(engine: Engine, workers: int = 1) -> Callable[[Path, Path | None], int]:
    """Return what audits a packed caseload by an engine."""

    def whole(path: Path, times: Path | None = None) -> int:
        rulebook = over(load_rulebook(), int(str(times or 1)))
        with tempfile.TemporaryDirectory() as folder:
            began, worked = time.perf_counter(), time.process_time()
            result = audit_caseload(
                Packed.open(path), rulebook, AS_OF, listings=Path(folder), engine=engine, workers=workers
            )
            SECONDS.append((time.perf_counter() - began, time.process_time() - worked))
        return result.cases

    return whole


SECONDS: list[tuple[float, float]] = []
"""What a way took by its own account, by the clock and of this process: of an audit, without reading the rules."""

WAYS: dict[str, Callable[[Path, Path | None], int]] = {
    "columnar": audit(Engine.COLUMNAR),
    "durable": audit(Engine.DURABLE),
    "facts": facts,
    "lines": read,
    "pack": packing,
    "packed": read,
    "spark": audit(Engine.SPARK),
    "tables": tables,
    "workers": audit(Engine.COLUMNAR, workers=2),
}


def peak_mib() -> float:
    """Return the most memory that this process has held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else float("nan")


def main(way: str, *paths: str) -> None:
    """Measure, and print what was measured."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    before = peak_mib()
    began = time.perf_counter()
    cases = WAYS[way](Path(paths[0]), Path(paths[1]) if len(paths) > 1 else None)
    seconds, worked = SECONDS[-1] if SECONDS else (time.perf_counter() - began, time.process_time())
    print(
        json.dumps({"cases": cases, "seconds": seconds, "worked": worked, "peak": peak_mib(), "idle": before})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
