"""What assessors said of an audit's answers once it had been asked for.

An audit stands as it was made. What is said later holds from a day of its own
(``made_on``): if that is the audit's day or an earlier one, it is said of this
audit too, and counts in the next as at that day.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import audits, cases, judgements
from .judgements import Said
from .schema import CaseVersionRow, JudgementRow
from .scope import AreaScope

__all__ = ["holding", "said_since"]

AT_ONCE = 500


def said_since(session: Session, scope: AreaScope, audit: str) -> tuple[Said, ...]:
    """Return what was said of the cases of an audit after it was asked for, and holds on its day: by case, each in order.

    A case that went to an area that the audit is not over is not told of.

    Raises:
        NotFoundError: there is no such audit in the areas.
    """
    one = audits.get(session, scope, audit)
    rows = session.execute(
        select(JudgementRow.case_id)
        .where(
            JudgementRow.seq > one.extent.said_upto,
            JudgementRow.made_on <= one.as_of,
            *cases.seen_by(one.scope, JudgementRow.__table__.c.case_id),
        )
        .distinct()
        .order_by(JudgementRow.case_id)
    )
    said: list[Said] = []
    for some in _some(rows.scalars().all()):
        audited = _audited(session, one, some)
        for found in judgements.of_cases(session, one.scope, audited, after=one.extent.said_upto).values():
            said += [each for each in found if each.made_on <= one.as_of]
    return tuple(said)


def holding(said: Sequence[Said]) -> tuple[Said, ...]:
    """Return of what was said, in order, that which holds: of each question of a case the latest of its kind by day, then as said."""
    latest: dict[tuple[str, str, str], Said] = {}
    for one in said:
        name = one.case, one.question, one.kind
        if name not in latest or latest[name].made_on <= one.made_on:
            latest[name] = one
    return tuple(latest.values())


def _audited(session: Session, one: audits.Audit, some: Sequence[str]) -> list[str]:
    """Return those of some cases that were in an audit."""
    query = (
        select(CaseVersionRow.case_id, CaseVersionRow.area)
        .where(CaseVersionRow.case_id.in_(some), CaseVersionRow.seq <= one.extent.upto)
        .order_by(CaseVersionRow.version)
    )
    area = {case: area for case, area in session.execute(query)}  # noqa: C416 - the later of a case stands
    return [case for case, where in area.items() if one.scope.includes(where)]


def _some(items: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while found := list(islice(rest, AT_ONCE)):
        yield found
