"""The rulebook: rules as data, read, checked and lowered to clauses.

``language`` is what a rule can say, ``lines`` and ``reading`` turn a file into
it, ``checking`` holds it to the vocabulary, ``data`` reads parameters, lists
and the framework, ``standards`` packs of other values, ``book`` is the whole; ``lowering`` and ``unrecorded`` make
of it ``clauses``, which backends compile.
"""

from .book import Rulebook, load_rulebook, read_rulebook, shipped_rules
from .clauses import Clause
from .language import Deficiency, Question, Severity
from .lowering import lower
from .standards import DEFAULT_STANDARDS, Standards

__all__ = [
    "DEFAULT_STANDARDS",
    "Clause",
    "Deficiency",
    "Question",
    "Rulebook",
    "Severity",
    "Standards",
    "load_rulebook",
    "lower",
    "read_rulebook",
    "shipped_rules",
]
