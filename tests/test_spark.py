"""On Spark a caseload is audited to the same bytes, and a task that is lost is done again and doubles nothing."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.caseload import AS_OF, write_caseload
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

import command
from aboveline import caseload
from aboveline.audit import audit
from aboveline.case import CaseRecord
from aboveline.caseload import audit_caseload
from aboveline.engines import Engine
from aboveline.packing import Packed, pack
from aboveline.result import AuditResult
from aboveline.rulebook import load_rulebook
from test_caseload import YORK, caseloads, files, without_listings

HERE = Path(__file__).parent


def run(*arguments: object) -> None:
    """Run a program that is ours, by itself: a session of Spark lasts as long as its process."""
    done = subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode in {0, 2}, done.stderr[-3_000:]


def audit_by(engine: str, packed: Path, listings: Path) -> dict[str, bytes]:
    """Audit a packed caseload from the command line; return all that was written."""
    command = ("audit", packed, "--as-of", AS_OF, "--engine", engine, "--listings", listings, "--by", "rosh")
    run("-c", "from aboveline.cli import main; main()", *command)
    return files(listings)


@pytest.mark.parametrize("name", ["york", "made"])
def test_spark_gives_the_bytes_that_columns_give(name: str, tmp_path: Path) -> None:
    """Of the York and North Yorkshire sample, and of 20,000 made cases: the result, and every file of its listings."""
    cases = YORK
    if name == "made":
        cases = tmp_path / "made.jsonl"
        write_caseload(cases, 20_000)
    pack([cases], tmp_path / "packed")

    by_columns = audit_by("columnar", tmp_path / "packed", tmp_path / "columnar")
    on_spark = audit_by("spark", tmp_path / "packed", tmp_path / "spark")

    assert by_columns.keys() == on_spark.keys()
    assert [file for file in by_columns if by_columns[file] != on_spark[file]] == []


def test_a_lost_task_is_done_again_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after it wrote its files and before it could say so."""
    write_caseload(tmp_path / "made.jsonl", 1_000)
    pack([tmp_path / "made.jsonl"], tmp_path / "packed", cases_in_a_group=200)
    packed = Packed.open(tmp_path / "packed")
    monkeypatch.setattr(caseload, "CASES_IN_A_PART", 300)
    expected = audit_caseload(packed, load_rulebook(), AS_OF, listings=tmp_path / "columnar")

    run(HERE / "losing_a_task.py", tmp_path / "packed", tmp_path / "spark")

    assert sorted((tmp_path / "tried").read_text().split()) == ["0", "1", "1", "2"]
    assert (tmp_path / "result.json").read_text(encoding="utf-8") == expected.to_json()
    assert files(tmp_path / "columnar") == files(tmp_path / "spark")
    whole = audit((one.read for one in packed.read()), load_rulebook(), AS_OF)
    assert without_listings(whole) == without_listings(expected)


def test_random_rules_on_random_cases(tmp_path: Path) -> None:
    """On rulebooks nobody thought of, Spark lists the bytes that durable_rules lists, and counts what it counts."""
    folders: list[Path] = []
    expected: list[AuditResult] = []

    @seed(7_000)
    @settings(max_examples=4, database=None, phases=[Phase.generate])
    @given(data=st.data())
    def draw(data: st.DataObject) -> None:
        rulebook, as_of, read = data.draw(caseloads())
        folder = tmp_path / str(len(folders))
        folder.mkdir()
        drawn = [one.read for one in read if isinstance(one.read, CaseRecord)]
        lines = "".join(one.model_dump_json(exclude_defaults=True) + "\n" for one in drawn)
        (folder / "cases.jsonl").write_text(lines, encoding="utf-8")
        packed = pack([folder / "cases.jsonl"], folder / "packed", cases_in_a_group=2)
        assert packed.count == len(read)
        (folder / "by.pickle").write_bytes(pickle.dumps((rulebook, as_of)))
        expected.append(
            audit_caseload(read, rulebook, as_of, listings=folder / "durable", engine=Engine.DURABLE)
        )
        folders.append(folder)

    draw()

    run(HERE / "spark_jobs.py", *folders)

    for folder, result in zip(folders, expected, strict=True):
        assert files(folder / "durable") == files(folder / "listed")
        said = result.to_json().replace('"engine": "durable"', '"engine": "columnar"')
        assert (folder / "result.json").read_text(encoding="utf-8") == said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--engine", "spark"], "name one with --listings"),
        (["--engine", "spark", "--listings", "NEW"], "Spark audits a packed caseload"),
        (["--listings", "NEW", "--workers", "2"], "needs a packed caseload"),
        (["--listings", "NEW", "--format", "pdf", "-o", "x.pdf"], "lists findings"),
        (["--listings", "NEW", "--format", "csv"], "lists cases"),
        (["--listings", "TAKEN"], "is there already"),
    ],
)
def test_what_cannot_be_listed_is_said_before_anything_is_read(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    """Nothing is written then."""
    (tmp_path / "TAKEN").mkdir()
    (tmp_path / "TAKEN" / "notes.txt").write_text("mine")
    given = [str(tmp_path / one) if one in {"NEW", "TAKEN"} else one for one in arguments]

    done = command.run("audit", YORK, *given)

    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert not (tmp_path / "NEW" / "result.json").exists()
    assert [one.name for one in (tmp_path / "TAKEN").iterdir()] == ["notes.txt"]
