"""Commands on the rulebook: ``lint``, ``rules``, ``pages`` and ``new-rule``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from aboveline.lint import counted, lint
from aboveline.newrule import begin_rule
from aboveline.problems import InputError, Problem
from aboveline.reports.rule import list_rules, show_rule
from aboveline.rulebook import DEFAULT_STANDARDS, Rulebook, load_rulebook, shipped_rules
from aboveline.rulepages import rule_pages

from .app import app
from .options import FINDINGS, FINE, Rules, Standards, write

__all__ = ["lint_command", "new_rule_command", "pages_command", "rules_command"]


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


@app.command("pages")
def pages_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of the pages.", show_default=False)
    ],
    rules: Rules = None,
    check: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--check", help="Write nothing; exit with 1 where a page is not what the rules say."),
    ] = False,
) -> None:
    """Write a page for each question, and an index of them."""
    pages = rule_pages(load_rulebook(rules))
    there = {path.name: path for path in folder.glob("*.md")} if folder.is_dir() else {}
    stale = [
        name
        for name, text in pages.items()
        if name not in there or there[name].read_text(encoding="utf-8") != text
    ]
    gone = sorted(set(there) - set(pages))
    if check:
        for name in sorted([*stale, *gone]):
            typer.echo(f"{folder / name}: not what the rules say; run aboveline pages {folder}")
        raise typer.Exit(FINDINGS if stale or gone else FINE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"this folder cannot be made: {error.strerror}"
        raise InputError([Problem(str(folder), None, "", reason)]) from error
    for name in stale:
        write(pages[name], folder / name)
    for name in gone:
        there[name].unlink()
    typer.echo(f"{folder}: {len(stale)} of {len(pages)} pages written, {len(gone)} taken away")


@app.command("new-rule")
def new_rule_command(
    question: Annotated[
        str, typer.Argument(metavar="ID", help="The id of the new question, as PP-43.", show_default=False)
    ],
    outcome: Annotated[
        str, typer.Option("--outcome", help="Its outcome, as protecting-the-public.", show_default=False)
    ],
    title: Annotated[
        str, typer.Option("--title", help="What is expected, in a sentence.", show_default=False)
    ],
    rules: Annotated[Path, typer.Option("--rules", metavar="DIR", help="The rulebook to add it to.")] = Path(
        "rules"
    ),
    pages: Annotated[Path, typer.Option("--pages", metavar="DIR", help="The folder of the pages.")] = Path(
        "docs/rules"
    ),
) -> None:
    """Begin a rule: a draft that works, its cases and its page, to be rewritten."""
    made = [*begin_rule(rules, question, outcome, title)]
    page = pages / f"{question}.md"
    pages.mkdir(parents=True, exist_ok=True)
    write(rule_pages(load_rulebook(rules))[page.name], page)
    for path in (*made, page):
        typer.echo(str(path))
