"""Comparing two audits: scores with intervals, and cases one by one.

``reading`` reads an audit's JSON, ``cases`` sets answers and deficiencies side
by side, ``alike`` picks what can be compared, ``intervals`` is the arithmetic,
``scores`` has questions and outcomes, ``comparing`` is the whole and ``model``
what it says.
"""

from .comparing import compare
from .model import Comparison
from .reading import read_audit

__all__ = ["Comparison", "compare", "read_audit"]
