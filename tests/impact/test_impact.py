"""What a change of rules does to cases, counted and not estimated."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aboveline.answers import Answer
from aboveline.case import CaseRecord, Rejected, read_record
from aboveline.comparison.model import Standing
from aboveline.impact import Impact, assess
from aboveline.problems import InputError, Problem
from aboveline.rulebook import Rulebook
from books import book, deficiency
from command import ROOT, run

DEMONSTRATION = ROOT / "fixtures" / "demonstration" / "cases.jsonl"
AS_OF = dt.date(2013, 12, 2)
PLAN = (
    "applies: [{sentence: {type: community_order}}]\nneeds: [sentence.type]\ndeficiencies:\n  - "
    + deficiency("PP-01.1", "without: [{check: {agency: police}}]")
)
VISIT = (
    "applies: [{sentence: {type: community_order}}]\nneeds: [sentence.type]\ndeficiencies:\n  - "
    + deficiency("PP-02.1", "without: [{home_visit: {}}]")
)
Change = Callable[[str], str]


def records() -> list[CaseRecord | Rejected]:
    """Return three cases: with a check, with none, and with no sentence recorded."""
    made = [
        {
            "case": "A",
            "sentence": {"type": "community_order"},
            "check": [{"agency": "police", "made_on": "2013-03-01"}],
        },
        {"case": "B", "sentence": {"type": "community_order"}},
        {"case": "C"},
    ]
    return [read_record(json.dumps(one).encode(), "test") for one in made]


def of(before: Rulebook, after: Rulebook) -> Impact:
    """Return the impact on the three cases."""
    return assess(records, before, after, AS_OF)


def test_same_rules_change_nothing(tmp_path: Path) -> None:
    """Two folders of the same rules: nothing listed, nothing moved, whatever the folders are called."""
    impact = of(book(tmp_path / "old", {"PP-01": PLAN}), book(tmp_path / "new", {"PP-01": PLAN}))

    assert impact.rulebook_before == impact.rulebook_after
    assert ((), (), False) == (impact.questions, impact.moved, impact.changes_anything)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (lambda text: text.replace("community_order", "suspended_sentence_order"), ("conditions",)),
        (lambda text: text.replace("finding: 'Missing.'", "finding: 'Gone.'"), ("words",)),
        (lambda text: text.replace("severity: high", "severity: low"), ("severity",)),
        (lambda text: text + "\nknown_gaps: [Some.]", ("known gaps",)),
        (lambda text: text + "\njudged: true", ("judged",)),
    ],
)
def test_what_differs_in_a_rule_is_named(tmp_path: Path, change: Change, parts: tuple[str, ...]) -> None:
    """Conditions, words and the rest are told apart."""
    impact = of(book(tmp_path / "old", {"PP-01": PLAN}), book(tmp_path / "new", {"PP-01": change(PLAN)}))

    assert [("PP-01", parts)] == [(one.id, one.changed) for one in impact.questions]


def test_where_a_rule_stands_is_no_difference(tmp_path: Path) -> None:
    """A comment and an alias of another name are no change of the rule."""
    aliased = PLAN.replace("{type: community_order}", "{type: community_order, as: order}")
    old = book(tmp_path / "old", {"PP-01": PLAN})
    new = book(tmp_path / "new", {"PP-01": "# A comment.\n\n" + aliased})

    impact = of(old, new)

    assert impact.rulebook_before != impact.rulebook_after
    assert () == impact.questions


def test_answers_that_move_are_counted_and_named(tmp_path: Path) -> None:
    """A stricter rule moves case A; the cells add up to the cases, and the deficiency is new."""
    stricter = PLAN.replace("{check: {agency: police}}", "{home_visit: {}}")

    impact = of(book(tmp_path / "old", {"PP-01": PLAN}), book(tmp_path / "new", {"PP-01": stricter}))

    (question,) = impact.questions
    assert {
        (Answer.SUFFICIENT, Answer.INSUFFICIENT): 1,
        (Answer.INSUFFICIENT, Answer.INSUFFICIENT): 1,
        (Answer.NOT_ASSESSED, Answer.NOT_ASSESSED): 1,
    } == {(cell.before, cell.after): cell.cases for cell in question.cells}
    assert [("A", Answer.SUFFICIENT, Answer.INSUFFICIENT, ("PP-01.1",), ())] == [
        (one.case, one.before, one.after, one.new, one.gone) for one in impact.moved
    ]
    outcome = impact.outcomes[0]
    assert [(50, 1, 2), (0, 1, 2)] == [
        (s.score, s.questions, s.n) for s in (outcome.before, outcome.after) if s
    ]


def test_another_deficiency_moves_a_case_whose_answer_stands(tmp_path: Path) -> None:
    """A deficiency under a new id is new, and the old one gone, though the answer is the same."""
    renamed = PLAN.replace("PP-01.1", "PP-01.2")

    impact = of(book(tmp_path / "old", {"PP-01": PLAN}), book(tmp_path / "new", {"PP-01": renamed}))

    assert [("B", Answer.INSUFFICIENT, Answer.INSUFFICIENT, ("PP-01.2",), ("PP-01.1",))] == [
        (one.case, one.before, one.after, one.new, one.gone) for one in impact.moved
    ]
    assert impact.changes_anything


def test_question_added_or_removed_is_told(tmp_path: Path) -> None:
    """What is asked by one rulebook only is added or removed, with how the cases are answered."""
    old, new = (
        book(tmp_path / "old", {"PP-01": PLAN}),
        book(tmp_path / "new", {"PP-01": PLAN, "PP-02": VISIT}),
    )

    (added,), (removed,) = of(old, new).questions, of(new, old).questions

    assert (Standing.ADDED, None, Standing.REMOVED, None) == (
        added.standing,
        added.before,
        removed.standing,
        removed.after,
    )
    assert {(None, Answer.INSUFFICIENT): 2, (None, Answer.NOT_ASSESSED): 1} == {
        (cell.before, cell.after): cell.cases for cell in added.cells
    }
    assert [("A", None, ("PP-02.1",)), ("B", None, ("PP-02.1",))] == [
        (one.case, one.before, one.new) for one in of(old, new).moved
    ]


def test_records_that_change_meanwhile_are_refused(tmp_path: Path) -> None:
    """Cases that differ the second time they are read are not compared."""
    rulebook = book(tmp_path / "old", {"PP-01": PLAN})
    passes = iter([records(), records()[:2]])

    with pytest.raises(InputError, match="changed while they were being read"):
        assess(lambda: next(passes), rulebook, rulebook, AS_OF)


def test_rejected_records_are_told_once(tmp_path: Path) -> None:
    """A record that cannot be read is told with its reason, not twice."""
    rulebook = book(tmp_path / "old", {"PP-01": PLAN})
    bad = Rejected([Problem("c.jsonl", 4, "chek", "there is no such field")])

    impact = assess(lambda: [*records(), bad], rulebook, rulebook, AS_OF)

    assert (3, [("c.jsonl", 4)]) == (impact.cases, [(one.source, one.line) for one in impact.rejected])


@pytest.fixture(scope="module")
def new_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped rules with one number changed: a check with children's services a day later is in time."""
    folder = tmp_path_factory.mktemp("rules") / "rules"
    shutil.copytree(ROOT / "rules", folder, ignore=shutil.ignore_patterns("__pycache__"))
    numbers = folder / "parameters" / "protecting-the-public.yaml"
    text = numbers.read_text(encoding="utf-8")
    start = text.index("csc_check_days:")
    numbers.write_text(text[:start] + text[start:].replace("value: 5", "value: 6", 1), encoding="utf-8")
    return folder


def test_number_changed_moves_the_case_a_day_late(new_rules: Path) -> None:
    """With six days for five, the case whose check came a day late is sufficient, and exit code 1 says so if asked."""
    done = run("impact", "--rules", "rules", new_rules, DEMONSTRATION, "--as-of", "2013-12-02")
    asked = run(
        *("impact", "--rules", "rules", new_rules, DEMONSTRATION, "--as-of", "2013-12-02"),
        *("--fail-on-change", "--format", "json"),
    )

    assert (0, 1) == (done.returncode, asked.returncode)
    assert "csc check days" in done.stdout
    found: dict[str, Any] = json.loads(asked.stdout)
    moved = {(one["case"], one["question"]): one for one in found["moved"]}
    one = moved["D-06-check-a-day-late", "PP-39"]
    assert ("insufficient", "sufficient", [], ["PP-39.1"]) == (
        one["before"],
        one["after"],
        one["new"],
        one["gone"],
    )
    assert all(sum(cell["cases"] for cell in q["cells"]) == found["cases"] for q in found["questions"])


def test_no_change_is_said_and_gives_nought() -> None:
    """The same rules twice: no answer changes, and --fail-on-change gives 0."""
    done = run(
        *("impact", "--rules", "rules", "rules", DEMONSTRATION, "--as-of", "2013-12-02", "--fail-on-change")
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert "No answer and no deficiency of these cases changes." in done.stdout


def test_wrong_folder_and_bad_record_give_two(new_rules: Path, tmp_path: Path) -> None:
    """A folder that is not there, one folder for two, and a record that cannot be read: exit code 2, with words."""
    (tmp_path / "c.jsonl").write_text('{"case": "X", "chek": []}\n', encoding="utf-8")

    nowhere = run("impact", "--rules", "rules", "nowhere", DEMONSTRATION)
    one = run("impact", DEMONSTRATION, "--rules", "rules")
    bad = run(
        "impact",
        "--rules",
        "rules",
        new_rules,
        tmp_path / "c.jsonl",
        "--as-of",
        "2013-12-02",
        "--format",
        "csv",
    )

    assert [2, 2, 2] == [nowhere.returncode, one.returncode, bad.returncode]
    assert "there is no such folder of rules" in nowhere.stderr
    assert "c.jsonl:1: chek: there is no such field" in bad.stderr
    assert "Traceback" not in nowhere.stderr + one.stderr + bad.stderr
