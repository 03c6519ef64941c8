"""Where a table is shown: in a terminal as wide as it is, elsewhere at a width of its own."""

from pathlib import Path

from rich.console import Console, RenderableType

from aboveline.problems import InputError, Problem

__all__ = ["WIDE", "show_on"]

WIDE = 160
"""Columns of a table that is not shown in a terminal."""


def show_on(what: RenderableType, output: Path | None) -> None:
    """Show on the screen, or write to a file.

    Raises:
        InputError: the file cannot be written.
    """
    if output:
        try:
            with output.open("w", encoding="utf-8") as file:
                Console(file=file, width=WIDE, highlight=False).print(what)
        except OSError as error:
            reason = f"this cannot be written: {error.strerror}"
            raise InputError([Problem(str(output), None, "", reason)]) from error
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDE)
    console.print(what)
