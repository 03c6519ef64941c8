"""Audits of the store, as pages list them."""

from collections.abc import Iterable

from aboveline.service.work.auditing import STOPPED
from aboveline.store import EVERY_AREA, audits

from .views.audits import AuditState, AuditSummary

__all__ = ["areas_in_words", "summary_of"]


def areas_in_words(areas: Iterable[str]) -> str:
    """Return areas as a person reads them."""
    areas = tuple(areas)
    return "All areas" if EVERY_AREA in areas else ", ".join(areas)


def summary_of(one: audits.Audit) -> AuditSummary:
    """Return an audit as it stands in a list."""
    stopped = one.state is audits.State.FAILED and one.reason == STOPPED
    return AuditSummary(
        id=one.id,
        as_of=one.as_of,
        areas=(areas_in_words(one.areas),),
        state=AuditState.CANCELLED if stopped else AuditState(str(one.state)),
        started_by=one.who,
        started_at=one.at,
        cases=one.cases,
    )
