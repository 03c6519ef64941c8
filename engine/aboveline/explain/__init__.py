"""Why a question has its answer for a case, and what would alter it.

``holds`` is the truth of one condition, ``trace`` which patterns matched which
facts; ``words`` and ``shown`` say so. ``levers`` and ``values`` propose changes
to the record, ``edits`` makes them on a copy, ``nearest`` proves them by
running the audit again. ``reason`` puts it together and ``text`` writes it.

An explanation shows what is recorded of a person: it is never logged.
"""

from .edits import changed
from .model import Addition, Change, DecidedBy, Edit, Explanation, State
from .reason import explain
from .text import lines, render

__all__ = [
    "Addition",
    "Change",
    "DecidedBy",
    "Edit",
    "Explanation",
    "State",
    "changed",
    "explain",
    "lines",
    "render",
]
