"""Audits that list what is told case by case in a folder beside the result."""

import datetime as dt
from collections.abc import Callable, Collection
from pathlib import Path

import typer

from aboveline.breakdowns import Characteristic
from aboveline.engines import Engine
from aboveline.packing import Packed, looks_packed, read_placed
from aboveline.problems import InputError, Problem, shown
from aboveline.reports import TableName
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook
from aboveline.scoring import Average

from .formats import Format

__all__ = ["RESULT", "audit_into", "may_list"]

RESULT = "result.json"
"""The result, in the folder of its listings. It is written last: a folder without it is not whole."""

_OF_COUNTS = (
    TableName.QUESTIONS,
    TableName.OUTCOMES,
    TableName.FACTORS,
    TableName.STRENGTHS,
    TableName.IMPROVEMENTS,
    TableName.BREAKDOWNS,
    TableName.SAMPLE,
    TableName.REJECTED,
    TableName.FAILED,
)


def may_list(folder: Path, form: Format, table: TableName) -> None:
    """Raise where a result cannot be written in a format without what is told case by case, or the folder is taken.

    Raises:
        BadParameter: the format or the table lists cases.
        InputError: the folder is there and is not empty.
    """
    if form not in {Format.TABLE, Format.JSON, Format.CSV}:
        raise typer.BadParameter(
            f"a report in {form} lists findings, and --listings puts them into a folder: choose --format table, json or csv"
        )
    if form is Format.CSV and table not in _OF_COUNTS:
        names = ", ".join(_OF_COUNTS)
        raise typer.BadParameter(
            f"the table {table} lists cases, and --listings puts them into a folder: choose --table {names}"
        )
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise InputError(
            [
                Problem(
                    shown(folder),
                    None,
                    "",
                    "this is there already and is not an empty folder: choose another name",
                )
            ]
        )


def audit_into(
    folder: Path,
    inputs: list[Path],
    rulebook: Rulebook,
    as_of: dt.date,
    average: Average,
    *,
    by: Collection[Characteristic],
    suppress_below: int,
    engine: Engine,
    each: Callable[[int], None],
    workers: int,
) -> AuditResult:
    """Audit records or a packed caseload with its listings in a folder, and the result with them.

    Raises:
        InputError: the inputs cannot be read, or the folder cannot be written.
    """
    from aboveline.caseload import audit_caseload  # noqa: PLC0415 - it takes numpy and pyarrow, which few audits do without

    packed = Packed.open(inputs[0]) if len(inputs) == 1 and looks_packed(inputs[0]) else None
    if workers > 1 and not packed:
        raise typer.BadParameter(
            "--workers with --listings needs a packed caseload: make one with `aboveline pack`"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        result = audit_caseload(
            packed or read_placed(inputs),
            rulebook,
            as_of,
            average,
            listings=folder.absolute(),
            by=by,
            suppress_below=suppress_below,
            engine=engine,
            each=each,
            workers=workers,
        )
        (folder / RESULT).write_text(result.to_json(), encoding="utf-8")
    except OSError as error:
        raise InputError(
            [Problem(shown(folder), None, "", f"this cannot be written: {error.strerror}")]
        ) from error
    return result
