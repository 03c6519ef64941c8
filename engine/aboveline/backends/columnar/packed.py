"""Tables of a packed caseload: its columns as rules read them, without records in between."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import pyarrow as pa

from aboveline.case.judgement import Judgement, Override
from aboveline.facts import CaseFacts, FlatFact, kinds_in_doubt, latest
from aboveline.packing import Chunk

from .standing import standing_of
from .tables import Reads, Tables

__all__ = ["Batch", "batch_of"]

Said = TypeVar("Said", Judgement, Override)


@dataclass(frozen=True)
class Batch:
    """A chunk of cases as at a date: their facts in tables, and case by case.

    ``left_out`` counts what had not happened by then; of a case it is not told.
    """

    cases: Sequence[CaseFacts]
    tables: Tables
    digests: Sequence[bytes]
    left_out: int


def batch_of(chunk: Chunk, as_of: dt.date, reads: Reads) -> Batch:
    """Return the cases of a chunk as at a date, with tables of what rules read."""
    standing = standing_of(chunk, as_of)
    ids = chunk.cases["case"].to_pylist()
    first = chunk.cases["number"][0].as_py() if ids else 0
    by_kind = standing.tables.by_kind
    of_case: list[list[FlatFact]] = [[] for _ in ids]
    for table in by_kind.values():
        for row, place in enumerate(table.case.tolist()):
            of_case[place].append(table.fact(row))
    tables = {
        kind: replace(
            by_kind[kind], columns={field: by_kind[kind].columns[field] for field in sorted(fields)}
        )
        for kind, fields in reads.items()
    }
    judgements = _said(Judgement, chunk.facts["judgement"])
    overrides = _said(Override, chunk.facts["override"])
    cases = [
        CaseFacts(
            case=case,
            as_of=as_of,
            facts=tuple(sorted(facts, key=lambda fact: (fact.kind, fact.id))),
            judgements=latest(judgements[first + place], as_of),
            overrides=latest(overrides[first + place], as_of),
            left_out=0,
            incomplete=kinds_in_doubt(incomplete),
        )
        for place, (case, facts, incomplete) in enumerate(
            zip(ids, of_case, chunk.cases["incomplete"].to_pylist(), strict=True)
        )
    ]
    return Batch(
        cases, replace(standing.tables, by_kind=tables), chunk.cases["digest"].to_pylist(), standing.left_out
    )


def _said(model: type[Said], table: pa.Table) -> dict[int, list[Said]]:
    """Return what assessors said, by the number of the case."""
    found: dict[int, list[Said]] = defaultdict(list)
    names = [name for name in model.model_fields if name in table.column_names]
    columns = [table[name].to_pylist() for name in names]
    for number, row in zip(table["number"].to_pylist(), zip(*columns, strict=True), strict=True):
        values = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        # Not strict, for a code stands in a table as text. All other types are the columns' own.
        found[number].append(model.model_validate(values, strict=False))
    return found
