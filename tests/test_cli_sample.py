"""`aboveline sample`, run as a person would."""

import json
from pathlib import Path

import pytest

from command import ROOT, run

DEMONSTRATION = ROOT / "fixtures" / "demonstration" / "cases.jsonl"
BASIC = ("sample", DEMONSTRATION, "--as-of", "2013-12-02", "--seed", "spring")


def test_sample_is_written_with_its_manifest_and_can_be_audited(tmp_path: Path) -> None:
    """The sample is case records, and the manifest beside it names what was drawn and why others were not."""
    done = run(*BASIC, "--size", 6, "-o", tmp_path / "s.jsonl")
    audited = run("audit", tmp_path / "s.jsonl", "--as-of", "2013-12-02", "--format", "json")

    assert (0, "") == (done.returncode, done.stderr)
    assert "6 cases drawn of 11 eligible, of 16 in the frame" in done.stdout
    manifest = json.loads((tmp_path / "s.manifest.json").read_text(encoding="utf-8"))
    assert ("spring", 6, {"too new": 4, "start of supervision not recorded": 1}) == (
        manifest["plan"]["seed"],
        manifest["drawn"],
        {one["reason"]: one["count"] for one in manifest["exclusions"]},
    )
    assert json.loads(audited.stdout)["manifest"]["cases"] == manifest["sample"]


def test_sample_is_drawn_again_by_its_manifest_and_a_case_replaced(tmp_path: Path) -> None:
    """Replayed from records in another order, the bytes are the same; a replacement changes one case."""
    (tmp_path / "turned.jsonl").write_text(
        "".join(reversed(DEMONSTRATION.read_text(encoding="utf-8").splitlines(keepends=True))),
        encoding="utf-8",
    )
    run(*BASIC, "--strata", "gender", "--size", 4, "-o", tmp_path / "s.jsonl")
    manifest = tmp_path / "s.manifest.json"
    first = json.loads(manifest.read_text(encoding="utf-8"))
    gone = first["strata"][-1]["cases"][0]

    again = run("sample", tmp_path / "turned.jsonl", "--replay", manifest, "-o", tmp_path / "again.jsonl")
    other = run(
        *("sample", DEMONSTRATION, "--replay", manifest, "--replace", gone, "-o", tmp_path / "other.jsonl")
    )

    assert (0, 0) == (again.returncode, other.returncode)
    assert (tmp_path / "s.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()
    assert manifest.read_bytes() == (tmp_path / "again.manifest.json").read_bytes()
    before, after = (
        (tmp_path / f"{n}.jsonl").read_text(encoding="utf-8").splitlines() for n in ("s", "other")
    )
    assert 1 == len(set(before) - set(after)) == len(set(after) - set(before))
    assert f"{gone} replaced by" in other.stdout


def test_size_by_margin_is_told_in_words(tmp_path: Path) -> None:
    """The manifest says how the size came about."""
    done = run(*BASIC, "--margin", 5, "--expected", 70, "-o", tmp_path / "s.jsonl")

    manifest = json.loads((tmp_path / "s.manifest.json").read_text(encoding="utf-8"))
    assert 0 == done.returncode
    assert 11 == manifest["wanted"]
    assert "a score of 70% within 5 points at 95% confidence" in manifest["size_how"]


def test_shortfall_against_the_inspections_fifty_is_told(tmp_path: Path) -> None:
    """By caseload fifty are wanted; with eleven eligible the sample is 39 short, and says so."""
    done = run(*BASIC, "-o", tmp_path / "s.jsonl")

    assert 0 == done.returncode
    assert "Short: the sample: 11 drawn, 50 wanted." in done.stdout


def test_record_that_cannot_be_read_is_told_and_gives_two(tmp_path: Path) -> None:
    """A frame that is not whole is no frame to be silent about."""
    frame = tmp_path / "f.jsonl"
    frame.write_text(
        DEMONSTRATION.read_text(encoding="utf-8") + '{"case": "X", "chek": []}\n', encoding="utf-8"
    )
    (tmp_path / "out").mkdir()

    done = run(
        "sample", frame, "--as-of", "2013-12-02", "--seed", 7, "--size", 3, "-o", tmp_path / "out" / "s.jsonl"
    )

    assert 2 == done.returncode
    assert "f.jsonl:17: chek" in done.stderr
    assert "the frame is not whole" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sample", DEMONSTRATION, "-o", "{}/s.jsonl"), "choose a seed"),
        ((*BASIC, "-o", "{}/s.csv"), "must end in .jsonl"),
        ((*BASIC, "-o", DEMONSTRATION), "over its frame"),
        (
            ("sample", DEMONSTRATION.parent, "--seed", "a", "-o", DEMONSTRATION.parent / "s.jsonl"),
            "of its frame",
        ),
        ((*BASIC, "--strata", "gendre", "-o", "{}/s.jsonl"), "did you mean 'gender'?"),
        ((*BASIC, "--strata", "rosh,rosh", "-o", "{}/s.jsonl"), "each stratum is named once"),
        ((*BASIC, "--months", "10", "8", "-o", "{}/s.jsonl"), "the least months exceed the most"),
        ((*BASIC, "--size", "0", "-o", "{}/s.jsonl"), "greater than or equal to 1"),
        ((*BASIC, "--size", "3", "--margin", "5", "-o", "{}/s.jsonl"), "not both"),
        ((*BASIC, "--expected", "70", "-o", "{}/s.jsonl"), "go with --margin"),
        ((*BASIC, "--margin", "0", "-o", "{}/s.jsonl"), "greater than 0"),
        ((*BASIC, "--replay", "x", "-o", "{}/s.jsonl"), "the manifest settles --seed, --as-of"),
        (("sample", DEMONSTRATION, "--replay", "nowhere", "-o", "{}/s.jsonl"), "cannot be read"),
        (
            ("sample", DEMONSTRATION, "--replay", "pyproject.toml", "-o", "{}/s.jsonl"),
            "not the manifest of a sample",
        ),
        ((*BASIC, "--replace", "D-99", "-o", "{}/s.jsonl"), "the case D-99 is not in the frame"),
        (("sample", "nowhere.jsonl", "--seed", "a", "-o", "{}/s.jsonl"), "there is no such file"),
        (
            ("sample", DEMONSTRATION, "--seed", "a", "--as-of", "1999-01-01", "-o", "{}/s.jsonl"),
            "no case is eligible",
        ),
    ],
)
def test_what_cannot_be_drawn_says_why_and_writes_nothing(
    tmp_path: Path, arguments: tuple[object, ...], said: str
) -> None:
    """A wrong option or input is answered in words and exit code 2, and no file is left behind."""
    untouched = DEMONSTRATION.read_bytes()

    done = run(*(str(one).replace("{}", str(tmp_path)) for one in arguments))

    words = " ".join(done.stderr.replace("│", " ").split())
    assert 2 == done.returncode
    assert said in words
    assert "Traceback" not in done.stderr
    assert [] == list(tmp_path.iterdir())
    assert untouched == DEMONSTRATION.read_bytes()


def test_other_frame_is_refused_by_its_hash(tmp_path: Path) -> None:
    """A manifest is replayed from the frame it was drawn from, or not at all."""
    run(*BASIC, "--size", 3, "-o", tmp_path / "s.jsonl")

    done = run(
        "sample", tmp_path / "s.jsonl", "--replay", tmp_path / "s.manifest.json", "-o", tmp_path / "t.jsonl"
    )

    assert 2 == done.returncode
    assert "this is not the frame" in done.stderr
    assert not (tmp_path / "t.jsonl").exists()
