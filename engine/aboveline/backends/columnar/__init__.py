"""Rules over columns: what ``durable_rules`` finds case by case, found for many cases at once.

``tables`` has the facts as columns, ``compiling`` makes a plan of the clauses, and
``running`` runs it. What is found is the same, to the last match: why it is
numpy that does it stands in ``docs/decisions/0013-columns.md``.
"""

from .backend import ColumnarBackend
from .days import Numbers, day_number
from .running import Bound, Hits, Run, facts_of
from .standing import Standing, as_coded, standing_of
from .tables import Column, Reads, Table, Tables, Texts, Truths, tables_of

__all__ = [
    "Bound",
    "Column",
    "ColumnarBackend",
    "Hits",
    "Numbers",
    "Reads",
    "Run",
    "Standing",
    "Table",
    "Tables",
    "Texts",
    "Truths",
    "as_coded",
    "day_number",
    "facts_of",
    "standing_of",
    "tables_of",
]
