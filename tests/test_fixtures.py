"""Fixtures are what their scripts write, and everyone in them is invented."""

import csv
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from aboveline.rulebook import load_rulebook
from casework.writing import lines

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
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


def _texts() -> list[Path]:
    """Return every rule with its cases, and every module of the engine, the fixtures, the tests and the benchmarks."""
    rules = [path for path in (ROOT / "rules").rglob("*") if path.suffix in {".yaml", ".py"}]
    modules = [
        path for part in ("engine", "fixtures", "tests", "benchmarks") for path in (ROOT / part).rglob("*.py")
    ]
    return rules + modules


@pytest.mark.parametrize("folder", TABLES, ids=lambda folder: folder.name)
def test_nothing_knows_a_case_by_its_id(folder: Path) -> None:
    """No rule and no module names a case of a table: each gets its answers by its evidence alone."""
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as table:
        cases = {row["case"] for row in csv.DictReader(table)}
    named = re.compile("|".join(rf"(?<![\w-]){re.escape(case)}(?![\w-])" for case in sorted(cases)))

    known = {path: named.findall(path.read_text(encoding="utf-8")) for path in _texts()}

    assert len(known) > 200
    assert {} == {path: found for path, found in known.items() if found}
