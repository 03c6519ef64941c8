"""What a worker can do: audit a caseload, and try a draft of the rules on one. The worker itself knows neither."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from aboveline.store import Act, AreaScope, BusyError, Database, audits, cases, drafts, impacts, results
from aboveline.store.states import State

from .work import auditing, drafting
from .work.apart import BrokenError, TooLargeError, TooLongError, apart
from .work.auditing import carry_out
from .work.draft_files import laid_out
from .work.drafting import Sent
from .work.trying import Try, UnfitDraftError, tried_in

__all__ = ["Audits", "CannotError", "Drafts", "Going", "Keep", "Task"]

log = structlog.get_logger(__name__)

_EVERYTHING = AreaScope.everything()

Keep = Callable[[Session, Act], Mapping[str, int]]
"""Keeps what came of a task, and returns what to log of it."""


class CannotError(Exception):
    """It cannot be done, however often it is tried. The words are for a person."""


class Going(Protocol):
    """How a task tells that it goes on. What it is to end with is raised."""

    def each(self) -> None:
        """Count a case."""

    def at(self, done: int) -> None:
        """Say how many cases are done."""

    def look(self) -> None:
        """Look whether to go on."""


class Task(Protocol):
    """A kind of job. ``name`` is what the log calls its subject."""

    kind: str
    name: str

    def move(self, session: Session, act: Act, subject: str, state: State, reason: str | None = None) -> None:
        """Say how far it has come."""

    def state(self, session: Session, subject: str) -> State:
        """Return how far it has come."""

    def size(self, session: Session, subject: str) -> int:
        """Return how many cases there are to do."""

    def carry_out(self, subject: str, going: Going) -> Keep:
        """Do it, outside any transaction.

        Raises:
            CannotError: it cannot be done.
        """


class Audits:
    """Audits of the caseload."""

    kind = auditing.KIND
    name = "audit"

    def __init__(self, database: Database) -> None:
        self._database = database

    def move(self, session: Session, act: Act, subject: str, state: State, reason: str | None = None) -> None:
        """Say how far an audit has come."""
        audits.move(session, act, subject, state, reason)

    def state(self, session: Session, subject: str) -> State:
        """Return how far an audit has come."""
        return audits.get(session, _EVERYTHING, subject).state

    def size(self, session: Session, subject: str) -> int:
        """Return how many cases there are in its areas."""
        return cases.count(session, audits.get(session, _EVERYTHING, subject).scope)

    def carry_out(self, subject: str, going: Going) -> Keep:
        """Audit."""
        with self._database.reading() as session:
            one = audits.get(session, _EVERYTHING, subject)
        prepared = results.prepare(carry_out(self._database, one, going.each))

        def keep(session: Session, act: Act) -> Mapping[str, int]:
            results.save(session, act, subject, prepared)
            return {"cases": prepared.result.cases}

        return keep


class Drafts:
    """Drafts of the rules, each tried in a process of its own that is ended after so long."""

    kind = drafting.KIND
    name = "draft"

    def __init__(self, database: Database, limit: dt.timedelta) -> None:
        self._database = database
        self._limit = limit

    def move(self, session: Session, act: Act, subject: str, state: State, reason: str | None = None) -> None:
        """Say how far a draft has come."""
        drafts.move(session, act, subject, state, reason)

    def state(self, session: Session, subject: str) -> State:
        """Return how far a draft has come."""
        return drafts.get(session, _EVERYTHING, subject).state

    def size(self, session: Session, subject: str) -> int:
        """Return how many audits of a case there are to do: two of each."""
        return 2 * cases.count(session, drafts.get(session, _EVERYTHING, subject).scope)

    def carry_out(self, subject: str, going: Going) -> Keep:
        """Try a draft.

        Raises:
            CannotError: it took too long or wanted too much, its process ended, or it cannot be used.
        """
        with self._database.reading() as session:
            one = drafts.get(session, _EVERYTHING, subject)
            texts = drafts.files(session, _EVERYTHING, subject)
        on_shipped, standards, average = Sent.options_of(one)
        seconds = self._limit.total_seconds()
        try:
            with laid_out(texts, on_shipped=on_shipped) as folder:
                work = Try(self._database.url, one.areas, one.extent, folder, standards, average, one.as_of)
                tried = tried_in(apart(work, seconds, going.look, going.at))
        except UnfitDraftError as error:
            raise CannotError("; ".join(str(problem) for problem in error.problems)) from None
        except TooLongError:
            raise CannotError(
                f"It was stopped, because it took longer than {seconds:,.0f} seconds. "
                "Look for a rule that combines many facts of one kind."
            ) from None
        except TooLargeError:
            raise CannotError(
                "It was stopped, because it wanted more memory than a draft may have."
            ) from None
        except BrokenError as error:
            if str(error) == OperationalError.__name__:
                raise BusyError("the database is away: another worker goes on") from None
            if error.places:
                places = list(error.places)
                log.exception("draft_process_failed", draft=subject, said=str(error), places=places)
                raise
            raise CannotError("The process that tried it ended before it was done.") from None
        prepared = impacts.prepare(tried.impact, tried.findings)

        def keep(session: Session, act: Act) -> Mapping[str, int]:
            impacts.save(session, act, subject, prepared)
            return {"cases": prepared.impact.cases}

        return keep
