"""What a draft of the rules would do to the cases that are kept: the form that sends one, and what came of it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from aboveline.answers import in_words
from aboveline.case.base import Record
from aboveline.comparison.model import Standing
from aboveline.impact.model import CaseImpact, Impact, QuestionImpact
from aboveline.problems import Problem
from aboveline.reports.words import label, many
from aboveline.rulebook import Rulebook
from aboveline.rulebook.standards import DEFAULT_STANDARDS
from aboveline.scoring import Average
from aboveline.service.pages import context, urls
from aboveline.service.pages.views.audits import AuditState, state_tag
from aboveline.service.pages.views.parts import (
    FieldError,
    KeyOf,
    Link,
    Option,
    Pager,
    Pair,
    Row,
    Table,
    View,
    cell,
    columns,
    listed,
    moment,
    pair,
)
from aboveline.service.pages.views.progress import ProgressPage, Stop, averages_of, standards_of
from aboveline.service.pages.views.sides import answer_side, outcome_side, question_side

__all__ = [
    "DraftSummary",
    "ImpactForm",
    "ImpactPage",
    "impact_form",
    "impact_page",
    "impact_progress",
]


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


class ImpactPage(View):
    """What a draft of the rules would do to the cases that are kept."""

    told: tuple[str, ...]
    pairs: tuple[Pair, ...]
    changes_anything: bool
    differences: Table | None
    outcomes: Table
    questions: Table
    moved: Table
    pager: Pager
    downloads: tuple[Link, ...]


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
        pairs=tuple(_pairs(summary)),
        here=urls.impact(summary.id),
        all=Link(text="All drafts", href=urls.IMPACT),
        role=context.ADMIN,
        stop=Stop(text="Stop trying it", address=urls.impact_cancel(summary.id)),
        again=Link(text="Send a draft", href=urls.IMPACT),
    )


def impact_page(
    summary: DraftSummary, impact: Impact, findings: Mapping[str, str], key_of: KeyOf | None, page: int = 1
) -> ImpactPage:
    """Build the page of what a draft would do. ``findings`` has what each deficiency finds, in words.

    ``key_of`` gives the key of a case; none where the caller may not open cases.
    """
    changed = {one.id: one for one in impact.questions}
    moved, pager = listed(
        Table(
            caption="Cases that change",
            columns=columns("Case", "Question", "By the rules of today", "By the draft", "Why"),
            rows=(),
            empty="No case has another answer or another deficiency.",
        ),
        impact.moved,
        lambda one: _moved(one, changed.get(one.question), findings, key_of),
        page,
        urls.impact(summary.id),
    )
    times, in_cases = len(impact.moved), len({one.case for one in impact.moved})
    told = [
        f"{many(impact.cases, 'case')} audited twice as at {in_words(impact.as_of)}: by the rules of today, and by the draft.",
        f"The answer to a question, or what falls short, differs {many(times, 'time')}, in {many(in_cases, 'case')}.",
    ]
    if summary.erased:
        told.append(
            f"{many(summary.erased, 'case')} erased since: counted in the scores, and not listed any more."
        )
    if impact.rejected:
        told.append(f"{many(len(impact.rejected), 'record')} could not be read, and was left out of both.")
    return ImpactPage(
        title=f"Impact of {summary.label}",
        told=tuple(told),
        pairs=tuple(_pairs(summary)),
        changes_anything=impact.changes_anything,
        differences=_differences(impact),
        outcomes=Table(
            caption="Outcomes",
            columns=columns("Outcome", "By the rules of today", "By the draft"),
            rows=tuple(
                (cell(one.title), cell(outcome_side(one.before)), cell(outcome_side(one.after)))
                for one in impact.outcomes
            ),
        ),
        questions=Table(
            caption="Questions whose rule or answers differ",
            columns=columns(
                "Question",
                "What differs in the rule",
                "By the rules of today",
                "By the draft",
                "Answers that change",
            ),
            rows=tuple(_question(one) for one in impact.questions),
            empty="No question differs.",
        ),
        moved=moved,
        pager=pager,
        downloads=(
            Link(text="The cases that change (CSV)", href=urls.impact_csv(summary.id)),
            Link(text="The draft as it was sent (zip)", href=urls.impact_files(summary.id)),
        ),
    )


def _pairs(summary: DraftSummary) -> Iterator[Pair]:
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


def _differences(impact: Impact) -> Table | None:
    if not impact.differences:
        return None
    return Table(
        caption="Numbers that differ",
        columns=columns("What", "By the rules of today", "By the draft"),
        rows=tuple(
            (
                cell(in_words(one.what.replace(".", ": "))),
                cell(one.before or "none"),
                cell(one.after or "none"),
            )
            for one in impact.differences
        ),
    )


def _question(one: QuestionImpact) -> Row:
    standing = None if one.standing is Standing.BOTH else f"{one.standing} by the draft"
    moves = [
        f"{many(cell_.cases, 'case')}: {answer_side(cell_.before)} to {answer_side(cell_.after)}"
        for cell_ in one.cells
        if cell_.moved
    ]
    return (
        cell(f"{one.id} {one.title}", note=standing),
        cell(", ".join(one.changed) or "nothing"),
        cell(question_side(one.before)),
        cell(question_side(one.after)),
        cell("; ".join(moves) or "none"),
    )


def _moved(
    one: CaseImpact, question: QuestionImpact | None, findings: Mapping[str, str], key_of: KeyOf | None
) -> Row:
    why = [f"Now found: {findings.get(name, name)}" for name in one.new]
    why += [f"No longer found: {findings.get(name, name)}" for name in one.gone]
    parts = ", ".join(question.changed) if question else ""
    return (
        cell(one.case, urls.case(key_of(one.case)) if key_of else None),
        cell(one.question, note=question.title if question else None),
        cell(label(answer_side(one.before))),
        cell(label(answer_side(one.after))),
        cell(
            " ".join(why) or "It is asked of other cases, or another answer follows from the same record.",
            note=f"Differs in the rule: {parts}" if parts else None,
        ),
    )
