"""The facts that findings rest on, with what is recorded of them as JSON, made by columns."""

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from aboveline.vocabulary import VOCABULARY

__all__ = ["fields_as_json"]

_TO_BE_ESCAPED = r'["\\\x00-\x1f]'


def fields_as_json(kind: str, table: pa.Table) -> pa.Array:
    """Return the recorded fields of each fact of a kind, but its id, as one JSON text, by name."""
    pieces = [
        pc.binary_join_element_wise(pa.scalar(f'"{name}":'), _as_json(column, name, kind), "")
        for name in sorted(VOCABULARY[kind].fields)
        if name != "id" and (column := table[name].combine_chunks()).null_count < len(table)
    ]
    if not pieces:
        return pa.array(["{}"] * len(table), pa.string())
    fields = pc.binary_join_element_wise(*pieces, ",", null_handling="skip") if len(pieces) > 1 else pieces[0]
    return pc.binary_join_element_wise("{", pc.fill_null(fields, ""), "}", "")


def _as_json(column: pa.Array, name: str, kind: str) -> pa.Array:
    of = VOCABULARY[kind].fields[name].type
    words = column.cast(pa.string())
    if of in {"bool", "int"}:
        return words
    if of in {"id", "text"} and pc.any(pc.match_substring_regex(words, _TO_BE_ESCAPED)).as_py():
        return pa.array(
            [None if word is None else orjson.dumps(word).decode() for word in words.to_pylist()], pa.string()
        )
    return pc.binary_join_element_wise('"', words, '"', "")
