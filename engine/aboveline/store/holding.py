"""What a worker does with the job that it holds: renew its lease, end it, give it back. Whose it is is asked each time.

That is asked under the lock on the job's row, which the transaction keeps to its
end: of two workers that believe they hold a job, one does.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import trail
from .act import Act
from .errors import LeaseLostError, NotFoundError
from .jobs import JobState, ended
from .schema import JobRow

__all__ = ["fail", "finish", "hand_back", "heartbeat"]


def heartbeat(
    session: Session,
    job: str,
    owner: str,
    at: dt.datetime,
    lease: dt.timedelta,
    *,
    done: int | None = None,
    of: int | None = None,
) -> None:
    """Hold a job for longer, and say how far it has come. A lease that ran out is taken up again, unless another took the job.

    Raises:
        LeaseLostError: the worker does not hold it any more, and must stop.
    """
    row = _held(session, job, owner)
    row.lease_until = at + lease
    if done is not None:
        row.done = done
    if of is not None:
        row.of = of
    session.flush()


def finish(session: Session, act: Act, job: str, owner: str) -> None:
    """Say that a job is done. What came of it is kept in the same transaction, or not at all.

    Raises:
        LeaseLostError: the worker does not hold it any more: nothing of what it did may be kept.
    """
    ended(session, act, _held(session, job, owner), JobState.DONE, None)


def fail(session: Session, act: Act, job: str, owner: str, reason: str) -> None:
    """Say that a job cannot be done, and why: trying again would not help.

    Raises:
        LeaseLostError: the worker does not hold it any more.
    """
    ended(session, act, _held(session, job, owner), JobState.FAILED, reason)


def hand_back(session: Session, act: Act, job: str, owner: str) -> None:
    """Give a job back that was begun and not ended, as a worker that is told to stop does. It counts as no attempt.

    Raises:
        LeaseLostError: the worker does not hold it any more.
    """
    row = _held(session, job, owner)
    row.state = str(JobState.QUEUED)
    row.attempts -= 1
    row.owner = row.lease_until = None
    session.flush()
    trail.note(session, act, "job_handed_back", row.id, subject=row.subject)


def _held(session: Session, job: str, owner: str) -> JobRow:
    query = select(JobRow).where(JobRow.id == job).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such job")
    if row.state != str(JobState.RUNNING) or row.owner != owner:
        raise LeaseLostError("the job is not this worker's any more")
    return row
