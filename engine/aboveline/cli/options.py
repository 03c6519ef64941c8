"""What commands share: their options, the clock where no day is given, and where a result is written."""

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from aboveline.problems import InputError, Problem

__all__ = [
    "COULD_NOT_RUN",
    "FINDINGS",
    "FINE",
    "AsOf",
    "Inputs",
    "Output",
    "Rules",
    "Standards",
    "complain",
    "day",
    "write",
]

FINE, FINDINGS, COULD_NOT_RUN = 0, 1, 2

Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="INPUT",
        help="Case records: .jsonl or .jsonl.gz files, folders of them, or packed folders.",
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
Standards = Annotated[
    str,
    typer.Option(
        "--standards", metavar="NAME", help="The time standards to hold work to; aboveline rules lists them."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write here instead of the screen.", show_default=False
    ),
]


def day(as_of: dt.datetime | None) -> dt.date:
    """Return the day that was asked for, or today."""
    return as_of.date() if as_of else dt.datetime.now().astimezone().date()


def write(content: str | bytes, output: Path | None) -> None:
    """Write to a file, or to the screen. Bytes are text that is already encoded, or no text at all.

    Raises:
        InputError: the file cannot be written.
    """
    if output is None:
        sys.stdout.write(content if isinstance(content, str) else content.decode())
        return
    try:
        output.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise InputError(
            [Problem(str(output), None, "", f"this cannot be written: {error.strerror}")]
        ) from error


def complain(problems: tuple[Problem, ...] | list[Problem]) -> None:
    """Tell every problem on standard error."""
    for problem in problems:
        typer.echo(str(problem), err=True)
