"""``aboveline compare``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aboveline.comparison import Comparison, compare, read_audit
from aboveline.comparison.model import Verdict
from aboveline.problems import InputError, Problem, shown
from aboveline.reports.comparison import show_comparison
from aboveline.reports.comparison_tables import NEED_ANSWERS, ComparisonTable, write_comparison_csv

from .app import app
from .options import FINDINGS, FINE, Output, write
from .screen import show_on

__all__ = ["compare_command"]


class Format(StrEnum):
    """How a comparison is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class FailOn(StrEnum):
    """What a comparison fails on.

    Of a hundred questions a few look worse by chance alone, so the check that
    a build can rest on is that of outcomes.
    """

    WORSE = "worse"
    WORSE_QUESTION = "worse-question"


@app.command("compare")
def compare_command(
    before: Annotated[
        Path,
        typer.Argument(metavar="BEFORE", help="An audit, written with --format json.", show_default=False),
    ],
    after: Annotated[
        Path, typer.Argument(metavar="AFTER", help="A later one, or another.", show_default=False)
    ],
    format: Annotated[Format, typer.Option("--format", help="How to write the comparison.")] = Format.TABLE,  # noqa: A002
    table: Annotated[
        ComparisonTable, typer.Option("--table", help="Which table, for csv.")
    ] = ComparisonTable.QUESTIONS,
    output: Output = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            help="Exit with 1 where an outcome is clearly worse, or with worse-question a question too.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Compare two audits: scores with the interval of each change, answers that flipped, deficiencies new and mended."""
    comparison = compare(read_audit(before), read_audit(after))
    if format is Format.TABLE:
        show_on(show_comparison(comparison), output)
    elif format is Format.JSON:
        write(comparison.to_json(), output)
    else:
        _refuse_an_empty_table(comparison, table, {"before": before, "after": after})
        write(write_comparison_csv(comparison, table), output)
    raise typer.Exit(FINDINGS if fail_on and _worse(comparison, fail_on) else FINE)


def _refuse_an_empty_table(comparison: Comparison, table: ComparisonTable, paths: dict[str, Path]) -> None:
    """Refuse a table of cases where the answers to cases are not known: it would read as no change."""
    if table in NEED_ANSWERS and comparison.without_answers:
        reason = "this audit does not list the answers to every case; audit again without --no-answers"
        raise InputError(
            [Problem(shown(paths[side]), None, "", reason) for side in comparison.without_answers]
        )


def _worse(comparison: Comparison, fail_on: FailOn) -> bool:
    changes = [one.change for one in comparison.outcomes]
    if fail_on is FailOn.WORSE_QUESTION:
        changes += [one.change for one in comparison.questions]
    return any(change is not None and change.verdict is Verdict.WORSE for change in changes)
