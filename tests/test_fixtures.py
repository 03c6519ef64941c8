"""Fixtures are what their scripts write, and everyone in them is invented."""

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]


def _script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_demonstration_is_what_its_script_writes() -> None:
    """The committed cases are the script's, to the byte."""
    folder = ROOT / "fixtures" / "demonstration"

    written = "".join(line + "\n" for line in _script(folder / "make_cases.py").lines())

    assert written == (folder / "cases.jsonl").read_text(encoding="utf-8")
