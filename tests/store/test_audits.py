"""Audits are kept with their results, for those with all their areas, and looked into from score to evidence."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import pytest
from sqlalchemy import text

from aboveline.answers import Answer, Finding
from aboveline.case import CaseRecord
from aboveline.result import AuditResult
from aboveline.store import (
    Act,
    AreaScope,
    ConflictError,
    Database,
    NotFoundError,
    UnfitError,
    audits,
    drilldown,
    results,
    trail,
    trends,
)
from aboveline.store.audits import Audit, State
from aboveline.store.drilldown import Only
from stored import ALL, SCARBOROUGH, YORK, record, upload

AS_OF = dt.date(2014, 2, 28)


def ask(
    database: Database, act: Act, over: AreaScope = ALL, scope: AreaScope = ALL, as_of: dt.date = AS_OF
) -> Audit:
    """Ask for an audit."""
    with database.begin() as session:
        return audits.ask(
            session, act, scope, label="February", as_of=as_of, over=over, options={"average": "questions"}
        )


def keep(database: Database, act: Callable[..., Act], audit: str, result: AuditResult) -> None:
    """Do an audit."""
    with database.begin() as session:
        audits.move(session, act(), audit, State.RUNNING)
        results.save(session, act(), audit, results.prepare(result))


def in_json(findings: Iterable[Finding]) -> list[str]:
    """Return findings as their JSON: a date in evidence is text when it is read again."""
    return [one.model_dump_json() for one in findings]


@pytest.fixture
def done(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...], york_result: AuditResult
) -> Audit:
    """Give an audit that is done."""
    upload(database, *york, act=act())
    asked = ask(database, act())
    keep(database, act, asked.id, york_result)
    with database.reading() as session:
        return audits.get(session, ALL, asked.id)


def test_a_result_comes_back_to_the_byte(database: Database, done: Audit, york_result: AuditResult) -> None:
    """As the engine wrote it, from either database."""
    with database.reading() as session:
        assert york_result.to_json().encode() == results.load_json(session, ALL, done.id)
        assert york_result.to_json() == results.load(session, ALL, done.id).to_json()

    assert State.DONE is done.state
    assert (10, york_result.manifest.cases, york_result.manifest.rulebook) == (
        done.cases,
        done.cases_hash,
        done.rulebook,
    )
    assert ("*",) == done.areas
    assert {"average": "questions"} == done.options
    assert 0 == done.erased


def test_findings_are_all_there(database: Database, done: Audit, york_result: AuditResult) -> None:
    """In pages that follow one another, in the order of the result, with their evidence."""
    found: list[Finding] = []
    after: int | None = None
    with database.reading() as session:
        while True:
            page = drilldown.findings(session, ALL, done.id, after=after, limit=40)
            found += page.items
            if (after := page.after) is None:
                break
        assert len(york_result.findings) == drilldown.count_findings(session, ALL, done.id)

    assert in_json(york_result.findings) == in_json(found)


def test_findings_are_filtered(database: Database, done: Audit, york_result: AuditResult) -> None:
    """By case, question, deficiency, severity, criterion and outcome, each as counted from the result itself."""
    one = york_result.findings[3]
    criteria = {question.id: set(question.criteria) for question in york_result.questions}
    outcome = next(o for o in york_result.outcomes if criteria[one.question] & set(o.criteria))
    criterion = min(criteria[one.question])
    wanted: Sequence[tuple[Only, Callable[..., bool]]] = (
        (Only(case=one.case), lambda f: f.case == one.case),
        (Only(question=one.question), lambda f: f.question == one.question),
        (Only(deficiency=one.deficiency), lambda f: f.deficiency == one.deficiency),
        (Only(severity=str(one.severity)), lambda f: f.severity == one.severity),
        (Only(criterion=criterion), lambda f: criterion in criteria[f.question]),
        (Only(outcome=outcome.id), lambda f: bool(criteria[f.question] & set(outcome.criteria))),
        (
            Only(case=one.case, severity=str(one.severity)),
            lambda f: f.case == one.case and f.severity == one.severity,
        ),
        (Only(question="no such"), lambda _: False),
    )
    with database.reading() as session:
        for only, fits in wanted:
            expected = [f for f in york_result.findings if fits(f)]
            listed = drilldown.findings(session, ALL, done.id, only, limit=1000)
            assert in_json(expected) == in_json(listed.items)
            assert len(expected) == drilldown.count_findings(session, ALL, done.id, only)


def test_answers_are_those_of_the_result(database: Database, done: Audit, york_result: AuditResult) -> None:
    """Counted by question as the scores count them, and listed case by case."""
    with database.reading() as session:
        for question in york_result.questions[:20]:
            counts = drilldown.count_answers(session, ALL, done.id, Only(question=question.id))
            assert {
                Answer.SUFFICIENT: question.sufficient,
                Answer.INSUFFICIENT: question.insufficient,
                Answer.NOT_ASSESSED: question.not_assessed,
            } == counts
        case = york_result.answers[2]
        only = Only(case=case.case, answer=Answer.INSUFFICIENT)
        listed = drilldown.answers(session, ALL, done.id, only, limit=1000)
        assert sorted(case.insufficient) == [one.question for one in listed.items]
        first = drilldown.answers(session, ALL, done.id, Only(case=case.case), limit=7)
        rest = drilldown.answers(session, ALL, done.id, Only(case=case.case), limit=1000, after=first.after)
        every = drilldown.answers(session, ALL, done.id, Only(case=case.case), limit=1000)
        assert every.items == first.items + rest.items


def test_outcomes_go_from_one_audit_to_the_next(
    database: Database, act: Callable[..., Act], done: Audit, york_result: AuditResult
) -> None:
    """In the order of the days they stand at, with n, and only of audits over the same areas."""
    earlier = ask(database, act(), as_of=dt.date(2013, 12, 31))
    keep(database, act, earlier.id, york_result)
    other = ask(database, act(), over=YORK)
    keep(database, act, other.id, york_result)
    ask(database, act())

    with database.reading() as session:
        found = trends.trend(session, ALL, ALL)
        assert 1 == len(trends.trend(session, YORK, YORK))
        with pytest.raises(NotFoundError):
            trends.trend(session, YORK, ALL)

    assert [earlier.id, done.id] == [points[0].audit for points in found]
    for point, outcome in zip(found[1], york_result.outcomes, strict=True):
        scored = [q for q in york_result.questions if q.scored and set(q.criteria) & set(outcome.criteria)]
        assert (outcome.id, outcome.score, outcome.score_range) == (
            point.outcome,
            point.score,
            point.score_range,
        )
        assert sum(q.sufficient for q in scored) == point.sufficient
        assert sum(q.sufficient + q.insufficient for q in scored) == point.n


def test_an_audit_is_seen_with_all_its_areas(database: Database, act: Callable[..., Act]) -> None:
    """With some of them it is as if it were not there, in every list and look-up."""
    both = AreaScope.of(["YRK", "SCA"])
    asked = {
        name: ask(database, act(), over=over).id
        for name, over in (("all", ALL), ("both", both), ("york", YORK))
    }
    seen = {
        "ALL": {"all", "both", "york"},
        "both": {"both", "york"},
        "york": {"york"},
        "none": set[str](),
    }
    scopes = {"ALL": ALL, "both": both, "york": YORK, "none": AreaScope.of([])}

    with database.reading() as session:
        for name, scope in scopes.items():
            assert {asked[one] for one in seen[name]} == {one.id for one in audits.page(session, scope).items}
            for hidden in set(asked) - seen[name]:
                for look in (
                    audits.get,
                    results.load,
                    drilldown.answers,
                    drilldown.findings,
                    drilldown.gaps,
                    drilldown.count_answers,
                    drilldown.count_findings,
                    drilldown.count_gaps,
                ):
                    with pytest.raises(NotFoundError, match=r"^there is no such audit$"):
                        look(session, scope, asked[hidden])


def test_nobody_asks_for_an_audit_of_others_areas(database: Database, act: Callable[..., Act]) -> None:
    """Nor for one over nothing, nor without a label."""
    for over in (ALL, SCARBOROUGH, AreaScope.of(["YRK", "SCA"])):
        with pytest.raises(NotFoundError):
            ask(database, act(), over=over, scope=YORK)
    with pytest.raises(UnfitError, match="areas"):
        ask(database, act(), over=AreaScope.of([]))
    with pytest.raises(UnfitError, match="label"), database.begin() as session:
        audits.ask(session, act(), ALL, label=" ", as_of=AS_OF, over=ALL)


def test_states_follow_one_another(
    database: Database, act: Callable[..., Act], york_result: AuditResult
) -> None:
    """An audit is done once; each state it was in is kept; its result cannot be had before."""
    asked = ask(database, act())
    with database.reading() as session, pytest.raises(ConflictError, match="queued"):
        results.load(session, ALL, asked.id)
    with pytest.raises(ConflictError, match="queued"), database.begin() as session:
        results.save(session, act(), asked.id, results.prepare(york_result))
    keep(database, act, asked.id, york_result)
    for state in (State.RUNNING, State.FAILED, State.DONE):
        with pytest.raises(ConflictError, match="is done"), database.begin() as session:
            audits.move(session, act(), asked.id, state)
    with pytest.raises(NotFoundError), database.begin() as session:
        audits.move(session, act(), "no such", State.RUNNING)

    failed = ask(database, act())
    with database.begin() as session:
        audits.move(session, act(), failed.id, State.RUNNING)
        audits.move(session, act(), failed.id, State.FAILED, "a worker ended")
    with database.reading() as session:
        found = audits.get(session, ALL, failed.id)
        assert (State.FAILED, "a worker ended") == (found.state, found.reason)
        for state, audit in ((State.DONE, asked.id), (State.FAILED, failed.id)):
            assert [audit] == [one.id for one in audits.page(session, ALL, state=state).items]
        told = trail.of_subjects(session, (asked.id,))
    assert ["audit_asked_for", "audit_running", "audit_done", "audit_result_kept"] == [
        one.what for one in told[::-1]
    ]


def test_an_audit_knows_the_caseload_that_it_was_asked_for_over(
    database: Database, act: Callable[..., Act]
) -> None:
    """However much is uploaded before a worker comes to it."""
    upload(database, record("A-1"), act=act())
    asked = ask(database, act())
    upload(database, record("A-2"), act=act())

    assert asked.extent.upto < ask(database, act()).extent.upto


def test_a_result_that_was_changed_is_not_given_out(database: Database, done: Audit) -> None:
    """Its digest says so."""
    with database.begin() as session:
        session.execute(
            text("drop trigger audit_results_no_update" + ("" if database.is_sqlite else " on audit_results"))
        )
        session.execute(text("update audit_results set digest = 'f'"))

    with database.reading() as session, pytest.raises(ConflictError, match="not as it was kept"):
        results.load_json(session, ALL, done.id)
