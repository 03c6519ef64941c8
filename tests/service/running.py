"""The whole service as processes of their own, of which any can be killed, and browsers that use it."""

import os
import re
import secrets
import socket
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx2

from command import SCRIPT

__all__ = ["Browser", "Running", "until"]

PATIENCE = 60
Answer = TypeVar("Answer")


def until(ask: Callable[[], Answer], what: str) -> Answer:
    """Ask until there is an answer that counts, and return it."""
    end = time.monotonic() + PATIENCE
    while not (answer := ask()):
        assert time.monotonic() < end, f"{what}: not within {PATIENCE} seconds"
        time.sleep(0.02)
    return answer


class Running:
    """The service on a database: servers and workers, started and killed one by one. Use it as a context."""

    def __init__(self, url: str, folder: Path, **settings: str) -> None:
        self.port = _two_ports()
        self.folder = folder
        (folder / "tmp").mkdir()
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")
        } | {
            "ABOVELINE_DATABASE_URL": url,
            "ABOVELINE_REQUESTS_PER_MINUTE": "100000",
            "ABOVELINE_REQUESTS_AT_ONCE": "100000",
            "ABOVELINE_WORKER_LEASE_SECONDS": "3",
            "TMPDIR": str(folder / "tmp"),
            **settings,
        }
        self._stack = ExitStack()

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def serve(self, *options: str) -> subprocess.Popen[bytes]:
        """Start a server and the development identity, and return when both answer."""
        process = self._start("serve", "--port", str(self.port), *options)
        for port in (self.port, self.port + 1):
            until(lambda port=port: self._answers(process, port), "a server that answers")  # type: ignore[misc]
        return process

    def work(self) -> subprocess.Popen[bytes]:
        """Start a worker."""
        return self._start("work")

    @property
    def log(self) -> str:
        """Return what all of them said."""
        return (self.folder / "log.jsonl").read_text(encoding="utf-8")

    @contextmanager
    def browser(self, user_name: str) -> Iterator["Browser"]:
        """Give a browser in which somebody has signed in."""
        with Browser(self.url) as made:
            made.sign_in(user_name)
            yield made

    def bearer(self, user_name: str) -> dict[str, str]:
        """Return what a program sends as somebody, by a token that the development identity gave for a code."""
        identity, back = f"http://127.0.0.1:{self.port + 1}", f"{self.url}/login/callback"
        verifier = secrets.token_urlsafe(48)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {"client_id": "aboveline-web", "redirect_uri": back, "user_name": user_name}
        proof = {"code_challenge": challenge, "code_challenge_method": "S256"}
        with httpx2.Client(base_url=identity, timeout=PATIENCE, trust_env=False) as client:
            sent = client.post("/oauth/authorize", data=asked | proof)
            (code,) = parse_qs(urlsplit(sent.headers["location"]).query)["code"]
            wanted = asked | {"client_secret": "development-only", "grant_type": "authorization_code"}
            given = client.post("/oauth/token", data=wanted | {"code": code, "code_verifier": verifier})
        return {"authorization": f"Bearer {given.json()['access_token']}"}

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log.jsonl").open("ab") as log:
            process = subprocess.Popen(
                [SCRIPT, *arguments], env=self._environment, cwd=self.folder, stdout=log, stderr=log
            )
        self._stack.callback(_end, process)
        return process

    def _answers(self, process: subprocess.Popen[bytes], port: int) -> bool:
        assert process.poll() is None, self.log
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False


class Browser:
    """A browser: it keeps cookies, reads forms and sends them. Use it as a context."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx2.Client(base_url=url, timeout=PATIENCE, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def sign_in(self, user_name: str) -> None:
        """Sign in by the identity provider's page."""
        page = self.client.get(self.client.get("/login").headers["location"])
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
        form = {name: unescape(value) for name, value in hidden} | {"user_name": user_name}
        chosen = self.client.post(str(page.url).partition("?")[0], data=form)
        assert 303 == self.client.get(chosen.headers["location"]).status_code

    def get(self, path: str) -> httpx2.Response:
        """Ask for something that must be there."""
        answer = self.client.get(path)
        assert 200 == answer.status_code, (path, answer.status_code)
        return answer

    def form(self, page: str, values: Mapping[str, Any], file: bytes | None = None) -> httpx2.Request:
        """Fill in the form of a page: the request that sends it."""
        token = re.findall(r'name="csrf_token" value="([^"]+)"', self.get(page).text)[0]
        return self.client.build_request(
            "POST",
            page,
            data={"csrf_token": token, **values},
            files=None if file is None else {"file": ("cases.jsonl", file)},
            headers={"origin": self.url},
        )

    def send(self, page: str, values: Mapping[str, Any], file: bytes | None = None) -> str:
        """Send the form of a page, and return where that leads."""
        answer = self.client.send(self.form(page, values, file))
        assert 303 == answer.status_code, (page, answer.status_code, answer.text)
        return str(answer.headers["location"])

    def upload(self, content: bytes, label: str = "A label") -> str:
        """Upload a file; return the address of what came of it."""
        return self.send("/uploads/new", {"label": label}, content)

    def start_audit(self, *areas: str) -> str:
        """Start an audit as at 2 December 2013; return its address."""
        day = {"as_of-year": "2013", "as_of-month": "12", "as_of-day": "2"}
        asked = {
            "areas": list(areas) or ["*"],
            "standards": "report-2014",
            "average": "questions",
            "by": ["gender"],
        }
        return self.send("/audits/start", day | asked)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _two_ports() -> int:
    """Return a port that nobody listens on, nor on the one after it."""
    while True:
        with socket.socket() as one, socket.socket() as next_:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            with suppress(OSError, OverflowError):
                next_.bind(("127.0.0.1", port + 1))
                return port
