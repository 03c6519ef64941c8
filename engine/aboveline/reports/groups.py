"""Show the sample, and scores by group, in a terminal.

What is suppressed is said to be, never left blank: a blank would read as nothing.
"""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from aboveline.answers import in_words
from aboveline.breakdowns import Characteristic
from aboveline.result import AuditResult, Breakdown, GroupQuestion, SampleCharacteristic

__all__ = ["TOO_FEW", "breakdowns", "characteristic_name", "group_name", "sample"]

TOO_FEW = "too few to show"
"""What stands in place of a number that is left out to protect people."""
MOST_COLUMNS = 4
"""Groups that stand side by side. A table of more would not fit; CSV has them all."""

_NAMES = {
    Characteristic.LDU: "local delivery unit",
    Characteristic.MAPPA: "MAPPA",
    Characteristic.ROSH: "risk of serious harm",
}


def sample(result: AuditResult) -> Iterator[RenderableType]:
    """Yield how many cases there are by each characteristic, a line each."""
    if not result.sample or not result.cases:
        return
    table = _table("The sample", "By", "Cases")
    for described in result.sample:
        table.add_row(characteristic_name(described.by), ", ".join(_sizes(described)))
    yield table


def breakdowns(result: AuditResult) -> Iterator[RenderableType]:
    """Yield the outcomes of each group, then its questions beside those of the others."""
    titles = {outcome.id: outcome.title for outcome in result.outcomes}
    for breakdown in result.breakdowns:
        yield from _breakdown(breakdown, titles)


def group_name(by: str, value: str) -> str:
    """Return a group as a person would name it. A unit keeps the code it is known by."""
    return value if by == Characteristic.LDU and value != "not_recorded" else in_words(value)


def _sizes(described: SampleCharacteristic) -> Iterator[str]:
    for group in described.groups:
        cases = TOO_FEW if group.cases is None else str(group.cases)
        yield f"{group_name(described.by, group.value)}: {cases}"


def _breakdown(breakdown: Breakdown, titles: dict[str, str]) -> Iterator[RenderableType]:
    groups = breakdown.groups
    table = _table(f"By {characteristic_name(breakdown.by)}: outcomes", "Group", "Cases", *titles.values())
    for group in groups:
        scores = (
            "no answer"
            if one.score is None
            else f"{one.score}% ({one.questions} {_questions(one.questions)})"
            for one in group.outcomes
        )
        cases = TOO_FEW if group.cases is None else str(group.cases)
        table.add_row(group_name(breakdown.by, group.value), cases, *scores)
    if groups:
        yield table
    if len(groups) > MOST_COLUMNS:
        yield Text("For the questions of each group: --format csv --table breakdowns\n")
    elif groups:
        yield from _side_by_side(breakdown)
    if breakdown.threshold:
        yield Text(
            f"Numbers below {breakdown.threshold} are not shown, nor are those that they could be worked out from.\n"
        )


def _side_by_side(breakdown: Breakdown) -> Iterator[RenderableType]:
    names = (group_name(breakdown.by, group.value) for group in breakdown.groups)
    table = _table(f"By {characteristic_name(breakdown.by)}: questions, with 95% intervals", "Id", *names)
    hidden = 0
    for row in zip(*(group.questions for group in breakdown.groups), strict=True):
        if all(one.suppressed for one in row):
            hidden += 1
        elif any(one.suppressed or one.sufficient or one.insufficient for one in row):
            table.add_row(row[0].id, *(_cell(one) for one in row))
    if table.row_count:
        yield table
    if hidden:
        yield Text(f"{hidden} {_questions(hidden)} with too few cases to show in any group.")


def _cell(one: GroupQuestion) -> str:
    if one.sufficient is None or one.insufficient is None:
        return TOO_FEW
    if one.interval is None:
        return "nobody"
    low, high = one.interval
    return f"{one.sufficient} of {one.sufficient + one.insufficient} ({one.score}%; {low} to {high})"


def _questions(many: int) -> str:
    return "question" if many == 1 else "questions"


def characteristic_name(by: str) -> str:
    """Return a characteristic as a person would name it."""
    return _NAMES.get(Characteristic(by), in_words(by))


def _table(title: str, *columns: str) -> Table:
    return Table(
        *columns, title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold", header_style=""
    )
