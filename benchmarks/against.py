"""Measure durable_rules against an earlier state of this repository, in one run and taking turns.

    python benchmarks/against.py COMMIT [ROUNDS]

Both answer the cases of the York and North Yorkshire fixture, each with its own
rules engine and the rules of today, each in a process of its own. They take
turns, so whatever else the machine does meets both. A figure is the median of
the rounds, and the ratio is the median of the rounds' ratios. What is found
must be the same, or there is nothing to compare.
"""

import datetime as dt
import gc
import hashlib
import json
import logging
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# There is a file here with the name of the package it measures, and Python looks for imports beside a script first.
sys.path[:] = [path for path in sys.path if Path(path).resolve() != Path(__file__).parent]

import structlog  # noqa: E402

ROOT = Path(__file__).parents[1]
CASES = ROOT / "fixtures" / "york-and-north-yorkshire-2014" / "cases.jsonl"
AS_OF = dt.date(2013, 12, 2)
PARTS = ("matches", "answers", "both")


def take_turns() -> None:
    """Answer all cases once for every line that comes in, and say how long the rules and the answers took."""
    from aboveline.answers import answer_case  # noqa: PLC0415 - of the state that is measured
    from aboveline.backends import DurableBackend  # noqa: PLC0415
    from aboveline.case import CaseRecord, read_record  # noqa: PLC0415
    from aboveline.facts import flatten  # noqa: PLC0415
    from aboveline.rulebook import load_rulebook, lower  # noqa: PLC0415

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    records = [read_record(line, "bench") for line in CASES.read_bytes().splitlines()]
    cases = [flatten(record, AS_OF) for record in records if isinstance(record, CaseRecord)]
    rulebook = load_rulebook(ROOT / "rules")
    backend = DurableBackend(lower(rulebook, AS_OF))
    gc.collect()
    for _ in sys.stdin:
        found = hashlib.sha256()
        rules = answers = 0.0
        for facts in cases:
            began = time.perf_counter()
            matches = backend.matches(facts)
            matched = time.perf_counter()
            given = answer_case(facts, matches, rulebook)
            answered = time.perf_counter()
            rules += matched - began
            answers += answered - matched
            found.update("".join(one.model_dump_json() for one in given).encode())
        spent = {"matches": rules / len(cases), "answers": answers / len(cases)}
        told = {
            **spent,
            "both": sum(spent.values()),
            "rulesets": backend.rulesets,
            "found": found.hexdigest(),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


@contextmanager
def state(engine: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a process that takes turns with the engine of a folder."""
    with subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, __file__, "--turns"],
        env={**os.environ, "PYTHONPATH": str(engine)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.communicate()


def turn(process: subprocess.Popen[str]) -> dict[str, float]:
    """Let a process answer all cases once."""
    if process.stdin is None or process.stdout is None:
        raise TypeError(process)
    process.stdin.write("\n")
    process.stdin.flush()
    found: dict[str, float] = json.loads(process.stdout.readline())
    return found


def git(*arguments: str) -> None:
    """Run git on this repository."""
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)  # noqa: S603, S607 - what we wrote


def main(commit: str, rounds: int) -> None:
    """Print the figures, in microseconds a case."""
    with tempfile.TemporaryDirectory() as folder:
        earlier = Path(folder) / "earlier"
        git("worktree", "add", "--detach", str(earlier), commit)
        try:
            with state(earlier / "engine") as then, state(ROOT / "engine") as now:
                turn(then)
                turn(now)
                taken = [(turn(then), turn(now)) for _ in range(rounds)]
        finally:
            git("worktree", "remove", "--force", str(earlier))
    if len({one["found"] for pair in taken for one in pair}) > 1:
        raise SystemExit("the two do not find the same: there is nothing to compare")
    before, after = taken[0]
    print(
        f"{platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores, {rounds} rounds, same answers; ",
        end="",
    )
    print(f"rulesets {before['rulesets']} then, {after['rulesets']} now")
    print(f"{'':>10} {commit[:9]:>10} {'now':>10} {'ratio':>7}   lowest and highest ratio")
    for part in PARTS:
        ratios = [b[part] / a[part] for b, a in taken]
        was, is_ = (statistics.median(pair[n][part] for pair in taken) * 1e6 for n in (0, 1))
        print(
            f"{part:>10} {was:>10,.0f} {is_:>10,.0f} {statistics.median(ratios):>7.2f}   {min(ratios):.2f} {max(ratios):.2f}"
        )


if __name__ == "__main__":
    if "--turns" in sys.argv:
        take_turns()
    else:
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 9)  # noqa: PLR2004 - a commit, then rounds
