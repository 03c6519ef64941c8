"""A folder of cases of every sort, with lines that cannot be read, and the same packed."""

import json
from pathlib import Path

import pytest

from aboveline.packing import pack
from command import ROOT

FIXTURES = ROOT / "fixtures"
WRONG = [
    "not json",
    '{"case": "W-1", "persn": {}}',
    '{"case": "W-2", "plan": [{"type": "sentence_plan", "status": "complete"}], "override": [{}]}',
    '{"case": "W-3", "case": "W-4"}',
]


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of forty cases, some with an override or a source that is not complete, and five lines that are wrong."""
    lines = [
        line
        for name in ("demonstration", "practice-illustrations", "good-practice")
        for line in (FIXTURES / name / "cases.jsonl").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    later = json.loads(lines[0]) | {"case": "LATER", "incomplete": ["check", "plan"]}
    later["plan"] = [{"type": "sentence_plan", "status": "complete", "completed_on": "2030-01-01"}]
    later["objective"] = [{"plan": "plan-1"}]
    folder = tmp_path_factory.mktemp("records")
    path = folder / "cases.jsonl"
    path.write_text(
        "\n".join([*lines[:3], *WRONG, *lines[3:], json.dumps(later), lines[5]]) + "\n", encoding="utf-8"
    )
    return path


@pytest.fixture(scope="session")
def packed(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file, packed in chunks of seven cases."""
    folder = tmp_path_factory.mktemp("packed") / "caseload"
    pack([cases], folder, cases_in_a_group=7)
    return folder
