"""Ask for audits of the caseload, do them as a worker does, and read what came of them."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from aboveline.answers import in_words
from aboveline.audit import audit
from aboveline.breakdowns import Characteristic
from aboveline.result import AuditResult
from aboveline.rulebook import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.store import Act, AreaScope, Database, UnfitError, audits, case_list, cases, jobs
from aboveline.store.caseload import caseload

from .desk import Desk, rules_of

__all__ = ["KIND", "STOPPED", "Asked", "areas_of", "ask", "carry_out", "every_audit", "latest_done", "stop"]

KIND = "audit"
"""The kind of job that an audit is."""

STOPPED = "It was stopped."
_MANY = 200


@dataclass(frozen=True)
class Asked:
    """What an audit is to be: as at which day, over which areas, by which standards, and how it is summed up."""

    as_of: dt.date
    areas: tuple[str, ...]
    standards: str = DEFAULT_STANDARDS
    average: Average = Average.QUESTIONS
    by: tuple[Characteristic, ...] = (Characteristic.GENDER,)

    @classmethod
    def of(cls, one: audits.Audit) -> "Asked":
        """Return what was asked for."""
        options = one.options
        return cls(
            one.as_of,
            one.areas,
            str(options.get("standards", DEFAULT_STANDARDS)),
            Average(str(options.get("average", Average.QUESTIONS))),
            tuple(Characteristic(name) for name in cast("Sequence[str]", options.get("by", ()))),
        )


def ask(desk: Desk, act: Act, scope: AreaScope, asked: Asked) -> audits.Audit:
    """Ask for an audit, which a worker does.

    Raises:
        NotFoundError: it is to be over areas that whoever asks may not see.
        UnfitError: there is no area, no case in the areas, or there are no such standards.
    """
    if asked.standards not in rules_of().packs:
        raise UnfitError("there are no such standards")
    over = AreaScope.of(asked.areas)
    with desk.database.begin() as session:
        if scope.covers(over) and over.named and not cases.count(session, over):
            raise UnfitError("there is no case in these areas: upload case records first")
        made = audits.ask(
            session,
            act,
            scope,
            label=f"As at {in_words(asked.as_of)}",
            as_of=asked.as_of,
            over=over,
            options={
                "standards": asked.standards,
                "average": str(asked.average),
                "by": [str(one) for one in asked.by],
            },
        )
        jobs.enqueue(session, act, KIND, made.id)
    return made


def carry_out(database: Database, one: audits.Audit, each: Callable[[], None]) -> AuditResult:
    """Audit the caseload as it stood when it was asked for.

    Raises:
        InputError: the rules cannot be used as at that day.
    """
    asked = Asked.of(one)
    return audit(
        caseload(database, one.scope, one.extent),
        rules_of(asked.standards),
        asked.as_of,
        asked.average,
        by=asked.by,
        each=each,
    )


def stop(desk: Desk, act: Act, scope: AreaScope, audit_id: str) -> None:
    """Stop an audit that is not done. Its worker finds out by itself.

    Raises:
        NotFoundError: there is no such audit in the areas.
        ConflictError: it is done, or failed, already.
    """
    with desk.database.begin() as session:
        audits.get(session, scope, audit_id)
        audits.move(session, act, audit_id, audits.State.FAILED, STOPPED)


def every_audit(
    session: Session, scope: AreaScope, state: audits.State | None = None
) -> Iterator[audits.Audit]:
    """Yield the audits that somebody may see, the latest first; those in a state, where one is named."""
    after: str | None = None
    while True:
        page = audits.page(session, scope, state=state, after=after, limit=_MANY)
        yield from page.items
        after = page.after
        if after is None:
            return


def latest_done(session: Session, scope: AreaScope) -> audits.Audit | None:
    """Return the audit that was asked for last of those that are done, if there is one."""
    return next(iter(audits.page(session, scope, state=audits.State.DONE, limit=1).items), None)


def areas_of(session: Session, scope: AreaScope) -> tuple[str, ...]:
    """Return the areas of cases that somebody may see, in order."""
    return case_list.areas(session, scope)
