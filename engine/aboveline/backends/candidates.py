"""Which facts of a case can be taken by which patterns, as far as that can be read off each fact by itself.

From this the backend knows, before it runs anything, which rulesets have a rule
that may fire, and which facts such a rule could look at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring

from aboveline.facts import CaseFacts

from .asking import Ask, asked
from .wire import EVIDENCE, SUBJECT, WITNESS, Columns, Numbering, Wire, bodies

__all__ = ["ROLES", "Asks", "Candidates", "Needs"]

ROLES = (EVIDENCE, WITNESS, SUBJECT)
"""The roles in which facts are told, in their order."""


@dataclass(frozen=True)
class Needs:
    """What a rule asks, a bit for each ask: of facts that must be ``there``, and of those that must not be."""

    there: int
    evidence: int


class Asks:
    """Every ask of a set of rules, by the kind of fact with its role before it, each with a bit of its own."""

    def __init__(self) -> None:
        self._bits: dict[Ask, int] = {}
        self._by_kind: dict[str, list[tuple[Ask, int]]] = {}

    def met(self, kind: str, columns: Wire) -> list[int]:
        """Return the bits of what a fact of a kind in a role meets by its columns."""
        items, names = columns.items(), columns.keys()
        return [
            bit
            for ask, bit in self._by_kind.get(kind, ())
            if ask.values <= items and ask.recorded <= names and ask.unrecorded.isdisjoint(names)
        ]

    def needs(self, rule: Wire) -> Needs:
        """Return what a rule asks."""
        there = evidence = 0
        for ask in (asked(body) for _, body in bodies(rule)):
            if ask.kind.startswith(EVIDENCE):
                evidence |= self._bit(ask)
            elif ask.kind != f"{SUBJECT}close":
                there |= self._bit(ask)
        return Needs(there, evidence)

    def _bit(self, ask: Ask) -> int:
        if ask not in self._bits:
            self._bits[ask] = 1 << len(self._bits)
            self._by_kind.setdefault(ask.kind, []).append((ask, self._bits[ask]))
        return self._bits[ask]


class Candidates:
    """The facts of a case as columns, and what each can be taken for."""

    def __init__(self, facts: CaseFacts, columns: Columns, asks: Asks) -> None:
        self.case = facts.case
        self._kinds = [fact.kind for fact in facts.facts]
        numbering = Numbering()
        flat = [columns.flat(fact, numbering) for fact in facts.facts]
        self._columns = [{name: f',"{name}":{_json(value)}' for name, value in one.items()} for one in flat]
        self._places = [(role, n) for role in ROLES for n in range(len(flat))]
        self._takers: dict[int, int] = {}
        for place, (role, n) in enumerate(self._places):
            for bit in asks.met(role + self._kinds[n], flat[n]):
                self._takers[bit] = self._takers.get(bit, 0) | 1 << place
        self._met = sum(self._takers)

    def may_matter(self, rules: Iterable[Needs]) -> int:
        """Return the bits of all that those rules ask which may fire: none where none of them may."""
        asks = 0
        for needs in rules:
            if not needs.there & ~self._met:
                asks |= needs.there | needs.evidence
        return asks & self._met

    def takers(self, asks: int) -> Iterator[tuple[str, int]]:
        """Yield the facts that some ask can be met by, each with its role: evidence, then witnesses, then subjects."""
        places = 0
        while asks:
            bit = asks & -asks
            places |= self._takers[bit]
            asks ^= bit
        while places:
            place = places & -places
            yield self._places[place.bit_length() - 1]
            places ^= place

    def text(self, n: int, role: str, read: Mapping[str, Iterable[str]]) -> str:
        """Return the JSON of a fact in a role, from its kind on: those of its columns that are read."""
        kind, columns = role + self._kinds[n], self._columns[n]
        return f'"kind":"{kind}"' + "".join([columns[name] for name in read[kind] if name in columns])


def _json(value: bool | int | str) -> str:  # noqa: FBT001 - a column may hold a truth
    if isinstance(value, str):
        return encode_basestring(value)
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
