"""What is wrong in a fixture's tables is said, with its place, before any case is written."""

from pathlib import Path

import pytest

from aboveline.problems import InputError
from aboveline.rulebook import Rulebook, load_rulebook
from casework.writing import lines

HEAD = (
    "case,gender,age,ethnicity,ldu,grade,sentence,months,offence,started,report,requirements,restrictions,"
    "tier,rosh,mappa,child_protection,domestic_abuse,victims,barriers,factors,happened"
)
ROW = "{case},male,25_to_34,white,YRK,probation_officer,community_order,,12511,2013-03-05,fast,supervision,,3,{rosh},,,no,,,attitudes,{happened}"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the shipped rules."""
    return load_rulebook()


def folder(path: Path, shortfalls: str = "", *rows: str) -> Path:
    """Write the tables of a fixture: the rows, or one person, and what fell short."""
    table = "\n".join([HEAD, *(rows or [row()]), ""])
    (path / "cases.csv").write_text(table, encoding="utf-8")
    if shortfalls:
        (path / "shortfalls.yaml").write_text(shortfalls, encoding="utf-8")
    return path


def row(case: str = "A-1", rosh: str = "medium", happened: str = "") -> str:
    """Write a row."""
    return ROW.format(case=case, rosh=rosh, happened=happened)


def entry(does: str, case: str = "A-1") -> str:
    """Write an entry of ``shortfalls.yaml``."""
    return f"- what: Too late\n  {does}\n  in: [{case}]\n"


def refused(path: Path, rulebook: Rulebook) -> list[str]:
    """Return what is said of a folder that is refused, each with its file's name alone."""
    with pytest.raises(InputError) as error:
        lines(path, rulebook)
    return [str(problem).replace(f"{path}/", "") for problem in error.value.problems]


def test_row_is_a_case(tmp_path: Path, rulebook: Rulebook) -> None:
    """Tables in which nothing is wrong make a case a row."""
    made = lines(folder(tmp_path, "", row("A-1"), row("A-2", happened="absence")), rulebook)

    assert ["A-1", "A-2"] == [line.partition('"case":"')[2][:3] for line in made]


def test_entry_changes_its_case_alone(tmp_path: Path, rulebook: Rulebook) -> None:
    """What an entry takes away is gone from the case it names, and from no other."""
    rows = row("A-1"), row("A-2")
    before = lines(folder(tmp_path, "", *rows), rulebook)
    after = lines(
        folder(tmp_path, entry("drop: {plan: {type: sentence_plan}, objective: {}}"), *rows), rulebook
    )

    assert '"sentence-plan"' in before[0]
    assert '"sentence-plan"' not in after[0]
    assert before[1] == after[1]


def test_unknown_case_is_named(tmp_path: Path, rulebook: Rulebook) -> None:
    """An entry for a case that is not there is refused, with the nearest that is."""
    path = folder(tmp_path, entry("judge: PP-12", "A-11"))

    assert ["shortfalls.yaml: Too late: there is no case A-11 - did you mean 'A-1'?"] == refused(
        path, rulebook
    )


@pytest.mark.parametrize(
    "does",
    [
        "drop: {referral: {}}",
        "set: {plan: {type: mappa_exit_plan}}\n  to: {contingency: false}",
        "set: {plan: {type: sentence_plan}}\n  to: {carried_out: true}",
        "set: {plan: {type: sentence_plan}}",
        "unset: {plan: {type: mappa_exit_plan}}\n  fields: [review_due_on]",
        "unset: {plan: {type: sentence_plan}}\n  fields: [who_what_when]",
        "unset: {plan: {type: sentence_plan}}",
        "move: {transfer: {}}\n  field: completed_on\n  working_days: 5",
        "move: {plan: {type: sentence_plan}}\n  field: complete_on\n  working_days: 5",
        "move: {plan: {type: sentence_plan}}\n  field: completed_on",
        "judge: PP-39",
    ],
)
def test_entry_that_changes_nothing_is_named(tmp_path: Path, rulebook: Rulebook, does: str) -> None:
    """An entry with nothing to change in a case is refused: no such fact, no such field, or it is so already."""
    path = folder(tmp_path, entry(does))

    assert ["shortfalls.yaml: Too late: A-1 has nothing to change"] == refused(path, rulebook)


def test_entry_is_refused_for_one_case_of_several(tmp_path: Path, rulebook: Rulebook) -> None:
    """An entry that changes one of its cases and not the other is refused for the other."""
    path = folder(
        tmp_path, entry("drop: {absence: {}}", "A-1, A-2"), row("A-1", happened="absence"), row("A-2")
    )

    assert ["shortfalls.yaml: Too late: A-2 has nothing to change"] == refused(path, rulebook)


@pytest.mark.parametrize(
    "does",
    [
        "judge: PP-12\n  drop: {check: {}}",
        "drop: {check: {}}\n  add: {check: {agency: police}}",
        "to: {a: b}",
    ],
    ids=["two", "two others", "none"],
)
def test_entry_does_one_thing(tmp_path: Path, rulebook: Rulebook, does: str) -> None:
    """An entry that does two things, or none, is refused with its number."""
    path = folder(tmp_path, entry("judge: PP-12") + entry(does))
    (said,) = refused(path, rulebook)

    assert said.startswith("shortfalls.yaml: entry 2: ")
    assert "write one of drop, add, set, unset, move and judge" in said


def test_unknown_key_of_an_entry_is_refused(tmp_path: Path, rulebook: Rulebook) -> None:
    """A misspelt key of an entry is no key."""
    (said,) = refused(folder(tmp_path, entry("judges: PP-12\n  drop: {check: {}}")), rulebook)

    assert said.startswith("shortfalls.yaml: entry 1: ")
    assert "judges" in said


def test_unknown_codes_are_named_with_their_lines(tmp_path: Path, rulebook: Rulebook) -> None:
    """Every row with a word that means nothing is named: file, line and column."""
    path = folder(
        tmp_path, "", row(), row("A-2", rosh="midium"), row("A-3"), row("A-4", happened="risk_rises abscence")
    )

    rosh, happened = refused(path, rulebook)

    assert "cases.csv:3: rosh: Input should be 'low', 'medium', 'high' or 'very_high'" == rosh
    assert happened.startswith("cases.csv:5: happened.1: Input should be 'absence', 'approved_premises', ")


def test_case_has_one_row(tmp_path: Path, rulebook: Rulebook) -> None:
    """A case with two rows is refused: only one of the two could be written."""
    path = folder(tmp_path, "", row(), row("A-2"), row(rosh="high"))

    assert ["cases.csv:4: case: A-1 has a row already"] == refused(path, rulebook)


def test_field_that_is_no_field_is_refused(tmp_path: Path, rulebook: Rulebook) -> None:
    """What an entry makes of a case is held to the case record."""
    path = folder(tmp_path, entry("set: {plan: {type: sentence_plan}}\n  to: {contingencies: true}"))
    (said,) = refused(path, rulebook)

    assert said.startswith("A-1: plan[0].contingencies: there is no such field")


def test_what_stands_once_is_neither_added_nor_dropped(tmp_path: Path, rulebook: Rulebook) -> None:
    """Every case has one sentence: an entry that would drop it or add another is refused in words."""
    path = folder(tmp_path, entry("drop: {sentence: {}}") + entry("add: {area: {ldu: YRK}}"), row("A-1"))

    assert [
        "every case has one sentence: set or unset its fields",
        "every case has one area: set or unset its fields",
    ] == [said.rpartition("Value error, ")[2].partition(" [")[0] for said in refused(path, rulebook)]


def test_table_of_shortfalls_may_be_empty(tmp_path: Path, rulebook: Rulebook) -> None:
    """A table that holds no entry changes nothing."""
    rows = row("A-1"), row("A-2")

    assert lines(folder(tmp_path, "# nothing fell short\n", *rows), rulebook) == lines(
        folder(tmp_path, "", *rows), rulebook
    )
