"""Reports from the command line: the same inputs give the same bytes, and a file is asked for where one is needed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aboveline.reports import ReportFormat, write_report
from full_result import full_result

ROOT = Path(__file__).parents[2]
CASES = ROOT / "fixtures" / "demonstration" / "cases.jsonl"
SCRIPT = str(Path(sys.executable).with_name("aboveline"))
STARTS = {"html": b"<!doctype html>", "pdf": b"%PDF-", "xlsx": b"PK", "docx": b"PK"}
MAKE = """
import hashlib, sys
from aboveline.reports import ReportFormat, write_report
from full_result import full_result
print(hashlib.sha256(write_report(full_result(), ReportFormat(sys.argv[1]))).hexdigest())
"""


def audit(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the installed script on the demonstration cases."""
    return subprocess.run(
        [SCRIPT, "audit", str(CASES), "--as-of", "2013-12-02", *(str(argument) for argument in arguments)],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


@pytest.mark.parametrize("form", ReportFormat)
def test_same_inputs_give_the_same_bytes(form: ReportFormat, tmp_path: Path) -> None:
    """Two processes with another order of hashes, in other time zones and places, write the same file."""
    files = [tmp_path / f"{place}.{form}" for place in "ab"]

    for file, seed, zone in zip(files, ("1", "2"), ("Asia/Tokyo", "America/Lima"), strict=True):
        done = audit("--format", form, "-o", file, PYTHONHASHSEED=seed, TZ=zone)
        assert (0, b"", b"") == (done.returncode, done.stdout, done.stderr)

    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert first.startswith(STARTS[form])


@pytest.mark.parametrize("form", ReportFormat)
def test_a_full_report_has_the_same_bytes_in_another_process(form: ReportFormat) -> None:
    """With every part filled, too, each format is the same to the byte."""
    there = subprocess.run(
        [sys.executable, "-c", MAKE, form],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "PYTHONPATH": str(ROOT / "tests")},
    )

    assert hashlib.sha256(write_report(full_result(), form)).hexdigest() == there.stdout.strip()


@pytest.mark.parametrize("form", ["pdf", "xlsx", "docx"])
def test_what_no_screen_shows_needs_a_file(form: str) -> None:
    """Without -o the command says what to do, writes nothing and could not run."""
    done = audit("--format", form)

    assert (2, b"") == (done.returncode, done.stdout)
    assert b"cannot be shown on the screen: name a file for it with -o FILE" in done.stderr


def test_a_page_may_go_to_the_screen() -> None:
    """HTML is text, so it can be piped."""
    done = audit("--format", "html")

    assert (0, b"") == (done.returncode, done.stderr)
    assert done.stdout.startswith(STARTS["html"])


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder in the place of a file is a problem in words."""
    done = audit("--format", "pdf", "-o", tmp_path)

    assert done.returncode == 2
    assert b"this cannot be written" in done.stderr
