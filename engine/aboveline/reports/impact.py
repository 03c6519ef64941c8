"""Show in a terminal what a change of rules does to cases."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from aboveline.answers import Answer, in_words
from aboveline.comparison.model import OutcomeSide, QuestionSide, Standing
from aboveline.impact import Impact
from aboveline.impact.model import QuestionImpact

from .parts import MOST_ROWS, csv_text, heading, many, more, table

__all__ = ["show_impact", "write_impact_csv"]


def show_impact(impact: Impact) -> RenderableType:
    """Return the whole impact: what differs in the rules, then answers, scores and cases."""
    return Group(*_parts(impact))


def write_impact_csv(impact: Impact) -> str:
    """Return every case and question that moves as CSV text."""
    return csv_text(
        ("case", "question", "before", "after", "new_deficiencies", "gone_deficiencies"),
        (
            (one.case, one.question, one.before, one.after, " ".join(one.new), " ".join(one.gone))
            for one in impact.moved
        ),
    )


def _parts(impact: Impact) -> Iterator[RenderableType]:
    yield heading(
        f"What the change of rules does to {many(impact.cases, 'case')} as at {in_words(impact.as_of)}"
    )
    if impact.rulebook_before == impact.rulebook_after:
        yield Text("The two rulebooks are the same, to the byte.")
    if not impact.changes_anything:
        yield Text("No answer and no deficiency of these cases changes.\n")
    yield from _rules(impact)
    yield from _answers(impact)
    yield from _outcomes(impact)
    yield from _cases(impact)
    yield from _rejected(impact)


def _rules(impact: Impact) -> Iterator[RenderableType]:
    if impact.differences:
        found = table("Numbers that differ", "What", "Before", "After")
        for difference in impact.differences:
            found.add_row(
                in_words(difference.what.replace(".", ": ")),
                difference.before or "none",
                difference.after or "none",
            )
        yield found
    listed = [one for one in impact.questions if one.standing is not Standing.BOTH or one.changed]
    if not listed:
        return
    found = table("Questions added, removed or changed", "Id", "Question", "What", "Before", "After")
    for one in listed:
        what = ", ".join(one.changed) + " changed" if one.standing is Standing.BOTH else str(one.standing)
        found.add_row(one.id, one.title, what, _side(one.before), _side(one.after))
    yield found


def _answers(impact: Impact) -> Iterator[RenderableType]:
    moving = [one for one in impact.questions if any(cell.moved for cell in one.cells)]
    if not moving:
        return
    found = table("Answers that move", "Id", "Question", "Before", "After", "Cases")
    for one in moving:
        for n, cell in enumerate(_moved_cells(one)):
            found.add_row(
                one.id if not n else "",
                one.title if not n else "",
                _answer(cell[0]),
                _answer(cell[1]),
                f"{cell[2]} of {impact.cases}",
            )
    yield found


def _moved_cells(question: QuestionImpact) -> Iterator[tuple[Answer | None, Answer | None, int]]:
    for cell in question.cells:
        if cell.moved:
            yield cell.before, cell.after, cell.cases


def _outcomes(impact: Impact) -> Iterator[RenderableType]:
    found = table("Work above the line, by outcome", "Outcome", "Before", "After", "")
    for one in impact.outcomes:
        found.add_row(
            one.title, _outcome(one.before), _outcome(one.after), "" if one.before == one.after else "differs"
        )
    yield found


def _cases(impact: Impact) -> Iterator[RenderableType]:
    if not impact.moved:
        return
    yield heading(
        f"{many(len({one.case for one in impact.moved}), 'case')} with another answer or deficiency"
    )
    found = table(None, "Case", "Id", "Before", "After", "New", "Gone")
    for one in impact.moved[:MOST_ROWS]:
        found.add_row(
            one.case,
            one.question,
            _answer(one.before),
            _answer(one.after),
            ", ".join(one.new),
            ", ".join(one.gone),
        )
    yield found
    yield from more(len(impact.moved), "--format csv")


def _rejected(impact: Impact) -> Iterator[RenderableType]:
    if not impact.rejected:
        return
    records = {(one.source, one.line) for one in impact.rejected}
    yield heading(f"{many(len(records), 'record')} could not be read and were not audited")
    found = table(None, "Where", "What", "Why")
    for one in impact.rejected:
        found.add_row(f"{one.source}:{one.line}", one.path, one.reason)
    yield found


def _answer(answer: Answer | None) -> str:
    return "not asked" if answer is None else in_words(answer)


def _side(side: QuestionSide | None) -> str:
    if side is None:
        return "not asked"
    return f"{side.sufficient} of {side.n} ({side.score}%)" if side.n else "no answer"


def _outcome(side: OutcomeSide | None) -> str:
    if side is None or side.score is None:
        return "no answer"
    return f"{side.score}% ({many(side.questions, 'question')}, {many(side.n or 0, 'answer')})"
