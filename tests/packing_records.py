"""Random case records that speak of a few kinds of fact each, for holding tables to records."""

import json
from typing import Any

from hypothesis import strategies as st

from aboveline.vocabulary import VOCABULARY
from random_cases import Spoken, around, records
from strategies import AS_OF

__all__ = ["any_records", "as_bytes"]

KINDS = sorted(kind for kind in VOCABULARY if kind != "audit")


@st.composite
def any_records(draw: Any) -> list[dict[str, Any]]:
    """Return a few records about some kinds, each under an id of its own."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=3, max_size=7, unique=True))
    spoken = Spoken(reads={kind: set(VOCABULARY[kind].fields) - {"id"} for kind in kinds})
    made = draw(st.lists(records(spoken, around(AS_OF), ["AS-01", "PP-39"], most=2), max_size=5))
    return [raw | {"case": f"C-{n}"} for n, raw in enumerate(made)]


def as_bytes(raw: dict[str, Any]) -> bytes:
    """Return a record as a line of JSON."""
    return json.dumps(raw, default=str).encode()
