"""The facts of a chunk as at a date, as tables: what ``facts.flatten`` says of each case, said of whole columns.

A table has the name of a kind as rules know it, so plans that were not complete
are in ``unfinished_plan``; ``id`` is the fact's id, and every other column a
field of the kind, null where it is not recorded.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from aboveline.case.codes import AssessmentStatus
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY

from .tables import Chunk

__all__ = ["AsAt", "as_at"]


@dataclass(frozen=True)
class AsAt:
    """Facts by kind as at a date, and how much of the records had not happened by then."""

    facts: Mapping[str, pa.Table]
    left_out: int


def as_at(chunk: Chunk, as_of: dt.date) -> AsAt:
    """Return the facts of a chunk of cases as at a date, without what assessors said of questions.

    Of a chunk that was read in part, the facts have the fields that were read. A date
    that was not read is no later: ``PackedColumns`` reads every one that may be.

    Raises:
        ValueError: the chunk was read in part for another day.
    """
    if chunk.read_for not in {None, as_of}:
        raise ValueError(f"this was read for {chunk.read_for}, and tells nothing of {as_of}")
    facts: dict[str, pa.Table] = {}
    left_out = 0
    for kind, table in chunk.facts.items():
        if kind not in VOCABULARY:
            left_out += _many_after(table, "made_on", as_of)
            continue
        for name, rows in _done_apart(kind, table, as_of):
            facts[name], dropped = _known(name, rows, as_of)
            left_out += dropped
    return AsAt(facts, left_out)


def _done_apart(kind: str, table: pa.Table, as_of: dt.date) -> list[tuple[str, pa.Table]]:
    """Return the facts of a kind, those that were not complete by a date under a name of their own."""
    if kind not in DONE_OR_NOT:
        return [(kind, table)]
    done = pc.and_(
        _are(table["status"], AssessmentStatus.COMPLETE.value),
        pc.fill_null(pc.less_equal(table["completed_on"], as_of), fill_value=False),
    )
    return [(kind, table.filter(done)), (UNFINISHED + kind, table.filter(pc.invert(done)))]


def _known(kind: str, table: pa.Table, as_of: dt.date) -> tuple[pa.Table, int]:
    """Return what was known of facts by a date, and how much was not."""
    fields = VOCABULARY[kind].fields
    before = len(table)
    for name, field in fields.items():
        if field.tense == "began" and _many_after(table, name, as_of):
            table = table.filter(pc.invert(_after(table[name], as_of)))
    dropped = before - len(table)
    columns = {name: table[name] for name in ("number", "case") if name in table.column_names}
    if "fact" in table.column_names:
        columns["id"] = table["fact"]
    for name, field in fields.items():
        if name == "id" or name not in table.column_names:
            continue
        column = table[name]
        unknown = None
        if field.tense == "happened" and _many_after(table, name, as_of):
            unknown = _after(column, as_of)
        elif kind.startswith(UNFINISHED) and name == "status":
            unknown = _are(column, AssessmentStatus.COMPLETE.value)
        if unknown is not None and (many := pc.sum(unknown).as_py()):
            dropped += many
            column = pc.if_else(unknown, pa.scalar(None, column.type), column)
        columns[name] = column
    return pa.table(columns), dropped


def _are(column: pa.ChunkedArray, word: str) -> pa.ChunkedArray:
    """Tell which codes are a word. One that is not recorded is not."""
    # Compared by its number in the dictionary: to compare words, pyarrow would write out every one.
    parts = []
    for part in column.chunks:
        number = part.dictionary.index(word).as_py()
        parts.append(pc.fill_null(pc.equal(part.indices, number), fill_value=False))
    return pa.chunked_array(parts, pa.bool_())


def _many_after(table: pa.Table, name: str, as_of: dt.date) -> int:
    """Count the days of a column that are later than a date."""
    if name not in table.column_names:
        return 0
    last = pc.max(table[name]).as_py()
    if last is None or last <= as_of:
        return 0
    many: int = pc.sum(pc.greater(table[name], as_of)).as_py()
    return many


def _after(days: pa.ChunkedArray, as_of: dt.date) -> pa.ChunkedArray:
    """Tell which days are later than a date. A day that is not recorded is not."""
    return pc.fill_null(pc.greater(days, as_of), fill_value=False)
