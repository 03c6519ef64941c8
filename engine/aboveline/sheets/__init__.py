"""Answer every question for many cases at once: a sheet of cases by questions.

What ``answers`` decides of one question and one case is decided here for a whole
column of cases, in the same order: ``marks`` has what was found, ``column``
answers a question, ``sheet`` counts. ``telling`` tells what has something to say
of itself as ``answers`` does, and ``listings`` as columns.
"""

from .cases import CaseColumns, Said, columns_of
from .column import QuestionColumn
from .marks import Found, Marks
from .sheet import ANSWERS, PLACES, Sheet, fill_sheet
from .standing import columns_standing, judged_standing
from .telling import ToldSheet, answer_sheet

__all__ = [
    "ANSWERS",
    "PLACES",
    "CaseColumns",
    "Found",
    "Marks",
    "QuestionColumn",
    "Said",
    "Sheet",
    "ToldSheet",
    "answer_sheet",
    "columns_of",
    "columns_standing",
    "fill_sheet",
    "judged_standing",
]
