"""Drafts of the rules: read at once, so that whoever sends one is told what is wrong with it, and tried by a worker."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore

from sqlalchemy.orm import Session

from aboveline.answers import in_words
from aboveline.problems import Problem
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.store import Act, AreaScope, ConflictError, UnfitError, cases, drafts, jobs
from aboveline.store.states import State

from .apart import ApartError, TooLargeError, TooLongError, apart
from .auditing import STOPPED
from .desk import Desk, rules_of
from .draft_files import checked, laid_out
from .trying import Read, UnfitDraftError, problems_in

__all__ = ["KIND", "MOST_WAITING", "Sent", "every_draft", "send", "stop"]

KIND = "impact"
"""The kind of job that trying a draft is."""

MOST_WAITING = 5
"""So many drafts of one person may wait or be tried at once."""

SECONDS_TO_READ = 30.0

_MANY = 200
_reading = BoundedSemaphore(2)


@dataclass(frozen=True)
class Sent:
    """A draft as it is sent: its files, what it is called, as at which day and by which standards it is tried."""

    files: Mapping[str, bytes]
    as_of: dt.date
    label: str = ""
    on_shipped: bool = False
    standards: str = DEFAULT_STANDARDS
    average: Average = Average.QUESTIONS

    @classmethod
    def options_of(cls, one: drafts.Draft) -> tuple[bool, str, Average]:
        """Return whether a draft stands on the shipped rules, its standards, and what its scores average."""
        options = one.options
        return (
            options.get("base") == "shipped",
            options.get("standards", DEFAULT_STANDARDS),
            Average(options.get("average", Average.QUESTIONS)),
        )


def send(desk: Desk, act: Act, scope: AreaScope, sent: Sent) -> drafts.Draft:
    """Keep a draft, which a worker tries on the caseload of the sender's areas.

    Raises:
        UnfitDraftError: the draft cannot be used.
        UnfitError: there are too many files, or none, or no case in the areas, or no such standards.
        ConflictError: others are being read just now, or too many of the sender's are waiting.
    """
    texts = checked(sent.files)
    if sent.standards not in rules_of().packs:
        raise UnfitError("there are no such standards")
    with desk.database.reading() as session:
        if not scope.named or not cases.count(session, scope):
            raise UnfitError("there is no case in these areas: upload case records first")
        _need_turn(session, scope, act)
    if problems := _read(texts, sent):
        raise UnfitDraftError(problems)
    with desk.database.begin() as session:
        _need_turn(session, scope, act)
        made = drafts.put(
            session,
            act,
            scope,
            label=sent.label.strip() or f"Draft as at {in_words(sent.as_of)}",
            as_of=sent.as_of,
            texts=texts,
            options={
                "base": "shipped" if sent.on_shipped else "nothing",
                "standards": sent.standards,
                "average": str(sent.average),
            },
        )
        jobs.enqueue(session, act, KIND, made.id)
    return made


def stop(desk: Desk, act: Act, scope: AreaScope, draft: str) -> None:
    """Stop a draft that is not done. Its worker finds out by itself.

    Raises:
        NotFoundError: there is no such draft in the areas.
        ConflictError: it is done, or failed, already.
    """
    with desk.database.begin() as session:
        drafts.get(session, scope, draft)
        drafts.move(session, act, draft, State.FAILED, STOPPED)


def every_draft(session: Session, scope: AreaScope) -> Iterator[drafts.Draft]:
    """Yield the drafts that somebody may see, the latest first."""
    after: str | None = None
    while True:
        page = drafts.page(session, scope, after=after, limit=_MANY)
        yield from page.items
        after = page.after
        if after is None:
            return


def _need_turn(session: Session, scope: AreaScope, act: Act) -> None:
    if drafts.unfinished(session, scope, act.who) >= MOST_WAITING:
        raise ConflictError(f"{MOST_WAITING} of your drafts are not done yet: wait for one, or stop it")


def _read(texts: Mapping[str, str], sent: Sent) -> tuple[Problem, ...]:
    """Return everything that is wrong with a draft. It is read in a process that ends in time, whatever was sent."""
    if not _reading.acquire(blocking=False):
        raise ConflictError("other drafts are being read: try again in a minute")
    try:
        with laid_out(texts, on_shipped=sent.on_shipped) as folder:
            return problems_in(apart(Read(folder, sent.standards, sent.as_of), SECONDS_TO_READ))
    except TooLongError:
        raise UnfitError(
            f"the draft took longer than {SECONDS_TO_READ:.0f} seconds to read: make it smaller"
        ) from None
    except TooLargeError:
        raise UnfitError("the draft needs too much memory to be read: make it smaller") from None
    except ApartError:
        raise UnfitError("the draft cannot be read: the process that read it ended") from None
    finally:
        _reading.release()
