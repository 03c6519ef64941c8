"""Measure the service with a large caseload: how long each thing takes, and how much memory it needs.

    python -m benchmarks.caseload 20000 FILE
    python -m benchmarks.scale FILE [--database sqlite|postgresql] [--forms json csv xlsx html pdf]

A real server and a worker of its own, each a process. The file goes in by the
page for uploads, the worker audits it, and a person opens what there is to open.
Memory is the most that a process held while that was done, the pages of other
processes' files left out (VmHWM, which the kernel is told to count anew each time).
"""

import argparse
import datetime as dt
import os
import platform
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[1]
# What starts a server and plays a browser is that of the tests.
sys.path[:0] = [str(ROOT / "tests")]

import postgres  # noqa: E402
from command import SCRIPT  # noqa: E402
from service.running import Browser, Running  # noqa: E402

PATIENCE = 3600
FORMS = ("json", "csv", "xlsx", "html", "pdf")


def main(arguments: Sequence[str]) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure the service with a large caseload.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--forms", nargs="*", choices=FORMS, default=list(FORMS))
    asked = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="aboveline-scale-") as folder,
        database(asked.database, folder) as url,
    ):
        settings = {"ABOVELINE_LOG_LEVEL": "WARNING", "ABOVELINE_WORKER_LEASE_SECONDS": "60"}
        with Running(url, Path(folder), **settings) as running:
            server = running.serve("--no-worker")
            worker = running.work()
            print(
                f"{dt.datetime.now().astimezone():%Y-%m-%d %H:%M}, {os.cpu_count()} cores "
                f"(load {os.getloadavg()[0]:.1f} when it began), Python {platform.python_version()}, "
                f"{platform.machine()}, {asked.database}, {asked.file.stat().st_size / 2**20:,.0f} MiB sent.\n"
            )
            print("| what is done | seconds | server MiB | worker MiB | answer MiB |")
            print("|---|---:|---:|---:|---:|")
            _Walk(running, {"server": server.pid, "worker": worker.pid}, url).go(asked.file, asked.forms)
            print(f"\nThe database takes {_size(url) / 2**20:,.0f} MiB.")


@contextmanager
def database(kind: str, folder: str) -> Iterator[str]:
    """Give the URL of an empty database of either kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/aboveline.db"
        return
    with postgres.server() as uri, postgres.empty_database(uri) as url:
        yield url


class _Walk:
    def __init__(self, running: Running, pids: dict[str, int], url: str) -> None:
        self._running = running
        self._pids = pids
        self._url = url

    def go(self, file: Path, forms: Sequence[str]) -> None:
        with self._running.browser("MANAGER") as browser:
            browser.client.timeout = PATIENCE
            self._time("upload", lambda: len(browser.upload(file.read_bytes())))
            self._time("upload again, nothing new", lambda: len(browser.upload(file.read_bytes())))
            audit = browser.start_audit()
            self._time("audit, and keep what came of it", lambda: self._wait(browser, audit))
            self._see(browser, "the audit, the first to open it", audit, times=1)
            criterion = _link(browser, audit, f'{audit}/criteria/[^"]+')
            question = _link(browser, criterion, f'{audit}/questions/[^"]+')
            case = _link(browser, "/cases", '/cases/[^/"?]+')
            self._see(browser, "dashboard", "/")
            self._see(browser, "the audit", audit)
            self._see(browser, "a question of the audit", question)
            self._see(browser, "cases", "/cases")
            self._see(browser, "a case, answered live", case)
            self._see(browser, "the API's findings", f"/v1{audit}/findings?limit=200")
            for form in forms:
                self._see(browser, f"download as {form}", f"{audit}/report.{form}", times=1)
        self._time("erase one case", self._erase)

    def _see(self, browser: Browser, what: str, path: str, times: int = 3) -> None:
        for number in range(times):
            again = f", time {number + 1}" if times > 1 else ""
            self._time(what + again, lambda: len(browser.get(path).content))

    def _time(self, what: str, do: Callable[[], int]) -> None:
        for pid in self._pids.values():
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        begin = time.perf_counter()
        came = do()
        taken = time.perf_counter() - begin
        held = [_most(pid) for pid in self._pids.values()]
        print(
            f"| {what} | {taken:,.2f} | {held[0]:,.0f} | {held[1]:,.0f} | {came / 2**20:,.2f} |", flush=True
        )

    def _wait(self, browser: Browser, audit: str) -> int:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            state = browser.get(f"/v1{audit}").json()["state"]
            if state == "done":
                return 0
            if state == "failed":
                raise RuntimeError(self._running.log[-2000:])
            time.sleep(0.5)
        raise TimeoutError("the audit")

    def _erase(self) -> int:
        case = _one_case(self._url)
        subprocess.run(  # noqa: S603 - our own command
            [SCRIPT, "retain", "--case", case, "--yes", "--database", self._url],
            check=True,
            capture_output=True,
        )
        return 0


def _link(browser: Browser, page: str, pattern: str) -> str:
    return str(re.findall(f'href="({pattern})"', unescape(browser.get(page).text))[0])


def _most(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def _one_case(url: str) -> str:
    asked = "select case_id from case_versions order by case_id limit 1"
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as one:
            return str(one.execute(asked).fetchone()[0])
    with psycopg.connect(url) as connection:
        return str(connection.execute(asked).fetchall()[0][0])


def _size(url: str) -> int:
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).stat().st_size
    with psycopg.connect(url) as connection:
        return int(connection.execute("select pg_database_size(current_database())").fetchall()[0][0])


if __name__ == "__main__":
    main(sys.argv[1:])
