"""The trail is chained, and whatever is done to it is found."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from aboveline.store import Act, Database, cases, trail
from stored import ALL, record, upload


def fill(database: Database, act: Callable[..., Act], many: int = 5) -> None:
    """Write entries."""
    for n in range(many):
        with database.begin() as session:
            trail.note(session, act(), "tested", f"subject-{n}", number=n, areas=["YRK"])


def tamper(database: Database, *statements: str) -> None:
    """Do to the trail what only somebody can who may take its triggers away."""
    with database.begin() as session:
        for name in ("trail_no_update", "trail_no_delete"):
            session.execute(text(f"drop trigger {name}" + ("" if database.is_sqlite else " on trail")))
        for statement in statements:
            session.execute(text(statement))


def broken(database: Database, known: trail.Head | None = None) -> trail.Break | None:
    """Verify the trail."""
    with database.reading() as session:
        return trail.verify(session, known)


def test_each_entry_follows_from_the_one_before(database: Database, act: Callable[..., Act]) -> None:
    """The first follows from nothing; the head is the last."""
    fill(database, act)

    with database.reading() as session:
        found = trail.entries(session)[::-1]
        head = trail.head(session)

    assert [1, 2, 3, 4, 5] == [one.seq for one in found]
    assert ["0" * 64, *[one.hash for one in found[:-1]]] == [one.previous for one in found]
    assert head == trail.Head(5, found[-1].hash)
    assert {"number": 2, "areas": ["YRK"]} == found[2].details
    assert broken(database) is None
    assert broken(database, head) is None


def test_an_empty_trail_is_whole(database: Database) -> None:
    """Nothing was done yet, and nothing is wrong; but where something had been, it is."""
    assert broken(database) is None
    found = broken(database, trail.Head(3, "f" * 64))
    assert found is not None
    assert "ends before entry 3" in found.reason


@pytest.mark.parametrize(
    ("statement", "seq", "reason"),
    [
        ("update trail set who = 'MALLORY' where seq = 3", 3, "changed"),
        ("update trail set details = '{}' where seq = 2", 2, "changed"),
        ("update trail set at = '2020-01-01 00:00:00.000000' where seq = 1", 1, "changed"),
        ("update trail set hash = 'f' where seq = 4", 4, "changed"),
        ("update trail set previous = hash where seq = 4", 4, "follow"),
        ("delete from trail where seq = 3", 3, "missing"),
        ("delete from trail where seq = 1", 1, "missing"),
    ],
)
def test_the_first_break_is_told(
    database: Database, act: Callable[..., Act], statement: str, seq: int, reason: str
) -> None:
    """What was changed or taken out is found where it was."""
    fill(database, act)
    tamper(database, statement)

    found = broken(database)

    assert found is not None
    assert seq == found.seq
    assert reason in found.reason


def test_a_trail_cut_short_needs_what_was_written_down(database: Database, act: Callable[..., Act]) -> None:
    """An end that was taken off leaves a whole chain: only a head kept elsewhere shows it."""
    fill(database, act)
    with database.reading() as session:
        head = trail.head(session)
    tamper(database, "delete from trail where seq > 3")

    assert broken(database) is None
    found = broken(database, head)
    assert found is not None
    assert 4 == found.seq


def test_a_chain_made_anew_is_not_the_one_written_down(database: Database, act: Callable[..., Act]) -> None:
    """Who rewrites everything makes a whole chain, of another head."""
    fill(database, act)
    with database.reading() as session:
        head = trail.head(session)
    tamper(database, "delete from trail")
    fill(database, act)

    assert broken(database) is None
    found = broken(database, head)
    assert found is not None
    assert "written down elsewhere" in found.reason


def test_entries_come_in_pages_and_by_subject(database: Database, act: Callable[..., Act]) -> None:
    """The latest first; what was done to one thing alone."""
    fill(database, act)

    with database.reading() as session:
        assert [5, 4] == [one.seq for one in trail.entries(session, limit=2)]
        assert [3, 2] == [one.seq for one in trail.entries(session, before=4, limit=2)]
        assert [2] == [one.seq for one in trail.of_subjects(session, ("subject-1", "no such"))]


def test_a_case_is_found_in_the_trail_and_never_named(database: Database) -> None:
    """The subjects of a case are ids of rows; the case's own id is in no entry."""
    stored = upload(database, record("CANARY-1"))

    with database.reading() as session:
        subjects = cases.subjects(session, ALL, "CANARY-1")
        told = trail.of_subjects(session, subjects)
        everything = repr(trail.entries(session))

    assert (stored.id,) == subjects
    assert ["upload_stored"] == [one.what for one in told]
    assert "CANARY" not in everything
