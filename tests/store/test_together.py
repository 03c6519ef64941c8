"""Many at once: nothing is lost, nothing is doubled, the trail is whole."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from aboveline.case.codes import JudgedAnswer
from aboveline.store import (
    ConflictError,
    Database,
    LeaseLostError,
    NotFoundError,
    actions,
    assessments,
    cases,
    holding,
    jobs,
    judgements,
    own_assessments,
    planning,
    retention,
    trail,
    uploads,
)
from aboveline.store.actions import Plan
from aboveline.store.assessments import Draft
from stored import ALL, YORK, act_at, placed, record, upload

MANY = 16
LEASE = dt.timedelta(minutes=5)
Outcome = TypeVar("Outcome")


def together(work: Callable[[int], Outcome]) -> list[Outcome]:
    """Do something in 16 threads that begin at once."""
    gate = Barrier(MANY)

    def begin(n: int) -> Outcome:
        gate.wait()
        return work(n)

    with ThreadPoolExecutor(MANY) as pool:
        return [one.result() for one in [pool.submit(begin, n) for n in range(MANY)]]


def whole(database: Database, entries: int) -> None:
    """See that the trail is whole, and holds so many entries, none with another's number."""
    with database.reading() as session:
        assert trail.verify(session) is None
        head = trail.head(session)
    assert head is not None
    assert entries == head.seq


def test_uploads_of_the_same_cases(database: Database) -> None:
    """Each upload counts to versions one after the other; all of them come out as one order would have it."""
    shared = [f"A-{n}" for n in range(20)]

    def send(n: int) -> uploads.Upload:
        # Read in different orders, as would make writers wait for one another in a circle.
        order = shared if n % 2 else shared[::-1]
        return upload(
            database, *[record(case, f"AREA-{n}") for case in order], record(f"OWN-{n}"), act=act_at(n)
        )

    made = together(send)

    assert Counter(new=20 + MANY, changed=20 * (MANY - 1)) == sum(
        (Counter(new=one.new, changed=one.changed) for one in made), Counter[str]()
    )
    with database.reading() as session:
        for case in shared:
            found = cases.versions(session, ALL, case)
            assert list(range(MANY, 0, -1)) == [one.version for one in found]
            assert {f"AREA-{n}" for n in range(MANY)} == {one.area for one in found}
        assert 20 + MANY == cases.count(session, ALL)
    whole(database, MANY)


def test_the_same_upload_sent_many_times(database: Database) -> None:
    """Under one key it is stored once, and each sender is told of the same."""
    key = uploads.Key("k", "a" * 64)

    def send(n: int) -> uploads.Upload:
        with database.begin() as session:
            return uploads.store(session, act_at(n), ALL, "x", placed([record("A-1")]), key=key)

    made = together(send)

    assert 1 == len({one.id for one in made})
    assert MANY - 1 == sum(one.repeated for one in made)
    whole(database, 1)


def test_judgements_of_one_case(database: Database) -> None:
    """All are kept, each with its entry in the trail."""
    upload(database, record("A-1"))

    def say(n: int) -> list[str]:
        ids = []
        for turn in range(4):
            with database.begin() as session:
                said = judgements.say(
                    session,
                    act_at(turn, f"U-{n}"),
                    YORK,
                    judgements.Kind.OVERRIDE,
                    case="A-1",
                    question="AS-01",
                    answer=JudgedAnswer.SUFFICIENT,
                    made_on=dt.date(2026, 3, 2),
                    reason=f"{n} {turn}",
                )
            ids.append(said.id)
        return ids

    made = together(say)

    with database.reading() as session:
        found = judgements.of_case(session, YORK, "A-1")
        told = trail.of_subjects(session, [one.id for one in found])
    assert {id_ for ids in made for id_ in ids} == {one.id for one in found}
    assert {(one.id, one.assessor) for one in found} == {(one.subject, one.who) for one in told}
    whole(database, 1 + 4 * MANY)


def test_jobs_are_taken_by_one_each(database: Database) -> None:
    """40 jobs, 16 workers: each job is begun once and ended once."""
    with database.begin() as session:
        for n in range(40):
            jobs.enqueue(session, act_at(n), "audit", f"s-{n}")

    def work(n: int) -> list[str]:
        done: list[str] = []
        while True:
            with database.begin() as session:
                job = jobs.claim(session, act_at(100), f"w-{n}", LEASE, ["audit"])
            if job is None:
                return done
            with database.begin() as session:
                holding.finish(session, act_at(101), job.id, f"w-{n}")
            done.append(job.subject)

    done = [subject for subjects in together(work) for subject in subjects]

    assert Counter(f"s-{n}" for n in range(40)) == Counter(done)
    with database.reading() as session:
        assert {"done": 40} == {str(state): n for state, n in jobs.count(session).items() if n}
    whole(database, 120)


def test_one_job_is_ended_by_one(database: Database) -> None:
    """Of 16 that believe they hold it, one does."""
    with database.begin() as session:
        job = jobs.enqueue(session, act_at(0), "audit", "s")

    def work(n: int) -> bool:
        with database.begin() as session:
            jobs.claim(session, act_at(1), f"w-{n}", LEASE, ["audit"])
        try:
            with database.begin() as session:
                trail.note(session, act_at(2), "result", "s")
                holding.finish(session, act_at(2), job.id, f"w-{n}")
        except LeaseLostError:
            return False
        return True

    assert 1 == sum(together(work))
    with database.reading() as session:
        assert 1 == len([one for one in trail.of_subjects(session, ("s",)) if one.what == "result"])


def test_a_job_whose_lease_ran_out_is_ended_by_one(database: Database) -> None:
    """Its owner comes back just as 15 others ask for it, each to end it at once: one of the 16 ends it, however they meet."""
    ended: list[str] = []
    for turn in range(12):
        with database.begin() as session:
            job = jobs.enqueue(session, act_at(turn), "audit", f"s-{turn}").id
            assert jobs.claim(session, act_at(turn), "late", LEASE, ["audit"])
        after = turn + LEASE.total_seconds() + 1

        def work(n: int, job: str = job, turn: int = turn, after: float = after) -> str | None:
            owner = "late" if n == 0 else f"w-{turn}-{n}"
            if n and n % 2 == 0:
                time.sleep(0.002 * n)
            if n:
                with database.begin() as session:
                    if jobs.claim(session, act_at(after), owner, LEASE, ["audit"]) is None:
                        return None
            try:
                with database.begin() as session:
                    holding.finish(session, act_at(after), job, owner)
                    trail.note(session, act_at(after), "result", f"s-{turn}")
            except LeaseLostError:
                return None
            return owner

        (one,) = [owner for owner in together(work) if owner is not None]
        ended.append(one)
        with database.reading() as session:
            told = [one.what for one in trail.of_subjects(session, (job, f"s-{turn}"))]
        assert (1, 1) == (told.count("job_done"), told.count("result"))

    assert 12 == len(ended)


def test_an_action_changed_by_many(database: Database) -> None:
    """Of those who saw the same version one changes it; the others are told."""
    with database.begin() as session:
        action = planning.put(session, act_at(0), YORK, Plan("do", "who", None), over=YORK).id

    def change(n: int) -> bool:
        try:
            with database.begin() as session:
                planning.change(session, act_at(n), YORK, action, 1, Plan(f"do {n}", "who", None))
        except ConflictError:
            return False
        return True

    assert 1 == sum(together(change))
    with database.reading() as session:
        assert [1, 2] == [one.version for one in actions.history(session, YORK, action)]
    whole(database, 2)


def test_an_assessment_begun_by_one_person_many_times(database: Database) -> None:
    """It is one, and what was saved in it last holds."""
    upload(database, record("A-1"))

    def work(n: int) -> str:
        with database.begin() as session:
            one = own_assessments.begin(session, act_at(n), YORK, "A-1")
            own_assessments.save(
                session, act_at(n), YORK, one.id, {f"AS-{n:02}": Draft(JudgedAnswer.SUFFICIENT)}
            )
        return one.id

    assert 1 == len(set(together(work)))
    with database.reading() as session:
        (found,) = assessments.of_case(session, YORK, "A-1")
    assert MANY == len(found.answers)


def test_a_case_erased_while_much_is_said_of_it(database: Database) -> None:
    """What came before is erased with it, and what comes after finds no case: nothing is left of it."""
    upload(database, record("A-1"), record("A-2"))

    def work(n: int) -> None:
        for _ in range(3):
            try:
                with database.begin() as session:
                    if n == 0:
                        retention.erase(session, act_at(1), ALL, "A-1")
                    elif n % 3 == 0:
                        one = own_assessments.begin(session, act_at(1, f"U-{n}"), ALL, "A-1")
                        own_assessments.save(
                            session, act_at(1, f"U-{n}"), ALL, one.id, {"AS-01": Draft(None, "x")}
                        )
                    elif n % 3 == 1:
                        planning.put(session, act_at(1), ALL, Plan("do", "who", None), case="A-1")
                    else:
                        judgements.say(
                            session,
                            act_at(1),
                            ALL,
                            judgements.Kind.OVERRIDE,
                            case="A-1",
                            question="AS-01",
                            answer=JudgedAnswer.SUFFICIENT,
                            made_on=dt.date(2026, 3, 2),
                            reason="why",
                        )
            except NotFoundError:
                pass

    together(work)

    with database.reading() as session:
        for table in retention.OF_A_CASE:
            assert "A-1" not in set(
                session.scalars(table.__table__.select().with_only_columns(table.__table__.c.case_id))
            )
        assert trail.verify(session) is None
        assert 1 == len(retention.tombstones(session).items)
