"""The server is killed while it stores an upload and while an audit is done beside it: nothing is lost, nothing doubled."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import httpx2
import pytest

from aboveline.store import AreaScope, Database, audits, cases, trail, uploads
from service.office import CASES
from service.process import free_port

EVERYTHING = AreaScope.everything()
TIMES = 25


class Running:
    """``aboveline serve`` as a process, which can be killed and started again on the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx2.Client(base_url=self.url, trust_env=False, timeout=60)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")}
        command = [
            sys.executable,
            "-c",
            "from aboveline.cli import main; main()",
            "serve",
            "--port",
            str(self.port),
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=subprocess.DEVNULL, stderr=log
            )
        wait(self.answers)

    def answers(self) -> bool:
        """Say whether it is ready."""
        with contextlib.suppress(httpx2.HTTPError):
            return self.client.get("/health").status_code == 200
        return False

    def end(self, with_what: signal.Signals) -> None:
        """End it."""
        if self.process is not None:
            self.process.send_signal(with_what)
            self.process.wait(60)
            self.process = None

    def sign_in(self, who: str) -> None:
        """Sign in by the development identity."""
        page = self.client.get(self.client.get("/login").headers["location"])
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
        form = {name: unescape(value) for name, value in hidden} | {"user_name": who}
        back = self.client.post(str(page.url).partition("?")[0], data=form).headers["location"]
        assert 303 == self.client.get(back).status_code

    def send(self, page: str, form: dict[str, str], content: bytes | None = None) -> httpx2.Response:
        """Send a form from its page."""
        token = re.findall(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text)[0]
        files = None if content is None else {"file": ("x.jsonl", content)}
        return self.client.post(
            page, data=form | {"csrf_token": token}, files=files, headers={"origin": self.url}
        )


def wait(until: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """Return a service that runs, with the manager signed in."""
    made = Running(tmp_path)
    made.start()
    made.sign_in("MANAGER")
    yield made
    made.end(signal.SIGTERM)
    made.client.close()


def test_server_that_is_killed_loses_and_doubles_nothing(running: Running) -> None:
    """An upload is there whole or not at all; an audit goes on after; who was signed in still is; no worker is left over."""
    lines = CASES.read_bytes().splitlines()
    body = b"\n".join(line.replace(b'"YNY-', b'"K%02d-' % n) for n in range(TIMES) for line in lines)
    whole = TIMES * len(lines)
    with Database.open(f"sqlite:///{running.folder / 'aboveline.db'}") as database:

        def stored() -> tuple[int, int]:
            with database.reading() as session:
                assert trail.verify(session) is None
                sent = uploads.page(session, EVERYTHING, "MANAGER").items
                return cases.count(session, EVERYTHING), len(sent)

        def states() -> list[audits.State]:
            with database.reading() as session:
                return [one.state for one in audits.page(session, EVERYTHING).items]

        def interrupted() -> None:
            with contextlib.suppress(httpx2.HTTPError):
                running.send("/uploads/new", {"label": "Killed"}, body)

        sending = threading.Thread(target=interrupted)
        sending.start()
        time.sleep(0.8)
        running.end(signal.SIGKILL)
        sending.join()
        assert stored() in {(0, 0), (whole, 1)}

        running.start()
        assert 200 == running.client.get("/uploads").status_code  # still signed in
        before = stored()[1]
        assert 303 == running.send("/uploads/new", {"label": "Again"}, body).status_code
        assert (whole, before + 1) == stored()

        form = {"as_of-year": "2013", "as_of-month": "12", "as_of-day": "2", "areas": "*"}
        form |= {"standards": "report-2014", "average": "questions"}
        assert 303 == running.send("/audits/start", form).status_code
        wait(lambda: states() == [audits.State.RUNNING])
        running.end(signal.SIGKILL)
        wait(
            lambda: states() != [audits.State.RUNNING]
        )  # the worker found itself alone, and handed it back or had done
        running.start()
        wait(lambda: states() == [audits.State.DONE], 120)

        with database.reading() as session:
            (one,) = audits.page(session, EVERYTHING).items
            kept = [entry.what for entry in trail.of_subjects(session, [one.id])]
        assert (whole, 1) == (one.cases, kept.count("audit_result_kept"))
        assert "worker_stopped" in (running.folder / "log").read_text(encoding="utf-8")
