"""Cases are found by how their ids begin, by area and by how an audit answered; the database counts them."""

from collections.abc import Callable

import pytest

from aboveline.answers import Answer
from aboveline.case import CaseRecord
from aboveline.result import AuditResult
from aboveline.store import Act, AreaScope, Database, NotFoundError, case_list
from aboveline.store.case_list import Wanted
from store.test_audits import ask, keep
from stored import ALL, SCARBOROUGH, YORK, act_at, record, upload


def found(database: Database, scope: AreaScope, wanted: Wanted) -> list[str]:
    """Return the cases that are wanted, a page of two at a time, and hold their count to the database's."""
    seen: list[str] = []
    after: str | None = None
    while True:
        with database.reading() as session:
            page = case_list.page(session, scope, wanted, after=after, limit=2)
            many = case_list.count(session, scope, wanted)
        seen += [one.case for one in page.items]
        after = page.after
        if after is None:
            assert many == len(seen)
            return seen


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        ("A", ["A-1", "A-10", "A-2", "A_1"]),
        ("A-1", ["A-1", "A-10"]),
        ("A_", ["A_1"]),
        ("A%", []),
        ("a", ["a-1"]),
        (None, ["A-1", "A-10", "A-2", "A_1", "S-1", "a-1"]),
    ],
)
def test_ids_are_found_by_how_they_begin(database: Database, begins: str | None, expected: list[str]) -> None:
    """By their bytes: a capital is another letter, and nothing in an id stands for anything else."""
    upload(database, *[record(case) for case in ("a-1", "A-2", "A-10", "A-1", "A_1")], record("S-1", "SCA"))

    assert expected == found(database, ALL, Wanted(begins))
    assert [one for one in expected if one != "S-1"] == found(database, YORK, Wanted(begins))


def test_area_is_that_of_the_latest_version(database: Database) -> None:
    """A case that moved is in the list of its new area, and an area that nobody is in any more is not offered."""
    upload(database, record("M-1"), record("Y-1"), record("N-1", None), act=act_at(0))
    upload(database, record("M-1", "SCA"), act=act_at(1))
    upload(database, record("W-1", "WHI"), act=act_at(2))
    upload(database, record("W-1"), act=act_at(3))
    with database.reading() as session:
        areas = [case_list.areas(session, scope) for scope in (ALL, YORK, SCARBOROUGH)]

    assert ["M-1"] == found(database, ALL, Wanted(area="SCA"))
    assert ["W-1", "Y-1"] == found(database, YORK, Wanted(area="YRK"))
    assert [] == found(database, YORK, Wanted(area="SCA"))
    assert [("SCA", "YRK"), ("YRK",), ("SCA",)] == areas


def test_answers_are_those_of_an_audit(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...], york_result: AuditResult
) -> None:
    """Cases with an answer to a question, or to any; and how many insufficient answers each has."""
    upload(database, *york, act=act())
    audit = ask(database, act()).id
    keep(database, act, audit, york_result)
    by_case = {one.case: one for one in york_result.answers}
    question = next(one.insufficient[0] for one in york_result.answers if one.insufficient)
    with database.reading() as session:
        counted = case_list.insufficient(session, ALL, audit, [*by_case, "no-such"])
        with pytest.raises(NotFoundError):
            case_list.page(session, SCARBOROUGH, Wanted(audit=audit, question=question))

    short = sorted(case for case, one in by_case.items() if question in one.insufficient)
    assert short == found(database, ALL, Wanted(audit=audit, question=question, answer=Answer.INSUFFICIENT))
    every = sorted(
        case
        for case, one in by_case.items()
        if question in {*one.insufficient, *one.sufficient, *one.not_assessed}
    )
    assert every == found(database, ALL, Wanted(audit=audit, question=question))
    unanswered = sorted(case for case, one in by_case.items() if one.not_assessed)
    assert unanswered == found(database, ALL, Wanted(audit=audit, answer=Answer.NOT_ASSESSED))
    assert {case: len(one.insufficient) for case, one in by_case.items()} | {"no-such": None} == counted
