"""``aboveline lint`` and ``aboveline rules``."""

from typing import Annotated

import typer
from rich.console import Console

from aboveline.lint import counted, lint
from aboveline.reports.rule import list_rules, show_rule
from aboveline.rulebook import DEFAULT_STANDARDS, Rulebook, load_rulebook, shipped_rules

from .app import app
from .options import FINDINGS, FINE, Rules, Standards

__all__ = ["lint_command", "rules_command"]


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
    standards: Standards = DEFAULT_STANDARDS,
) -> None:
    """List the questions and time standards, or show one question: whom it is about, what is expected, how to put it right."""
    rulebook: Rulebook = load_rulebook(rules, standards)
    console = Console(highlight=False)
    console.print(show_rule(rulebook.question(question), rulebook) if question else list_rules(rulebook))
