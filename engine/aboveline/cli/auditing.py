"""``aboveline audit``."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from aboveline.audit import audit, audit_packed
from aboveline.breakdowns import SUPPRESS_BELOW, Characteristic
from aboveline.engines import FEW, Engine
from aboveline.packing import Packed, looks_packed, read_caseload
from aboveline.problems import Problem
from aboveline.reports import ReportFormat, TableName, show, write_csv, write_report
from aboveline.result import AuditResult
from aboveline.rulebook import DEFAULT_STANDARDS, Severity, load_rulebook
from aboveline.scoring import Average

from .app import app
from .formats import FILES, Format
from .listing import audit_into, may_list
from .options import (
    COULD_NOT_RUN,
    FINDINGS,
    FINE,
    AsOf,
    Inputs,
    Output,
    Rules,
    Standards,
    complain,
    day,
    write,
)

__all__ = ["audit_command"]

WIDE = 160
"""Columns of a table that is not shown in a terminal."""


@app.command("audit")
def audit_command(
    inputs: Inputs,
    as_of: AsOf = None,
    rules: Rules = None,
    standards: Standards = DEFAULT_STANDARDS,
    format: Annotated[Format, typer.Option("--format", help="How to write the result.")] = Format.TABLE,  # noqa: A002
    table: Annotated[TableName, typer.Option("--table", help="Which table, for csv.")] = TableName.FINDINGS,
    average: Annotated[
        Average, typer.Option("--average", help="What an outcome's score averages.")
    ] = Average.QUESTIONS,
    by: Annotated[
        list[Characteristic],
        typer.Option("--by", help="What to break scores down by. May be given more than once."),
    ] = [Characteristic.GENDER],  # noqa: B006 - typer makes a list of its own
    suppress_below: Annotated[
        int,
        typer.Option(
            "--suppress-below",
            min=0,
            metavar="N",
            help="Show no number of a group's cases below this, nor what it could be worked out from. 0 shows all.",
        ),
    ] = SUPPRESS_BELOW,
    engine: Annotated[
        Engine,
        typer.Option(
            "--engine",
            help="What answers the rules: durable_rules case by case, columns of many cases, or the same columns on Spark.",
        ),
    ] = Engine.AUTO,
    listings: Annotated[
        Path | None,
        typer.Option(
            "--listings",
            metavar="DIR",
            help="For a caseload: list what is told case by case in a new folder of Parquet, and put counts and scores alone into the result.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
    fail_on: Annotated[
        Severity | None,
        typer.Option(
            "--fail-on", help="Exit with 1 at a finding of this severity or above.", show_default=False
        ),
    ] = None,
    workers: Annotated[
        str,
        typer.Option(
            "--workers",
            metavar="N",
            help="How many processes share the cases; auto is one for each processor core.",
        ),
    ] = "1",
    *,
    no_answers: Annotated[
        bool, typer.Option("--no-answers", help="Leave out the list of answers to every case.")
    ] = False,
) -> None:
    """Audit case records: findings, answers and scores."""
    if format in FILES and output is None:
        raise typer.BadParameter(f"a {format} cannot be shown on the screen: name a file for it with -o FILE")
    if table is TableName.ANSWERS and no_answers:
        raise typer.BadParameter("the table of answers needs the answers: leave out --no-answers")
    many = _many(workers)
    if listings:
        may_list(listings, format, table)
    elif engine is Engine.SPARK:
        raise typer.BadParameter("Spark lists what it finds in a folder: name one with --listings DIR")
    rulebook = load_rulebook(rules, standards)
    with _progress() as progress:
        task = progress.add_task("Auditing", total=None)
        packed = _packed_for_columns(inputs, engine) if many == 1 and not listings else None
        result = (
            audit_into(
                listings,
                inputs,
                rulebook,
                day(as_of),
                average,
                by=by,
                suppress_below=suppress_below,
                engine=engine,
                each=lambda cases: progress.advance(task, cases),
                workers=many,
            )
            if listings
            else audit_packed(
                packed,
                rulebook,
                day(as_of),
                average,
                keep_answers=not no_answers,
                by=by,
                suppress_below=suppress_below,
                each=lambda: progress.advance(task),
            )
            if packed
            else audit(
                read_caseload(inputs),
                rulebook,
                day(as_of),
                average,
                keep_answers=not no_answers,
                by=by,
                suppress_below=suppress_below,
                engine=engine,
                each=lambda: progress.advance(task),
                workers=many,
            )
        )
    if format is Format.TABLE:
        _show(result, output)
    else:
        write(_written(result, format, table), output)
    if format is not Format.TABLE or output:
        complain([Problem(one.source, one.line, one.path, one.reason) for one in result.rejected])
        complain(
            [Problem(f"case {one.case}", None, "", f"not audited: {one.reason}") for one in result.failed]
        )
    raise typer.Exit(_exit_code(result, fail_on))


def _written(result: AuditResult, form: Format, table: TableName) -> str | bytes:
    match form:
        case Format.JSON:
            return result.to_json()
        case Format.CSV:
            return write_csv(result, table)
    return write_report(result, ReportFormat(form.value))


def _exit_code(result: AuditResult, fail_on: Severity | None) -> int:
    if result.rejected or result.failed:
        return COULD_NOT_RUN
    order = list(Severity)
    found = result.listings.severities if result.listings else {one.severity for one in result.findings}
    if fail_on and any(order.index(severity) >= order.index(fail_on) for severity in found):
        return FINDINGS
    return FINE


def _packed_for_columns(inputs: list[Path], engine: Engine) -> Packed | None:
    """Return the packed caseload that can be answered by its columns; none where records are wanted."""
    if engine is Engine.DURABLE or len(inputs) != 1 or not looks_packed(inputs[0]):
        return None
    packed = Packed.open(inputs[0])
    return packed if engine is Engine.COLUMNAR or packed.manifest.count > FEW else None


def _many(workers: str) -> int:
    """Return how many worker processes were asked for."""
    if workers == "auto":
        return len(os.sched_getaffinity(0))
    if not workers.isdecimal() or not int(workers):
        raise typer.BadParameter(f"--workers takes a whole number from 1, or auto, and not '{workers}'")
    return int(workers)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed} cases"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _show(result: AuditResult, output: Path | None) -> None:
    if output:
        with output.open("w", encoding="utf-8") as file:
            Console(file=file, width=WIDE, highlight=False).print(show(result))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDE)
    console.print(show(result))
