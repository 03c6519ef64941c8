"""What ``aboveline serve`` tells a person who tries it out, and what it says where it cannot serve."""

import os
import pty
import socket
import subprocess
from pathlib import Path

from command import SCRIPT
from service.running import Running, until


def test_taken_port_is_told_before_anything_else(tmp_path: Path) -> None:
    """It says which port and what to do, and not that it serves; no database is made. The same of the identity's port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        for asked in (port, port - 1):
            done = subprocess.run(
                [SCRIPT, "serve", "--port", str(asked)],
                check=False,
                capture_output=True,
                text=True,
                cwd=tmp_path,
                env=_environment(),
            )
            assert (2, "") == (done.returncode, done.stdout)
            assert f"nothing can listen on port {port} of 127.0.0.1 (Address already in use)" in done.stderr
            assert "--port" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_person_at_a_terminal_is_told_what_to_do_and_no_more(tmp_path: Path) -> None:
    """Where to go, who to be and where it is kept; lines of JSON are for programs that read them."""
    with Running("sqlite:///unused.db", tmp_path) as running:
        port = running.port
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [SCRIPT, "serve", "--port", str(port)], stdout=theirs, stderr=theirs, cwd=tmp_path, env=_environment()
    ) as process:
        os.close(theirs)
        until(lambda: _answers(port), "a server that answers")
        process.terminate()
        process.wait(30)
    said = _all_of(ours).replace("\r\n", "\n")

    assert f"open http://127.0.0.1:{port} in a browser" in said
    assert "WITHOUT A PASSWORD" in said
    assert str(tmp_path / "aboveline.db") in said
    assert "{" not in said


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")}


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _all_of(terminal: int) -> str:
    read = b""
    try:
        while piece := os.read(terminal, 65536):
            read += piece
    except OSError:  # nobody writes to it any more
        pass
    os.close(terminal)
    return read.decode()
