"""The application that every command belongs to, and what is set up before each."""

import logging
from typing import Annotated

import typer

from aboveline import __version__
from aboveline.logs import log_from

__all__ = ["app"]

app = typer.Typer(
    help="Audit probation case records against inspection expectations.\n\n"
    "Exit codes: 0 fine, 1 what --fail-on or --fail-on-change asks about or problems in a rulebook, "
    "2 could not run or read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def setup(
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log what happens to standard error, as JSON, identifiers only.")
    ] = False,
    version: Annotated[  # noqa: ARG001 - shown before any command
        bool,
        typer.Option("--version", help="Show the version and stop.", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """Set up logging for every command."""
    log_from(logging.INFO if verbose else logging.WARNING)
