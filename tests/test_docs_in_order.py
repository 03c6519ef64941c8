"""Pages whose commands build on one another: each is run from its first command to its last, as a reader would."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = str(Path(sys.executable).with_name("aboveline"))


@pytest.mark.parametrize("page", ["comparing.md", "packing.md", "sampling.md"])
def test_commands_of_a_page_run_in_order(page: str, tmp_path: Path) -> None:
    """Every command of the page runs, in a folder with nothing but the fixtures and the rules."""
    for name in ("fixtures", "rules"):
        (tmp_path / name).symlink_to(ROOT / name)
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    commands = re.findall(r"^aboveline (.+)$", text, flags=re.MULTILINE)

    assert len(commands) >= 3
    for command in commands:
        done = subprocess.run(
            [SCRIPT, *shlex.split(command)], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert (0, "") == (done.returncode, done.stderr), command
