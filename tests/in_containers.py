"""Walk through production in containers: the image as the Dockerfile makes it, with a root that is read-only.

    python tests/in_containers.py aboveline postgresql://USER:PASSWORD@127.0.0.1/EMPTY [--run "podman run ..."]

A server and a worker, each a container of the image, and the first administrator
granted areas by a third; an issuer with TLS beside them. Containers share the
network of this machine, so that all of it is on loopback. The walk is that of
``tests/service/test_production.py``.
"""

import argparse
import datetime as dt
import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from aboveline.audit import audit  # noqa: E402
from aboveline.case import read_cases  # noqa: E402
from aboveline.rulebook import load_rulebook  # noqa: E402
from service.process import free_port  # noqa: E402
from service.production import ADMIN, Walk, issuing, settings_of  # noqa: E402
from service.running import until  # noqa: E402

SAMPLE = ROOT / "fixtures/york-and-north-yorkshire-2014/cases.jsonl"
HELD = "--network host --read-only --cap-drop all --security-opt no-new-privileges --tmpfs /tmp:mode=1777,size=2g"
TRUSTED = "/run/issuer.pem"


def main(arguments: Sequence[str]) -> None:
    """Walk, and say what was shown."""
    parser = argparse.ArgumentParser(description="Walk through production in containers.")
    parser.add_argument("image")
    parser.add_argument("database")
    parser.add_argument("--run", default="docker run", help="how containers are run here")
    asked = parser.parse_args(arguments)
    tool = shlex.split(asked.run)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        issuer = stack.enter_context(issuing(folder, free_port()))
        port = free_port()
        url = asked.database.replace("postgresql://", "postgresql+psycopg://", 1)
        settings = settings_of(url, issuer.url, port, Path(TRUSTED))

        def container(*command: str, entry: str | None = None) -> list[str]:
            given = [part for one in settings.items() for part in ("--env", "=".join(one))]
            given += ["--volume", f"{issuer.certificate}:{TRUSTED}:ro"]
            given += [] if entry is None else ["--entrypoint", entry]
            return [*tool, "--rm", *shlex.split(HELD), *given, asked.image, *command]

        def start(*command: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(container(*command))
            stack.callback(_stop, process)
            return process

        start("serve", "--no-worker")
        walk = Walk(port, issuer)
        stack.callback(walk.close)
        until(walk.answers, "the server")
        start("work")
        entry, *rest = _health_check()
        subprocess.run(container(*rest, entry=entry), check=True)
        _say("its health check passes")
        walk.says_how_it_is()
        _say("it says how it is")
        walk.lets_nobody_in_without_the_issuer()
        walk.signs_in_by_browser()
        _say("nobody gets in without the issuer, and by it one signs in")
        subprocess.run(container("grant", ADMIN, "*", "--reason", "runs the service"), check=True)
        found = walk.audits(SAMPLE)
        same = audit(read_cases([SAMPLE]), load_rulebook(), dt.date(2013, 12, 2)).to_json() == found
        _say(
            f"an upload, an audit and its downloads; the result is {'' if same else 'NOT '}the command line's"
        )
        inside = f"import os; print(os.getuid()); open('/opt/{uuid4().hex}', 'w')"
        tried = subprocess.run(
            container("-c", inside, entry="python"),
            check=False,
            capture_output=True,
            text=True,
        )
        _say(f"it runs as user {tried.stdout.strip()}: {tried.stderr.strip().splitlines()[-1]}")
        if not same:
            sys.exit(1)


def _health_check() -> list[str]:
    """Return the command by which the image is asked how it is."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    found: list[str] = json.loads(re.findall(r"^HEALTHCHECK (?:.*\\\n)*\s*CMD (.*)$", text, re.MULTILINE)[0])
    return found


def _say(shown: str) -> None:
    sys.stdout.write(f"shown: {shown}\n")
    sys.stdout.flush()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    code = process.wait(60)
    _say(f"it ended with {code} when it was told to")


if __name__ == "__main__":
    main(sys.argv[1:])
