"""Two audits side by side, and what a draft of the rules would do to the cases that are kept."""

from collections.abc import Iterator, Mapping, Sequence

from aboveline.answers import Answer, in_words
from aboveline.comparison.model import Change as Moved
from aboveline.comparison.model import Comparison, OutcomeSide, QuestionSide, Verdict
from aboveline.impact.model import Impact
from aboveline.reports.parts import points
from aboveline.reports.words import label, many, percent
from aboveline.service.pages import urls
from aboveline.service.pages.views.audits import AuditSummary
from aboveline.service.pages.views.parts import (
    Colour,
    FieldError,
    KeyOf,
    Link,
    Option,
    Pager,
    Pair,
    Table,
    Tag,
    View,
    cell,
    columns,
    page_of,
    pair,
    share,
)  # fmt: skip

__all__ = [
    "CompareForm", "ComparisonPage", "ImpactForm", "ImpactPage", "compare_form", "comparison_page", "impact_form", "impact_page",
]  # fmt: skip

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


class ImpactForm(View):
    """The form that sends a draft of the rules, as multipart: fields ``label`` and ``file``, a zip of a rulebook folder."""

    label: str
    drafts: Table


class ImpactPage(View):
    """What a draft of the rules would do to the cases that are kept."""

    told: tuple[str, ...]
    changes_anything: bool
    outcomes: Table
    questions: Table
    moved: Table
    pager: Pager


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
            rows=tuple(
                (cell(in_words(one.what)), cell(one.before or "none"), cell(one.after or "none"))
                for one in comparison.differences
            ),
            empty="Nothing but the cases.",
        ),
        outcomes=Table(
            caption="Outcomes",
            columns=columns("Outcome", "Before", "After", "Change, like for like", "So"),
            rows=tuple(
                (
                    cell(one.title),
                    cell(_outcome(one.before)),
                    cell(_outcome(one.after)),
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
                    cell(_question(one.before)),
                    cell(_question(one.after)),
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


def impact_form(
    drafts: Sequence[tuple[str, str, str]], label: str = "", errors: Sequence[FieldError] = ()
) -> ImpactForm:
    """Build the form that sends a draft, with the drafts that were sent before: id, label and what came of each."""
    return ImpactForm(
        title="Impact of a change of rules",
        errors=tuple(errors),
        label=label,
        drafts=Table(
            caption="Drafts",
            columns=columns("Draft", "What came of it"),
            rows=tuple(
                (cell(name, urls.impact(identifier)), cell(told)) for identifier, name, told in drafts
            ),
            empty="No draft has been sent yet.",
        ),
    )


def impact_page(impact: Impact, draft: str, name: str, key_of: KeyOf, page: int = 1) -> ImpactPage:
    """Build the page of what a draft would do; ``draft`` is its id and ``name`` its label."""
    shown, pager = page_of(impact.moved, page, urls.impact(draft))
    return ImpactPage(
        title=f"Impact of {name}",
        told=(
            f"{many(impact.cases, 'case')} audited by both rulebooks as at {in_words(impact.as_of)}. Nothing here is an estimate.",
            f"An answer or a deficiency differs {many(len(impact.moved), 'time')}, in {many(len({one.case for one in impact.moved}), 'case')}.",
        ),
        changes_anything=impact.changes_anything,
        outcomes=Table(
            caption="Outcomes",
            columns=columns("Outcome", "By the rules as they are", "By the draft"),
            rows=tuple((cell(one.title), cell(_outcome(one.before)), cell(_outcome(one.after))) for one in impact.outcomes),
        ),
        questions=Table(
            caption="Questions whose rule or answers differ",
            columns=columns("Question", "What changed in the rule", "As they are", "By the draft", "Answers that move"),
            rows=tuple(
                (
                    cell(f"{one.id} {one.title}"),
                    cell(", ".join(one.changed) or "nothing"),
                    cell(_question(one.before)),
                    cell(_question(one.after)),
                    cell("; ".join(f"{cell_.cases}: {_answer(cell_.before)} to {_answer(cell_.after)}" for cell_ in one.cells if cell_.moved) or "none"),
                )
                for one in impact.questions
            ),
            empty="No question differs.",
        ),
        moved=Table(
            caption="Cases",
            columns=columns("Case", "Question", "As it is", "By the draft", "Deficiencies"),
            rows=tuple(
                (
                    cell(one.case, urls.case(key_of(one.case))),
                    cell(one.question),
                    cell(_answer(one.before)),
                    cell(_answer(one.after)),
                    cell("; ".join([*(f"new {name}" for name in one.new), *(f"gone {name}" for name in one.gone)]) or "the same"),
                )
                for one in shown
            ),
            empty="No case has another answer.",
        ),
        pager=pager,
    )  # fmt: skip


def _answer(answer: Answer | None) -> str:
    return "not asked" if answer is None else in_words(answer)


def _outcome(side: OutcomeSide | None) -> str:
    if side is None:
        return "not in this audit"
    of = (
        many(side.questions, "question")
        if side.n is None
        else f"{many(side.n, 'answer')}, {many(side.questions, 'question')}"
    )
    return f"{percent(side.score)} ({of})"


def _question(side: QuestionSide | None) -> str:
    return "not asked" if side is None else share(side.sufficient, side.n, side.score)


def _points(change: Moved | None) -> str:
    if change is None:
        return "cannot be compared"
    return f"{points(change.points)} points ({points(change.low)} to {points(change.high)})"


def _verdict(change: Moved | None) -> Tag:
    return (
        Tag(text=label(change.verdict), colour=_VERDICTS[change.verdict]) if change else Tag(text="Not known")
    )
