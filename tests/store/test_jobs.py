"""A job is done once: by whoever holds it, and as long as they do."""

import datetime as dt
from collections.abc import Callable

import pytest

from aboveline.store import Act, ConflictError, Database, LeaseLostError, NotFoundError, holding, jobs, trail
from aboveline.store.jobs import Job, JobState
from stored import act_at

LEASE = dt.timedelta(seconds=30)


def enqueue(database: Database, seconds: float = 0, subject: str = "s-1", **how: int) -> Job:
    """Put something to be done."""
    with database.begin() as session:
        return jobs.enqueue(session, act_at(seconds), "audit", subject, **how)


def claim(database: Database, seconds: float, owner: str) -> Job | None:
    """Ask for something to do."""
    with database.begin() as session:
        return jobs.claim(session, act_at(seconds, "worker"), owner, LEASE, ["audit"])


def finish(database: Database, seconds: float, job: Job, owner: str) -> None:
    """Say that it is done."""
    with database.begin() as session:
        holding.finish(session, act_at(seconds, "worker"), job.id, owner)


def state(database: Database, job: Job) -> Job:
    """Look a job up."""
    with database.reading() as session:
        return jobs.get(session, job.id)


def test_the_longest_waiting_is_taken_first_and_by_one_alone(database: Database) -> None:
    """Each worker gets another, and then none."""
    first, second = enqueue(database, 0, "s-1"), enqueue(database, 1, "s-2")

    got = [claim(database, 2, owner) for owner in ("w1", "w2", "w3")]

    assert [first.id, second.id, None] == [job and job.id for job in got]
    assert ("w1", 1, JobState.RUNNING) == (got[0].owner, got[0].attempts, got[0].state) if got[0] else False


def test_other_kinds_are_left_alone(database: Database) -> None:
    """A worker takes what it can do."""
    with database.begin() as session:
        jobs.enqueue(session, act_at(0), "impact", "s-1")

    assert claim(database, 1, "w1") is None


def test_done_is_done(database: Database) -> None:
    """It is not taken again, nor ended again."""
    job = enqueue(database)
    claim(database, 1, "w1")
    finish(database, 2, job, "w1")

    assert JobState.DONE is state(database, job).state
    assert claim(database, 1000, "w2") is None
    for owner in ("w1", "w2"):
        with pytest.raises(LeaseLostError):
            finish(database, 3, job, owner)
    with database.reading() as session:
        told = [one.what for one in trail.of_subjects(session, (job.id,))]
    assert ["job_done", "job_begun", "job_queued"] == told


def test_a_worker_that_is_silent_loses_its_job(database: Database) -> None:
    """Another takes it; what the first one did does not count, though it comes first."""
    job = enqueue(database)
    claim(database, 0, "w1")
    assert claim(database, 29, "w2") is None

    again = claim(database, 30, "w2")

    assert again is not None
    assert (job.id, 2, "w2") == (again.id, again.attempts, again.owner)
    with pytest.raises(LeaseLostError):
        finish(database, 31, job, "w1")
    finish(database, 32, job, "w2")


def test_a_lease_that_ran_out_can_be_taken_up_again_until_another_took_the_job(database: Database) -> None:
    """A worker that lives and could not say so loses nothing, and holds the job against others from then on."""
    job = enqueue(database)
    claim(database, 0, "w1")
    with database.begin() as session:
        holding.heartbeat(session, job.id, "w1", act_at(100).at, LEASE)

    assert claim(database, 129, "w2") is None
    finish(database, 500, job, "w1")
    assert (JobState.DONE, 1, "w1") == (
        state(database, job).state,
        state(database, job).attempts,
        state(database, job).owner,
    )
    assert claim(database, 1000, "w2") is None


def test_a_job_that_another_took_is_lost_for_good(database: Database) -> None:
    """Even when the other's lease has run out too: neither heartbeat, end, failure nor giving it back is the first one's."""
    job = enqueue(database)
    claim(database, 0, "w1")
    claim(database, 30, "w2")

    for seconds in (31, 1000):
        with pytest.raises(LeaseLostError), database.begin() as session:
            holding.heartbeat(session, job.id, "w1", act_at(seconds).at, LEASE)
        with pytest.raises(LeaseLostError):
            finish(database, seconds, job, "w1")
        with pytest.raises(LeaseLostError), database.begin() as session:
            holding.fail(session, act_at(seconds, "worker"), job.id, "w1", "no")
        with pytest.raises(LeaseLostError), database.begin() as session:
            holding.hand_back(session, act_at(seconds, "worker"), job.id, "w1")
    assert "w2" == state(database, job).owner


def test_a_worker_that_could_not_write_takes_nothing_from_others(database: Database) -> None:
    """Their leases may have run out for the same reason; what waits is taken all the same."""
    enqueue(database, 0, "s-1")
    claim(database, 0, "w1")
    waiting = enqueue(database, 1, "s-2")

    def take(owner: str) -> Job | None:
        with database.begin() as session:
            return jobs.claim(session, act_at(100, "worker"), owner, LEASE, ["audit"], lapsed=False)

    first, second = take("w2"), take("w3")

    assert first is not None
    assert (waiting.id, None) == (first.id, second)


def test_heartbeats_hold_a_job(database: Database) -> None:
    """And tell how far it has come; a new attempt begins at nothing."""
    job = enqueue(database)
    claim(database, 0, "w1")
    with database.begin() as session:
        holding.heartbeat(session, job.id, "w1", act_at(20).at, LEASE, done=40, of=100)

    assert claim(database, 49, "w2") is None
    assert (40, 100) == (state(database, job).done, state(database, job).of)
    again = claim(database, 50, "w2")
    assert again is not None
    assert (0, None) == (again.done, again.of)
    with pytest.raises(LeaseLostError), database.begin() as session:
        holding.heartbeat(session, job.id, "w1", act_at(51).at, LEASE)


def test_a_job_on_which_workers_end_is_given_up(database: Database) -> None:
    """After so many attempts, with a reason, and not before."""
    job = enqueue(database, allowed=2)
    claim(database, 0, "w1")
    claim(database, 100, "w2")
    assert claim(database, 200, "w3") is None

    def give_up(seconds: float) -> list[str]:
        with database.begin() as session:
            return [one.id for one in jobs.give_up(session, act_at(seconds, "worker"))]

    assert [] == give_up(129)
    assert [job.id] == give_up(130)
    assert [] == give_up(131)
    found = state(database, job)
    assert (JobState.FAILED, "the worker ended before it was done, 2 times") == (found.state, found.reason)


def test_a_job_that_cannot_be_done_fails_with_its_reason(database: Database) -> None:
    """Trying again would not help."""
    job = enqueue(database)
    claim(database, 0, "w1")
    with database.begin() as session:
        holding.fail(session, act_at(1, "worker"), job.id, "w1", "there is no value for that day")

    assert "there is no value for that day" == state(database, job).reason
    assert claim(database, 100, "w2") is None


def test_a_job_is_handed_back(database: Database) -> None:
    """By a worker that is told to stop: the next takes it at once, and it counts as no attempt."""
    job = enqueue(database, allowed=1)
    claim(database, 0, "w1")
    with database.begin() as session:
        holding.hand_back(session, act_at(1, "worker"), job.id, "w1")

    again = claim(database, 2, "w2")

    assert again is not None
    assert 1 == again.attempts


def test_there_is_one_job_for_each_thing(database: Database) -> None:
    """Asked for twice it would be done twice."""
    job = enqueue(database)
    with pytest.raises(ConflictError, match="already"):
        enqueue(database, 1)

    with database.reading() as session:
        assert job == jobs.of_subject(session, "audit", "s-1")
        assert jobs.of_subject(session, "audit", "s-2") is None
        assert {"queued": 1, "running": 0, "done": 0, "failed": 0} == {
            str(k): n for k, n in jobs.count(session).items()
        }
        with pytest.raises(NotFoundError):
            jobs.get(session, "no such")


def test_what_came_of_it_is_kept_with_the_end_or_not_at_all(
    database: Database, act: Callable[..., Act]
) -> None:
    """A worker that lost its job leaves nothing."""
    job = enqueue(database)
    claim(database, 0, "w1")
    claim(database, 99, "w2")

    def do() -> None:
        with database.begin() as session:
            trail.note(session, act(), "result", "x")
            holding.finish(session, act_at(100, "worker"), job.id, "w1")

    with pytest.raises(LeaseLostError):
        do()
    with database.reading() as session:
        assert () == trail.of_subjects(session, ("x",))
