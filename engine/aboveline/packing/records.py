"""Make case records of tables: validated again, since nothing that is read is taken on trust."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from aboveline.case import CaseRecord, Placed
from aboveline.problems import InputError, Problem, shown

from .shapes import SINGLE, fields_of

__all__ = ["records_of"]

_EPOCH = dt.date(1970, 1, 1).toordinal()


def records_of(cases: pa.Table, facts: Mapping[str, pa.Table], folder: Path) -> Iterator[Placed]:
    """Yield the case records of a chunk, in order, with the place that each was first read at.

    Raises:
        InputError: the tables do not make case records. Nobody but a wrong packer could have written them.
    """
    supplies = [_Supply(kind, table) for kind, table in facts.items()]
    columns = [_plain(cases[name]) for name in ("number", "case", "source", "line", "incomplete")]
    for number, case, source, line, incomplete in zip(*columns, strict=True):
        raw: dict[str, Any] = {"case": case}
        if incomplete:
            raw["incomplete"] = incomplete
        for supply in supplies:
            found = supply.of(number)
            if found:
                raw[supply.kind] = found[0] if supply.kind in SINGLE and len(found) == 1 else found
        try:
            # Not strict, for a code stands in a table as text. All other types are the columns' own.
            record = CaseRecord.model_validate(raw, strict=False)
        except ValidationError as error:
            raise _wrong(
                folder, f"its case {case} is not a case record ({error.error_count()} problems)"
            ) from error
        yield Placed(source, line, record)
    if not all(supply.is_used_up for supply in supplies):
        raise _wrong(folder, "it has facts that belong to no case, or stand out of order")


class _Supply:
    """The facts of one kind in a chunk, taken case by case."""

    def __init__(self, kind: str, table: pa.Table) -> None:
        self.kind = kind
        self._numbers: list[int] = _plain(table["number"])
        names = [name for name in fields_of(kind) if table[name].null_count < len(table)]
        self._names = names
        self._columns = [_plain(table[name]) for name in names]
        self._at = 0

    @property
    def is_used_up(self) -> bool:
        return self._at == len(self._numbers)

    def of(self, number: int) -> list[dict[str, Any]]:
        """Return the facts of the next case, each with the fields that are recorded."""
        start = self._at
        while self._at < len(self._numbers) and self._numbers[self._at] == number:
            self._at += 1
        if start == self._at:
            return []
        if not self._names:
            return [{} for _ in range(start, self._at)]
        rows = zip(*(column[start : self._at] for column in self._columns), strict=True)
        return [
            {name: value for name, value in zip(self._names, row, strict=True) if value is not None}
            for row in rows
        ]


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """Return the values of a column as Python has them. Dates and codes are few, and made once each."""
    found: list[Any] = []
    for part in column.chunks:
        if pa.types.is_dictionary(part.type):
            codes = part.dictionary.to_pylist()
            found += [None if n is None else codes[n] for n in part.indices.to_pylist()]
        elif pa.types.is_date32(part.type):
            days = part.cast(pa.int32()).to_pylist()
            dates = {day: dt.date.fromordinal(_EPOCH + day) for day in set(days) - {None}}
            found += [None if day is None else dates[day] for day in days]
        else:
            found += part.to_pylist()
    return found


def _wrong(folder: Path, reason: str) -> InputError:
    return InputError(
        [
            Problem(
                shown(folder),
                None,
                "",
                f"this packed caseload is not whole: {reason}. Pack it again from its case records",
            )
        ]
    )
