"""Production, for real: PostgreSQL, a server and a worker of their own, an issuer with TLS, and no development anywhere."""

import datetime as dt
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from aboveline.audit import audit
from aboveline.case import read_cases
from aboveline.rulebook import load_rulebook
from command import SCRIPT
from service.process import free_port
from service.production import ADMIN, Issuer, Walk, issuing, settings_of
from service.running import until

SAMPLE = Path(__file__).parents[2] / "fixtures/york-and-north-yorkshire-2014/cases.jsonl"
AS_OF = dt.date(2013, 12, 2)


@pytest.fixture
def issuer_port() -> int:
    """Return the port that the issuer has, or will have."""
    return free_port()


@pytest.fixture
def issuer(tmp_path: Path, issuer_port: int) -> Iterator[Issuer]:
    """Give an issuer that runs."""
    with issuing(tmp_path, issuer_port) as made:
        yield made


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_production_is_set_up_and_audits_as_the_command_line_does(
    url: str, issuer: Issuer, tmp_path: Path
) -> None:
    """Server and worker by their settings alone; the first administrator by the command; and what is found is the same."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")}
    environment |= settings_of(url, issuer.url, port, issuer.certificate)
    log = tmp_path / "log.jsonl"

    with ExitStack() as stack:
        out = stack.enter_context(log.open("wb"))

        def start(*arguments: str) -> None:
            process = subprocess.Popen(
                [SCRIPT, *arguments], env=environment, cwd=tmp_path, stdout=out, stderr=out
            )
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)

        start("serve", "--no-worker")
        walk = Walk(port, issuer)
        stack.callback(walk.close)
        until(walk.answers, "the server")
        start("work")
        walk.says_how_it_is()
        walk.lets_nobody_in_without_the_issuer()
        walk.signs_in_by_browser()
        granting = [SCRIPT, "grant", ADMIN, "*", "--reason", "runs the service"]
        subprocess.run(granting, env=environment, cwd=tmp_path, check=True, stdout=out)
        found = walk.audits(SAMPLE)

    assert audit(read_cases([SAMPLE]), load_rulebook(), AS_OF).to_json() == found
    assert "development" not in log.read_text(encoding="utf-8").casefold()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_nobody_signs_in_while_the_issuer_is_away(url: str, issuer_port: int, tmp_path: Path) -> None:
    """It starts, says that it is up, and refuses to sign anybody in."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")}
    environment |= settings_of(url, f"https://127.0.0.1:{issuer_port}/auth", port)
    with (
        (tmp_path / "log.jsonl").open("wb") as out,
        subprocess.Popen(
            [SCRIPT, "serve", "--no-worker"], env=environment, cwd=tmp_path, stdout=out, stderr=out
        ) as process,
    ):
        away = Issuer(environment["ABOVELINE_AUTH_URL"], tmp_path / "none", None)
        walk = Walk(port, away)
        until(walk.answers, "the server")
        walk.says_the_provider_is_away()
        walk.close()
        process.terminate()


def test_certificates_that_are_not_there_stop_it(tmp_path: Path) -> None:
    """It does not start with less trust than it was told to have; it names the setting, and not the file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")}
    environment |= settings_of(
        f"sqlite:///{tmp_path}/x.db", "https://auth.test", free_port(), tmp_path / "none"
    )
    done = subprocess.run(
        [SCRIPT, "serve", "--no-worker"],
        env=environment,
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )

    assert (2, True) == (done.returncode, "ABOVELINE_CA_FILE must be a file" in done.stderr)
    assert str(tmp_path / "none") not in done.stderr
