"""What is shipped: the rules travel inside the wheel, and the lock files name no host."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_wheel_holds_every_module_the_rules_and_the_types(tmp_path: Path) -> None:
    """Every module, of every package; every rule, parameter and list, what reports and pages look like, and the marker for types, is in the wheel."""
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__"))
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
    ]
    subprocess.run([*build, str(source)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    names = set(zipfile.ZipFile(wheel).namelist())

    modules = {path.relative_to(ROOT / "engine").as_posix() for path in (ROOT / "engine").rglob("*.py")}
    assert set() == modules - names
    rules = {f"aboveline/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*.yaml")}
    assert set() == rules - names
    pages = ROOT / "engine/aboveline/service/pages"
    shown = {*(pages / "templates").glob("*.html"), *(pages / "static").iterdir()}
    assert set() == {path.relative_to(ROOT / "engine").as_posix() for path in shown} - names
    assert {"aboveline/py.typed", "aboveline/reports/page.css", "aboveline/reports/report.typ"} <= names
    assert {f"aboveline/store/migrations/{name}.py" for name in ("env", "versions/v0001_first")} <= names


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_have_hashes_and_name_no_host(name: str) -> None:
    """Every requirement is pinned with a hash, and nothing says where to download it."""
    text = (ROOT / name).read_text(encoding="utf-8")

    pinned = re.findall(
        r"^[a-z0-9][a-z0-9._-]*==\S+ \\\n    --hash=", text, flags=re.MULTILINE | re.IGNORECASE
    )
    named = re.findall(r"^[a-z0-9][a-z0-9._-]*==", text, flags=re.MULTILINE | re.IGNORECASE)
    assert len(named) == len(pinned) > 10
    assert "://" not in text
    assert "--index" not in text
