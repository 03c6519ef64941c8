"""Sending a draft of the rules: the form with what is wrong with it and the drafts before it, and how far one has come."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from aboveline.case.base import Record
from aboveline.problems import Problem
from aboveline.reports.words import many
from aboveline.rulebook import Rulebook
from aboveline.rulebook.standards import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.service.pages import context, urls
from aboveline.service.pages.views.audits import AuditState, state_tag
from aboveline.service.pages.views.parts import (
    FieldError,
    Link,
    Option,
    Pager,
    Pair,
    Table,
    View,
    cell,
    columns,
    listed,
    moment,
    pair,
)
from aboveline.service.pages.views.progress import ProgressPage, Stop, averages_of, standards_of

__all__ = ["DraftSummary", "ImpactForm", "draft_pairs", "impact_form", "impact_progress"]


class DraftSummary(Record):
    """A draft of the rules, as it stands in a list."""

    id: str
    label: str
    as_of: dt.date
    areas: tuple[str, ...]
    standards: str
    average: str
    on_shipped: bool
    state: AuditState
    sent_by: str
    sent_at: dt.datetime
    cases: int | None
    erased: int = 0


class ImpactForm(View):
    """The form that sends a draft of the rules, as multipart.

    Its fields are ``label``, ``as_of-day``, ``-month``, ``-year``, ``base``,
    ``path`` and ``text`` or else ``file``, ``standards`` and ``average``.
    ``problems`` is everything that is wrong with the draft that was sent.
    """

    bases: tuple[Option, ...]
    standards: tuple[Option, ...]
    averages: tuple[Option, ...]
    values: dict[str, str]
    date: dict[str, str]
    problems: Table | None
    largest: str
    drafts: Table
    pager: Pager


def impact_form(
    drafts: Sequence[DraftSummary],
    rulebook: Rulebook,
    today: dt.date,
    largest: str,
    values: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
    problems: Sequence[Problem] = (),
    page: int = 1,
) -> ImpactForm:
    """Build the form that sends a draft, filled in with what was sent where something was, and the drafts before it.

    ``largest`` says how large what is sent may be, as ``1 MiB``.
    """
    given = dict(values or {})
    table, pager = listed(
        Table(
            caption="Drafts, newest first",
            columns=columns("Draft", "As at", "State", "Cases", "Sent", numbers=["Cases"]),
            rows=(),
            empty="No draft has been sent yet.",
        ),
        drafts,
        lambda one: (
            cell(one.label, urls.impact(one.id)),
            cell(one.as_of),
            cell("", tag=state_tag(one.state)),
            cell("" if one.cases is None else one.cases),
            cell(moment(one.sent_at), note=f"by {one.sent_by}"),
        ),
        page,
        urls.IMPACT,
    )
    usual = {
        "base": "shipped",
        "standards": DEFAULT_STANDARDS,
        "average": str(Average.QUESTIONS),
        "label": "",
        "path": "",
        "text": "",
    }
    return ImpactForm(
        title="Impact of a change of rules",
        errors=tuple(errors),
        bases=(
            Option(
                value="shipped",
                text="some files of the rules",
                hint="They stand in place of the rules of today and beside them",
            ),
            Option(value="nothing", text="a whole rulebook", hint="Nothing else is read"),
        ),
        standards=standards_of(rulebook),
        averages=averages_of(),
        values=usual | given,
        date={
            part: given.get(f"as_of-{part}", str(getattr(today, part))) for part in ("day", "month", "year")
        },
        problems=_problems(problems),
        largest=largest,
        drafts=table,
        pager=pager,
    )


def impact_progress(
    summary: DraftSummary, done: int, total: int | None, *, reason: str | None = None
) -> ProgressPage:
    """Build the page of a draft that waits, is being tried, failed or was stopped."""
    going = summary.state in {AuditState.QUEUED, AuditState.RUNNING}
    counted = (
        "" if total is None else f"{done:,} of {many(total, 'audit')} of a case done, two for each case. "
    )
    told = {
        AuditState.QUEUED: "The draft is waiting to be tried. You can leave this page: it goes on without you.",
        AuditState.RUNNING: f"{counted}You can leave this page: it goes on without you.",
        AuditState.CANCELLED: "Trying the draft was stopped.",
    }.get(summary.state, reason or "The draft could not be tried. Send it again.")
    titles = {
        AuditState.FAILED: f"{summary.label} could not be tried",
        AuditState.CANCELLED: f"{summary.label} was stopped",
    }
    return ProgressPage(
        title=titles.get(summary.state, f"{summary.label} is being tried"),
        state=state_tag(summary.state),
        told=told,
        done=done,
        total=total,
        of="Audits of a case done",
        refresh=5 if going else None,
        pairs=tuple(draft_pairs(summary)),
        here=urls.impact(summary.id),
        all=Link(text="All drafts", href=urls.IMPACT),
        role=context.ADMIN,
        stop=Stop(text="Stop trying it", address=urls.impact_cancel(summary.id)),
        again=Link(text="Send a draft", href=urls.IMPACT),
    )


def draft_pairs(summary: DraftSummary) -> Iterator[Pair]:
    """Yield what was sent, and by whom."""
    yield pair("As at", summary.as_of)
    yield pair("Areas", ", ".join(summary.areas))
    yield pair("The draft is", "some files of the rules" if summary.on_shipped else "a whole rulebook")
    yield pair("Standards", summary.standards)
    yield pair("An outcome's score", f"the average of its {summary.average}")
    yield pair("Sent", f"{moment(summary.sent_at)} by {summary.sent_by}")


def _problems(problems: Sequence[Problem]) -> Table | None:
    if not problems:
        return None
    return Table(
        caption="What is wrong with the draft",
        columns=columns("File", "Line", "Where", "What is wrong", numbers=["Line"]),
        rows=tuple(
            (
                cell(one.source),
                cell("" if one.line is None else str(one.line)),
                cell(one.path or "the file"),
                cell(one.reason),
            )
            for one in problems
        ),
    )
