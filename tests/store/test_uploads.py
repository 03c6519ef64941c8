"""Uploads are stored whole or not at all, once, and only where the uploader may."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from aboveline.case import CaseRecord, Placed, read_record
from aboveline.case.sentence import Sentence
from aboveline.store import (
    Act,
    ConflictError,
    Database,
    NotFoundError,
    UnfitError,
    cases,
    storing,
    trail,
    uploads,
)
from stored import ALL, SCARBOROUGH, YORK, placed, record, upload

LATER = Sentence(started_on=dt.date(2026, 1, 5))


def test_new_changed_and_unchanged_are_told_apart(database: Database, act: Callable[..., Act]) -> None:
    """What is as it was is no new version."""
    upload(database, record("A-1"), record("A-2"), act=act())

    second = upload(database, record("A-1"), record("A-2", sentence=LATER), record("A-3"), act=act())

    assert (1, 1, 1, 0) == (second.new, second.changed, second.unchanged, second.rejected)
    with database.reading() as session:
        assert 3 == cases.count(session, ALL)
        assert [2, 1] == [one.version for one in cases.versions(session, ALL, "A-2")]
        assert LATER == cases.get(session, ALL, "A-2").record.sentence
        assert Sentence() == cases.get(session, ALL, "A-2", version=1).record.sentence


def test_what_was_read_comes_back(database: Database, york: tuple[CaseRecord, ...]) -> None:
    """Every record is the same after it was stored."""
    upload(database, *york)

    with database.reading() as session:
        assert york == tuple(cases.get(session, ALL, one.case).record for one in york)


def test_problems_are_kept_by_line_without_values(database: Database, act: Callable[..., Act]) -> None:
    """A record that could not be read, one read before, and the others go on."""
    lines = [
        b'{"case": "A-1"}',
        b'{"case": "A-2", "persn": {}}',
        b"[]",
        b'{"case": "A-1"}',
        b'{"case": "A-5"}',
    ]
    reads = [
        Placed("Mary Smith.jsonl", n, read_record(line, "Mary Smith.jsonl", n))
        for n, line in enumerate(lines, 1)
    ]

    with database.begin() as session:
        made = uploads.store(session, act(), ALL, "May", reads)

    assert (2, 3) == (made.new, made.rejected)
    with database.reading() as session:
        found = uploads.problems(session, ALL, "ANNA", made.id)
        first = uploads.problems(session, ALL, "ANNA", made.id, limit=2)
        rest = uploads.problems(session, ALL, "ANNA", made.id, after=first.after, limit=2)
    assert [(2, "persn"), (3, ""), (4, "case")] == [(one.line, one.path) for one in found.items]
    assert "this case was read before, on line 1" == found.items[2].reason
    assert found.items == first.items + rest.items
    assert "Mary" not in repr(found)


def test_many_records_are_stored_in_batches(database: Database) -> None:
    """More than fit a batch, some of them twice."""
    many = [record(f"A-{n:04}") for n in range(1203)]

    made = upload(database, *many, many[0], many[700])

    assert (1203, 2) == (made.new, made.rejected)
    with database.reading() as session:
        assert 1203 == cases.count(session, ALL)


def test_nothing_is_stored_where_reading_goes_wrong(database: Database, act: Callable[..., Act]) -> None:
    """Half an upload is no upload."""

    def reads() -> Iterator[Placed]:
        yield from placed([record(f"A-{n}") for n in range(700)])
        raise ConnectionError

    def go_wrong() -> None:
        with database.begin() as session:
            uploads.store(session, act(), ALL, "May", reads())

    with pytest.raises(ConnectionError):
        go_wrong()

    with database.reading() as session:
        assert 0 == cases.count(session, ALL)
        assert () == uploads.page(session, ALL, "ANNA").items
        assert () == trail.entries(session)


def test_the_same_key_and_body_give_the_first_outcome(database: Database, act: Callable[..., Act]) -> None:
    """Sent again, nothing is stored again; with another body it is refused; somebody else's key is theirs."""
    key = uploads.Key("k-1", "a" * 64)

    def send(key: uploads.Key, who: str = "ANNA") -> uploads.Upload:
        with database.begin() as session:
            return uploads.store(session, act(who), ALL, "May", placed([record("A-1")]), key=key)

    first = send(key)
    again = send(key)

    assert (first.id, False, True) == (again.id, first.repeated, again.repeated)
    assert 1 == again.new
    with pytest.raises(ConflictError, match="new key"):
        send(uploads.Key("k-1", "b" * 64))
    assert first.id != send(uploads.Key("k-1", "b" * 64), who="BEN").id
    with database.reading() as session:
        assert 2 == len(uploads.page(session, ALL, "ANNA").items)
        assert 2 == len(trail.entries(session))


def test_nobody_uploads_into_other_areas(database: Database, act: Callable[..., Act]) -> None:
    """Neither a case of another area, nor one of no area, nor one that is another's by what is stored."""
    upload(database, record("S-1", "SCA"))

    made = upload(
        database,
        record("Y-1"),
        record("S-2", "SCA"),
        record("N-1", None),
        record("S-1"),
        act=act(),
        scope=YORK,
    )

    assert (1, 3) == (made.new, made.rejected)
    with database.reading() as session:
        assert "SCA" == cases.get(session, ALL, "S-1").stored.area
        assert 1 == len(cases.versions(session, SCARBOROUGH, "S-1"))
        found = uploads.problems(session, YORK, "ANNA", made.id).items
    assert {storing.ELSEWHERE} == {one.reason for one in found}


def test_an_area_that_cannot_be_kept_costs_its_line_only(database: Database) -> None:
    """PostgreSQL keeps no NUL: the line is rejected, in both databases."""
    made = upload(database, record("A-1", "Y\0"), record("A-2"))

    assert (1, 1) == (made.new, made.rejected)


def test_a_field_that_no_text_can_name_costs_its_line_only(
    database: Database, act: Callable[..., Act]
) -> None:
    """What is wrong with the line names the field, with a mark in place of what cannot be kept."""
    reads = [
        Placed("x", 1, read_record(rb'{"case": "A-1", "a\u0000b": 1}', "x", 1)),
        Placed("x", 2, read_record(b'{"case": "A-2"}', "x", 2)),
    ]

    with database.begin() as session:
        made = uploads.store(session, act(), ALL, "May", reads)

    assert (1, 1) == (made.new, made.rejected)
    with database.reading() as session:
        (found,) = uploads.problems(session, ALL, "ANNA", made.id).items
    assert "a\N{REPLACEMENT CHARACTER}b" == found.path


def test_text_with_a_nul_in_a_record_comes_back(database: Database) -> None:
    """Within the record's JSON it is written as an escape."""
    line = rb'{"case": "A-1", "area": {"ldu": "YRK", "team": "a\u0000b"}}'
    read = read_record(line, "x", 1)

    with database.begin() as session:
        uploads.store(
            session,
            Act("ANNA", dt.datetime(2026, 3, 2, tzinfo=dt.UTC), ""),
            ALL,
            "May",
            [Placed("x", 1, read)],
        )

    with database.reading() as session:
        assert read == cases.get(session, ALL, "A-1").record


def test_an_upload_is_its_uploaders(database: Database, act: Callable[..., Act]) -> None:
    """Others of the same area do not see it; those with all areas do."""
    made = upload(database, record("A-1"), act=act(), scope=YORK)

    with database.reading() as session:
        assert made == uploads.get(session, YORK, "ANNA", made.id)
        assert made == uploads.get(session, ALL, "ZOE", made.id)
        assert () == uploads.page(session, YORK, "BEN").items
        with pytest.raises(NotFoundError):
            uploads.get(session, YORK, "BEN", made.id)
        with pytest.raises(NotFoundError):
            uploads.problems(session, YORK, "BEN", made.id)


@pytest.mark.parametrize("label", ["", "  ", "x" * 201, "a\0b"])
def test_a_label_is_wanted(database: Database, act: Callable[..., Act], label: str) -> None:
    """Something that both databases can keep."""
    with pytest.raises(UnfitError), database.begin() as session:
        uploads.store(session, act(), ALL, label, [])
