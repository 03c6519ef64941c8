"""Sessions are kept under hashes until they expire or are taken, and are taken once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from aboveline.store import Database, sessions

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_text_is_kept_until_it_expires(database: Database) -> None:
    """At the very moment it is gone; in place of one there is another."""
    with database.begin() as session:
        sessions.put(session, "a", "first", NOW + MINUTE, NOW)
        sessions.put(session, "a", "second", NOW + MINUTE, NOW)
    with database.reading() as session:
        assert "second" == sessions.get(session, "a", NOW)
        assert sessions.get(session, "a", NOW + MINUTE) is None
        assert sessions.get(session, "b", NOW) is None


def test_only_what_is_kept_still_is_renewed(database: Database) -> None:
    """What was taken stays away."""
    with database.begin() as session:
        sessions.put(session, "a", "first", NOW + MINUTE, NOW)
        sessions.renew(session, "a", "renewed", NOW + 3 * MINUTE)
        assert "renewed" == sessions.get(session, "a", NOW + 2 * MINUTE)
        assert "renewed" == sessions.take(session, "a", NOW)
        sessions.renew(session, "a", "again", NOW + 3 * MINUTE)
        assert sessions.get(session, "a", NOW) is None


def test_what_expired_is_cleared_away_and_cannot_be_taken(database: Database) -> None:
    """The table does not grow for ever."""
    with database.begin() as session:
        sessions.put(session, "a", "old", NOW + MINUTE, NOW)
        assert sessions.take(session, "a", NOW + MINUTE) is None
        sessions.put(session, "b", "old", NOW + MINUTE, NOW)
        sessions.put(session, "c", "new", NOW + 5 * MINUTE, NOW + 2 * MINUTE)
        assert sessions.get(session, "b", NOW) is None
        assert "new" == sessions.get(session, "c", NOW + 2 * MINUTE)


def test_of_many_who_take_at_once_one_gets_it(database: Database) -> None:
    """As of two browsers that come back with one code."""
    with database.begin() as session:
        sessions.put(session, "a", "once", NOW + MINUTE, NOW)

    def take(_: int) -> str | None:
        with database.begin() as session:
            return sessions.take(session, "a", NOW)

    with ThreadPoolExecutor(8) as several:
        taken = list(several.map(take, range(8)))

    assert ["once"] == [one for one in taken if one]
