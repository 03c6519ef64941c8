"""Answer a case with durable_rules, in the one form in which it is right.

The engine is fast to write for and easy to use wrongly: it can crash, or answer
wrongly without a word. What was measured, and why each step below is as it is,
stands in ``docs/decisions/0002-durable-rules-normal-form.md`` and, for speed, in
``0012-only-what-can-matter-is-told.md``. In short:

- a session is one case in one ruleset: an opening fact on which a rule always
  fires, then the evidence (what is negated), then the witnesses and the subjects
  (what is bound), then a closing fact; the state is deleted at the end;
- facts are asserted one at a time, under ids of our own;
- rulesets are split so that no fact can meet more than 48 patterns, since past
  64 the engine finds nothing at all;
- a session in which no rule can fire is not run, and a fact that no rule of it
  can take is not told, as far as that can be read off the facts alone;
- a session that cannot show that it opened and closed is an error.
"""

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import structlog

from aboveline.facts import CaseFacts
from aboveline.rulebook import Clause

from .asking import columns_read
from .base import BackendError, Match
from .candidates import Asks, Candidates, Needs
from .ruleset import Fired, Ruleset, Told
from .shares import Share, share_out
from .wire import SUBJECT, Columns, Wire

__all__ = ["DurableBackend"]

_OPEN, _CLOSE = "open", "close"
_OPENING = f'"kind":"{_OPEN}"'
_CLOSING = f'"kind":"{SUBJECT}{_CLOSE}"'
_TRIES = 8

log = structlog.get_logger(__name__)

Bound = tuple[str, tuple[str, ...]]
"""The name of a rule that fired, and the ids of the facts it bound: its parts, then its witness."""


@dataclass(frozen=True)
class _Rules:
    """A ruleset: its clauses by the names of their rules, what they need, and the columns they read of each kind."""

    ruleset: Ruleset
    clauses: Mapping[str, Clause]
    needs: Collection[Needs]
    columns: Mapping[str, tuple[str, ...]]


class DurableBackend:
    """durable_rules, for one set of clauses."""

    name = "durable"

    def __init__(self, clauses: Collection[Clause]) -> None:
        self._columns = Columns.empty()
        self._asks = Asks()
        self._sessions = itertools.count(1)
        shares = share_out(clauses, self._columns)
        self._rules = [self._ruleset(n, share) for n, share in enumerate(shares)]
        log.debug("rules_compiled", clauses=len(clauses), rulesets=len(self._rules))

    @property
    def rulesets(self) -> int:
        """How many rulesets the clauses are shared out over: a case takes a session in each, at most."""
        return len(self._rules)

    def matches(self, facts: CaseFacts) -> Collection[Match]:
        """Return every match, having run a session in each ruleset of which a rule may fire."""
        candidates = Candidates(facts, self._columns, self._asks)
        return [
            Match(rules.clauses[rule], tuple(facts.facts[n] for n in bound))
            for rules in self._rules
            if (asks := candidates.may_matter(rules.needs))
            for rule, bound in self._session(candidates, asks, rules)
        ]

    def _session(self, candidates: Candidates, asks: int, rules: _Rules) -> set[tuple[str, tuple[int, ...]]]:
        session = _Session(candidates.case, str(next(self._sessions)), rules.ruleset)
        session.open()
        try:
            for role, n in candidates.takers(asks):
                session.tell(candidates.text(n, role, rules.columns), f"{role}{n}")
            fired = session.close()
        finally:
            session.end()
        return {(rule, tuple(session.place[name] for name in bound)) for rule, bound in fired}

    def _ruleset(self, number: int, share: Share) -> _Rules:
        wire: Wire = {f"r{n}": form for n, (_, form) in enumerate(share)}
        needs = {self._asks.needs(form) for form in wire.values()}
        columns = columns_read(wire.values())
        wire[_OPEN] = {"all": [{"m": {"kind": _OPEN}}]}
        wire[_CLOSE] = {"all": [{"m": {"kind": SUBJECT + _CLOSE}}]}
        clauses = {f"r{n}": clause for n, (clause, _) in enumerate(share)}
        return _Rules(Ruleset(f"aboveline-{number}", wire), clauses, needs, columns)


class _Session:
    """One case in one ruleset, from its opening fact to its end."""

    def __init__(self, case: str, sid: str, ruleset: Ruleset) -> None:
        self.case = case
        self.place: dict[str, int] = {}
        self._sid = sid
        self._ruleset = ruleset

    def open(self) -> None:
        """Tell the opening fact, on which one rule fires."""
        self.tell(_OPENING, _OPEN)
        self._expect([rule for rule, _ in self._fired()], _OPEN)

    def close(self) -> list[Bound]:
        """Tell the closing fact, which every rule waits for, and return what fired."""
        self.tell(_CLOSING, _CLOSE)
        fired = [
            (rule, tuple(bound[f"p{n}"]["id"] for n in range(len(bound)) if f"p{n}" in bound))
            for rule, bound in self._fired()
        ]
        self._expect([rule for rule, _ in fired if rule in {_OPEN, _CLOSE}], _CLOSE)
        return [one for one in fired if one[0] != _CLOSE]

    def tell(self, fact: str, name: str) -> None:
        """Assert a fact, given from its kind on. A fact that no rule reads is no news."""
        for attempt in range(_TRIES):
            # The engine tells facts apart by a 32-bit hash of their id: where two collide, another id will do.
            identifier = f"{name}~{attempt}" if attempt else name
            try:
                told = self._ruleset.tell(f'{{"id":"{identifier}","sid":"{self._sid}",{fact}}}')
            except Exception as error:
                raise BackendError(self.case, f"the engine failed on {name}: {error}") from error
            if told is Told.TAKEN:
                log.info("fact_id_collided", case=self.case, fact=name, attempt=attempt)
                continue
            _, dot, number = name.partition(".")
            if dot:
                self.place[identifier] = int(number)
            return
        raise BackendError(self.case, f"no id was free for {name} in {_TRIES} tries")

    def end(self) -> None:
        """Forget the case."""
        try:
            self._ruleset.forget(self._sid)
        except Exception as error:
            raise BackendError(self.case, f"the engine could not forget the session: {error}") from error

    def _fired(self) -> Iterator[Fired]:
        try:
            yield from self._ruleset.fired()
        except Exception as error:
            raise BackendError(self.case, f"the engine failed in telling what fired: {error}") from error

    def _expect(self, ends: list[str], end: str) -> None:
        if ends != [end]:
            raise BackendError(
                self.case, f"the session did not run from its opening to its close: {ends} at its {end}"
            )
