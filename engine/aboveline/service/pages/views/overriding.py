"""The form for another answer than the computed one, from a day on, with its reason."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.answers import Answer, in_words
from aboveline.case.base import Record
from aboveline.explain import Explanation
from aboveline.reports.words import label
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import (
    Cell,
    FieldError,
    Link,
    Option,
    Table,
    Tag,
    View,
    answer_tag,
    cell,
    columns,
)  # fmt: skip

__all__ = ["OverridePage", "ReasonedAnswer", "given", "override_page", "said_table"]

_CHOICES = (Answer.SUFFICIENT, Answer.INSUFFICIENT, Answer.NOT_APPLICABLE)


class ReasonedAnswer(Record):
    """An answer that somebody gave: when, from which day it holds, why, and to the answer of which audit.

    ``stands`` tells whether no later one took its place.
    """

    case: str
    question: str
    by: str
    at: dt.datetime
    holds_from: dt.date
    answer: Answer
    reason: str
    audit: str | None = None
    stands: bool = True


class OverridePage(View):
    """The form that puts an assessor's answer in place of the computed one.

    Its fields are ``answer``, ``reason`` and the day ``holds-day``, ``-month``
    and ``-year``, all required. ``of`` says which answer is judged: an audit's,
    or the case's as it stands today. ``elsewhere`` leads to the answer that the
    latest audit gave, where this is not it.
    """

    action: str
    question: str
    of: str
    computed: Tag
    now: Tag | None
    reason: str
    choices: tuple[Option, ...]
    values: dict[str, str]
    date: dict[str, str]
    date_hint: str
    earlier: Table
    back: str
    elsewhere: Link | None


def override_page(
    key: str, explanation: Explanation, earlier: Sequence[ReasonedAnswer] = (),
    values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = (), *,
    audit: str | None = None, elsewhere: tuple[str, dt.date] | None = None,
) -> OverridePage:  # fmt: skip
    """Build the form that puts an assessor's answer in place of the computed one. What was said before stays.

    Args:
        key: the case's key.
        explanation: why the question has its answer.
        earlier: what was said of it before.
        values: what was sent.
        errors: what is wrong with that.
        audit: the id of the audit whose answer is judged, none where it is the case as it stands.
        elsewhere: the latest audit that the case is in, with its day.
    """
    asked, answer, day = explanation.question, explanation.answer, explanation.as_of
    said = dict(values or {})
    back = urls.audit_case_question(audit, key, asked.id) if audit else urls.case_question(key, asked.id)
    return OverridePage(
        title=f"Answer {asked.id} differently",
        errors=tuple(errors),
        action=urls.audit_override(audit, key, asked.id) if audit else urls.override(key, asked.id),
        question=f"{asked.id} {asked.title}",
        of=f"You judge the answer of the audit as at {in_words(day)}."
        if audit
        else f"You judge the answer as it stands today, {in_words(day)}.",
        computed=answer_tag(answer.computed),
        now=answer_tag(answer.answer) if explanation.override else None,
        reason=explanation.reason,
        choices=tuple(
            Option(value=str(one), text=label(one), hint="As computed" if one is answer.computed else None)
            for one in _CHOICES
            if one is not answer.computed or explanation.override
        ),
        values={"answer": "", "reason": ""} | said,
        date={part: said.get(f"holds-{part}", str(getattr(day, part))) for part in ("day", "month", "year")},
        date_hint=(
            f"Audits as at this day or later take your answer; {in_words(day)} is the day of this audit, and your answer must hold by then."
            if audit
            else "Audits as at this day or later take your answer; audits as at an earlier day do not."
        ),
        earlier=said_table(earlier),
        back=back,
        elsewhere=Link(
            text=f"Judge the answer of the audit as at {in_words(elsewhere[1])} instead",
            href=urls.audit_override(elsewhere[0], key, asked.id),
        )
        if elsewhere
        else None,
    )


def given(one: ReasonedAnswer) -> Cell:
    """Return a cell with an assessor's answer, which says where a later one took its place."""
    return cell("", tag=answer_tag(one.answer), note=None if one.stands else "a later answer took its place")


def said_table(said: Sequence[ReasonedAnswer]) -> Table:
    """Return what was said of a question of a case, the latest first."""
    return Table(
        caption="What was said before",
        columns=columns("Said", "By", "Answer", "Holds from", "Reason"),
        rows=tuple(
            (
                cell(in_words(one.at.date()), note=f"{one.at:%H:%M}"),
                cell(one.by),
                cell("", tag=answer_tag(one.answer)),
                cell(one.holds_from),
                cell(one.reason),
            )
            for one in said
        ),
        empty="Nobody has answered this question differently for this case.",
    )
