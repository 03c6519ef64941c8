"""The installed command, run as a person would run it."""

import subprocess
import sys
from pathlib import Path

__all__ = ["ROOT", "SCRIPT", "run"]

ROOT = Path(__file__).parents[1]
SCRIPT = str(Path(sys.executable).with_name("aboveline"))


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the installed script, by default from the project's root."""
    return subprocess.run(
        [SCRIPT, *(str(argument) for argument in arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd or ROOT,
    )
