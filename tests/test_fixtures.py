"""Fixtures are what their scripts write, and everyone in them is invented."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from aboveline.rulebook import load_rulebook
from casework.writing import lines

FIXTURES = Path(__file__).parents[1] / "fixtures"
TABLES = sorted(path.parent for path in FIXTURES.glob("*/cases.csv"))


def _script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_demonstration_is_what_its_script_writes() -> None:
    """The committed cases are the script's, to the byte."""
    folder = FIXTURES / "demonstration"

    written = "".join(line + "\n" for line in _script(folder / "make_cases.py").lines())

    assert written == (folder / "cases.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", TABLES, ids=lambda folder: folder.name)
def test_cases_are_what_their_tables_say(folder: Path) -> None:
    """The committed cases are those of the tables, to the byte."""
    written = "".join(line + "\n" for line in lines(folder, load_rulebook()))

    assert written == (folder / "cases.jsonl").read_text(encoding="utf-8")
