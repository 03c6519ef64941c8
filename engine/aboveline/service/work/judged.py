"""An audit with what assessors said of its answers since: the same records and rules and day, and their answers in place.

The result that is kept stays as it was made. This one is made when it is asked
for, of the very records that were audited, so it is what ``aboveline audit``
makes of them with what was said added to each.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from sqlalchemy.orm import Session

from aboveline.answers import in_words
from aboveline.audit import audit
from aboveline.case import CaseRecord, Rejected
from aboveline.reports.words import many
from aboveline.result import AuditResult
from aboveline.store import AreaScope, ConflictError, Database, NotFoundError, audits, judged, judgements
from aboveline.store.as_audited import record_as_audited
from aboveline.store.caseload import caseload
from aboveline.store.judgements import Said

from .auditing import Asked, latest_done
from .desk import Desk, rules_of

__all__ = [
    "MOST_CASES",
    "Since",
    "cannot_be_made",
    "latest_with",
    "need_rules",
    "records",
    "since",
    "since_in_words",
    "with_judgements",
]

MOST_CASES = 2000
"""With so many cases at most an audit is done again within a request: some seconds. Of more, a new audit is asked for."""

RULES_CHANGED = "the rules have changed since this audit: its result stands, but cannot be explained by the rules of today"

_making = Lock()


@dataclass(frozen=True)
class Since:
    """What was said of an audit's answers since it was asked for, and, where it can be made, its result with that."""

    audit: audits.Audit
    said: tuple[Said, ...]

    @property
    def holding(self) -> tuple[Said, ...]:
        """What holds of it: one for each question of a case and kind."""
        return judged.holding(self.said)

    def of_case(self, case: str) -> tuple[Said, ...]:
        """Return what was said of a case, in order."""
        return tuple(one for one in self.said if one.case == case)


def since(session: Session, scope: AreaScope, audit_id: str) -> Since:
    """Return what was said of an audit's answers since it was asked for.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    one = audits.get(session, scope, audit_id)
    return Since(one, judged.said_since(session, scope, audit_id))


def latest_with(session: Session, scope: AreaScope, case: str) -> audits.Audit | None:
    """Return the audit that was asked for last of those that are done, if the case is in it."""
    one = latest_done(session, scope)
    if one is None:
        return None
    try:
        record_as_audited(session, scope, one.id, case)
    except NotFoundError:
        return None
    return one


def cannot_be_made(one: audits.Audit) -> str | None:
    """Return why an audit's result with judgements cannot be made within a request, or none where it can."""
    if one.state is not audits.State.DONE:
        return "the audit is not done"
    if one.rulebook != rules_of(Asked.of(one).standards).hash:
        return "the rules have changed since this audit: start another as at the same day to have the scores with judgements"
    if (one.cases or 0) > MOST_CASES:
        return f"the audit has more than {MOST_CASES:,} cases: start another as at the same day to have the scores with judgements"
    return None


def need_rules(one: audits.Audit) -> None:
    """See that an audit was done by the rules of today, so that what is said of it is what it found.

    Raises:
        ConflictError: it was done by other rules.
    """
    if one.rulebook != rules_of(Asked.of(one).standards).hash:
        raise ConflictError(RULES_CHANGED)


def since_in_words(found: Since) -> str:
    """Say what a result with judgements has that the audit did not have: how many answers, of whom, when last."""
    if not found.said:
        return "Nothing was judged of this audit since it was made."
    answers = len({(one.case, one.question) for one in found.said})
    people = len({one.assessor for one in found.said})
    last = max(one.at for one in found.said)
    return (
        f"With judgements: {many(answers, 'answer')} {'was' if answers == 1 else 'were'} judged by {many(people, 'assessor')} "
        f"after the audit was asked for, last on {in_words(last.date())}. They are listed under answers changed or judged by an assessor."
    )


def with_judgements(desk: Desk, found: Since) -> AuditResult:
    """Return the result of an audit with what was said since.

    Raises:
        ConflictError: it cannot be made within a request, and why.
    """
    if (why := cannot_be_made(found.audit)) is not None:
        raise ConflictError(why)
    said = hashlib.sha256("\n".join(one.id for one in found.said).encode()).hexdigest()
    name = found.audit.id, found.audit.digest or "", said
    with _making:  # whoever asks for the same waits, and has it then
        return desk.remembered(name, lambda: _made(desk, found))


def records(database: Database, found: Since) -> Iterator[CaseRecord | Rejected]:
    """Yield the records that an audit read, each with all that was said of it by then and since."""
    more: dict[str, list[Said]] = defaultdict(list)
    for one in found.said:
        more[one.case].append(one)
    for record in caseload(database, found.audit.scope, found.audit.extent):
        yield (
            judgements.added(record, more.get(record.case, ())) if isinstance(record, CaseRecord) else record
        )


def _made(desk: Desk, found: Since) -> AuditResult:
    asked = Asked.of(found.audit)
    return audit(
        records(desk.database, found), rules_of(asked.standards), asked.as_of, asked.average, by=asked.by
    )
