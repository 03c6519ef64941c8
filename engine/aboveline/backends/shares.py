"""Share clauses out over rulesets, so that no fact meets too many patterns and as few rulesets as may be are run.

The engine's stack holds 64 matches of one fact, and past that it finds nothing
at all. And a session costs by the size of its ruleset, whatever comes of it: so
clauses that are likely to have something to say of the same cases stand
together, and a case to which none of them can apply runs no session there.
"""

from collections import Counter
from collections.abc import Iterable

from aboveline.rulebook import Clause

from .asking import asked
from .wire import EVIDENCE, SUBJECT, Columns, Wire, bodies, write_clause

__all__ = ["MOST_CLAUSES", "MOST_PATTERNS", "Share", "share_out"]

MOST_PATTERNS = 48
"""Patterns of one kind of fact in one ruleset. The engine's stack holds 64 matches of one fact."""

MOST_CLAUSES = 16
"""Clauses in one ruleset: few enough that what is run is wanted, many enough that little is run."""

Share = list[tuple[Clause, Wire]]


def share_out(clauses: Iterable[Clause], columns: Columns) -> list[Share]:
    """Write clauses in the wire form, and share them out over rulesets."""
    written = [(clause, write_clause(clause, columns)) for clause in clauses]
    shares: list[Share] = []
    counts: Counter[str] = Counter()
    for clause, wire in sorted(written, key=lambda one: _likeness(one[1])):
        needs = Counter(asked(body).kind for _, body in bodies(wire))
        full = any(counts[kind] + many > MOST_PATTERNS for kind, many in needs.items())
        if not shares or full or len(shares[-1]) == MOST_CLAUSES:
            shares.append([])
            counts = Counter({f"{SUBJECT}close": 1})
        shares[-1].append((clause, wire))
        counts += needs
    return shares


def _likeness(wire: Wire) -> tuple[list[tuple[str, ...]], ...]:
    """Return by what clauses are put in order: what must be unrecorded, which kinds there must be, what they must say.

    Most clauses are about something that is not recorded, and most cases have most things recorded.
    """
    asks = [asked(body) for _, body in bodies(wire)]
    there = [ask for ask in asks if not ask.kind.startswith(EVIDENCE)]
    return (
        sorted((ask.kind, column) for ask in there for column in ask.unrecorded),
        sorted({(ask.kind,) for ask in there}),
        sorted((ask.kind, column, str(value)) for ask in there for column, value in ask.values),
        sorted({(ask.kind,) for ask in asks}),
    )
