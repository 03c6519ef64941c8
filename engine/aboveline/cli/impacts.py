"""``aboveline impact``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from aboveline.impact import assess
from aboveline.packing import read_caseload
from aboveline.problems import Problem
from aboveline.reports.impact import show_impact, write_impact_csv
from aboveline.rulebook import load_rulebook
from aboveline.scoring import Average

from .app import app
from .options import COULD_NOT_RUN, FINDINGS, FINE, AsOf, Inputs, Output, complain, day, write
from .screen import show_on

__all__ = ["impact_command"]


class Format(StrEnum):
    """How an impact is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@app.command("impact")
def impact_command(
    inputs: Inputs,
    rules: Annotated[
        tuple[Path, Path],
        typer.Option(
            "--rules",
            metavar="OLD NEW",
            help="Two rulebook folders: the rules as they are, and as they would be.",
            show_default=False,
        ),
    ],
    as_of: AsOf = None,
    format: Annotated[  # noqa: A002
        Format, typer.Option("--format", help="How to write the impact; csv has the cases that move.")
    ] = Format.TABLE,
    average: Annotated[
        Average, typer.Option("--average", help="What an outcome's score averages.")
    ] = Average.QUESTIONS,
    output: Output = None,
    *,
    fail_on_change: Annotated[
        bool,
        typer.Option(
            "--fail-on-change",
            help="Exit with 1 where a question is added or removed, or an answer or a deficiency differs.",
        ),
    ] = False,
) -> None:
    """Say what a change of rules does to cases, before it is merged: answers that move, case by case, and scores."""
    before, after = (load_rulebook(folder) for folder in rules)
    with _progress() as progress:
        task = progress.add_task("Auditing twice", total=None)
        impact = assess(
            lambda: read_caseload(inputs),
            before,
            after,
            day(as_of),
            average,
            each=lambda: progress.advance(task),
        )
    if format is Format.TABLE:
        show_on(show_impact(impact), output)
    else:
        write(impact.to_json() if format is Format.JSON else write_impact_csv(impact), output)
    if impact.rejected and (format is not Format.TABLE or output):
        complain([Problem(one.source, one.line, one.path, one.reason) for one in impact.rejected])
    if impact.rejected:
        raise typer.Exit(COULD_NOT_RUN)
    raise typer.Exit(FINDINGS if fail_on_change and impact.changes_anything else FINE)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed}"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
