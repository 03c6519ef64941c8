"""What all work is done with: the database, the rules, the keys of cases, and how the service is set."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from sqlalchemy.orm import Session

from aboveline.result import AuditResult
from aboveline.rulebook import DEFAULT_STANDARDS, Rulebook, load_rulebook
from aboveline.service.clock import Clock
from aboveline.service.observing.correlation import current_correlation_id
from aboveline.service.security.current import Caller
from aboveline.service.settings import Settings
from aboveline.store import Act, AreaScope, Database, audits, results

from .case_keys import CaseKeys

__all__ = ["Desk", "rules_of", "scope_of"]

_RESULTS = 8
_CASES = 5000
"""How many cases the results that are kept may have between them, at some 90 KiB a case. The last one is kept however large."""


@dataclass(frozen=True)
class Desk:
    """The database, the clock and the settings, with what is made of them."""

    settings: Settings
    database: Database
    clock: Clock
    keys: CaseKeys
    _results: "OrderedDict[tuple[str, ...], AuditResult]" = field(default_factory=OrderedDict, repr=False)
    _loading: dict[tuple[str, ...], Lock] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def of(cls, settings: Settings, database: Database, clock: Clock) -> "Desk":
        """Put a desk together."""
        return cls(settings, database, clock, CaseKeys(settings.pseudonym_key.get_secret_value().encode()))

    def act(self, caller: Caller) -> Act:
        """Return who does something now, in the course of the request that is being answered."""
        return Act(caller.name, self.clock.now(), current_correlation_id() or "")

    def result(self, session: Session, scope: AreaScope, audit: str) -> AuditResult:
        """Return what an audit found. Whether the caller may see it is asked of the store each time; reading it is not.

        Raises:
            NotFoundError: there is no such audit in the areas.
            ConflictError: it is not done, or its result is not as it was kept.
        """
        known = audits.get(session, scope, audit)
        return self.remembered((audit, known.digest or ""), lambda: results.load(session, scope, audit))

    def remembered(self, name: tuple[str, ...], make: Callable[[], AuditResult]) -> AuditResult:
        """Return a result that was made not long ago under a name that says all that it was made of, or make it."""
        with self._lock:
            kept = self._held(name)
            if kept is not None:
                return kept
            loading = self._loading.setdefault(name, Lock())
        # Of those who open it at once, one reads it: it may be of a size of which there is room for one.
        with loading:
            with self._lock:
                kept = self._held(name)
            if kept is not None:
                return kept
            try:
                found = make()
                with self._lock:
                    self._hold(name, found)
            finally:
                with self._lock:
                    self._loading.pop(name, None)
        return found

    def forget(self) -> None:
        """Forget results that were read: a case that was erased is in them still."""
        with self._lock:
            self._results.clear()

    def _held(self, name: tuple[str, ...]) -> AuditResult | None:
        kept = self._results.get(name)
        if kept is not None:
            self._results.move_to_end(name)
        return kept

    def _hold(self, name: tuple[str, ...], found: AuditResult) -> None:
        self._results[name] = found
        while len(self._results) > 1 and (
            len(self._results) > _RESULTS or sum(one.cases for one in self._results.values()) > _CASES
        ):
            self._results.popitem(last=False)


def scope_of(caller: Caller) -> AreaScope:
    """Return the areas of a caller, as the store knows them."""
    return AreaScope.of(caller.areas.granted)


@lru_cache(maxsize=8)
def rules_of(standards: str = DEFAULT_STANDARDS) -> Rulebook:
    """Return the shipped rules under a pack of standards.

    Raises:
        InputError: there is no such pack.
    """
    return load_rulebook() if standards == DEFAULT_STANDARDS else rules_of().under(standards)
