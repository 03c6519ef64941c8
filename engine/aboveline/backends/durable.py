"""Answer a case with durable_rules, in the one form in which it is right.

The engine is fast to write for and easy to use wrongly: it can crash, or answer
wrongly without a word. What was measured, and why each step below is as it is,
stands in ``docs/decisions/0002-durable-rules-normal-form.md``. In short:

- a session is one case in one ruleset: an opening fact on which a rule always
  fires, then the evidence (what is negated), then the witnesses and the subjects
  (what is bound), then a closing fact; the state is deleted at the end;
- facts are asserted one at a time, under ids of our own;
- rulesets are split so that no fact can meet more than 48 patterns, since past
  64 the engine finds nothing at all;
- a session that cannot show that it opened and closed is an error.
"""

import itertools
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from durable.engine import (
    MessageNotHandledException,
    MessageObservedException,
    Ruleset,
    durable_rules_engine,
)

from aboveline.facts import CaseFacts, FlatFact
from aboveline.rulebook import Clause

from .base import BackendError, Match
from .wire import EVIDENCE, SUBJECT, WITNESS, Columns, Numbering, Wire, write_clause

__all__ = ["MOST_PATTERNS", "DurableBackend"]

MOST_PATTERNS = 48
"""Patterns of one kind of fact in one ruleset. The engine's stack holds 64 matches of one fact."""

_OPEN, _CLOSE = "open", "close"
_TRIES = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Rules:
    """A ruleset, and the kinds of fact it reads in each role."""

    ruleset: Ruleset
    evidence: frozenset[str]
    witnesses: frozenset[str]
    subjects: frozenset[str]


class _NoNamedActions:
    """The host that a ruleset asks for. Our actions are functions, so nothing is looked up by name."""

    def get_action(self, name: str) -> Callable[[Any], None]:
        raise KeyError(name)


class DurableBackend:
    """durable_rules, for one set of clauses."""

    name = "durable"

    def __init__(self, clauses: Collection[Clause]) -> None:
        self._columns = Columns.empty()
        self._fired: list[tuple[Clause | str, dict[str, Any]]] = []
        self._sessions = itertools.count(1)
        self._rules = [self._ruleset(n, part) for n, part in enumerate(_split(clauses, self._columns))]
        log.debug("rules_compiled", clauses=len(clauses), rulesets=len(self._rules))

    @property
    def rulesets(self) -> int:
        """How many rulesets the clauses are shared out over: a case takes a session in each."""
        return len(self._rules)

    def matches(self, facts: CaseFacts) -> Collection[Match]:
        """Return every match, having run one session in each ruleset."""
        numbering = Numbering()
        flat = [(fact, self._columns.flat(fact, numbering)) for fact in facts.facts]
        found: set[tuple[Clause, tuple[int, ...]]] = set()
        for rules in self._rules:
            found |= self._session(facts.case, flat, rules)
        return [Match(clause, tuple(facts.facts[n] for n in bound)) for clause, bound in found]

    def _session(
        self, case: str, flat: list[tuple[FlatFact, Wire]], rules: _Rules
    ) -> set[tuple[Clause, tuple[int, ...]]]:
        session = _Session(case, str(next(self._sessions)), rules.ruleset)
        self._fired.clear()
        session.tell({"kind": _OPEN}, _OPEN)
        try:
            for role, kinds in (
                (EVIDENCE, rules.evidence),
                (WITNESS, rules.witnesses),
                (SUBJECT, rules.subjects),
            ):
                for n, (fact, columns) in enumerate(flat):
                    if fact.kind in kinds:
                        session.tell({"kind": role + fact.kind, **columns}, f"{role}{n}")
            session.tell({"kind": SUBJECT + _CLOSE, "one": 1}, _CLOSE)
            session.check()
        finally:
            session.end()
        ends = Counter(rule for rule, _ in self._fired if isinstance(rule, str))
        if ends != {_OPEN: 1, _CLOSE: 1}:
            raise BackendError(case, f"the session did not run from its opening to its close: {dict(ends)}")
        return {
            (
                rule,
                tuple(
                    session.place[bound[f"p{n}"]["id"]]
                    for n in range(len(rule.parts) + (rule.witness is not None))
                ),
            )
            for rule, bound in self._fired
            if isinstance(rule, Clause)
        }

    def _ruleset(self, number: int, rules: list[tuple[Clause, Wire]]) -> _Rules:
        wire: Wire = {
            f"r{n}": {**form, "run": self._collect(clause)} for n, (clause, form) in enumerate(rules)
        }
        wire[_OPEN] = {"all": [{"m": {"kind": _OPEN}}], "run": self._collect(_OPEN)}
        wire[_CLOSE] = {"all": [{"m": {"kind": SUBJECT + _CLOSE}}], "run": self._collect(_CLOSE)}
        clauses = [clause for clause, _ in rules]
        ruleset = Ruleset(f"aboveline-{number}", _NoNamedActions(), wire)
        # The package never frees a ruleset: a megabyte or more of each would be kept for good.
        weakref.finalize(ruleset, durable_rules_engine.delete_ruleset, ruleset._handle)  # noqa: SLF001 - it has no other name
        return _Rules(
            ruleset,
            evidence=frozenset(part.kind for c in clauses for part in c.absent),
            witnesses=frozenset(c.witness.kind for c in clauses if c.witness),
            subjects=frozenset(part.kind for c in clauses for part in c.parts),
        )

    def _collect(self, rule: Clause | str) -> Callable[[Any], None]:
        """Return the action of a rule. It takes one parameter, for with two the engine would run it apart."""
        fired = self._fired
        return lambda context: fired.append((rule, context._m))  # noqa: SLF001 - the engine's name for what is bound


class _Session:
    """One case in one ruleset, from its opening fact to its end."""

    def __init__(self, case: str, sid: str, ruleset: Ruleset) -> None:
        self.case = case
        self.place: dict[str, int] = {}
        self._sid = sid
        self._ruleset = ruleset

    def tell(self, fact: Wire, name: str) -> None:
        """Assert a fact and run what it fires. A fact that no rule reads is no news."""
        for attempt in range(_TRIES):
            # The engine tells facts apart by a 32-bit hash of their id: where two collide, another id will do.
            identifier = f"{name}~{attempt}" if attempt else name
            try:
                handle = self._ruleset.assert_fact({**fact, "id": identifier, "sid": self._sid})
                self._ruleset.do_actions(handle, self._done)
            except MessageNotHandledException:
                pass
            except MessageObservedException:
                log.info("fact_id_collided", case=self.case, fact=name, attempt=attempt)
                continue
            except BackendError:
                raise
            except Exception as error:
                raise BackendError(self.case, f"the engine failed on {name}: {error}") from error
            _, dot, number = name.partition(".")
            if dot:
                self.place[identifier] = int(number)
            return
        raise BackendError(self.case, f"no id was free for {name} in {_TRIES} tries")

    def check(self) -> None:
        """Raise what an action may have left behind: the engine keeps it in the state and says nothing."""
        try:
            problem = self._ruleset.get_state(self._sid).get("exception")
        except Exception as error:
            raise BackendError(self.case, f"the engine lost the session: {error}") from error
        if problem:
            raise BackendError(self.case, f"an action failed: {problem}")

    def end(self) -> None:
        """Forget the case."""
        try:
            self._ruleset.delete_state(self._sid)
        except Exception as error:
            raise BackendError(self.case, f"the engine could not forget the session: {error}") from error

    def _done(self, error: object, _state: object) -> None:
        if error:
            raise BackendError(self.case, f"the engine failed: {error}")


def _split(clauses: Iterable[Clause], columns: Columns) -> list[list[tuple[Clause, Wire]]]:
    """Share clauses out over rulesets in which no fact can meet more than ``MOST_PATTERNS`` patterns."""
    shares: list[list[tuple[Clause, Wire]]] = []
    counts: list[Counter[str]] = []
    for clause in clauses:
        wire = write_clause(clause, columns)
        needs = Counter(_kinds(wire))
        place = next(
            (
                n
                for n, count in enumerate(counts)
                if all(count[k] + m <= MOST_PATTERNS for k, m in needs.items())
            ),
            None,
        )
        if place is None:
            place = len(shares)
            shares.append([])
            counts.append(Counter({SUBJECT + _CLOSE: 1}))
        shares[place].append((clause, wire))
        counts[place] += needs
    return shares


def _kinds(wire: Wire) -> Iterable[str]:
    """Yield the kind that each pattern of a rule reads."""
    for pattern in wire["all"]:
        ((_, body),) = pattern.items()
        yield body["$and"][0]["kind"] if "$and" in body else body["kind"]
