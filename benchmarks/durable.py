"""Measure durable_rules on the shipped rules: microseconds a case, and memory as sessions go by.

    python benchmarks/durable.py [SESSIONS ...]

A session is one case in one ruleset; a case takes at most as many as there are
rulesets, and is counted as if it took them all. The cases are those of the demonstration fixture, over and over, in
one process. Beside the rules, each round measures reading and flattening the
same cases, so that a figure can be read as a ratio on a noisy machine.
"""

import datetime as dt
import logging
import platform
import statistics
import sys
import time
from itertools import cycle, islice
from pathlib import Path

# This file has the name of the package it measures, and Python looks for imports beside a script first.
sys.path[:] = [path for path in sys.path if Path(path).resolve() != Path(__file__).parent]

import structlog  # noqa: E402

from aboveline.backends import DurableBackend  # noqa: E402
from aboveline.case import CaseRecord, read_record  # noqa: E402
from aboveline.facts import flatten  # noqa: E402
from aboveline.rulebook import load_rulebook, lower  # noqa: E402

CASES = Path(__file__).parents[1] / "fixtures" / "demonstration" / "cases.jsonl"
AS_OF = dt.date(2013, 12, 2)


def memory_mib() -> float:
    """Return the memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1024 / 1024


def main(sessions: list[int]) -> None:
    """Print a line for each number of sessions."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    lines = CASES.read_bytes().splitlines()
    rulebook = load_rulebook()
    clauses = lower(rulebook, AS_OF)
    backend = DurableBackend(clauses)
    per_case = backend.rulesets
    print(f"{platform.python_version()} on {platform.machine()}, {len(rulebook.active)} questions, ", end="")
    print(f"{len(clauses)} clauses in {per_case} rulesets, {len(lines)} cases over and over")
    print(
        f"{'sessions':>10} {'cases':>8} {'us/case':>9} {'us/session':>11} {'read us/case':>13} {'ratio':>6} {'MiB':>7}"
    )
    supply = cycle(lines)
    done = 0
    for target in sessions:
        rules: list[float] = []
        reading: list[float] = []
        while done < target:
            for line in islice(supply, len(lines)):
                began = time.perf_counter()
                record = read_record(line, "bench")
                if not isinstance(record, CaseRecord):
                    raise TypeError(record)
                facts = flatten(record, AS_OF)
                read = time.perf_counter()
                backend.matches(facts)
                rules.append(time.perf_counter() - read)
                reading.append(read - began)
            done += per_case * len(lines)
        case, read_us = (statistics.fmean(times) * 1e6 for times in (rules, reading))
        print(
            f"{done:>10,} {done // per_case:>8,} {case:>9,.0f} {case / per_case:>11,.0f} "
            f"{read_us:>13,.0f} {case / read_us:>6.1f} {memory_mib():>7.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1_000, 10_000, 100_000])
