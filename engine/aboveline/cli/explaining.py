"""``aboveline explain``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from aboveline.case import CaseRecord, Rejected
from aboveline.explain import explain as explain_answer
from aboveline.explain import render
from aboveline.packing import read_caseload
from aboveline.problems import InputError, Problem, did_you_mean
from aboveline.rulebook import DEFAULT_STANDARDS, load_rulebook

from .app import app
from .options import AsOf, Inputs, Rules, Standards, day

__all__ = ["explain_command"]


@app.command("explain")
def explain_command(
    case: Annotated[str, typer.Argument(metavar="CASE-ID", help="The case.")],
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, as PP-39.")],
    inputs: Inputs,
    as_of: AsOf = None,
    rules: Rules = None,
    standards: Standards = DEFAULT_STANDARDS,
) -> None:
    """Say why a question is answered as it is for a case, and what would change it."""
    rulebook = load_rulebook(rules, standards)
    rulebook.question(question)
    console = Console(highlight=False)
    console.print(render(explain_answer(_find(case, inputs), question, rulebook, day(as_of))))


def _find(case: str, inputs: list[Path]) -> CaseRecord:
    """Return a case of the inputs, or say which ids come near."""
    seen: list[str] = []
    rejected: list[Problem] = []
    for record in read_caseload(inputs):
        if isinstance(record, Rejected):
            rejected += record.problems
        elif record.case == case:
            return record
        else:
            seen.append(record.case)
    reason = f"there is no case {case} among the {len(seen)} that could be read{did_you_mean(case, seen)}"
    raise InputError([Problem(", ".join(str(path) for path in inputs), None, "", reason), *rejected])
