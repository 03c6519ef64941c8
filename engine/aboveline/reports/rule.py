"""Show the rulebook in a terminal: all questions, or one in full."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from aboveline.answers import in_words
from aboveline.rulebook import Question, Rulebook, Standards
from aboveline.rulebook.data import Parameter

__all__ = ["list_rules", "show_rule"]


def list_rules(rulebook: Rulebook) -> RenderableType:
    """Return every question with its criteria and standing, and the time standards that there are."""
    return Group(_questions(rulebook), *_standards(rulebook))


def _questions(rulebook: Rulebook) -> Table:
    table = Table(
        "", "Question", "Criteria", "Deficiencies", "Judged", "Status", box=SIMPLE_HEAD, header_style=""
    )
    for question in rulebook.questions:
        judged = "by an assessor too" if question.judged else ""
        table.add_row(
            question.id,
            question.title,
            " ".join(question.criteria),
            str(len(question.deficiencies)),
            judged,
            question.status,
        )
    return table


def _standards(rulebook: Rulebook) -> Iterator[RenderableType]:
    """Yield the packs, and of the one that was chosen what it is and every value that it names."""
    if rulebook.packs:
        table = Table(
            Column("Time standards", no_wrap=True),
            "",
            "In force",
            "Numbers named",
            box=SIMPLE_HEAD,
            header_style="",
        )
        for name, pack in rulebook.packs.items():
            chosen = " (chosen)" if pack is rulebook.standards else ""
            table.add_row(name + chosen, pack.title, _in_force(pack), str(len(pack.values)))
        yield table
    if rulebook.standards:
        yield Text(rulebook.standards.title, style="bold")
        yield Text(rulebook.standards.description)
        for caveat in rulebook.standards.caveats:
            yield Text(f"Bear in mind: {caveat}")
        for name in sorted(rulebook.standards.values):
            yield from _values(rulebook.parameters[name], rulebook)


def _in_force(pack: Standards) -> str:
    return f"{in_words(pack.start)} to {in_words(pack.end)}" if pack.end else f"from {in_words(pack.start)}"


def show_rule(question: Question, rulebook: Rulebook) -> RenderableType:
    """Return one question: what is expected, by whom it is said, what is deficient and how to put it right."""
    return Group(*_parts(question, rulebook))


def _parts(question: Question, rulebook: Rulebook) -> Iterator[RenderableType]:
    outcome = rulebook.framework.outcomes[question.outcome]
    yield Text(f"{question.id} {question.title}", style="bold")
    yield Text(f"{outcome.title}; criteria {', '.join(question.criteria)}; {question.status}")
    yield Text(
        "Source: " + "; ".join(f"{source.document}, {source.paragraph}" for source in question.sources)
    )
    if question.judged:
        yield Text("An assessor's judgement answers it where no deficiency is found.")
    for deficiency in question.deficiencies:
        yield Text(f"\n{deficiency.id} ({deficiency.severity})", style="bold")
        yield Padding(Text(f"Finding: {deficiency.finding}"), (0, 2))
        yield Padding(Text(f"What to do: {deficiency.put_right}"), (0, 2))
    if question.levels:
        yield Text("\nLevels, of which a case is at the first that holds:", style="bold")
        for level in question.levels:
            yield Padding(Text(f"{level.id}: {level.title}"), (0, 2))
    if question.needs:
        yield Text("\nMust be recorded: " + ", ".join(f"{need.kind}.{need.field}" for need in question.needs))
    for gap in question.known_gaps:
        yield Text(f"Known gap: {gap}")
    yield from _parameters(question, rulebook)
    yield Text(f"\nRule: {question.path}")


def _parameters(question: Question, rulebook: Rulebook) -> Iterator[RenderableType]:
    for name in sorted(rulebook.mentions[question.id].parameters):
        yield from _values(rulebook.parameters[name], rulebook)


def _values(parameter: Parameter, rulebook: Rulebook) -> Iterator[RenderableType]:
    """Yield each dated value of a parameter, or the one that the standards chosen put in their place."""
    if parameter.pinned and rulebook.standards:
        said = f"{parameter.said(parameter.pinned.value)} by {rulebook.standards.name}"
        yield Text(f"{parameter.name}: {said} ({parameter.pinned.source})")
        return
    for value in parameter.values:
        yield Text(
            f"{parameter.name}: {parameter.said(value.value)} from {in_words(value.start)} ({value.source})"
        )
