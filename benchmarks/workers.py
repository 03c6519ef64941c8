"""Measure an audit in one process against one in several, taking turns.

    python benchmarks/workers.py [CASES [WORKERS [ROUNDS]]]

The cases are those of the York and North Yorkshire fixture, over and over under
ids of their own, as JSON Lines. Each audit is the command as a person runs it,
so starting processes counts. The results must be the same bytes. Memory is the
most that any single process took. Processor time, of the last round, tells what
there was to share where other work had the cores.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
CASES = ROOT / "fixtures" / "york-and-north-yorkshire-2014" / "cases.jsonl"
MEASURED = """
import resource, sys
from aboveline.cli import main
if __name__ == "__main__":
    try:
        main()
    finally:
        who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        used = [resource.getrusage(one) for one in who]
        print(*(one.ru_maxrss for one in used), *(one.ru_utime + one.ru_stime for one in used), file=sys.stderr)
"""


def main(cases: int, workers: int, rounds: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "measured.py"
        script.write_text(MEASURED, encoding="utf-8")
        lines = islice(cycle(CASES.read_text(encoding="utf-8").splitlines()), cases)
        renamed = (json.dumps({**json.loads(line), "case": f"B-{n}"}) for n, line in enumerate(lines))
        (folder / "cases.jsonl").write_text("\n".join(renamed), encoding="utf-8")
        taken: dict[int, list[float]] = {1: [], workers: []}
        used: dict[int, list[str]] = {}
        for _ in range(rounds):
            for many, times in taken.items():
                began = time.perf_counter()
                what = f"audit cases.jsonl --as-of 2013-12-02 --workers {many} --format json -o {many}.json"
                done = subprocess.run(  # noqa: S603 - what we wrote
                    [sys.executable, str(script), *what.split()],
                    cwd=folder,
                    check=True,
                    capture_output=True,
                    text=True,
                )
                times.append(time.perf_counter() - began)
                used[many] = done.stderr.split()[-4:]
            if len({(folder / f"{many}.json").read_bytes() for many in taken}) > 1:
                raise SystemExit("the results are not the same bytes")
    print(f"{platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores, ", end="")
    print(f"{cases:,} cases, {rounds} rounds, same bytes")
    for many, times in taken.items():
        own, child, cpu, others = (float(number) for number in used[many])
        print(
            f"{many} workers: {statistics.median(times):.1f} s, {own / 1024:.0f} MiB, a worker {child / 1024:.0f} MiB; ",
            end="",
        )
        print(f"processor time {cpu:.1f} s, of all workers {others:.1f} s")
    ratios = [one / several for one, several in zip(*taken.values(), strict=True)]
    print(f"ratio {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [2_000, 2, 5][len(given) :]))
