"""The caseload is the latest version of each case, as far as somebody may see it."""

from collections.abc import Callable

import pytest

from aboveline.case import CaseRecord
from aboveline.store import Act, AreaScope, Database, NotFoundError, UnfitError, caseload, cases
from stored import ALL, SCARBOROUGH, YORK, record, upload


def listed(database: Database, scope: AreaScope, **how: object) -> list[str]:
    """Return the cases of a page."""
    with database.reading() as session:
        return [one.case for one in cases.page(session, scope, **how).items]  # type: ignore[arg-type]


def test_pages_follow_one_another_in_the_order_of_bytes(database: Database) -> None:
    """Both databases have one order, whatever the server's language: capitals first."""
    upload(database, *[record(case) for case in ("b-1", "A-2", "a-1", "B-1", "A-10", "A_1")])
    seen: list[str] = []
    after: str | None = None

    while True:
        with database.reading() as session:
            page = cases.page(session, ALL, after=after, limit=2)
        seen += [one.case for one in page.items]
        if page.after is None:
            break
        after = page.after

    assert ["A-10", "A-2", "A_1", "B-1", "a-1", "b-1"] == seen


def test_only_the_areas_of_the_scope_are_seen(database: Database) -> None:
    """A case without an area is seen by those with all areas alone."""
    upload(database, record("Y-1"), record("S-1", "SCA"), record("N-1", None))

    assert ["N-1", "S-1", "Y-1"] == listed(database, ALL)
    assert ["Y-1"] == listed(database, YORK)
    assert [] == listed(database, AreaScope.of([]))
    assert ["S-1", "Y-1"] == listed(database, AreaScope.of(["SCA", "YRK"]))
    assert [] == listed(database, YORK, area="SCA")
    assert ["S-1"] == listed(database, ALL, area="SCA")
    with database.reading() as session:
        assert (3, 1, 1) == tuple(cases.count(session, scope) for scope in (ALL, YORK, SCARBOROUGH))
        for case in ("S-1", "N-1", "no-such", "x" * 64):
            with pytest.raises(NotFoundError, match=r"^there is no such case$"):
                cases.get(session, YORK, case)
            with pytest.raises(NotFoundError):
                cases.versions(session, YORK, case)


def test_a_case_that_moved_is_the_new_areas(database: Database, act: Callable[..., Act]) -> None:
    """With all its versions, also those of when it was the old area's."""
    upload(database, record("M-1"), act=act())
    upload(database, record("M-1", "SCA"), act=act())

    assert [] == listed(database, YORK)
    with database.reading() as session:
        assert 2 == len(cases.versions(session, SCARBOROUGH, "M-1"))
        assert "YRK" == cases.get(session, SCARBOROUGH, "M-1", version=1).stored.area
        for version in (None, 1, 2):
            with pytest.raises(NotFoundError):
                cases.get(session, YORK, "M-1", version)
        with pytest.raises(NotFoundError):
            cases.get(session, SCARBOROUGH, "M-1", 3)


def test_the_caseload_is_as_it_stood(
    database: Database, act: Callable[..., Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was uploaded after a moment does not count at that moment, in however many batches it is read."""
    monkeypatch.setattr(caseload, "AT_ONCE", 2)
    upload(database, *[record(f"A-{n}") for n in range(5)], act=act())
    with database.reading() as session:
        then = caseload.extent(session)
    upload(database, record("A-1", "SCA"), record("A-9"), act=act())
    with database.reading() as session:
        now = caseload.extent(session)

    def read(scope: AreaScope, until: caseload.Extent) -> list[tuple[str, str | None]]:
        found = list(caseload.caseload(database, scope, until))
        return [(one.case, one.area.ldu) for one in found if isinstance(one, CaseRecord)]

    assert [(f"A-{n}", "YRK") for n in range(5)] == read(ALL, then)
    assert [(f"A-{n}", "YRK") for n in range(5)] == read(YORK, then)
    assert ["A-0", "A-2", "A-3", "A-4", "A-9"] == [case for case, _ in read(YORK, now)]
    assert [("A-1", "SCA")] == read(SCARBOROUGH, now)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_has_a_size(database: Database, limit: int) -> None:
    """Neither nothing nor everything."""
    with database.reading() as session, pytest.raises(UnfitError):
        cases.page(session, ALL, limit=limit)


@pytest.mark.parametrize("case", ["a\0b", "\ud800", "x" * 65])
def test_an_id_that_no_case_can_have_is_refused_alike(database: Database, case: str) -> None:
    """PostgreSQL would not even be asked."""
    with database.reading() as session, pytest.raises(UnfitError, match="text"):
        cases.get(session, ALL, case)
