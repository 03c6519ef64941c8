"""What every backend is: facts of a case in, the clauses that hold out."""

from collections.abc import Collection
from typing import NamedTuple, Protocol

from aboveline.facts import CaseFacts, FlatFact
from aboveline.rulebook import Clause

__all__ = ["Backend", "BackendError", "Match"]


class Match(NamedTuple):
    """A clause that holds, and the facts it bound: one for each part, then the witness if it has one."""

    clause: Clause
    facts: tuple[FlatFact, ...]


class BackendError(RuntimeError):
    """A backend could not answer a case. There is no answer then, not an empty one."""

    def __init__(self, case: str, reason: str) -> None:
        self.case = case
        self.reason = reason
        super().__init__(f"case {case} could not be audited: {reason}")


class Backend(Protocol):
    """Finds, for one rulebook as at one date, every way in which each clause holds of a case."""

    name: str

    def matches(self, facts: CaseFacts) -> Collection[Match]:
        """Return all matches, each once, in no order that means anything.

        Raises:
            BackendError: the case could not be answered.
        """
        ...
