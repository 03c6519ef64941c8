"""What an audit tells case by case, as Parquet: for a caseload whose findings no single result can hold.

``shapes`` says how the tables look, ``columns`` makes them for many cases at
once, ``told`` of cases that were answered one by one, ``writing`` writes them.
"""

from .columns import list_columns
from .shapes import ANSWERS, SHAPES, answers_shape, level_column
from .told import list_answers
from .writing import ListedPart, sum_up, write_part

__all__ = [
    "ANSWERS",
    "SHAPES",
    "ListedPart",
    "answers_shape",
    "level_column",
    "list_answers",
    "list_columns",
    "sum_up",
    "write_part",
]
