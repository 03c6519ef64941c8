"""Measure the service under a bounded load on loopback: answers a second, and how long they take.

    python -m benchmarks.load [--clients 1 8] [--seconds 10] [--database URL]

A real server and a worker, started for it, with the sample of York and North Yorkshire audited;
clients that sign in by browser, and ask again as soon as they have an answer. They share the
machine with the server, so its figures are lower than those of a server by itself.
"""

import argparse
import datetime as dt
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What starts a server and plays a browser is that of the tests.
sys.path[:0] = [str(ROOT / "tests")]

from aboveline.store import Database, jobs  # noqa: E402
from service.running import Browser, Running, until  # noqa: E402

SAMPLE = ROOT / "fixtures/york-and-north-yorkshire-2014/cases.jsonl"


def main(arguments: Sequence[str]) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure the service under load.")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--database", help="default: a new file of SQLite's")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="aboveline-load-") as folder:
        url = asked.database or f"sqlite:///{folder}/aboveline.db"
        with Running(url, Path(folder), ABOVELINE_LOG_LEVEL="WARNING") as running:
            running.serve("--sample", str(SAMPLE), "--as-of", "2013-12-02")
            with Database.open(url) as database:
                until(lambda: _is_audited(database), "the audits of the sample")
                kind = "SQLite" if database.is_sqlite else "PostgreSQL"
            print(
                f"{dt.datetime.now().astimezone():%Y-%m-%d %H:%M}, {os.cpu_count()} cores "
                f"(load {os.getloadavg()[0]:.1f} when it began), Python {platform.python_version()}, "
                f"{platform.machine()}, {kind}, {asked.seconds:g} seconds each.\n"
            )
            print(
                "| what is asked | clients | answers | a second | median ms | 95% | 99% | longest | not 200 |"
            )
            print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
            for what, path in _paths(running).items():
                for clients in asked.clients:
                    print(
                        f"| {what} | {clients} | {_measure(running, path, clients, asked.seconds)} |",
                        flush=True,
                    )


def _is_audited(database: Database) -> bool:
    with database.reading() as session:
        many = jobs.count(session)
    return many[jobs.JobState.DONE] > 0 and not many[jobs.JobState.QUEUED] + many[jobs.JobState.RUNNING]


def _paths(running: Running) -> dict[str, str]:
    """Return what is asked for, found as a person finds it."""
    with running.browser("MANAGER") as browser:
        audit = _link(browser, "/", "/audits/[0-9a-f-]+")
        criterion = _link(browser, audit, f'{audit}/criteria/[^"]+')
        question = _link(browser, criterion, f'{audit}/questions/[^"]+')
        case = _link(browser, "/cases", '/cases/[^/"?]+')
    return {
        "/health": "/health",
        "dashboard": "/",
        "a question of an audit": question,
        "a case, answered live": case,
    }


def _link(browser: Browser, page: str, pattern: str) -> str:
    return str(re.findall(f'href="({pattern})"', unescape(browser.get(page).text))[0])


def _measure(running: Running, path: str, clients: int, seconds: float) -> str:
    def ask(_: int) -> list[tuple[float, int]]:
        found = []
        with running.browser("MANAGER") as browser:
            browser.client.get(path)  # the first one fills what is kept ready
            end = time.perf_counter() + seconds
            while (begin := time.perf_counter()) < end:
                status = browser.client.get(path).status_code
                found.append((time.perf_counter() - begin, status))
        return found

    with ThreadPoolExecutor(clients) as pool:
        found = [one for some in pool.map(ask, range(clients)) for one in some]
    times = [taken * 1000 for taken, _ in found]
    shares = statistics.quantiles(times, n=100, method="inclusive")
    wrong = sum(status != 200 for _, status in found)  # noqa: PLR2004 - fine, in HTTP
    figures = (statistics.median(times), shares[94], shares[98], max(times))
    return " | ".join(
        [f"{len(times):,}", f"{len(times) / seconds:.1f}", *(f"{one:.0f}" for one in figures), str(wrong)]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
