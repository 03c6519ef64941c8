"""The command line, run as a person would: the installed script, its words and its exit codes."""

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from command import ROOT, SCRIPT, run

DEMONSTRATION = ROOT / "fixtures" / "demonstration" / "cases.jsonl"
REAL = ROOT.parent / "shared" / "real-inputs"
AS_OF = ("--as-of", "2013-12-02")


@pytest.fixture(scope="module")
def audited() -> dict[str, list[dict[str, object]]]:
    """Return the JSON of an audit of the demonstration cases."""
    done = run("audit", DEMONSTRATION, *AS_OF, "--format", "json")
    assert (0, "") == (done.returncode, done.stderr)
    result: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return result


def test_audit_shows_scores_findings_and_gaps_to_a_person() -> None:
    """The table has the outcomes with their scores, findings with what to do, what is due and what is missing."""
    done = run("audit", DEMONSTRATION, *AS_OF)

    assert done.returncode == 0
    for words in (
        "Audit of 16 cases as at 2 December 2013",
        "Protecting the public by minimising the risk of harm to others",
        "What to do",
        "Ask children's social care services",
        "due, counted for nothing yet",
        "what is missing",
        "Answers changed by an assessor",
        "Judged insufficient by an assessor",
    ):
        assert words in done.stdout, words


def test_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Two runs, and a run over the lines in another order, give the same JSON to the byte."""
    other = tmp_path / "cases.jsonl"
    other.write_text(
        "".join(reversed(DEMONSTRATION.read_text(encoding="utf-8").splitlines(keepends=True))),
        encoding="utf-8",
    )

    first, second, reordered = (
        run("audit", path, *AS_OF, "--format", "json").stdout
        for path in (DEMONSTRATION, DEMONSTRATION, other)
    )

    assert first == second == reordered


def test_findings_of_the_demonstration_are_the_planted_ones(
    audited: dict[str, list[dict[str, object]]],
) -> None:
    """Each case of the demonstration shows what it was made to show."""
    found = {(f["case"], f["question"]) for f in audited["findings"]}
    missing = {(n["case"], n["question"]) for n in audited["not_assessed"]}

    assert {
        ("D-03-oral-report-lost", "AS-01"),
        ("D-05-mappa-missed", "PP-19"),
        ("D-06-check-a-day-late", "PP-39"),
        ("D-06-check-a-day-late", "AS-13"),
        ("D-06-check-a-day-late", "DS-17"),
        ("D-07-police-never-asked", "PP-38"),
        ("D-07-police-never-asked", "PP-26"),
        ("D-07-police-never-asked", "PP-34"),
        ("D-08-suspended-sentence", "PP-21"),
        ("D-11-locked-incomplete", "RR-01"),
        ("D-11-locked-incomplete", "PP-01"),
        ("D-11-locked-incomplete", "DS-08"),
        ("D-12-life-licence", "VW-05"),
        ("D-12-life-licence", "PP-36"),
        ("D-13-no-review-stated", "DS-21"),
        ("D-13-no-review-stated", "DS-42"),
        ("D-14-no-contingency", "PP-14"),
        ("D-15-registered", "PP-22"),
    } <= found
    assert {
        ("D-10-gaps-in-the-record", "PP-19"),
        ("D-10-gaps-in-the-record", "PP-39"),
        ("D-10-gaps-in-the-record", "PP-13"),
        ("D-16-judged", "RR-01"),
    } <= missing


@pytest.mark.parametrize(
    "case", ["D-01-done-well", "D-02-unpaid-work-only", "D-04-licence-done-well", "D-09-just-started"]
)
def test_work_done_well_has_no_finding(audited: dict[str, list[dict[str, object]]], case: str) -> None:
    """A case done well, or not yet due, has no finding."""
    assert [] == [finding for finding in audited["findings"] if finding["case"] == case]


def test_what_is_not_yet_due_is_due_soon(audited: dict[str, list[dict[str, object]]]) -> None:
    """A case that has just started has work due, and none of it counts."""
    due = {d["question"] for d in audited["due_soon"] if d["case"] == "D-09-just-started"}

    assert {"DS-08", "PP-01", "RR-01"} <= due


def test_csv_is_one_table_that_a_spreadsheet_reads_as_text(tmp_path: Path) -> None:
    """CSV has a header and a row for each finding; a cell that begins like a formula is text."""
    lines = DEMONSTRATION.read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[-1])
    record["override"][0]["reason"] = "=HYPERLINK(1)"
    (tmp_path / "c.jsonl").write_text(json.dumps(record), encoding="utf-8")

    findings = run("audit", DEMONSTRATION, *AS_OF, "--format", "csv")
    overrides = run("audit", tmp_path / "c.jsonl", *AS_OF, "--format", "csv", "--table", "overrides")

    rows = list(csv.DictReader(io.StringIO(findings.stdout)))
    assert {
        "case",
        "question",
        "deficiency",
        "severity",
        "due",
        "finding",
        "put_right",
        "recommendation",
        "evidence",
    } == set(rows[0])
    assert "'=HYPERLINK(1)" in overrides.stdout


def test_csv_of_answers_has_a_row_for_every_case_and_question(
    audited: dict[str, list[dict[str, object]]],
) -> None:
    """Every question has one of the four answers for every case; without answers there is no such table."""
    answers = run("audit", DEMONSTRATION, *AS_OF, "--format", "csv", "--table", "answers")
    refused = run("audit", DEMONSTRATION, *AS_OF, "--format", "csv", "--table", "answers", "--no-answers")

    rows = list(csv.DictReader(io.StringIO(answers.stdout)))
    assert 16 * len(audited["questions"]) == len(rows)
    assert {"sufficient", "insufficient", "not_applicable", "not_assessed"} == {row["answer"] for row in rows}
    assert 2 == refused.returncode
    assert "leave out --no-answers" in refused.stderr


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (
            "recommendations",
            {"recommendation", "text", "severity", "cases", "questions", "deficiencies", "case_ids"},
        ),
        ("strengths", {"outcome", "question", "title", "sufficient", "insufficient", "n", "score_percent"}),
        (
            "improvements",
            {"outcome", "question", "title", "sufficient", "insufficient", "n", "score_percent"},
        ),
    ],
)
def test_csv_has_what_stands_out(tmp_path: Path, table: str, columns: set[str]) -> None:
    """Five cases in which nothing was done, beside five done well: CSV has what they call for, the good and the bad."""
    nothing = {
        "sentence": {"type": "community_order", "sentenced_on": "2013-03-01", "started_on": "2013-03-01"},
        "tier": [{"level": 3, "assigned_on": "2013-03-01"}],
        "concern": [{"kind": "child_protection", "raised_on": "2013-03-01"}],
    }
    well = json.loads(DEMONSTRATION.read_text(encoding="utf-8").splitlines()[0])
    cases = tmp_path / "c.jsonl"
    records = [one | {"case": f"{name}-{n}"} for name, one in (("A", nothing), ("B", well)) for n in range(5)]
    cases.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")

    done = run("audit", cases, *AS_OF, "--format", "csv", "--table", table)
    shown = run("audit", cases, *AS_OF)

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert columns == set(rows[0])
    assert "Recommendations, those of most cases first" in shown.stdout
    assert "Strengths" in shown.stdout
    assert "Areas for improvement" in shown.stdout
    if table == "recommendations":
        assert "A-0; A-1; A-2; A-3; A-4" == rows[0]["case_ids"]


def test_csv_of_factors_has_a_row_for_each() -> None:
    """The nine factors of the report are there, whether or not a case has them."""
    done = run("audit", DEMONSTRATION, *AS_OF, "--format", "csv", "--table", "factors", "--no-answers")

    assert 9 == len(list(csv.DictReader(io.StringIO(done.stdout))))


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    """With --output the result is in the file, and the screen is quiet."""
    done = run("audit", DEMONSTRATION, *AS_OF, "--format", "json", "--output", tmp_path / "r.json")

    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["cases"] == 16


def test_fail_on_gives_one_at_a_finding_of_that_severity() -> None:
    """Exit code 1 needs --fail-on and a finding at or above it."""
    assert run("audit", DEMONSTRATION, *AS_OF, "--fail-on", "high").returncode == 1
    assert run("audit", DEMONSTRATION, *AS_OF).returncode == 0


def test_rejected_record_is_reported_and_gives_two(tmp_path: Path) -> None:
    """A bad record is named, the others are audited, and the exit code says so."""
    text = DEMONSTRATION.read_text(encoding="utf-8")
    (tmp_path / "c.jsonl").write_text(text + '{"case": "X", "chek": []}\n', encoding="utf-8")

    done = run("audit", tmp_path / "c.jsonl", *AS_OF, "--format", "json")

    result = json.loads(done.stdout)
    assert (2, 16) == (done.returncode, result["cases"])
    assert [(17, "chek", "there is no such field - did you mean 'check'?")] == [
        (r["line"], r["path"], r["reason"]) for r in result["rejected"]
    ]
    assert "c.jsonl:17: chek: there is no such field" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audit", "nowhere.jsonl"], "there is no such file"),
        (["audit", "README.md"], "`aboveline import` makes them"),
        (
            ["audit", "fixtures/demonstration/cases.jsonl", "--rules", "nowhere"],
            "there is no such folder of rules",
        ),
        (
            ["audit", "fixtures/demonstration/cases.jsonl", "--as-of", "1999-01-01"],
            "has no value on 1999-01-01",
        ),
        (
            ["audit", "fixtures/demonstration/cases.jsonl", "--as-of", "02/12/2013"],
            "does not match the format",
        ),
        (["explain", "D-99", "PP-39", "fixtures/demonstration/cases.jsonl"], "there is no case D-99"),
        (
            ["explain", "D-01-done-well", "PP-93", "fixtures/demonstration/cases.jsonl"],
            "there is no question PP-93",
        ),
        (["rules", "PP-93"], "did you mean 'PP-"),
        (["import", "nowhere", "-o", "x.jsonl"], "nowhere"),
        (["lint", "--rules", "nowhere"], "there is no such folder of rules"),
    ],
)
def test_what_cannot_run_says_why_and_gives_two(arguments: list[str], said: str) -> None:
    """A wrong input is answered in words, without a traceback, and exit code 2."""
    done = run(*arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_lint_is_clean_and_says_so() -> None:
    """The shipped rules have no problems; a broken copy exits with 1 and names the place."""
    done = run("lint")

    assert done.returncode == 0
    assert "no problems" in done.stdout


def test_lint_names_problems_of_a_folder(tmp_path: Path) -> None:
    """A problem in another folder of rules is named with file and line, and the exit code is 1."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules", ignore=shutil.ignore_patterns("__pycache__"))
    rule = next((tmp_path / "rules" / "protecting-the-public").glob("PP-39-*.yaml"))
    rule.write_text(
        rule.read_text(encoding="utf-8").replace("severity: high", "severity: hihg"), encoding="utf-8"
    )

    done = run("lint", "--rules", tmp_path / "rules")

    assert done.returncode == 1
    assert "did you mean 'high'?" in done.stdout


def test_rules_lists_and_shows() -> None:
    """The rules can be listed, and one shown with its source and what to do."""
    assert "PP-39" in run("rules").stdout
    assert "inspection-report-2014, O4 3.2" in run("rules", "PP-39").stdout


def test_schema_is_json_schema_with_meanings() -> None:
    """The schema is JSON, closed, and says what fields mean."""
    schema = json.loads(run("schema").stdout)

    assert schema["additionalProperties"] is False
    assert "Day they were asked" in json.dumps(schema)


def test_imported_real_case_shows_its_overdue_reviews(tmp_path: Path) -> None:
    """The public case X320741 has two register reviews overdue in December 2020, and unfinished work does not count."""
    imported = run("import", REAL / "ndelius-X320741", "-o", tmp_path / "x.jsonl")
    done = run("audit", tmp_path / "x.jsonl", "--as-of", "2020-12-01", "--format", "json")

    assert (0, 0) == (imported.returncode, done.returncode)
    result = json.loads(done.stdout)
    overdue = {
        (fact["fields"]["code"], finding["due"])
        for finding in result["findings"]
        for fact in finding["evidence"]
        if fact["kind"] == "registration"
    }
    assert {("ADVP", "2020-07-14"), ("RMRH", "2020-10-14")} == overdue
    assert "RR-01" in {finding["question"] for finding in result["findings"]}


def test_imported_plan_without_contingency_is_found(tmp_path: Path) -> None:
    """The public OASys plan whose contingency is null is a deficiency of PP-14."""
    run("import", REAL / "oasys", "-o", tmp_path / "o.jsonl")

    result = json.loads(
        run("audit", tmp_path / "o.jsonl", "--as-of", "2020-12-01", "--format", "json").stdout
    )

    assert ("X123456", "PP-14") in {(finding["case"], finding["question"]) for finding in result["findings"]}


def test_explain_says_what_matched_and_what_would_change_it() -> None:
    """An explanation names the answer, the fact that came too late, and the change that would alter it."""
    done = run("explain", "D-06-check-a-day-late", "PP-39", DEMONSTRATION, *AS_OF)

    assert done.returncode == 0
    assert "insufficient" in done.stdout.lower()
    assert "8 March 2013" in done.stdout or "11 March 2013" in done.stdout


def test_logs_hold_identifiers_only() -> None:
    """With --verbose the log is JSON on standard error, without a word of a case's free text."""
    done = run("--verbose", "audit", DEMONSTRATION, *AS_OF, "--format", "json")

    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert "audit_done" in {event["event"] for event in events}
    assert "paper record" not in done.stderr
    assert "full analysis" not in done.stderr


def test_reader_who_has_had_enough_is_no_error() -> None:
    """A pipe that is closed early ends the command quietly."""
    done = subprocess.run(  # noqa: S602 - the pipe is what is tested
        f"{SCRIPT} schema | head -n 1", shell=True, capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert ("{\n", "") == (done.stdout, done.stderr)


def test_standards_are_chosen_and_told() -> None:
    """A pack is listed, shows its values, and is named in the result, with that it was not in force."""
    listed = run("rules")
    shown = run("rules", "PP-26", "--standards", "modern")
    audited = run("audit", DEMONSTRATION, *AS_OF, "--standards", "modern")
    told = run("explain", "D-01-done-well", "PP-26", DEMONSTRATION, *AS_OF, "--standards", "modern")

    assert all(name in listed.stdout for name in ("ns2007", "modern", "report-2014 (chosen)"))
    assert "home_visit_days: 15 days by modern" in " ".join(shown.stdout.split())
    words = " ".join(audited.stdout.split())
    assert "What is known of the standards from 2022 (modern)" in words
    assert "in force only from 1 January 2022, so not on the day of this audit" in words
    assert told.returncode == 0


def test_unknown_standards_stop_the_audit() -> None:
    """A misspelt pack is named with the nearest, and nothing is audited by another."""
    done = run("audit", DEMONSTRATION, *AS_OF, "--standards", "ns2070")

    assert (2, "") == (done.returncode, done.stdout)
    assert "there are no standards 'ns2070' - did you mean 'ns2007'?" in done.stderr


def test_breakdowns_are_chosen_on_the_command_line() -> None:
    """--by may be given more than once, and --suppress-below 0 shows every number."""
    done = run(
        *("audit", DEMONSTRATION, *AS_OF, "--format", "json"),
        *("--by", "rosh", "--by", "sentence", "--suppress-below", "0"),
    )

    result = json.loads(done.stdout)
    assert ["rosh", "sentence"] == [one["by"] for one in result["breakdowns"]]
    for breakdown in result["breakdowns"]:
        assert result["cases"] == sum(group["cases"] for group in breakdown["groups"])
        for position, question in enumerate(result["questions"]):
            cells = [group["questions"][position] for group in breakdown["groups"]]
            assert question["sufficient"] == sum(cell["sufficient"] for cell in cells)
            assert question["insufficient"] == sum(cell["insufficient"] for cell in cells)


def test_version_is_shown_without_a_command() -> None:
    """``--version`` needs no command."""
    done = run("--version")

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.strip().count(".") == 2
