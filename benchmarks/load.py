"""Measure the service under a bounded load on loopback: answers a second, and how long they take.

    python -m benchmarks.load [--clients 1 8 16] [--seconds 10] [--database sqlite|postgresql]

A real server, with the sample of York and North Yorkshire audited by a worker that has ended since;
clients that sign in by browser, and ask again as soon as they have an answer. They share the
machine with the server, so its figures are lower than those of a server by itself. Clients that
write upload a case that is new each time, ask for an audit (which nobody does), or override an
answer; in the mix, each reads nine pages for one thing that it writes.
"""

import argparse
import datetime as dt
import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import count, cycle
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[1]
# What starts a server and plays a browser is that of the tests.
sys.path[:0] = [str(ROOT / "tests")]

from aboveline.store import Database, jobs  # noqa: E402
from service.running import Browser, Running, until  # noqa: E402

from .scale import database  # noqa: E402

SAMPLE = ROOT / "fixtures/york-and-north-yorkshire-2014/cases.jsonl"
READS = 9
Ask = Callable[[], httpx2.Response]
"""Asks for one thing, once."""
Client = Callable[[Browser], Iterator[Ask]]
"""What a client does, one thing after the other, without an end."""


def main(arguments: Sequence[str]) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure the service under load.")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="aboveline-load-") as folder,
        database(asked.database, folder) as url,
        Running(url, Path(folder), ABOVELINE_LOG_LEVEL="WARNING") as running,
    ):
        running.serve("--no-worker", "--sample", str(SAMPLE), "--as-of", "2013-12-02")
        worker = running.work()
        with Database.open(url) as opened:
            until(lambda: _is_audited(opened), "the audits of the sample")
        worker.terminate()
        worker.wait()
        print(
            f"{dt.datetime.now().astimezone():%Y-%m-%d %H:%M}, {os.cpu_count()} cores "
            f"(load {os.getloadavg()[0]:.1f} when it began), Python {platform.python_version()}, "
            f"{platform.machine()}, {asked.database}, {asked.seconds:g} seconds each.\n"
        )
        print("| what is asked | clients | answers | a second | median ms | 95% | 99% | longest | refused |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
        for what, client in _clients(running).items():
            for clients in asked.clients:
                print(
                    f"| {what} | {clients} | {_measure(running, client, clients, asked.seconds)} |",
                    flush=True,
                )


def _is_audited(opened: Database) -> bool:
    with opened.reading() as session:
        many = jobs.count(session)
    return many[jobs.JobState.DONE] > 0 and not many[jobs.JobState.QUEUED] + many[jobs.JobState.RUNNING]


def _clients(running: Running) -> dict[str, Client]:
    """Return what is asked for, found as a person finds it."""
    with running.browser("MANAGER") as browser:
        audit = _link(browser, "/", "/audits/[0-9a-f-]+")
        criterion = _link(browser, audit, f'{audit}/criteria/[^"]+')
        question = _link(browser, criterion, f'{audit}/questions/[^"]+')
        case = _link(browser, "/cases", '/cases/[^/"?]+')
    pages = ["/", question, "/cases", case]
    return {
        "/health": _reading("/health"),
        "dashboard": _reading("/"),
        "a question of an audit": _reading(question),
        "the list of cases": _reading("/cases"),
        "a case, answered live": _reading(case),
        "an upload of one new case": _uploading,
        "an audit asked for": _asking,
        "an answer overridden": lambda browser: _overriding(browser, case),
        "nine pages and one write": lambda browser: _mixing(browser, pages, case),
    }


def _link(browser: Browser, page: str, pattern: str) -> str:
    return str(re.findall(f'href="({pattern})"', unescape(browser.get(page).text))[0])


def _reading(path: str) -> Client:
    def client(browser: Browser) -> Iterator[Ask]:
        while True:
            yield lambda: browser.client.get(path)

    return client


_new = count()


def _uploading(browser: Browser) -> Iterator[Ask]:
    first = json.loads(SAMPLE.open(encoding="utf-8").readline())
    send = _sender(browser, "/uploads/new")
    while True:
        content = json.dumps(first | {"case": f"LOAD-{next(_new)}"}).encode() + b"\n"
        yield lambda content=content: send({"label": "Load"}, content)  # type: ignore[misc]


def _asking(browser: Browser) -> Iterator[Ask]:
    send = _sender(browser, "/audits/start")
    day = {"as_of-year": "2013", "as_of-month": "12", "as_of-day": "2"}
    while True:
        yield lambda: send(day | {"areas": "*", "standards": "report-2014", "average": "questions"}, None)


def _overriding(browser: Browser, case: str) -> Iterator[Ask]:
    send = _sender(browser, f"{case}/questions/AS-01/override")
    while True:
        why = f"Because of {next(_new)}"
        yield lambda why=why: send({"answer": "not_applicable", "reason": why}, None)  # type: ignore[misc]


def _mixing(browser: Browser, pages: Sequence[str], case: str) -> Iterator[Ask]:
    reads = cycle([lambda page=page: browser.client.get(page) for page in pages])
    writes = cycle([_uploading(browser), _asking(browser), _overriding(browser, case)])
    while True:
        for _ in range(READS):
            yield next(reads)
        yield next(next(writes))


def _sender(browser: Browser, page: str) -> Callable[[dict[str, str], bytes | None], httpx2.Response]:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)[0]

    def send(values: dict[str, str], file: bytes | None) -> httpx2.Response:
        return browser.client.post(
            page,
            data={"csrf_token": token, **values},
            files=None if file is None else {"file": ("cases.jsonl", file)},
            headers={"origin": browser.url},
        )

    return send


def _measure(running: Running, client: Client, clients: int, seconds: float) -> str:
    def ask(_: int) -> list[tuple[float, bool]]:
        found = []
        with running.browser("ADMIN") as browser:
            asks = client(browser)
            next(asks)()  # the first one fills what is kept ready
            end = time.perf_counter() + seconds
            while (begin := time.perf_counter()) < end:
                answer = next(asks)()
                found.append((time.perf_counter() - begin, _is_right(answer)))
        return found

    with ThreadPoolExecutor(clients) as pool:
        found = [one for some in pool.map(ask, range(clients)) for one in some]
    times = [taken * 1000 for taken, _ in found]
    shares = statistics.quantiles(times, n=100, method="inclusive")
    wrong = sum(not right for _, right in found)
    figures = (statistics.median(times), shares[94], shares[98], max(times))
    return " | ".join(
        [f"{len(times):,}", f"{len(times) / seconds:.1f}", *(f"{one:.0f}" for one in figures), str(wrong)]
    )


def _is_right(answer: httpx2.Response) -> bool:
    """Tell whether it is what was asked for: a page, or where what was written can be seen; not a way to sign in."""
    if answer.status_code == httpx2.codes.SEE_OTHER:
        return answer.headers["location"].startswith(("/audits/", "/cases/", "/uploads/"))
    return answer.status_code == httpx2.codes.OK


if __name__ == "__main__":
    main(sys.argv[1:])
