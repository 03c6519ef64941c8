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
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import structlog

from aboveline.facts import CaseFacts
from aboveline.rulebook import Clause

from .asking import columns_read
from .base import BackendError, Match
from .candidates import Asks, Candidates, Needs
from .ruleset import Fired, Ruleset
from .shares import Share, share_out
from .wire import SUBJECT, Columns, Wire

__all__ = ["DurableBackend"]

_OPEN, _CLOSE = "open", "close"
_OPENING = f'"kind":"{_OPEN}"'
_CLOSING = f'"kind":"{SUBJECT}{_CLOSE}"'
_ENDS = {_OPEN, _CLOSE}
_TRIES = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Rules:
    """A ruleset: by the names of its rules their clauses and what they bind; what they need; the columns they read."""

    ruleset: Ruleset
    clauses: Mapping[str, Clause]
    aliases: Mapping[str, tuple[str, ...]]
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
            places = {
                session.tell(candidates.text(n, role, rules.columns), f"{role}{n}"): n
                for role, n in candidates.takers(asks)
            }
            fired = session.close()
        finally:
            session.end()
        return {
            (rule, tuple([places[bound[alias]["id"]] for alias in rules.aliases[rule]]))
            for rule, bound in fired
        }

    def _ruleset(self, number: int, share: Share) -> _Rules:
        wire: Wire = {f"r{n}": form for n, (_, form) in enumerate(share)}
        needs = {self._asks.needs(form) for form in wire.values()}
        columns = columns_read(wire.values())
        wire[_OPEN] = {"all": [{"m": {"kind": _OPEN}}]}
        wire[_CLOSE] = {"all": [{"m": {"kind": SUBJECT + _CLOSE}}]}
        clauses = {f"r{n}": clause for n, (clause, _) in enumerate(share)}
        aliases = {
            name: tuple(f"p{n}" for n in range(len(clause.parts) + (clause.witness is not None)))
            for name, clause in clauses.items()
        }
        return _Rules(Ruleset(f"aboveline-{number}", wire), clauses, aliases, needs, columns)


class _Session:
    """One case in one ruleset, from its opening fact to its end."""

    def __init__(self, case: str, sid: str, ruleset: Ruleset) -> None:
        self._case = case
        self._sid = sid
        self._ruleset = ruleset

    def open(self) -> None:
        """Tell the opening fact, on which one rule fires."""
        self.tell(_OPENING, _OPEN)
        self._expect(self._fired(), _OPEN)

    def close(self) -> list[Fired]:
        """Tell the closing fact, which every rule waits for, and return what fired."""
        self.tell(_CLOSING, _CLOSE)
        fired = self._fired()
        self._expect([one for one in fired if one[0] in _ENDS], _CLOSE)
        return [one for one in fired if one[0] not in _ENDS]

    def tell(self, fact: str, name: str) -> str:
        """Assert a fact, given from its kind on, and return the id that it goes by."""
        for attempt in range(_TRIES):
            # The engine tells facts apart by a 32-bit hash of their id: where two collide, another id will do.
            identifier = f"{name}~{attempt}" if attempt else name
            try:
                told = self._ruleset.tell(f'{{"id":"{identifier}","sid":"{self._sid}",{fact}}}')
            except Exception as error:
                raise BackendError(self._case, f"the engine failed on {name}: {error}") from error
            if told:
                return identifier
            log.info("fact_id_collided", case=self._case, fact=name, attempt=attempt)
        raise BackendError(self._case, f"no id was free for {name} in {_TRIES} tries")

    def end(self) -> None:
        """Forget the case."""
        try:
            self._ruleset.forget(self._sid)
        except Exception as error:
            raise BackendError(self._case, f"the engine could not forget the session: {error}") from error

    def _fired(self) -> list[Fired]:
        try:
            return self._ruleset.fired()
        except Exception as error:
            raise BackendError(self._case, f"the engine failed in telling what fired: {error}") from error

    def _expect(self, fired: list[Fired], end: str) -> None:
        ends = [rule for rule, _ in fired]
        if ends != [end]:
            raise BackendError(
                self._case, f"the session did not run from its opening to its close: {ends} at its {end}"
            )
