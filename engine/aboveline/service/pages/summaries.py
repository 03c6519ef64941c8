"""Audits and drafts of the store, as pages list them."""

from collections.abc import Iterable

from aboveline.service.work.auditing import STOPPED
from aboveline.service.work.desk import rules_of
from aboveline.service.work.drafting import Sent
from aboveline.store import EVERY_AREA, audits, drafts
from aboveline.store.states import State

from .views.audits import AuditState, AuditSummary
from .views.impact import DraftSummary

__all__ = ["areas_in_words", "draft_summary_of", "summary_of"]


def areas_in_words(areas: Iterable[str]) -> str:
    """Return areas as a person reads them."""
    areas = tuple(areas)
    return "All areas" if EVERY_AREA in areas else ", ".join(areas)


def summary_of(one: audits.Audit) -> AuditSummary:
    """Return an audit as it stands in a list."""
    return AuditSummary(
        id=one.id,
        as_of=one.as_of,
        areas=(areas_in_words(one.areas),),
        state=_state(one.state, one.reason),
        started_by=one.who,
        started_at=one.at,
        cases=one.cases,
    )


def draft_summary_of(one: drafts.Draft) -> DraftSummary:
    """Return a draft of the rules as it stands in a list."""
    on_shipped, standards, average = Sent.options_of(one)
    pack = rules_of().packs.get(standards)
    return DraftSummary(
        id=one.id,
        label=one.label,
        as_of=one.as_of,
        areas=(areas_in_words(one.areas),),
        standards=pack.title if pack else standards,
        average=average,
        on_shipped=on_shipped,
        state=_state(one.state, one.reason),
        sent_by=one.who,
        sent_at=one.at,
        cases=one.cases,
        erased=one.erased,
    )


def _state(state: State, reason: str | None) -> AuditState:
    stopped = state is State.FAILED and reason == STOPPED
    return AuditState.CANCELLED if stopped else AuditState(str(state))
