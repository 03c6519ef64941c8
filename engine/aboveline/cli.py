"""The command line.

Exit codes: 0 fine; 1 findings at or above the level of --fail-on, or problems
in a rulebook; 2 could not run, or could not read a record. Only here is a clock
read, where no --as-of is given.
"""

import datetime as dt
import json
import logging
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from aboveline import __version__
from aboveline.audit import audit
from aboveline.backends import BackendError
from aboveline.case import CaseRecord, Rejected, read_cases
from aboveline.explain import explain as explain_answer
from aboveline.explain import render
from aboveline.importers import import_folder
from aboveline.lint import counted, lint
from aboveline.problems import InputError, Problem, did_you_mean
from aboveline.reports import TableName, show, write_csv
from aboveline.reports.rule import list_rules, show_rule
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook, Severity, load_rulebook, shipped_rules
from aboveline.scoring import Average

__all__ = ["app", "main"]

FINE, FINDINGS, COULD_NOT_RUN = 0, 1, 2
WIDE = 160
"""Columns of a table that is not shown in a terminal."""

app = typer.Typer(
    help="Audit probation case records against inspection expectations.\n\n"
    "Exit codes: 0 fine, 1 findings at or above --fail-on or problems in a rulebook, 2 could not run or read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="INPUT",
        help="Case records: .jsonl or .jsonl.gz files, or folders of them.",
        show_default=False,
    ),
]
AsOf = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="The day the audit stands at. Default: today.",
        show_default=False,
    ),
]
Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules", metavar="DIR", help="A rulebook folder. Default: the shipped rules.", show_default=False
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write here instead of the screen.", show_default=False
    ),
]


@app.callback()
def setup(
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log what happens to standard error, as JSON, identifiers only.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", is_eager=True)
    ] = False,
) -> None:
    """Set up logging for every command."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@app.command("audit")
def audit_command(
    inputs: Inputs,
    as_of: AsOf = None,
    rules: Rules = None,
    format: Annotated[Format, typer.Option("--format", help="How to write the result.")] = Format.TABLE,  # noqa: A002
    table: Annotated[TableName, typer.Option("--table", help="Which table, for csv.")] = TableName.FINDINGS,
    average: Annotated[
        Average, typer.Option("--average", help="What an outcome's score averages.")
    ] = Average.QUESTIONS,
    output: Output = None,
    fail_on: Annotated[
        Severity | None,
        typer.Option(
            "--fail-on", help="Exit with 1 at a finding of this severity or above.", show_default=False
        ),
    ] = None,
) -> None:
    """Audit case records: findings, answers and scores."""
    rulebook = load_rulebook(rules)
    with _progress() as progress:
        task = progress.add_task("Auditing", total=None)
        result = audit(
            read_cases(inputs), rulebook, _day(as_of), average, each=lambda: progress.advance(task)
        )
    if format is Format.TABLE:
        _show(result, output)
    else:
        _write(result.to_json() if format is Format.JSON else write_csv(result, table), output)
    if result.rejected and (format is not Format.TABLE or output):
        _complain([Problem(one.source, one.line, one.path, one.reason) for one in result.rejected])
    raise typer.Exit(_exit_code(result, fail_on))


@app.command("explain")
def explain_command(
    case: Annotated[str, typer.Argument(metavar="CASE-ID", help="The case.")],
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, as PP-39.")],
    inputs: Inputs,
    as_of: AsOf = None,
    rules: Rules = None,
) -> None:
    """Say why a question is answered as it is for a case, and what would change it."""
    rulebook = load_rulebook(rules)
    rulebook.question(question)
    console = Console(highlight=False)
    console.print(render(explain_answer(_find(case, inputs), question, rulebook, _day(as_of))))


@app.command("lint")
def lint_command(rules: Rules = None) -> None:
    """Check a rulebook: every problem with its file and line, and its cases run."""
    folder = rules or shipped_rules()
    problems = lint(folder)
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(counted(folder, problems))
    raise typer.Exit(FINDINGS if problems else FINE)


@app.command("rules")
def rules_command(
    question: Annotated[
        str | None, typer.Argument(metavar="ID", help="One question, as PP-39.", show_default=False)
    ] = None,
    rules: Rules = None,
) -> None:
    """List the questions, or show one: whom it is about, what is expected, how to put it right."""
    rulebook: Rulebook = load_rulebook(rules)
    console = Console(highlight=False)
    console.print(show_rule(rulebook.question(question), rulebook) if question else list_rules(rulebook))


@app.command("import")
def import_command(
    folder: Annotated[
        Path,
        typer.Argument(help="A folder of JSON from the case system's API and OASys.", show_default=False),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="The .jsonl file to write.", show_default=False),
    ],
    conviction: Annotated[
        str | None,
        typer.Option(
            "--conviction", metavar="ID", help="Which conviction the case is about.", show_default=False
        ),
    ] = None,
) -> None:
    """Turn the case system's JSON into case records. What is not mapped is reported; nothing is guessed."""
    imported = import_folder(folder, conviction=conviction)
    lines = [record.model_dump_json(exclude_defaults=True) + "\n" for record in imported.cases]
    _write("".join(lines), output)
    for note in imported.notes:
        typer.echo(str(note), err=True)
    many = len(imported.cases)
    typer.echo(
        f"{many} case{'s' * (many != 1)} written to {output}; {len(imported.notes)} notes on what was not mapped.",
        err=True,
    )


@app.command("schema")
def schema_command(
    result: Annotated[bool, typer.Option("--result", help="The schema of an audit's JSON instead.")] = False,  # noqa: FBT002
) -> None:
    """Print the JSON Schema of a case record."""
    model = AuditResult if result else CaseRecord
    typer.echo(json.dumps(model.model_json_schema(), indent=2))


def main() -> None:
    """Run the command line; say what is wrong in words, and never with a traceback for a wrong input."""
    try:
        app()
    except InputError as error:
        _complain(error.problems)
        sys.exit(COULD_NOT_RUN)
    except BackendError as error:
        typer.echo(f"aboveline: {error}", err=True)
        sys.exit(COULD_NOT_RUN)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has had enough


def _day(as_of: dt.datetime | None) -> dt.date:
    return as_of.date() if as_of else dt.datetime.now().astimezone().date()


def _find(case: str, inputs: list[Path]) -> CaseRecord:
    """Return a case of the inputs, or say which ids come near."""
    seen: list[str] = []
    rejected: list[Problem] = []
    for record in read_cases(inputs):
        if isinstance(record, Rejected):
            rejected += record.problems
        elif record.case == case:
            return record
        else:
            seen.append(record.case)
    reason = f"there is no case {case} among the {len(seen)} that could be read{did_you_mean(case, seen)}"
    raise InputError([Problem(", ".join(str(path) for path in inputs), None, "", reason), *rejected])


def _exit_code(result: AuditResult, fail_on: Severity | None) -> int:
    if result.rejected:
        return COULD_NOT_RUN
    order = list(Severity)
    if fail_on and any(order.index(finding.severity) >= order.index(fail_on) for finding in result.findings):
        return FINDINGS
    return FINE


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


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(
            [Problem(str(output), None, "", f"this cannot be written: {error.strerror}")]
        ) from error


def _complain(problems: tuple[Problem, ...] | list[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)
