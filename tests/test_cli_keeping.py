"""``aboveline trail verify``, ``aboveline retain`` and ``aboveline grant``, on both databases, as whoever runs the service uses them."""

import datetime as dt
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aboveline.cli import app
from aboveline.store import Database, cases, retention, trail, users
from command import run
from stored import ALL, act_at, record, upload


def here(*arguments: str) -> Result:
    """Run the command in this process, which need not be started for it."""
    return CliRunner().invoke(app, arguments)


def test_whole_trail_is_told_with_what_to_write_down(url: str, database: Database) -> None:
    """What it says to write down is what it can be held to later; another is found out."""
    empty = here("trail", "verify", "--database", url)
    upload(database, record("A-1"))
    first = here("trail", "verify", "--database", url)
    (head,) = re.findall(r"--head: (\S+)", first.stdout)
    upload(database, record("A-2"), act=act_at(1))
    held = here("trail", "verify", "--database", url, "--head", head)
    other = here("trail", "verify", "--database", url, "--head", f"1:{'f' * 64}")
    cut = here("trail", "verify", "--database", url, "--head", f"9:{'f' * 64}")

    assert (0, "The trail is empty: nothing was done yet.\n") == (empty.exit_code, empty.stdout)
    assert (0, True) == (first.exit_code, first.stdout.startswith("The trail is whole: 1 entry.\n"))
    assert (0, True) == (held.exit_code, held.stdout.startswith("The trail is whole: 2 entries.\n"))
    assert (1, True) == (other.exit_code, "broken at entry 1" in other.stdout)
    assert (1, True) == (cut.exit_code, "ends before entry 9" in cut.stdout)


def test_changed_trail_is_told(tmp_path: Path) -> None:
    """Somebody with the file took the triggers away and changed who did it."""
    file = tmp_path / "aboveline.db"
    with Database.open(f"sqlite:///{file}") as database:
        database.migrate()
        upload(database, record("A-1"))
    with closing(sqlite3.connect(file)) as one, one:
        for (name,) in one.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            one.execute(f"drop trigger {name}")
        assert 1 == one.execute("update trail set who = 'SOMEBODY_ELSE'").rowcount

    done = run("trail", "verify", "--database", f"sqlite:///{file}")

    assert (1, "The trail is broken at entry 1: it was changed after it was written.\n") == (
        done.returncode,
        done.stdout,
    )


def test_cases_are_erased_only_when_told_to(url: str, database: Database) -> None:
    """By id, and by age; without --yes it says how many that would be. The trail has who, and not which."""
    upload(database, record("OLD-1"), record("OLD-2"), record("OLD-3"))  # on 2 March 2026
    upload(database, record("NEW-1"), act=act_at(dt.timedelta(days=30).total_seconds()))
    asked = here("retain", "--database", url, "--before", "2026-03-03")
    one = here("retain", "--database", url, "--case", "OLD-1", "--yes")
    gone = here("retain", "--database", url, "--case", "OLD-1", "--yes")
    old = here("retain", "--database", url, "--before", "2026-03-03", "--yes")

    assert (0, "3 cases would be erased. To do it, add --yes.\n") == (asked.exit_code, asked.stdout)
    assert (0, True) == (one.exit_code, one.stdout.startswith("1 case erased."))
    assert (2, "aboveline: there is no such case\n") == (gone.exit_code, gone.stderr)
    assert (0, True) == (old.exit_code, old.stdout.startswith("2 cases erased."))
    with database.reading() as session:
        assert ["NEW-1"] == [one.case for one in cases.page(session, ALL).items]
        assert 3 == len(retention.tombstones(session).items)
        told = trail.entries(session)
        assert trail.verify(session) is None
    assert 3 == sum(one.what == "case_erased" for one in told)
    assert {"ANNA", "command line"} == {one.who.partition(":")[0] for one in told}
    assert "OLD-" not in repr(told)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("retain",), "say what to erase"),
        (("retain", "--case", "A", "--before", "2020-01-01"), "say what to erase"),
        (("retain", "--before", "2999-01-01", "--yes"), "this day is to come"),
        (("trail", "verify", "--head", "1:2"), "NUMBER:HASH"),
        (("trail", "verify"), "there is no file"),
        (("retain", "--before", "2020-01-01"), "there is no file"),
    ],
)
def test_what_cannot_be_done_says_why(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """With exit code 2, and nothing on standard output."""
    done = here(*arguments, "--database", f"sqlite:///{tmp_path / 'none.db'}")

    assert (2, "") == (done.exit_code, done.stdout)
    assert words in " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.stderr).split())


@pytest.mark.parametrize(
    "arguments", [("trail", "verify"), ("retain", "--case", "A-1", "--yes")], ids=" ".join
)
def test_mistyped_path_is_refused_and_nothing_is_left_there(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """An empty file would say to whoever comes next that there is a database, with nothing in it."""
    mistyped = tmp_path / "abvoeline.db"
    done = here(*arguments, "--database", f"sqlite:///{mistyped}")

    assert (2, "", f"aboveline: there is no file {mistyped}: say where the database is\n") == (
        done.exit_code,
        done.stdout,
        done.stderr,
    )
    assert [] == list(tmp_path.iterdir())


def test_file_that_is_no_database_of_ours_is_refused(tmp_path: Path) -> None:
    """Empty, or of something else: with exit code 2, and it is as it was."""
    empty, other = tmp_path / "empty.db", tmp_path / "other.txt"
    empty.touch()
    other.write_text("Shopping list " * 100, encoding="utf-8")
    done = [here("trail", "verify", "--database", f"sqlite:///{one}") for one in (empty, other)]

    assert [2, 2] == [one.exit_code for one in done]
    assert "there is no database of this version" in done[0].stderr
    assert "the database could not be used" in done[1].stderr
    assert "Shopping list " * 100 == other.read_text(encoding="utf-8")


def test_first_administrator_is_granted_areas_from_outside(url: str, database: Database) -> None:
    """What they had stays, what they have already is no news, and the trail says who did it and why."""
    first = here("grant", "FIRST_ADMIN", "*", "--reason", "runs the service", "--database", url)
    again = here("grant", "FIRST_ADMIN", "*", "--reason", "runs the service", "--database", url)
    other = here("grant", "SOMEBODY", "YRK", "NYK", "--reason", "works there", "--database", url)

    assert (0, "FIRST_ADMIN has 1 area: *\n") == (first.exit_code, first.stdout)
    assert (first.exit_code, first.stdout) == (again.exit_code, again.stdout)
    assert (0, "SOMEBODY has 2 areas: NYK, YRK\n") == (other.exit_code, other.stdout)
    with database.reading() as session:
        assert users.access(session, "FIRST_ADMIN").scope == ALL
        assert not users.access(session, "FIRST_ADMIN").roles
        told = trail.entries(session)
    assert all(one.who.startswith("command line: ") for one in told)
    assert [
        ("access_changed", "SOMEBODY", {"reason": "works there"}),
        ("area_granted", "SOMEBODY", {"value": "NYK"}),
        ("area_granted", "SOMEBODY", {"value": "YRK"}),
        ("access_changed", "FIRST_ADMIN", {"reason": "runs the service"}),
        ("area_granted", "FIRST_ADMIN", {"value": "*"}),
    ] == [(one.what, one.subject, one.details) for one in told]


def test_nothing_is_granted_without_a_reason_or_a_name(url: str, database: Database) -> None:
    """It ends with 2, says what to do, and grants nothing."""
    for arguments in (
        ["SOMEBODY", "YRK", "--reason", " "],
        ["", "YRK", "--reason", "x"],
        ["SOMEBODY", "", "--reason", "x"],
    ):
        done = here("grant", *arguments, "--database", url)
        assert (2, True) == (done.exit_code, done.stderr.startswith("aboveline: ")), arguments
    with database.reading() as session:
        assert users.users(session) == ()
