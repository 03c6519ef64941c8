"""A process that works with a store until it is killed. The tests of the store run it: ``python dying.py HOW URL``."""

import datetime as dt
import sys
import time
from collections.abc import Iterator

from aboveline.case import Placed
from aboveline.case.codes import JudgedAnswer
from aboveline.store import Database, jobs, judgements, uploads
from stored import ALL, act_at, placed, record


def half_an_upload(database: Database) -> None:
    """Store some batches of an upload, say so, and get no further."""

    def reads() -> Iterator[Placed]:
        yield from placed([record(f"H-{n}") for n in range(1600)])
        say("half")
        time.sleep(600)

    with database.begin() as session:
        uploads.store(session, act_at(1), ALL, "half", reads())


def much(database: Database) -> None:
    """Upload and judge without end, and name what is committed."""
    for turn in range(10**6):
        with database.begin() as session:
            cases = [record(f"M-{turn}-{n}") for n in range(30)]
            upload = uploads.store(session, act_at(turn), ALL, "much", placed(cases))
            judgements.say(
                session,
                act_at(turn),
                ALL,
                judgements.Kind.JUDGEMENT,
                case=f"M-{turn}-0",
                question="AS-01",
                answer=JudgedAnswer.SUFFICIENT,
                made_on=dt.date(2026, 3, 2),
                reason="why",
            )
        say(upload.id)


def a_job(database: Database) -> None:
    """Take a job, say so, and get no further."""
    with database.begin() as session:
        job = jobs.claim(session, act_at(1, "worker"), "dying", dt.timedelta(seconds=30), ["audit"])
    say(job.id if job else "none")
    time.sleep(600)


def say(what: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with Database.open(sys.argv[2]) as opened:
        {"half": half_an_upload, "much": much, "job": a_job}[sys.argv[1]](opened)
