"""Show two audits side by side in a terminal. No change is claimed where its interval covers zero."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from aboveline.answers import in_words
from aboveline.comparison.model import (
    Became,
    Change,
    Comparison,
    OutcomeChange,
    OutcomeSide,
    Overlap,
    QuestionChange,
    QuestionSide,
    Side,
    Standing,
    Verdict,
)

from .parts import MOST_ROWS, heading, many, more, points, table

__all__ = ["show_comparison"]

_OVERLAPS = {
    Overlap.SAME: "The same {both} cases are in both audits.",
    Overlap.PART: "The samples overlap in part: {both} cases are in both, {before} only before, {after} only after.",
    Overlap.NONE: "No case is in both audits: the samples are of different cases.",
    Overlap.UNKNOWN: "Whether the samples overlap cannot be told.",
}
_BECAME = {
    Became.NEW: "new",
    Became.MENDED: "mended",
    Became.NO_LONGER_FOUND: "no longer found, by other rules or numbers",
    Became.NO_LONGER_COUNTED: "no longer counted",
}


def show_comparison(comparison: Comparison) -> RenderableType:
    """Return the whole comparison: how far the two can be compared, scores, then cases."""
    return Group(*_parts(comparison))


def _parts(comparison: Comparison) -> Iterator[RenderableType]:
    before, after = comparison.before, comparison.after
    yield heading("Two audits compared")
    yield Text(f"Before: {many(comparison.cases_before, 'case')} as at {in_words(before.as_of)}")
    yield Text(f"After:  {many(comparison.cases_after, 'case')} as at {in_words(after.as_of)}\n")
    yield from _comparable(comparison)
    yield _outcomes(comparison)
    yield _questions(comparison)
    yield from _how_sure(comparison)
    yield from _flips(comparison)
    yield from _deficiencies(comparison)
    yield from _only_in_one(comparison)


def _comparable(comparison: Comparison) -> Iterator[RenderableType]:
    """Say what to bear in mind before reading on."""
    yield Text(
        _OVERLAPS[comparison.overlap].format(
            both=comparison.cases_in_both,
            before=len(comparison.only_before or ()),
            after=len(comparison.only_after or ()),
        )
    )
    if comparison.same_records:
        yield Text(
            "Both audits are of the very same records: what differs comes of rules, numbers or dates, not of new work."
        )
    for side in comparison.without_answers:
        yield Text(
            f"Warning: the audit {side} does not list the answers to every case, so nothing can be said of single "
            "cases: this is not the same as no change. Audit again without --no-answers."
        )
    for side, rejected in (
        (Side.BEFORE, comparison.rejected_before),
        (Side.AFTER, comparison.rejected_after),
    ):
        if rejected:
            yield Text(
                f"Warning: the audit {side} could not read {many(rejected, 'record')}, so it is not whole."
            )
    for side, failed in ((Side.BEFORE, comparison.failed_before), (Side.AFTER, comparison.failed_after)):
        if failed:
            yield Text(
                f"Warning: the audit {side} could not audit {many(failed, 'case')}, so it is not whole."
            )
    if not comparison.differences:
        yield Text("Both were made with the same rules, numbers, averages and dates.\n")
        return
    yield Text("Warning: the audits were not made in the same way.", style="bold")
    found = table(None, "What differs", "Before", "After")
    for one in comparison.differences:
        found.add_row(in_words(one.what.replace(".", ": ")), one.before or "none", one.after or "none")
    yield found


def _outcomes(comparison: Comparison) -> Table:
    found = table(
        "Work above the line, by outcome",
        "Outcome",
        "Before",
        "After",
        "Change in points",
        "95% interval",
        "What may be said",
    )
    for one in comparison.outcomes:
        found.add_row(
            one.title,
            _outcome_side(one.before),
            _outcome_side(one.after),
            _change_of_outcome(one),
            _interval(one.change),
            _said(one.change, Standing.BOTH),
        )
    return found


def _questions(comparison: Comparison) -> Table:
    found = table(
        "Questions",
        "Id",
        "Question",
        "Before",
        "After",
        "Cases in both",
        "Change in points",
        "95% interval",
        "What may be said",
    )
    for one in comparison.questions:
        if _answered(one):
            found.add_row(
                one.id,
                one.title,
                _question_side(one.before),
                _question_side(one.after),
                "not known" if one.pairs is None else str(one.pairs),
                _change_of_question(one),
                _interval(one.change),
                _said(one.change, one.standing),
            )
    return found


def _answered(question: QuestionChange) -> bool:
    """Tell whether a question has a row: it has answers, or it is asked in one audit only."""
    sides = (question.before, question.after)
    return question.standing is not Standing.BOTH or any(side and side.n for side in sides)


def _how_sure(comparison: Comparison) -> Iterator[RenderableType]:
    compared = sum(one.change is not None for one in comparison.questions)
    unanswered = sum(not _answered(one) for one in comparison.questions)
    if unanswered:
        yield Text(f"{many(unanswered, 'question')} without an answer in either audit left out.")
    gaps = [
        sum(side.not_assessed for side in sides if side)
        for sides in zip(*((one.before, one.after) for one in comparison.questions), strict=True)
    ]
    if any(gaps):
        yield Text(f"Answers not given, which count for nothing: {gaps[0]} before, {gaps[1]} after.")
    yield Text(
        f"A change is said to be clear only where its interval leaves out zero. With {compared} questions compared, "
        "about 1 in 20 would seem clear by chance if nothing had changed. A case that is in both is compared where "
        "its answer counts in both, and an outcome over the questions that can be compared.\n"
    )


def _flips(comparison: Comparison) -> Iterator[RenderableType]:
    if comparison.flips is None:
        yield Text("Answers that changed: not known, since an audit does not list its answers.\n")
        return
    if not comparison.cases_in_both:
        return
    flips = comparison.flips
    if not flips:
        yield Text(f"No answer changed, of the {many(comparison.cases_in_both, 'case')} in both.\n")
        return
    yield heading(
        f"{many(len(flips), 'answer')} changed, of the {many(comparison.cases_in_both, 'case')} in both"
    )
    found = table(None, "Case", "Id", "Before", "After")
    for one in flips[:MOST_ROWS]:
        found.add_row(one.case, one.question, in_words(one.before), in_words(one.after))
    yield found
    yield from more(len(flips), "--format csv --table flips")


def _deficiencies(comparison: Comparison) -> Iterator[RenderableType]:
    if not comparison.cases_in_both:
        return
    changes = comparison.deficiencies or ()
    if not changes:
        yield Text("No deficiency is new and none is gone, in the cases that are in both.\n")
        return
    counts = Counter(one.change for one in changes)
    told = ", ".join(f"{counts[became]} {words}" for became, words in _BECAME.items() if counts[became])
    yield heading(f"Deficiencies in the cases that are in both: {told}")
    found = table(None, "Case", "Id", "Severity", "Now")
    for one in changes[:MOST_ROWS]:
        now = "not asked" if one.after is None else in_words(one.after)
        words = _BECAME[one.change] + (f": {now}" if one.change is Became.NO_LONGER_COUNTED else "")
        found.add_row(one.case, one.deficiency, one.severity, words)
    yield found
    yield from more(len(changes), "--format csv --table deficiencies")


def _only_in_one(comparison: Comparison) -> Iterator[RenderableType]:
    for side, cases in ((Side.BEFORE, comparison.only_before), (Side.AFTER, comparison.only_after)):
        if cases and comparison.cases_in_both:
            shown = ", ".join(cases[:MOST_ROWS])
            rest = f" and {len(cases) - MOST_ROWS} more" if len(cases) > MOST_ROWS else ""
            yield Text(f"Only {side}: {shown}{rest}\n")


def _outcome_side(side: OutcomeSide | None) -> str:
    if side is None:
        return "not scored"
    if side.score is None:
        return "no answer"
    n = "" if side.n is None else f", {many(side.n, 'answer')}"
    return f"{side.score}% ({many(side.questions, 'question')}{n})"


def _question_side(side: QuestionSide | None) -> str:
    if side is None:
        return "not asked"
    return f"{side.sufficient} of {side.n} ({side.score}%)" if side.n else "no answer"


def _change_of_outcome(outcome: OutcomeChange) -> str:
    if outcome.change is None or outcome.compared is None:
        return ""
    before, after = outcome.compared
    over = (
        ""
        if outcome.compared == (outcome.before, outcome.after)
        else f" over {_like_for_like(before, after)}"
    )
    return points(outcome.change.points) + over


def _like_for_like(before: OutcomeSide, after: OutcomeSide) -> str:
    return (
        f"{many(after.questions, 'question')}: "
        f"{before.score}% ({many(before.n or 0, 'answer')}) to {after.score}% ({many(after.n or 0, 'answer')})"
    )


def _change_of_question(question: QuestionChange) -> str:
    if question.change is None or question.compared is None:
        return ""
    sides = tuple((side.sufficient, side.n) for side in (question.before, question.after) if side)
    (good, n), (good_after, n_after) = question.compared
    over = "" if question.compared == sides else f" ({good} of {n} to {good_after} of {n_after})"
    return points(question.change.points) + over


def _interval(change: Change | None) -> str:
    return f"{points(change.low)} to {points(change.high)}" if change else ""


def _said(change: Change | None, standing: Standing) -> str:
    if standing is not Standing.BOTH:
        return "asked after only" if standing is Standing.ADDED else "asked before only"
    if change is None:
        return "cannot be compared"
    if change.verdict is Verdict.NO_CLEAR_CHANGE:
        return "no clear change"
    return f"clearly {change.verdict}"
