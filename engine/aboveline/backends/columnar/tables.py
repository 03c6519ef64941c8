"""Facts as columns: for many cases at once, a table for each kind of fact and an array for each field.

Rows stand in the order of their cases. A date is a day number, a truth 0 or 1,
and a code, a text or an id its number in one dictionary of texts, which all
tables share, so that what is equal across facts is equal in number. What is not
recorded has no value, and is marked so.

``tables_of`` makes tables of facts in memory. Whoever has columns already can
make a ``Tables`` of them: what rules read is in ``Reads``.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aboveline.facts import CaseFacts, FlatFact, Scalar
from aboveline.vocabulary import VOCABULARY, FieldType

from .days import Numbers, day_number

__all__ = ["Column", "Reads", "Table", "Tables", "Texts", "Truths", "tables_of"]

Truths = NDArray[np.bool_]
Reads = Mapping[str, frozenset[str]]
"""The fields that rules read, by kind of fact."""


class Texts(dict[str, int]):
    """Gives each text a number, the same one for the same text in all tables."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


@dataclass(frozen=True)
class Column:
    """A field of every fact of a table, and of which facts it is recorded. The values of the others mean nothing.

    ``among`` has the different values, and maybe others, where that is known.
    """

    values: Numbers
    recorded: Truths
    among: Numbers | None = None


@dataclass(frozen=True)
class Table:
    """The facts of a kind. ``case`` has the place of each row's case, never falling; ``fact`` tells a row as a fact."""

    case: Numbers
    columns: Mapping[str, Column]
    fact: Callable[[int], FlatFact]


@dataclass(frozen=True)
class Tables:
    """A table for each kind of fact that rules read, of so many cases. ``texts`` numbers what their columns hold."""

    cases: int
    by_kind: Mapping[str, Table]
    texts: Mapping[str, int]


def tables_of(cases: Sequence[CaseFacts], reads: Reads) -> Tables:
    """Return the tables of cases: every kind that is read, with the fields that are."""
    places: dict[str, list[int]] = defaultdict(list)
    facts: dict[str, list[FlatFact]] = defaultdict(list)
    for place, case in enumerate(cases):
        for fact in case.facts:
            if fact.kind in reads:
                places[fact.kind].append(place)
                facts[fact.kind].append(fact)
    texts = Texts()
    return Tables(
        len(cases),
        {
            kind: Table(
                np.array(places[kind], np.int64),
                {
                    field: _column(
                        VOCABULARY[kind].fields[field].type,
                        [fact.values.get(field) for fact in facts[kind]],
                        texts,
                    )
                    for field in sorted(fields)
                },
                facts[kind].__getitem__,
            )
            for kind, fields in reads.items()
        },
        texts,
    )


def _column(of: FieldType, values: Sequence[Scalar | None], texts: Texts) -> Column:
    recorded = np.array([value is not None for value in values], np.bool_)
    numbers = np.zeros(len(values), np.int64)
    numbers[recorded] = list(_numbers(of, (value for value in values if value is not None), texts))
    return Column(numbers, recorded)


def _numbers(of: FieldType, values: Iterable[Scalar], texts: Texts) -> Iterable[int]:
    match of:
        case "date":
            return (day_number(value) for value in values if isinstance(value, dt.date))
        case "bool" | "int":
            return (int(value) for value in values if isinstance(value, int))
    return (texts[str(value)] for value in values)
