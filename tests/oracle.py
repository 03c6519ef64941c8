"""A naive evaluator: obvious, slow, and sharing no code with any backend.

It reads a question as it is written, tries every way to bind facts, and counts
in three values: true, false, and none where an unrecorded field decides. What
it shares with the engine is the language, the facts and the vocabulary. Every
backend is held to it.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from aboveline.facts import CaseFacts, FlatFact, Scalar
from aboveline.rulebook import Question, Rulebook
from aboveline.rulebook.language import (
    AllOf,
    AnyOf,
    Condition,
    Item,
    ListName,
    Modifier,
    ParameterName,
    Pattern,
    Reference,
    Unit,
    Without,
)
from aboveline.workdays import is_working_day

Truth = bool | None
Gap = tuple[str, str | None, str | None]
"""Kind, id and field that decide; a kind alone where the source cannot hold it."""

Branch = tuple[list[Pattern], list[Pattern]]


@dataclass(frozen=True)
class Way:
    """A way in which part of a question holds, or could: then ``gaps`` says what decides."""

    facts: tuple[FlatFact, ...]
    bound: dict[str, FlatFact]
    gaps: frozenset[Gap]
    due: dt.date | None


@dataclass(frozen=True)
class Result:
    """What must come of a question for a case."""

    answer: str
    computed: str
    gaps: frozenset[Gap]
    findings: frozenset[tuple[str, str, str, dt.date | None, frozenset[tuple[str, str]]]]
    due_soon: frozenset[tuple[str, dt.date]]
    level: str | None
    level_gaps: frozenset[Gap]


def evaluate(question: Question, rulebook: Rulebook, facts: CaseFacts) -> Result:
    """Answer one question for one case."""
    return _Evaluation(question, rulebook, facts).result()


class _Evaluation:
    def __init__(self, question: Question, rulebook: Rulebook, facts: CaseFacts) -> None:
        self.question = question
        self.rulebook = rulebook
        self.facts = facts
        self.needs = {(need.kind, need.field) for need in question.needs}

    def result(self) -> Result:
        excused = list(self.ways(self.question.excepts, None))
        about = list(self.ways(self.question.applies, None))
        late: dict[tuple[str, str, str, dt.date | None], set[tuple[str, str]]] = {}
        soon: set[tuple[str, dt.date]] = set()
        doubts: set[Gap] = set()
        for deficiency in self.question.deficiencies:
            for way in self.ways(deficiency.body, deficiency.due):
                if way.due is not None and self.facts.as_of <= way.due:
                    if not way.gaps:
                        soon.add((deficiency.id, way.due))
                elif way.gaps:
                    doubts |= way.gaps
                else:
                    finding, put_right = (
                        self.filled(t, way) for t in (deficiency.finding, deficiency.put_right)
                    )
                    found = late.setdefault((deficiency.id, finding, put_right, way.due), set())
                    found |= {(fact.kind, fact.id) for fact in way.facts if fact.kind != "audit"}
            doubts |= self.unheld(deficiency.body)
        is_excused = any(not way.gaps for way in excused)
        is_about = any(not way.gaps for way in about)
        doubts_about = {gap for way in about for gap in way.gaps} | self.unheld(self.question.applies)
        doubts_excused = {gap for way in excused for gap in way.gaps} | self.unheld(self.question.excepts)
        computed, gaps = self.answer(is_excused, is_about, doubts_excused, doubts_about, bool(late), doubts)
        override = self.facts.overrides.get(self.question.id)
        told = str(override.answer) if override else computed
        level, level_gaps = (
            self.level() if told == computed and told.endswith("sufficient") else (None, set())
        )
        return Result(
            answer=told,
            computed=computed,
            gaps=frozenset(gaps),
            findings=frozenset((*what, frozenset(on)) for what, on in late.items())
            if computed == "insufficient"
            else frozenset(),
            due_soon=frozenset(soon) if is_about and not is_excused else frozenset(),
            level=level,
            level_gaps=frozenset(level_gaps),
        )

    def level(self) -> tuple[str | None, set[Gap]]:
        """Return the level whose patterns hold, where nothing unrecorded could put the case at one before it."""
        ways = {level.id: list(self.ways(level.body, None)) for level in self.question.levels}
        holds = [level.id for level in self.question.levels if any(not way.gaps for way in ways[level.id])]
        before: set[Gap] = set()
        for level in self.question.levels:
            if holds and level.id == holds[0]:
                break
            before |= {gap for way in ways[level.id] for gap in way.gaps} | self.unheld(level.body)
        return (holds[0] if holds and not before else None), before

    def answer(
        self,
        is_excused: bool,
        is_about: bool,
        doubts_excused: set[Gap],
        doubts_about: set[Gap],
        is_late: bool,
        doubts: set[Gap],
    ) -> tuple[str, set[Gap]]:
        if is_excused:
            return "not_applicable", set()
        if not is_about and not doubts_about:
            return "not_applicable", set()
        if not is_about:
            return "not_assessed", doubts_excused | doubts_about
        if is_late:
            return ("not_assessed", doubts_excused) if doubts_excused else ("insufficient", set())
        if doubts_excused | doubts:
            return "not_assessed", doubts_excused | doubts
        if self.question.judged:
            judgement = self.facts.judgements.get(self.question.id)
            return (str(judgement.answer) if judgement else "not_assessed"), set()
        return "sufficient", set()

    def unheld(self, item: Item) -> set[Gap]:
        """Return the kinds that an item looks for and the source cannot hold, where what it can hold is there."""
        found: set[Gap] = set()
        for there, _ in branches(item):
            held = [pattern.kind for pattern in there if pattern.kind not in self.facts.incomplete]
            if all(any(fact.kind == kind for fact in self.facts.facts) for kind in held):
                found |= {(pattern.kind, None, None) for pattern in there if pattern.kind not in held}
        return found

    def ways(self, item: Item, due: Reference | None) -> Iterator[Way]:
        """Yield every way in which an item holds or could hold."""
        for there, gone in branches(item):
            yield from self.bind(there, gone, due, (), {}, frozenset())

    def bind(
        self,
        there: list[Pattern],
        gone: list[Pattern],
        due: Reference | None,
        facts: tuple[FlatFact, ...],
        bound: dict[str, FlatFact],
        gaps: frozenset[Gap],
    ) -> Iterator[Way]:
        if len(facts) < len(there):
            pattern = there[len(facts)]
            for fact in self.facts.facts:
                if fact.kind != pattern.kind or fact in facts or self.matches(pattern, fact, bound) is False:
                    continue
                names = bound | ({pattern.alias: fact} if pattern.alias else {})
                opened = self.open_in(pattern, fact, bound)
                yield from self.bind(there, gone, due, (*facts, fact), names, gaps | opened)
            return
        when = None
        if due is not None:
            start = self.refer(due, bound)
            when = start if isinstance(start, dt.date) else None
            gaps |= {_at(bound[due.alias], due.field)} if when is None else set()
        if gaps:
            gaps |= {
                _at(bound[c.operand.alias], c.operand.field)
                for pattern in gone
                for c in pattern.conditions
                if isinstance(c.operand, Reference) and self.refer(c.operand, bound) is None
            }
        against = self.against(gone, bound)
        if against is None:
            return
        unheld = [pattern for pattern in gone if pattern.kind in self.facts.incomplete]
        if gaps or against:
            unheld = [pattern for pattern in unheld if not self.lost_in(pattern, bound)]
        kinds = {(pattern.kind, None, None) for pattern in unheld}
        yield Way(facts, bound, frozenset((gaps or against) | kinds), when)

    def against(self, gone: list[Pattern], bound: dict[str, FlatFact]) -> set[Gap] | None:
        """Return what decides whether something is there that should not be; none where it surely is."""
        found: set[Gap] = set()
        for pattern in gone:
            for fact in (f for f in self.facts.facts if f.kind == pattern.kind):
                truth = self.matches(pattern, fact, bound)
                if truth is True:
                    return None
                if truth is None:
                    found |= self.open_under_without(pattern, fact, bound)
        return found

    def matches(self, pattern: Pattern, fact: FlatFact, bound: dict[str, FlatFact]) -> Truth:
        truths = [self.holds(condition, fact, bound) for condition in pattern.conditions]
        return False if False in truths else None if None in truths else True

    def holds(self, condition: Condition, fact: FlatFact, bound: dict[str, FlatFact]) -> Truth:
        value = fact.values.get(condition.field)
        if condition.modifier in {Modifier.KNOWN, Modifier.UNKNOWN}:
            return (value is None) == (condition.modifier is Modifier.UNKNOWN)
        if value is None:
            return None if (fact.kind, condition.field) in self.needs else False
        operand = condition.operand
        if isinstance(operand, ListName):
            among = self.among(str(value), operand.name)
            return among if among is None or condition.modifier is Modifier.IN else not among
        if isinstance(operand, tuple):
            return (value in operand) == (condition.modifier is Modifier.IN)
        if isinstance(operand, Reference):
            other = self.refer(operand, bound)
            return None if other is None else compare(condition.modifier, value, other)
        if isinstance(operand, ParameterName):
            operand = self.parameter(operand.name)
        return compare(condition.modifier, value, operand)

    def open_in(self, pattern: Pattern, fact: FlatFact, bound: dict[str, FlatFact]) -> frozenset[Gap]:
        """Return what is not recorded and decides whether a fact matches: its own fields, and those it compares with."""
        own = {_at(fact, c.field) for c in pattern.conditions if self.own_open(c, fact)}
        return frozenset(own | self.lost_in(pattern, bound))

    def open_under_without(
        self, pattern: Pattern, fact: FlatFact, bound: dict[str, FlatFact]
    ) -> frozenset[Gap]:
        """The same for a fact that should not be there; where what it compares with is missing, its own does not matter."""
        own = {
            _at(fact, c.field)
            for c in pattern.conditions
            if self.own_open(c, fact)
            and not (isinstance(c.operand, Reference) and self.refer(c.operand, bound) is None)
        }
        return frozenset(own | self.lost_in(pattern, bound))

    def own_open(self, condition: Condition, fact: FlatFact) -> bool:
        if condition.modifier in {Modifier.KNOWN, Modifier.UNKNOWN}:
            return False
        if condition.field not in fact.values:
            return (fact.kind, condition.field) in self.needs
        operand = condition.operand
        return (
            isinstance(operand, ListName)
            and self.among(str(fact.values[condition.field]), operand.name) is None
        )

    def lost_in(self, pattern: Pattern, bound: dict[str, FlatFact]) -> set[Gap]:
        return {
            _at(bound[c.operand.alias], c.operand.field)
            for c in pattern.conditions
            if isinstance(c.operand, Reference) and self.refer(c.operand, bound) is None
        }

    def refer(self, reference: Reference, bound: dict[str, FlatFact]) -> Scalar | None:
        value = bound[reference.alias].values.get(reference.field)
        if reference.offset is None or not isinstance(value, dt.date):
            return value
        amount = reference.offset.amount
        size = self.parameter(amount.name) if isinstance(amount, ParameterName) else amount
        return moved(value, reference.offset.sign * size, reference.offset.unit)

    def among(self, code: str, name: str) -> Truth:
        listed = self.rulebook.lists[name]
        for entry in listed.members:
            if code == entry or (entry[-1] == "*" and code[: len(entry) - 1] == entry[:-1]):
                return True
        if not listed.others:
            return False
        for entry in listed.others:
            if code == entry or (entry[-1] == "*" and code[: len(entry) - 1] == entry[:-1]):
                return False
        return None

    def parameter(self, name: str) -> int:
        started = [v for v in self.rulebook.parameters[name].values if v.start <= self.facts.as_of]
        return max(started, key=lambda v: v.start).value

    def filled(self, text: str, way: Way) -> str:
        """Fill in a text by plain replacement of everything that could stand in it."""
        for alias, fact in way.bound.items():
            for field in fact.values:
                text = text.replace(f"{{{alias}.{field}}}", words(fact.values[field]))
            while f"{{{alias}." in text:
                start = text.index(f"{{{alias}.")
                text = text[:start] + "not recorded" + text[text.index("}", start) + 1 :]
        for name in self.rulebook.parameters:
            if f"{{{name}}}" in text:
                value, unit = self.parameter(name), self.rulebook.parameters[name].unit
                unit = "" if unit == "number" else " " + unit.replace("_", " ")
                text = text.replace(f"{{{name}}}", f"{value}{unit[:-1] if value == 1 else unit}")
        return text.replace("{due}", words(way.due) if way.due else "")


def branches(item: Item) -> list[Branch]:
    """Write an item out: for each way to choose among alternatives, what is there and what is gone."""
    if isinstance(item, Pattern):
        return [([item], [])]
    if isinstance(item, Without):
        return [([], list(item.patterns))]
    if isinstance(item, AnyOf):
        return [branch for inner in item.items for branch in branches(inner)]
    assert isinstance(item, AllOf)
    found: list[Branch] = [([], [])]
    for inner in item.items:
        found = [(there + more, gone + less) for there, gone in found for more, less in branches(inner)]
    return found


def compare(modifier: Modifier, value: Scalar, other: object) -> bool:
    """Compare two recorded values."""
    if modifier is Modifier.IS:
        return value == other
    if modifier is Modifier.NOT:
        return value != other
    assert isinstance(value, int | dt.date)
    assert isinstance(other, type(value))
    below, above = value < other, value > other  # type: ignore[operator]
    return {
        Modifier.AT_LEAST: not below,
        Modifier.AT_MOST: not above,
        Modifier.BEFORE: below,
        Modifier.AFTER: above,
    }[modifier]


def moved(date: dt.date, amount: int, unit: Unit) -> dt.date:
    """Add time to a date, a day at a time."""
    if unit is Unit.MONTHS:
        months = date.year * 12 + date.month - 1 + amount
        year, month = months // 12, months % 12 + 1
        return dt.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))
    if unit is not Unit.WORKING_DAYS:
        return date + dt.timedelta(days=amount * (7 if unit is Unit.WEEKS else 1))
    step = dt.timedelta(days=1 if amount >= 0 else -1)
    while not is_working_day(date):
        date -= step
    for _ in range(abs(amount)):
        date += step
        while not is_working_day(date):
            date += step
    return date


def words(value: Scalar) -> str:
    """Write a value as a person would."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return f"{value.day} {calendar.month_name[value.month]} {value.year}"
    return str(value).replace("_", " ")


def _at(fact: FlatFact, field: str) -> Gap:
    return fact.kind, fact.id, field
