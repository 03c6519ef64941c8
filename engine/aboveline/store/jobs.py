"""Work to be done by a worker, once: a worker holds a job by a lease, and has done it only if it still does at the end.

A lease that ran out lets another worker take the job. Until one does, it is
still its owner's, who may renew it or end it: a worker that lives and could not
say so, since somebody else was writing for long, loses nothing. Whose it is is
looked up under the lock on the job's row (SQLite: on the database) that the
transaction keeps to its end, so no two can end it. What its owner does with it is in ``holding``.

A job is machinery and is updated in place; that it began, ended or failed is in
the trail. The moments are the workers' own, so their clocks must agree to
within much less than a lease.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from . import trail
from .act import Act, new_id
from .errors import ConflictError, NotFoundError
from .schema import JobRow

__all__ = [
    "Job",
    "JobState",
    "claim",
    "count",
    "ended",
    "enqueue",
    "get",
    "give_up",
    "of_subject",
]

ATTEMPTS = 3

ENDED_TOO_OFTEN = "the worker ended before it was done, {attempts} times"


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A job. ``done`` of ``of`` is its progress, where how much there is to do is known."""

    id: str
    kind: str
    subject: str
    who: str
    correlation: str
    at: dt.datetime
    state: JobState
    attempts: int
    allowed: int
    owner: str | None
    lease_until: dt.datetime | None
    done: int
    of: int | None
    ended: dt.datetime | None
    reason: str | None


def enqueue(session: Session, act: Act, kind: str, subject: str, *, allowed: int = ATTEMPTS) -> Job:
    """Put something to be done: one job for each kind and subject, begun ``allowed`` times at most.

    Raises:
        ConflictError: there is such a job already.
    """
    job = new_id(act.at)
    row: dict[str, Any] = {
        "id": job,
        "kind": kind,
        "subject": subject,
        "who": act.who,
        "correlation": act.correlation,
        "at": act.at,
        "state": str(JobState.QUEUED),
        "attempts": 0,
        "allowed": allowed,
        "done": 0,
    }
    try:
        session.execute(insert(JobRow), [row])
    except IntegrityError:
        raise ConflictError("this is to be done already") from None
    trail.note(session, act, "job_queued", job, kind=kind, subject=subject)
    return get(session, job)


def claim(
    session: Session,
    act: Act,
    owner: str,
    lease: dt.timedelta,
    kinds: Collection[str],
    *,
    lapsed: bool = True,
) -> Job | None:
    """Take the job that has waited longest, or one whose worker's lease ran out; none where there is nothing to do.

    Of several workers that ask at once each gets another. ``owner`` names this worker and no other, now or ever.
    Without ``lapsed`` it takes none that another has begun: for when nobody could write for a while, which lets
    leases run out of workers that live.
    """
    waiting = [JobRow.state == str(JobState.QUEUED)]
    if lapsed:
        waiting.append((JobRow.state == str(JobState.RUNNING)) & (JobRow.lease_until <= act.at))
    query = (
        select(JobRow)
        .where(
            JobRow.kind.in_(kinds),
            JobRow.attempts < JobRow.allowed,
            or_(*waiting),
        )
        .order_by(JobRow.at, JobRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    row = session.scalars(query).first()
    if row is None:
        return None
    row.state = str(JobState.RUNNING)
    row.attempts += 1
    row.owner = owner
    row.lease_until = act.at + lease
    row.done, row.of = 0, None
    session.flush()
    trail.note(session, act, "job_begun", row.id, subject=row.subject, attempt=row.attempts)
    return _job(row)


def give_up(session: Session, act: Act) -> tuple[Job, ...]:
    """Fail the jobs whose last worker ended without a word, and return them. A worker asks for it before it claims."""
    query = (
        select(JobRow)
        .where(
            JobRow.state == str(JobState.RUNNING),
            JobRow.lease_until <= act.at,
            JobRow.attempts >= JobRow.allowed,
        )
        .order_by(JobRow.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = session.scalars(query).all()
    for row in rows:
        ended(session, act, row, JobState.FAILED, ENDED_TOO_OFTEN.format(attempts=row.attempts))
    return tuple(_job(row) for row in rows)


def get(session: Session, job: str) -> Job:
    """Return a job.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(JobRow, job, populate_existing=True)
    if row is None:
        raise NotFoundError("there is no such job")
    return _job(row)


def of_subject(session: Session, kind: str, subject: str) -> Job | None:
    """Return the job that is to do something, if there is one."""
    row = session.scalars(
        select(JobRow)
        .where(JobRow.kind == kind, JobRow.subject == subject)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else _job(row)


def count(session: Session) -> dict[JobState, int]:
    """Return how many jobs are in each state."""
    found = dict(session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all())
    return {state: found.get(str(state), 0) for state in JobState}


def ended(session: Session, act: Act, row: JobRow, state: JobState, reason: str | None) -> None:
    """Put down that a job has ended, and how."""
    row.state = str(state)
    row.lease_until = None
    row.ended = act.at
    row.reason = reason
    session.flush()
    trail.note(session, act, f"job_{state}", row.id, subject=row.subject, attempts=row.attempts)


def _job(row: JobRow) -> Job:
    values = {name: getattr(row, name) for name in Job.__slots__ if name != "state"}
    return Job(state=JobState(row.state), **values)
