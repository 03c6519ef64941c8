"""How case records stand in tables: one table for the cases, one for each kind of fact.

A row of a kind's table is a fact: the case it belongs to (``number`` is the
case's place in the folder, ``case`` its identifier), the ``fact``'s id as rules
and evidence have it, and every field of the case record. A field that is not
recorded is null. ``id`` is the id that the record gave, if it gave one. The
facts of a case stand together, in the order of the record.
"""

import functools
from collections.abc import Mapping

import pyarrow as pa

from aboveline.vocabulary import FieldType, known_field, record_kinds

__all__ = ["CASES", "LAYOUT", "SHAPES", "SINGLE", "fields_of"]

LAYOUT = 2
"""Raised when tables written for an earlier version would no longer be read the same way."""

CASES = "cases"
"""The table of the cases. No kind of fact has its name."""

_CODES = pa.dictionary(pa.int32(), pa.string())

_ARROW: Mapping[FieldType, pa.DataType] = {
    "bool": pa.bool_(),
    "date": pa.date32(),
    "enum": _CODES,
    "id": pa.string(),
    "int": pa.int32(),
    "text": pa.string(),
}

SINGLE = frozenset(name for name, _, single in record_kinds() if single)
"""Kinds of which every case has one fact."""


@functools.cache
def fields_of(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind that a record may give, in the order of its definition."""
    return tuple(name for name in SHAPES[kind].names if name not in {"number", "case", "fact"})


def _facts(kind: str) -> pa.Schema:
    model = next(model for name, model, _ in record_kinds() if name == kind)
    return pa.schema(
        [
            pa.field("number", pa.int64(), nullable=False),
            pa.field("case", pa.string(), nullable=False),
            pa.field("fact", pa.string(), nullable=False),
            *(
                pa.field(name, _ARROW[known_field(name, info).type])
                for name, info in model.model_fields.items()
            ),
        ]
    )


SHAPES: Mapping[str, pa.Schema] = {
    CASES: pa.schema(
        [
            pa.field("number", pa.int64(), nullable=False),
            pa.field("case", pa.string(), nullable=False),
            pa.field("source", _CODES, nullable=False),
            pa.field("line", pa.int64(), nullable=False),
            pa.field("digest", pa.binary(32), nullable=False),
            pa.field("incomplete", pa.list_(pa.string()), nullable=False),
        ]
    )
} | {name: _facts(name) for name in sorted(name for name, _, _ in record_kinds())}
