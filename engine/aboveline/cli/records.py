"""``aboveline import`` and ``aboveline schema``."""

import json
from pathlib import Path
from typing import Annotated

import typer

from aboveline.case import CaseRecord
from aboveline.importers import import_folder
from aboveline.result import AuditResult

from .app import app
from .options import write

__all__ = ["import_command", "schema_command"]


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
    write("".join(lines), output)
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
