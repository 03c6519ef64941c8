"""A real server process for tests, and how to talk to it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Served", "serve"]

TESTS = Path(__file__).parents[1]


@dataclass
class Served:
    """A server that runs, and where it logs."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self.port}"

    def talk(self, sent: bytes) -> bytes:
        """Send bytes as they are, and return what comes back until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(sent)
            received = b""
            with contextlib.suppress(ConnectionResetError):
                while chunk := connection.recv(65536):
                    received += chunk
            return received


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def serve(log: Path) -> Iterator[Served]:
    """Serve the sample and the identity provider, and stop them after."""
    port, identity_port = free_port(), free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")} | {
        "PYTHONPATH": str(TESTS),
        "ABOVELINE_PORT": str(port),
        "ABOVELINE_BASE_URL": f"http://127.0.0.1:{port}",
        "ABOVELINE_AUTH_URL": f"http://127.0.0.1:{identity_port}",
        "ABOVELINE_BODY_LIMIT_KIB": "64",
        "ABOVELINE_UPLOAD_LIMIT_MIB": "8",
    }
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", "service.serving", str(identity_port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=out,
        ) as process,
    ):
        server = Served(port, process, log)
        wait_for(server, identity_port)
        yield server
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(server: Served, identity_port: int) -> None:
    """Wait until both ports answer."""
    until = time.monotonic() + 60
    for port in (server.port, identity_port):
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert time.monotonic() < until, server.log.read_text(encoding="utf-8")
            assert server.process.poll() is None, server.log.read_text(encoding="utf-8")
            time.sleep(0.05)
