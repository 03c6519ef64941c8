"""What a user may do and where is what was granted last."""

from collections.abc import Callable

import pytest

from aboveline.store import Act, AreaScope, Database, UnfitError, trail, users
from aboveline.store.keys import Pseudonyms
from aboveline.store.users import Access, Grantable
from stored import ALL

RO = "ROLE_ABOVELINE__AUDIT__RO"


def change(
    database: Database, act: Act, user: str, kind: Grantable, value: str, *, granted: bool = True
) -> bool:
    """Grant, or take back."""
    with database.begin() as session:
        return users.change(session, act, user, kind, value, granted=granted)


def test_grants_and_their_taking_back_add_up(database: Database, act: Callable[..., Act]) -> None:
    """What changes nothing is not written down."""
    assert change(database, act("ADA"), "BEN", Grantable.ROLE, RO)
    assert change(database, act("ADA"), "BEN", Grantable.AREA, "YRK")
    assert change(database, act("ADA"), "BEN", Grantable.AREA, "SCA")
    assert not change(database, act("ADA"), "BEN", Grantable.AREA, "SCA")
    assert change(database, act("ADA"), "BEN", Grantable.AREA, "YRK", granted=False)
    assert not change(database, act("ADA"), "BEN", Grantable.AREA, "HGT", granted=False)
    assert change(database, act("ADA"), "CLEO", Grantable.AREA, "*")

    with database.reading() as session:
        assert Access("BEN", frozenset({RO}), AreaScope.of(["SCA"])) == users.access(session, "BEN")
        assert Access("CLEO", frozenset(), ALL) == users.access(session, "CLEO")
        assert Access("DAN", frozenset(), AreaScope.of([])) == users.access(session, "DAN")
        assert ["BEN", "CLEO"] == [one.user for one in users.users(session)]
        assert [True, True, True, False] == [one.granted for one in users.history(session, "BEN")]
        assert {"ADA"} == {one.who for one in users.history(session, "BEN")}
        assert ["area_taken_back", "area_granted", "area_granted", "role_granted"] == [
            one.what for one in trail.of_subjects(session, ("BEN",))
        ]


def test_taken_back_can_be_granted_again(database: Database, act: Callable[..., Act]) -> None:
    """The latest holds."""
    for granted in (True, False, True):
        assert change(database, act(), "BEN", Grantable.ROLE, RO, granted=granted)

    with database.reading() as session:
        assert {RO} == users.access(session, "BEN").roles


@pytest.mark.parametrize(
    ("user", "value"), [("", "x"), ("x", ""), ("x", "y" * 129), ("a\0", "x"), ("x" * 256, "y")]
)
def test_names_are_wanted(database: Database, act: Callable[..., Act], user: str, value: str) -> None:
    """Of a user and of what is granted."""
    with pytest.raises(UnfitError):
        change(database, act(), user, Grantable.ROLE, value)


def test_a_scope_knows_what_is_in_it() -> None:
    """All is more than any that are named, and nothing is in none."""
    york, none = AreaScope.of(["YRK"]), AreaScope.of([])

    assert ALL == AreaScope.of(["YRK", "*"])
    assert (True, True, True) == tuple(ALL.includes(area) for area in (None, "YRK", "*"))
    assert (False, True, False) == tuple(york.includes(area) for area in (None, "YRK", "SCA"))
    assert not none.includes("YRK")
    assert ALL.covers(york)
    assert york.covers(none)
    assert not york.covers(ALL)
    assert not none.covers(york)
    assert ("*",) == ALL.named


def test_pseudonyms_are_the_same_for_the_same_key() -> None:
    """Worked out apart: HMAC-SHA256 of "case", NUL and the id; never the id, nor the key, to be seen."""
    one, other = Pseudonyms(b"k" * 32), Pseudonyms(b"l" * 32)

    assert one.of("A-1") == Pseudonyms(b"k" * 32).of("A-1")
    assert one.of("A-1") not in {one.of("A-2"), other.of("A-1")}
    assert 34 == len(one.of("A-1"))
    assert "k" * 8 not in repr(one)
    with pytest.raises(UnfitError, match="32 bytes"):
        Pseudonyms(b"k" * 31)
