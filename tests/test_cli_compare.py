"""`aboveline compare`, run as a person would."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from command import ROOT, run

DEMONSTRATION = ROOT / "fixtures" / "demonstration" / "cases.jsonl"
AS_OF = ("--as-of", "2013-12-02", "--format", "json")


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of audits: as it was, with a case's check gone, without answers, and of one case only."""
    folder = tmp_path_factory.mktemp("audits")
    lines = DEMONSTRATION.read_text(encoding="utf-8").splitlines()
    changed = [json.loads(line) for line in lines]
    changed[0]["check"] = []
    (folder / "changed.jsonl").write_text(
        "".join(json.dumps(one) + "\n" for one in changed), encoding="utf-8"
    )
    (folder / "one.jsonl").write_text(lines[0].replace("D-01", "E-01") + "\n", encoding="utf-8")
    for name, cases, more in (
        ("before", DEMONSTRATION, ()),
        ("after", folder / "changed.jsonl", ()),
        ("counts", DEMONSTRATION, ("--no-answers",)),
        ("other", folder / "one.jsonl", ()),
    ):
        assert 0 == run("audit", cases, *AS_OF, *more, "-o", folder / f"{name}.json").returncode
    return folder


def test_table_says_what_flipped_and_claims_no_change(audits: Path) -> None:
    """One case of sixteen made worse: its answers and deficiencies are told, and no outcome is called worse."""
    done = run("compare", audits / "before.json", audits / "after.json", "--fail-on", "worse-question")

    assert (0, "") == (done.returncode, done.stderr)
    for words in (
        "The same 16 cases are in both audits.",
        "Both were made with the same rules",
        "no clear change",
        "D-01-done-well",
        "PP-39.1",
        "Deficiencies in the cases that are in both: ",
    ):
        assert words in done.stdout, words
    assert {"clearly better", "clearly worse"}.isdisjoint(re.findall(r"clearly \w+", done.stdout))


def test_json_has_flips_deficiencies_and_intervals(audits: Path) -> None:
    """The flips are those of the case that was changed, and every change has its interval."""
    found = json.loads(
        run("compare", audits / "before.json", audits / "after.json", "--format", "json").stdout
    )

    assert {"D-01-done-well"} == {one["case"] for one in found["flips"]}
    assert ("PP-39", "sufficient", "insufficient") in {
        (one["question"], one["before"], one["after"]) for one in found["flips"]
    }
    assert {"new"} == {one["change"] for one in found["deficiencies"]}
    assert "same" == found["overlap"]
    for one in found["questions"] + found["outcomes"]:
        assert (
            one["change"] is None or one["change"]["low"] <= one["change"]["points"] <= one["change"]["high"]
        )


def test_csv_is_a_table_at_a_time_with_numbers_as_numbers(audits: Path) -> None:
    """A change for the worse is a negative number, not text."""
    done = run("compare", audits / "before.json", audits / "after.json", "--format", "csv")
    rows = {row["question"]: row for row in csv.DictReader(io.StringIO(done.stdout))}

    assert float(rows["PP-39"]["change_points"]) < 0
    assert "no_clear_change" == rows["PP-39"]["verdict"]
    flips = run(
        "compare", audits / "before.json", audits / "after.json", "--format", "csv", "--table", "flips"
    )
    assert "D-01-done-well,PP-39,sufficient,insufficient" in flips.stdout


def test_fail_on_worse_needs_a_clear_change(tmp_path: Path) -> None:
    """Exit code 1 needs --fail-on, and an outcome whose interval lies below zero."""
    lines = DEMONSTRATION.read_text(encoding="utf-8").splitlines()
    for name, facts in (
        ("good", json.loads(lines[0])),
        ("bad", {"case": "X", "sentence": json.loads(lines[0])["sentence"]}),
    ):
        (tmp_path / f"{name}.jsonl").write_text(
            "".join(json.dumps({**facts, "case": f"{name}-{n}"}) + "\n" for n in range(12)), encoding="utf-8"
        )
        run("audit", tmp_path / f"{name}.jsonl", *AS_OF, "-o", tmp_path / f"{name}.json")

    worse = (tmp_path / "good.json", tmp_path / "bad.json")
    assert 1 == run("compare", *worse, "--fail-on", "worse").returncode
    assert 0 == run("compare", *worse).returncode
    assert 0 == run("compare", *reversed(worse), "--fail-on", "worse").returncode


def test_file_without_answers_says_so_rather_than_no_flips(audits: Path) -> None:
    """An audit without its answers is told in words; a table of flips is refused, not left empty."""
    shown = run("compare", audits / "before.json", audits / "counts.json")
    refused = run(
        "compare", audits / "before.json", audits / "counts.json", "--format", "csv", "--table", "flips"
    )

    assert 0 == shown.returncode
    assert "the audit after does not list the answers to every case" in shown.stdout
    assert "Answers that changed: not known" in shown.stdout
    assert 2 == refused.returncode
    assert "counts.json: this audit does not list the answers" in refused.stderr


def test_samples_of_other_cases_are_told_apart(audits: Path) -> None:
    """Where no case is in both, nothing is said to have flipped."""
    done = run("compare", audits / "before.json", audits / "other.json")

    assert "No case is in both audits" in done.stdout
    assert "changed, of the" not in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere.json", "there is no such file"), ("one.jsonl", "not of an audit"), ("", "this is a folder")],
)
def test_what_is_no_audit_gives_two(audits: Path, name: str, said: str) -> None:
    """A wrong file is answered in words, without a traceback, and exit code 2."""
    done = run("compare", audits / "before.json", audits / name)

    assert 2 == done.returncode
    assert said in done.stderr
    assert "Traceback" not in done.stderr
