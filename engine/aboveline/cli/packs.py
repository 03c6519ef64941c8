"""``aboveline pack``."""

from pathlib import Path
from typing import Annotated

import typer

from aboveline.packing import pack
from aboveline.problems import Problem

from .app import app
from .options import COULD_NOT_RUN, FINE, Inputs, complain

__all__ = ["pack_command"]


@app.command("pack")
def pack_command(
    inputs: Inputs,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="The folder to make.", show_default=False),
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a packed caseload of that name.")] = False,
) -> None:
    """Pack case records into Parquet, validated, for audits of many cases. Every command that reads records reads it."""
    manifest = pack(inputs, output, force=force)
    complain([Problem(p.source, p.line, p.path, p.reason) for record in manifest.rejected for p in record])
    size = sum(file.bytes for file in manifest.files.values()) / 1024 / 1024
    refused = len(manifest.rejected)
    typer.echo(
        f"{manifest.count} case{'s' * (manifest.count != 1)} packed into {output} ({manifest.facts} facts, {size:.1f} MiB); "
        f"{refused} record{'s' * (refused != 1)} refused."
    )
    raise typer.Exit(COULD_NOT_RUN if refused else FINE)
