"""The command line: a module for each group of commands.

Exit codes: 0 fine; 1 what --fail-on or --fail-on-change asks about was found,
or problems in a rulebook; 2 could not run, or could not read a record. Only
here is a clock read, where no --as-of is given.
"""

import os
import sys

import typer

from aboveline.backends import BackendError
from aboveline.problems import InputError
from aboveline.workers import WorkersError

# Each module adds its commands to the application.
from . import (  # noqa: F401 - for what they add
    auditing,
    comparing,
    explaining,
    impacts,
    keeping,
    packs,
    records,
    rulebook,
    samples,
    serving,
)
from .app import app
from .options import COULD_NOT_RUN, complain

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; say what is wrong in words, and never with a traceback for a wrong input."""
    try:
        app()
    except InputError as error:
        complain(error.problems)
        sys.exit(COULD_NOT_RUN)
    except (BackendError, WorkersError) as error:
        typer.echo(f"aboveline: {error}", err=True)
        sys.exit(COULD_NOT_RUN)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has had enough
