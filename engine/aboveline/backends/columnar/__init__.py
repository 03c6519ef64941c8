"""Rules over columns: what ``durable_rules`` finds case by case, found for many cases at once.

``tables`` has the facts as columns, ``compiling`` makes a plan of the clauses, and
``running`` runs it. What is found is the same, to the last match: why it is
numpy that does it stands in ``docs/decisions/0013-columns.md``.
"""

from .backend import ColumnarBackend
from .running import Bound, Hits, Run, facts_of
from .days import Numbers
from .tables import Column, Reads, Table, Tables, Texts, Truths, tables_of

__all__ = [
    "Bound",
    "Column",
    "ColumnarBackend",
    "Hits",
    "Numbers",
    "Reads",
    "Run",
    "Table",
    "Tables",
    "Texts",
    "Truths",
    "facts_of",
    "tables_of",
]
