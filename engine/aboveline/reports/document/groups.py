"""Scores by factor and by group: how work differs between needs, and between the people it is done with."""

from collections.abc import Iterator

from aboveline.reports.groups import TOO_FEW, characteristic_name, group_name
from aboveline.reports.words import label, many, percent
from aboveline.result import AuditResult, Breakdown, GroupOutcome, GroupQuestion, GroupScore

from .model import Block, Column, Kind, Paragraph, Section, Table
from .tables import factors

__all__ = ["breakdowns", "factor_section"]

MOST_GROUPS = 4
"""Groups that are set side by side. Where there are more, there is more than one table."""

NOBODY = "nobody"
NOTHING = "nothing to show"


def factor_section(result: AuditResult) -> Section | None:
    """Return the factors linked to offending, if any were looked at."""
    if not result.factors:
        return None
    told = Paragraph(
        text="For each factor: the cases that have it, and in how many of them interventions and progress "
        "were sufficient. Percentages are of all cases with the factor; what is not recorded is not counted "
        f"as sufficient. Factors are reported and not scored.{_unknown(result)}"
    )
    return Section(id="factors", title="Factors linked to offending", blocks=(told, factors(result.factors)))


def _unknown(result: AuditResult) -> str:
    most = max(one.cases_unknown for one in result.factors)
    if not most:
        return ""
    return f" Up to {many(most, 'more case')} may have a factor, as their source cannot hold factors."


def breakdowns(result: AuditResult) -> Section | None:
    """Return the scores by each characteristic, if any was asked for."""
    if not result.breakdowns:
        return None
    told = Paragraph(
        text="Scores come with the number of cases behind them and with a confidence interval of 95% "
        "(Wilson's). Where intervals overlap, a difference may be chance. What is "
        f"“{TOO_FEW}” is left out to protect people in small groups. The averages of two groups may be over "
        "different questions. Other parts of this report list cases: leave those out before it is published."
    )
    return Section(
        id="groups",
        title="Scores by group",
        blocks=(told,),
        sections=tuple(_breakdown(result, one) for one in result.breakdowns),
    )


def _breakdown(result: AuditResult, one: Breakdown) -> Section:
    blocks: list[Block] = [Paragraph(text=_groups(one))]
    for start in range(0, len(one.groups), MOST_GROUPS):
        side_by_side = one.groups[start : start + MOST_GROUPS]
        names = [group_name(one.by, group.value) for group in side_by_side]
        by = characteristic_name(one.by)
        which = by if len(side_by_side) == len(one.groups) else f"{by}: {', '.join(names)}"
        columns = tuple(Column(title=label(name), missing=NOTHING) for name in names)
        blocks.append(_outcomes(result, side_by_side, f"Outcomes by {which}", columns))
        blocks += _questions(result, side_by_side, f"Questions by {which}", columns)
    return Section(
        id=f"by-{one.by.replace(' ', '-')}", title=f"By {characteristic_name(one.by)}", blocks=tuple(blocks)
    )


def _groups(one: Breakdown) -> str:
    told = ", ".join(
        f"{group_name(one.by, group.value)}: {TOO_FEW if group.cases is None else many(group.cases, 'case')}"
        for group in one.groups
    )
    hidden = (
        f" Numbers below {one.threshold} are not shown, nor are those that they could be worked out from."
        if one.threshold
        else ""
    )
    return f"{label(told)}.{hidden}"


def _outcomes(
    result: AuditResult, groups: tuple[GroupScore, ...], caption: str, columns: tuple[Column, ...]
) -> Table:
    by_group = [{found.id: found for found in group.outcomes} for group in groups]
    return Table(
        name="outcomes-by-group",
        caption=caption,
        columns=(Column(title="Outcome"), *columns),
        rows=tuple(
            (outcome.title, *(_outcome(found.get(outcome.id)) for found in by_group))
            for outcome in result.outcomes
        ),
    )


def _outcome(one: GroupOutcome | None) -> str | None:
    if one is None or one.score is None:
        return None
    return f"{percent(one.score)} over {many(one.questions, 'question')}"


def _questions(
    result: AuditResult, groups: tuple[GroupScore, ...], caption: str, columns: tuple[Column, ...]
) -> Iterator[Block]:
    by_group = [{found.id: found for found in group.questions} for group in groups]
    every = [
        (question.id, question.title, *(_question(found.get(question.id)) for found in by_group))
        for question in result.questions
    ]
    rows = tuple(row for row in every if set(row[2:]) - {TOO_FEW, NOBODY, None})
    if len(rows) < len(every):
        yield Paragraph(text="Questions with no number to show in any of these groups are left out.")
    if rows:
        yield Table(
            name="questions-by-group",
            caption=caption,
            columns=(
                Column(title="Question", kind=Kind.IDENTIFIER),
                Column(title="What is expected"),
                *columns,
            ),
            rows=rows,
        )


def _question(one: GroupQuestion | None) -> str | None:
    if one is None:
        return None
    if one.suppressed or one.sufficient is None or one.insufficient is None:
        return TOO_FEW
    n = one.sufficient + one.insufficient
    if not n:
        return NOBODY
    interval = f", {one.interval[0]}% to {one.interval[1]}%" if one.interval else ""
    return f"{one.sufficient} of {n} ({percent(one.score)}{interval})"
