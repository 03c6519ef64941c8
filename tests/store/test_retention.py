"""An erased case is gone from everything but sums; what remains does not say which it was."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from aboveline.case import CaseRecord
from aboveline.case.codes import JudgedAnswer
from aboveline.result import AuditResult
from aboveline.store import (
    Act,
    Database,
    NotFoundError,
    actions,
    assessments,
    audits,
    cases,
    drilldown,
    judgements,
    moderation,
    own_assessments,
    planning,
    results,
    retention,
    trail,
)
from aboveline.store.drilldown import Only
from aboveline.store.retention import Tombstone, Why
from aboveline.store.schema import Base
from stored import ALL, NOW, SCARBOROUGH, YORK, act_at, record, upload

GOOD = JudgedAnswer.SUFFICIENT


def erase(database: Database, act: Act, case: str) -> Tombstone:
    """Erase a case."""
    with database.begin() as session:
        return retention.erase(session, act, ALL, case)


def say_all_there_is(database: Database, act: Callable[..., Act], case: str) -> None:
    """Put into the store all that can be said of a case."""
    with database.begin() as session:
        judgements.say(
            session,
            act(),
            ALL,
            judgements.Kind.OVERRIDE,
            case=case,
            question="AS-01",
            answer=GOOD,
            made_on=dt.date(2014, 2, 1),
            reason="why",
        )
        one = own_assessments.begin(session, act(), ALL, case)
        own_assessments.save(session, act(), ALL, one.id, {"AS-01": assessments.Draft(GOOD, "note")})
        own_assessments.hand_in(session, act(), ALL, one.id)
        moderation.settle(session, act(), ALL, case=case, question="AS-01", answer=GOOD, reason="so")
        made = planning.put(session, act(), ALL, actions.Plan("do", "who", None), case=case)
        planning.change(session, act(), ALL, made.id, 1, actions.Plan("done", "who", None))


def audit_of(database: Database, act: Callable[..., Act], result: AuditResult) -> str:
    """Keep an audit."""
    with database.begin() as session:
        audit = audits.ask(session, act(), ALL, label="x", as_of=dt.date(2014, 2, 28), over=ALL).id
        audits.move(session, act(), audit, audits.State.RUNNING)
        results.save(session, act(), audit, results.prepare(result))
    return audit


def dump(database: Database) -> str:
    """Return all that any table holds, results unpacked."""
    with database.reading() as session:
        found = [
            repr(row)
            for table in Base.metadata.sorted_tables
            if table.name != "audit_results"
            for row in session.execute(table.select())
        ]
        found += [
            results.load_json(session, ALL, audit).decode()
            for audit in session.scalars(text("select audit_id from audit_results"))
        ]
    return "\n".join(found)


def test_nothing_tells_of_an_erased_case(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...], york_result: AuditResult
) -> None:
    """Not a row of any table, nor a stored result; the other cases are as they were."""
    case, other = york[0].case, york[1].case
    upload(database, *york, act=act())
    upload(database, york[0].model_copy(update={"victim": ()}), act=act())
    say_all_there_is(database, act, case)
    say_all_there_is(database, act, other)
    audit = audit_of(database, act, york_result)
    assert f"'{case}'" in dump(database)

    made = erase(database, act("ADA"), case)

    left = dump(database)
    assert f"'{case}'" not in left
    assert f'"{case}"' not in left
    assert f"'{other}'" in left
    findings = sum(one.case == case for one in york_result.findings)
    assert {
        "audits": 1,
        "drafts": 0,
        "case_versions": 2,
        "judgements": 1,
        "assessments": 1,
        "assessment_entries": 1,
        "assessment_states": 2,
        "moderations": 1,
        "actions": 1,
        "action_areas": 1,
        "action_changes": 2,
        "audit_findings": findings,
    } == {name: many for name, many in made.counts.items() if name not in {"audit_answers", "audit_gaps"}}
    assert made.counts["audit_answers"] > 0
    with database.reading() as session:
        for look in (cases.get, judgements.of_case, assessments.of_case, cases.subjects):
            with pytest.raises(NotFoundError):
                look(session, ALL, case)
        assert 0 == drilldown.count_findings(session, ALL, audit, Only(case=case))
        assert len(york_result.findings) - findings == drilldown.count_findings(session, ALL, audit)
        assert 1 == len(judgements.of_case(session, ALL, other))
        assert trail.verify(session) is None
        assert 0 == session.scalar(text("select count(*) from erasing"))
        assert (made,) == retention.tombstones(session).items


def test_an_old_audit_keeps_its_scores_and_says_what_was_taken_out(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...], york_result: AuditResult
) -> None:
    """A case is counted as it was, and listed no more; each erasure is told."""
    upload(database, *york, act=act())
    audit = audit_of(database, act, york_result)
    for one in york[:2]:
        erase(database, act(), one.case)

    with database.reading() as session:
        known = audits.get(session, ALL, audit)
        left = results.load(session, ALL, audit)
        told = [one.what for one in trail.of_subjects(session, (audit,))]

    assert (2, 10) == (known.erased, known.cases)
    assert york_result.questions == left.questions
    assert york_result.outcomes == left.outcomes
    assert york_result.cases == left.cases
    assert 8 == len(left.answers)
    assert (
        results.without_case(results.without_case(york_result, york[0].case), york[1].case).to_json()
        == left.to_json()
    )
    assert 2 == told.count("audit_cases_taken_out")


def test_a_case_erased_while_it_was_audited_is_not_kept(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...], york_result: AuditResult
) -> None:
    """The worker had read it before; its result comes after."""
    upload(database, *york, act=act())
    erase(database, act(), york[4].case)

    audit = audit_of(database, act, york_result)

    assert f"'{york[4].case}'" not in dump(database)
    with database.reading() as session:
        assert 1 == audits.get(session, ALL, audit).erased
        assert 9 == len(results.load(session, ALL, audit).answers)


def test_only_a_case_in_ones_areas_is_erased(database: Database, act: Callable[..., Act]) -> None:
    """One of another area is as if it were not there."""
    upload(database, record("S-1", "SCA"), act=act())

    for case in ("S-1", "no-such"):
        with pytest.raises(NotFoundError, match=r"^there is no such case$"), database.begin() as session:
            retention.erase(session, act(), YORK, case)
    with database.begin() as session:
        retention.erase(session, act(), SCARBOROUGH, "S-1")


def test_by_age(database: Database, act: Callable[..., Act]) -> None:
    """Cases of which nothing was uploaded since a day, some at a time, in the areas of the scope."""
    upload(database, *[record(f"O-{n}") for n in range(3)], record("S-1", "SCA"), act=act_at(0))
    upload(database, record("N-1"), record("O-1", "YRK", victim=()), act=act_at(100))
    changed = record("O-2", "YRK", incomplete=("victim",))
    upload(database, changed, act=act_at(200))
    before = NOW + dt.timedelta(seconds=50)

    def apply(limit: int) -> list[Why]:
        with database.begin() as session:
            return [one.why for one in retention.erase_older(session, act(), YORK, before, limit=limit)]

    with database.reading() as session:
        assert ("O-0", "O-1") == retention.older(session, YORK, before)
    assert [Why.AGE] == apply(1)
    assert [Why.AGE] == apply(10)
    assert [] == apply(10)
    with database.reading() as session:
        assert ["N-1", "O-2", "S-1"] == [one.case for one in cases.page(session, ALL).items]
        assert 2 == sum(one.what == "retention_applied" for one in trail.entries(session))


def test_several_at_once_are_taken_out_of_an_audit_together(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...], york_result: AuditResult
) -> None:
    """Its result is written anew once, and says how many cases it lost; each has its own tombstone and counts."""
    upload(database, *york, act=act_at(0))
    audit = audit_of(database, act, york_result)
    with database.begin() as session:
        made = retention.erase_older(session, act(), ALL, NOW + dt.timedelta(days=1), limit=3)

    assert [1, 1, 1] == [one.counts["audits"] for one in made]
    answers = [
        len(one.sufficient) + len(one.insufficient) + len(one.not_assessed) for one in york_result.answers[:3]
    ]
    assert answers == [one.counts["audit_answers"] for one in made]
    with database.reading() as session:
        assert 3 == audits.get(session, ALL, audit).erased
        assert [one.case for one in york[3:]] == [
            one.case for one in results.load(session, ALL, audit).answers
        ]
        told = [one.what for one in trail.of_subjects(session, (audit,))]
    assert 1 == told.count("audit_cases_taken_out")


def test_a_number_is_not_given_to_another_version(database: Database, act: Callable[..., Act]) -> None:
    """Otherwise an audit that was asked for earlier would count what came later."""
    upload(database, record("A-1"), act=act())
    with database.begin() as session:
        asked = audits.ask(session, act(), ALL, label="x", as_of=dt.date(2026, 3, 1), over=ALL)
    erase(database, act(), "A-1")
    upload(database, record("A-2"), act=act())

    with database.reading() as session:
        assert [] == list(cases.latest(session, ALL, asked.extent.upto, after=None, limit=10))


@pytest.mark.parametrize("table", ["case_versions", "judgements"])
def test_nothing_is_deleted_otherwise(database: Database, act: Callable[..., Act], table: str) -> None:
    """Also not while another case is being erased."""
    upload(database, record("A-1"), record("A-2"), act=act())
    say_all_there_is(database, act, "A-1")

    def delete_beside() -> None:
        with database.begin() as session:
            session.execute(text("insert into erasing (case_id) values ('A-2')"))
            session.execute(text(f"delete from {table} where case_id = 'A-1'"))  # noqa: S608 - a name of ours

    with pytest.raises(DatabaseError, match="never changed"):
        delete_beside()


def test_erased_is_gone_from_the_file(tmp_path: Path) -> None:
    """SQLite overwrites what it deletes; its log is emptied when it is tidied."""
    path = tmp_path / "store.sqlite"
    with Database.open(f"sqlite:///{path}") as database:
        database.migrate()
        upload(database, record("CANARY-77"), record("A-2"))
        erase(database, act_at(1), "CANARY-77")
        database.tidy()
        found = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert b"CANARY" not in found
    with sqlite3.connect(path) as connection:
        assert [("A-2",)] == connection.execute("select case_id from case_versions").fetchall()
    connection.close()
