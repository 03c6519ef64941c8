"""What the docs say can be done can be done."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = str(Path(sys.executable).with_name("aboveline"))
COMMANDS = [
    command
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    for command in re.findall(
        r"^\.venv/bin/aboveline (.+?)(?:\s+#.*)?$", page.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    if not re.search(r"\b[A-Z]{4,}\b(?!-)|cases\.jsonl$", command.replace("CASE-ID", ""))
    or "fixtures" in command
]


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_the_docs_runs(command: str, tmp_path: Path) -> None:
    """A command that the docs show, on files that are there, runs; what it writes is not left behind."""
    for name in ("docs", "fixtures", "rules"):
        (tmp_path / name).symlink_to(ROOT / name)

    done = subprocess.run(
        [SCRIPT, *shlex.split(command)], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert (0, "") == (done.returncode, done.stderr)


def test_docs_show_commands() -> None:
    """There are commands to try."""
    assert len(COMMANDS) >= 4


def test_links_of_the_docs_lead_somewhere() -> None:
    """A relative link in the docs leads to a file that is there."""
    for page in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
