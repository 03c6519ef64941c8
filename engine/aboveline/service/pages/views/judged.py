"""An audit with what assessors said since: its scores as audited and with their answers, and who said what, when and why."""

from collections.abc import Sequence

from aboveline.answers import Answer, in_words
from aboveline.case.base import Record
from aboveline.reports.words import many, percent
from aboveline.result import AuditResult
from aboveline.service.pages import urls
from aboveline.service.pages.views.intervals import answers_behind
from aboveline.service.pages.views.overriding import ReasonedAnswer, given
from aboveline.service.pages.views.parts import (
    Cell,
    KeyOf,
    Link,
    Pager,
    Row,
    Table,
    View,
    answer_tag,
    cell,
    columns,
    page_of,
    share,
)  # fmt: skip
from aboveline.service.pages.views.said_since import answers_of

__all__ = [
    "JudgedPage",
    "JudgedPart",
    "judged_page",
    "judged_part",
    "records_export",
    "since_told",
]

_EXPORTS = (
    ("html", "Report (web page)"), ("pdf", "Report (PDF)"), ("xlsx", "Every table (Excel)"),
    ("csv", "Answers changed by an assessor (CSV)"), ("json", "The whole result (JSON)"),
)  # fmt: skip


class JudgedPart(Record):
    """What an audit's page, and the dashboard, say of what was judged since. The tables are none where the scores cannot be made now, and ``why_not`` says why."""

    told: str
    outcomes: Table | None
    why_not: str | None
    more: Link
    exports: tuple[Link, ...]


class JudgedPage(View):
    """Who judged what of an audit's answers, when and why; and the scores with that beside those of the audit."""

    audit: str
    part: JudgedPart
    criteria: Table | None
    questions: Table | None
    said: Table
    pager: Pager
    exports: tuple[Link, ...]
    exports_told: str


def since_told(said: Sequence[ReasonedAnswer], erased: int = 0) -> str:
    """Say how many answers were judged since an audit, by how many, and when last; and how many cases are only in the audit."""
    answers = len({(one.case, one.question) for one in said})
    people = len({one.by for one in said})
    last = max(one.at for one in said)
    return (
        f"{many(answers, 'answer')} of this audit {'was' if answers == 1 else 'were'} judged since by {many(people, 'assessor')}, "
        f"last on {in_words(last.date())}. The audit stays as it was made. Beside it stands what it comes to with their answers."
        + (
            f" {many(erased, 'case')} erased since {'is' if erased == 1 else 'are'} in its scores, and not in those."
            if erased
            else ""
        )
    )


def judged_part(
    audit: str,
    said: Sequence[ReasonedAnswer],
    before: AuditResult,
    after: AuditResult | None,
    why_not: str | None = None,
    *,
    erased: int = 0,
    may_name: bool = False,
) -> JudgedPart:
    """Build what is said of what was judged since an audit, where something was."""
    return JudgedPart(
        told=since_told(said, erased if after else 0),
        outcomes=_outcomes(before, after) if after else None,
        why_not=why_not,
        more=Link(text="Who judged what, when and why", href=urls.audit_judgements(audit)),
        exports=_exports(audit, may_name=may_name) if after else (),
    )


def judged_page(
    audit: str,
    said: Sequence[ReasonedAnswer],
    before: AuditResult,
    after: AuditResult | None,
    why_not: str | None,
    key_of: KeyOf,
    page: int = 1,
    *,
    erased: int = 0,
    may_name: bool = False,
) -> JudgedPage:
    """Build the page of what was judged since an audit, where something was."""
    part = judged_part(audit, said, before, after, why_not, erased=erased, may_name=may_name)
    was = answers_of(before)
    shown, pager = page_of(
        sorted(said, key=lambda one: one.at, reverse=True), page, urls.audit_judgements(audit)
    )
    asked = {one.question for one in said}
    return JudgedPage(
        title="What was judged since",
        audit=audit,
        part=part,
        criteria=_criteria(audit, before, after) if after else None,
        questions=_questions(audit, before, after, asked) if after else None,
        said=Table(
            caption="Answers given by assessors",
            columns=columns("Case and question", "As audited", "Their answer", "Holds from", "Said", "Why"),
            rows=tuple(
                (
                    cell(
                        f"{one.case}, {one.question}",
                        urls.audit_case_question(audit, key_of(one.case), one.question),
                    ),
                    cell("", tag=answer_tag(was.get((one.case, one.question), Answer.NOT_APPLICABLE))),
                    given(one),
                    cell(one.holds_from),
                    cell(in_words(one.at.date()), note=f"{one.at:%H:%M}, by {one.by}"),
                    cell(one.reason),
                )
                for one in shown
            ),
        ),
        pager=pager,
        exports=part.exports,
        exports_told="Each of these files has the answers of assessors in its scores, and lists them with who gave them and why.",
    )


def records_export(audit: str) -> Link:
    """Return where the records of an audit are, with what was said of each, as the command line reads them."""
    return Link(
        text="The records with these answers, to audit on the command line (JSON Lines)",
        href=urls.audit_records(audit),
    )


def _outcomes(before: AuditResult, after: AuditResult) -> Table:
    then = {one.id: one for one in after.outcomes}
    return Table(
        caption="Scores with judgements",
        columns=columns(
            "Outcome", "As audited", "With judgements", numbers=["As audited", "With judgements"]
        ),
        rows=tuple(
            (
                cell(one.title),
                *_both(
                    (one.score, answers_behind(before, one)),
                    (then[one.id].score, answers_behind(after, then[one.id])),
                ),
            )
            for one in before.outcomes
            if one.id in then
        ),
    )


def _criteria(audit: str, before: AuditResult, after: AuditResult) -> Table:
    then = {one.id: one for one in after.criteria}
    return Table(
        caption="Criteria that moved",
        columns=columns(
            "Criterion", "As audited", "With judgements", numbers=["As audited", "With judgements"]
        ),
        rows=tuple(
            (
                cell(f"{one.id} {one.title}", urls.audit_criterion(audit, one.id)),
                *_both((one.score, _n(before, one.id)), (then[one.id].score, _n(after, one.id))),
            )
            for one in before.criteria
            if one.id in then and one.score != then[one.id].score
        ),
        empty="No criterion's score moved, in whole percentages.",
    )


def _questions(audit: str, before: AuditResult, after: AuditResult, asked: set[str]) -> Table:
    then = {one.id: one for one in after.questions}

    def row(question: str) -> Row:
        was, now = {one.id: one for one in before.questions}[question], then[question]
        return (
            cell(f"{was.id} {was.title}", urls.audit_question(audit, was.id)),
            cell(share(was.sufficient, was.sufficient + was.insufficient, was.score)),
            cell(share(now.sufficient, now.sufficient + now.insufficient, now.score)),
        )

    return Table(
        caption="Questions that were judged",
        columns=columns("Question", "As audited: sufficient", "With judgements: sufficient"),
        rows=tuple(row(one) for one in sorted(asked & then.keys())),
    )


def _n(result: AuditResult, criterion: str) -> int:
    """Return how many answers a criterion's score is made of."""
    return sum(
        one.sufficient + one.insufficient
        for one in result.questions
        if one.scored and criterion in one.criteria
    )


def _both(before: tuple[int | None, int], after: tuple[int | None, int]) -> tuple[Cell, Cell]:
    """Return a score before and after, each with how many answers it is made of."""
    (was, of_was), (now, of_now) = before, after
    moved = "unchanged"
    if was is not None and now is not None and was != now:
        moved = f"{'up' if now > was else 'down'} {many(abs(now - was), 'point')}"
    return (
        cell(percent(was), note=many(of_was, "answer")),
        cell(percent(now), note=f"{many(of_now, 'answer')}, {moved}"),
    )


def _exports(audit: str, *, may_name: bool) -> tuple[Link, ...]:
    made = []
    for said, query in (("", ""), *([(", with ids of cases", "&cases=ids")] if may_name else [])):
        for form, text in _EXPORTS:
            table = "&table=overrides" if form == "csv" else ""
            address = f"{urls.audit_export(audit, form)}?judgements=with{table}{query}"
            made.append(Link(text=f"{text}, with judgements{said}", href=address))
    return (*made, *([records_export(audit)] if may_name else []))
