"""What a draft of the rules would do to the cases that are kept: scores that change, and which cases, and why."""

from collections.abc import Mapping

from aboveline.answers import in_words
from aboveline.comparison.model import Standing
from aboveline.impact.model import CaseImpact, Impact, QuestionImpact
from aboveline.reports.words import label, many
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import (
    KeyOf,
    Link,
    Pager,
    Pair,
    Row,
    Table,
    View,
    cell,
    columns,
    listed,
)
from aboveline.service.pages.views.sides import answer_side, difference_rows, outcome_side, question_side

from .sending import DraftSummary, draft_pairs

__all__ = ["ImpactPage", "impact_page"]


class ImpactPage(View):
    """What a draft of the rules would do to the cases that are kept."""

    told: tuple[str, ...]
    pairs: tuple[Pair, ...]
    changes_anything: bool
    differences: Table | None
    outcomes: Table
    questions: Table
    unmoved: Table
    moved: Table
    pager: Pager
    downloads: tuple[Link, ...]


def impact_page(
    summary: DraftSummary,
    impact: Impact,
    findings: Mapping[str, Mapping[str, str]],
    key_of: KeyOf | None,
    page: int = 1,
) -> ImpactPage:
    """Build the page of what a draft would do. ``findings`` has what was found, in words, by case and deficiency.

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
        lambda one: _moved(one, changed.get(one.question), findings.get(one.case, {}), key_of),
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
        pairs=tuple(draft_pairs(summary)),
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
            caption="Questions whose answers change",
            columns=columns(
                "Question",
                "What differs in the rule",
                "By the rules of today",
                "By the draft",
                "Answers that change",
            ),
            rows=tuple(_question(one) for one in impact.questions if _moves(one)),
            empty="No question has another answer.",
        ),
        unmoved=Table(
            caption="Questions whose rule differs, and no answer with it",
            columns=columns("Question", "What differs in the rule", "Sufficient"),
            rows=tuple(
                (
                    cell(f"{one.id} {one.title}"),
                    cell(", ".join(one.changed) or "nothing"),
                    cell(question_side(one.after)),
                )
                for one in impact.questions
                if not _moves(one)
            ),
            empty="There is none.",
        ),
        moved=moved,
        pager=pager,
        downloads=(
            Link(text="The cases that change (CSV)", href=urls.impact_csv(summary.id)),
            Link(text="The draft as it was sent (zip)", href=urls.impact_files(summary.id)),
        ),
    )


def _differences(impact: Impact) -> Table | None:
    if not impact.differences:
        return None
    return Table(
        caption="Numbers that differ",
        columns=columns("What", "By the rules of today", "By the draft"),
        rows=difference_rows(impact.differences),
    )


def _moves(one: QuestionImpact) -> bool:
    return one.standing is not Standing.BOTH or any(each.moved for each in one.cells)


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
    why = [f"Now found ({name}): {findings.get(name, '')}" for name in one.new]
    why += [f"No longer found ({name}): {findings.get(name, '')}" for name in one.gone]
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
