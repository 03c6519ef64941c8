"""Two audits side by side."""

from collections.abc import Iterator, Mapping, Sequence

from aboveline.answers import in_words
from aboveline.comparison.model import Change as Moved
from aboveline.comparison.model import Comparison, Verdict
from aboveline.reports.parts import points
from aboveline.reports.words import label, many
from aboveline.service.pages import urls
from aboveline.service.pages.views.audits import AuditSummary
from aboveline.service.pages.views.parts import (
    Colour,
    FieldError,
    Link,
    Option,
    Pair,
    Table,
    Tag,
    View,
    cell,
    columns,
    pair,
)  # fmt: skip
from aboveline.service.pages.views.sides import difference_rows, outcome_side, question_side

__all__ = ["CompareForm", "ComparisonPage", "compare_form", "comparison_page"]

_VERDICTS: Mapping[Verdict, Colour] = {
    Verdict.BETTER: "green", Verdict.WORSE: "red", Verdict.NO_CLEAR_CHANGE: "grey",
}  # fmt: skip


class CompareForm(View):
    """The form that chooses two audits, sent by GET: fields ``before`` and ``after``, each the id of an audit."""

    audits: tuple[Option, ...]
    values: dict[str, str]


class ComparisonPage(View):
    """Two audits side by side: what differs in how they were made comes first, as it bears on all the rest."""

    told: tuple[str, ...]
    audits: tuple[Link, Link]
    differences: Table
    outcomes: Table
    questions: Table
    became: tuple[Pair, ...]


def compare_form(
    audits: Sequence[AuditSummary], values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = ()
) -> CompareForm:
    """Build the form that chooses two audits, of those that are done."""
    return CompareForm(
        title="Compare two audits",
        errors=tuple(errors),
        audits=(
            Option(value="", text="Choose an audit"),
            *(
                Option(
                    value=one.id,
                    text=f"{in_words(one.as_of)}, {', '.join(one.areas)} ({many(one.cases or 0, 'case')})",
                )
                for one in audits
            ),
        ),
        values={"before": "", "after": ""} | dict(values or {}),
    )


def comparison_page(comparison: Comparison, before: str, after: str) -> ComparisonPage:
    """Build the page of two audits; ``before`` and ``after`` are their ids."""
    both = comparison.cases_in_both
    return ComparisonPage(
        title=f"{in_words(comparison.before.as_of)} and {in_words(comparison.after.as_of)}",
        told=(
            f"Before: {many(comparison.cases_before, 'case')}. After: {many(comparison.cases_after, 'case')}.",
            "Which cases are in both is not known." if both is None else f"{many(both, 'case')} in both.",
            "A change is clear where its 95% interval does not cover nought. Elsewhere it may be chance.",
        ),
        audits=(
            Link(text="The audit before", href=urls.audit(before)),
            Link(text="The audit after", href=urls.audit(after)),
        ),
        differences=Table(
            caption="What differs in how they were made",
            columns=columns("What", "Before", "After"),
            rows=difference_rows(comparison.differences),
            empty="Nothing but the cases.",
        ),
        outcomes=Table(
            caption="Outcomes",
            columns=columns("Outcome", "Before", "After", "Change, like for like", "So"),
            rows=tuple(
                (
                    cell(one.title),
                    cell(outcome_side(one.before)),
                    cell(outcome_side(one.after)),
                    cell(
                        _points(one.change), note=many(len(one.questions), "question") if one.change else None
                    ),
                    cell("", tag=_verdict(one.change)),
                )
                for one in comparison.outcomes
            ),
        ),
        questions=Table(
            caption="Questions with a clear change",
            columns=columns("Question", "Before", "After", "Change", "So"),
            rows=tuple(
                (
                    cell(f"{one.id} {one.title}", urls.audit_question(after, one.id)),
                    cell(question_side(one.before)),
                    cell(question_side(one.after)),
                    cell(_points(one.change)),
                    cell("", tag=_verdict(one.change)),
                )
                for one in comparison.questions
                if one.change and one.change.verdict is not Verdict.NO_CLEAR_CHANGE
            ),
            empty="No question has changed clearly.",
        ),
        became=tuple(_became(comparison)),
    )


def _became(comparison: Comparison) -> Iterator[Pair]:
    if comparison.deficiencies is None:
        return
    counts: dict[str, int] = {}
    for one in comparison.deficiencies:
        counts[one.change] = counts.get(one.change, 0) + 1
    for change, n in sorted(counts.items()):
        yield pair(label(change), many(n, "deficiency", "deficiencies"))


def _points(change: Moved | None) -> str:
    if change is None:
        return "cannot be compared"
    return f"{points(change.points)} points ({points(change.low)} to {points(change.high)})"


def _verdict(change: Moved | None) -> Tag:
    return (
        Tag(text=label(change.verdict), colour=_VERDICTS[change.verdict]) if change else Tag(text="Not known")
    )
