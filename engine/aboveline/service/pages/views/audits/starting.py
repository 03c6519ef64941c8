"""Starting an audit: the form, and how far one has come."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.breakdowns import Characteristic
from aboveline.reports.groups import characteristic_name
from aboveline.reports.words import label, many
from aboveline.rulebook import Rulebook
from aboveline.rulebook.standards import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.service.pages import context, urls
from aboveline.service.pages.views.parts import FieldError, Link, Option, View, moment, pair
from aboveline.service.pages.views.progress import ProgressPage, Stop, averages_of, standards_of

from .listing import AuditState, AuditSummary, state_tag

__all__ = ["AuditStart", "audit_progress", "audit_start"]


class AuditStart(View):
    """The form that starts an audit: fields ``as_of-day``, ``-month``, ``-year``, ``areas``, ``standards``, ``average``, ``by``."""

    areas: tuple[Option, ...]
    standards: tuple[Option, ...]
    averages: tuple[Option, ...]
    characteristics: tuple[Option, ...]
    values: dict[str, str]
    chosen_areas: tuple[str, ...]
    chosen_by: tuple[str, ...]
    date: dict[str, str]


def audit_start(
    areas: Mapping[str, str], rulebook: Rulebook, today: dt.date,
    values: Mapping[str, str] | None = None, chosen_areas: Sequence[str] | None = None,
    chosen_by: Sequence[str] = (Characteristic.GENDER,), errors: Sequence[FieldError] = (),
) -> AuditStart:  # fmt: skip
    """Build the form that starts an audit, filled in with what was sent where something was. ``areas`` has what each is called."""
    given = dict(values or {})
    return AuditStart(
        title="Start an audit",
        errors=tuple(errors),
        areas=tuple(Option(value=value, text=text) for value, text in areas.items()),
        standards=standards_of(rulebook),
        averages=averages_of(),
        characteristics=tuple(
            Option(value=str(one), text=label(characteristic_name(one))) for one in Characteristic
        ),
        values={"standards": DEFAULT_STANDARDS, "average": str(Average.QUESTIONS)} | given,
        chosen_areas=tuple([next(iter(areas))] if chosen_areas is None and areas else chosen_areas or ()),
        chosen_by=tuple(str(one) for one in chosen_by),
        date={
            part: given.get(f"as_of-{part}", str(getattr(today, part))) for part in ("day", "month", "year")
        },
    )


def audit_progress(
    summary: AuditSummary, done: int, total: int | None, *, reason: str | None = None
) -> ProgressPage:
    """Build the page of an audit that is queued, running, failed or cancelled."""
    going = summary.state in {AuditState.QUEUED, AuditState.RUNNING}
    counted = (
        f"{done:,} of {many(total, 'case')} audited."
        if total is not None
        else f"{many(done, 'case')} audited so far."
    )
    told = {
        AuditState.QUEUED: "The audit is waiting to be started. You can leave this page: it goes on without you.",
        AuditState.RUNNING: f"{counted} You can leave this page: it goes on without you.",
        AuditState.FAILED: reason or "The audit could not be completed. Nothing was lost: start it again.",
        AuditState.CANCELLED: "The audit was stopped.",
        AuditState.DONE: counted,
    }[summary.state]
    return ProgressPage(
        title={AuditState.FAILED: "The audit failed", AuditState.CANCELLED: "The audit was stopped"}.get(
            summary.state, "The audit is in progress"
        ),
        state=state_tag(summary.state),
        told=told,
        done=done,
        total=total,
        of="Cases audited",
        refresh=5 if going else None,
        pairs=(
            pair("As at", summary.as_of),
            pair("Areas", ", ".join(summary.areas)),
            pair("Started", f"{moment(summary.started_at)} by {summary.started_by}"),
        ),
        here=urls.audit(summary.id),
        all=Link(text="Back", href=urls.AUDITS),
        role=context.WRITE,
        stop=Stop(text="Stop the audit", address=urls.audit_cancel(summary.id)),
        again=Link(text="Start an audit", href=urls.AUDIT_START),
    )
