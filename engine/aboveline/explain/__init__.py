"""Why a question has its answer for a case, and what would alter it.

``holds`` is the truth of one condition, ``branches`` what a part of a question
comes to; ``trace`` finds which facts matched which patterns, and ``traced`` is
what it finds. ``words`` and ``contrast`` put that in words, ``shown`` in order.
``values``, ``additions``, ``lever`` and ``levers`` propose changes to the
record, ``edits`` makes them on a copy, ``nearest`` proves them by running the
audit again. ``reason`` is the whole, ``model`` its shape, ``text`` its text.

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
