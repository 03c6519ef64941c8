"""The tables of what an audit tells case by case: their columns, in the order in which they are written.

Rows stand by question, then in the order of the cases, except in ``evidence``,
which has each fact that some finding rests on once, by kind and case, with its
recorded fields as JSON.
"""

from collections.abc import Mapping

import pyarrow as pa

from aboveline.rulebook import Rulebook

__all__ = ["ANSWERS", "CODE", "SHAPES", "answers_shape", "level_column"]

ANSWERS = "answers"
"""The table with a row for each case and a column for each question. Its shape depends on the rulebook."""

CODE = pa.dictionary(pa.int32(), pa.string())
"""A text that is one of a few: a question, a kind of fact, what a finding says."""

_FACT = [pa.field("kind", pa.string(), nullable=False), pa.field("id", pa.string(), nullable=False)]
_GAP = [
    pa.field("kind", pa.string(), nullable=False),
    pa.field("id", pa.string()),
    pa.field("field", pa.string()),
    pa.field("reason", pa.string(), nullable=False),
]


def _shape(*fields: pa.Field) -> pa.Schema:
    return pa.schema([pa.field("case", pa.string(), nullable=False), *fields])


def _code(name: str) -> pa.Field:
    return pa.field(name, CODE, nullable=False)


SHAPES: Mapping[str, pa.Schema] = {
    "findings": _shape(
        _code("question"),
        _code("deficiency"),
        _code("severity"),
        _code("finding"),
        _code("put_right"),
        pa.field("due", pa.date32()),
        pa.field("recommendation", CODE),
        pa.field("evidence", pa.list_(pa.field("fact", pa.struct(_FACT), nullable=False)), nullable=False),
    ),
    "evidence": _shape(
        _code("kind"),
        pa.field("id", pa.string(), nullable=False),
        pa.field("fields", pa.string(), nullable=False),
    ),
    "not_assessed": _shape(
        _code("question"),
        pa.field("gaps", pa.list_(pa.field("gap", pa.struct(_GAP), nullable=False)), nullable=False),
    ),
    "due_soon": _shape(_code("question"), _code("deficiency"), pa.field("due", pa.date32(), nullable=False)),
    "judged_insufficient": _shape(
        _code("question"),
        pa.field("assessor", pa.string(), nullable=False),
        pa.field("made_on", pa.date32(), nullable=False),
        pa.field("reason", pa.string()),
    ),
    "overrides": _shape(
        _code("question"),
        _code("answer"),
        _code("computed"),
        pa.field("assessor", pa.string(), nullable=False),
        pa.field("made_on", pa.date32(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field(
            "deficiencies", pa.list_(pa.field("deficiency", pa.string(), nullable=False)), nullable=False
        ),
    ),
}


def answers_shape(rulebook: Rulebook) -> pa.Schema:
    """Return the shape of the answers: a column for each active question, and one for the level where it has levels."""
    fields = []
    for question in rulebook.active:
        fields.append(_code(question.id))
        if question.levels:
            fields.append(pa.field(level_column(question.id), CODE))
    return _shape(*fields)


def level_column(question: str) -> str:
    """Return the name of the column that has the level of each case in a question."""
    return f"{question} level"
