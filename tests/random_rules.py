"""Random rulebooks over the whole vocabulary.

A question is put together so that it loads: every kind of condition, with
references, offsets, lists and parameters; alternatives, some of which bind one
alias; facts that must not be there. It speaks of few fields, so that its
conditions meet. ``random_cases`` has the cases.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from aboveline.problems import InputError, Problem
from aboveline.rulebook import Rulebook
from aboveline.rulebook.checking import Catalogue, check_question
from aboveline.rulebook.data import Advice, CodeList, Framework, Outcome, Parameter, ParameterValue
from aboveline.rulebook.lines import Node
from aboveline.rulebook.reading import Reader, read_question
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY, KnownField, record_kinds
from random_cases import CODES, LINKED, TEXTS, Json, Spoken, around, numbers_of

__all__ = ["QUESTIONS", "Book", "rulebook_of", "rulebooks"]

QUESTIONS = ["PP-01", "PP-02"]
ANCHORS = [
    dt.date(2013, 3, 29),  # Good Friday, with Easter Monday and the end of the month
    dt.date(2012, 12, 28),  # between Christmas and New Year
    dt.date(2012, 2, 29),
    dt.date(2012, 6, 2),  # a Saturday before two bank holidays
    dt.date(2013, 5, 31),
    dt.date(1999, 12, 31),
    dt.date(2022, 9, 18),  # a Sunday before a bank holiday of its own
]
LISTS = {
    "grave": {"members": ["00100", "019*"], "others": ["10500", "12*"]},
    "known": {"members": ["00100", "RMRH1", "1*", "N01"]},
}
PARAMETERS: Mapping[str, tuple[str, int]] = {
    "few": ("working_days", 3),
    "back": ("working_days", -2),
    "none": ("working_days", 0),
    "some": ("days", 4),
    "same": ("days", 0),
    "many": ("weeks", 1),
    "long": ("months", 1),
    "limit": ("number", 12),
}
AMOUNTS = [
    *("1 days", "2 days", "30 days", "1 working_days", "2 working_days", "5 working_days"),
    *("1 weeks", "2 weeks", "1 months", "3 months"),
    *(f"{name} {unit}" for name, (unit, _) in PARAMETERS.items() if unit != "number"),
]
KINDS = sorted(name for name, _, _ in record_kinds() if name not in {"judgement", "override"})

_SOURCE = "random"


def _node(value: Any) -> Node:
    """Return what reading a value from YAML would."""
    if isinstance(value, dict):
        return Node({key: _node(inner) for key, inner in value.items()}, 1, dict.fromkeys(value, 1))
    if isinstance(value, list):
        return Node([_node(inner) for inner in value], 1)
    return Node(value, 1)


FRAMEWORK = Framework(
    outcomes={"protecting-the-public": Outcome("protecting-the-public", "Public", ("4.1",))},
    criteria={"4.1": "Assessment"},
    stages={"assessment-and-planning": ("4.1",)},
    recommendations={"R1": Advice("R1", "Ask", ("PP-01",), "random", 1)},
)
CATALOGUE = Catalogue(
    {
        name: Parameter(
            name,
            "d",
            unit,
            (
                ParameterValue(dt.date(2050, 1, 1), 90, "s"),
                ParameterValue(dt.date(1990, 1, 1), value, "s"),
                ParameterValue(dt.date(1980, 1, 1), 99, "s"),
            ),
            _SOURCE,
            1,
        )
        for name, (unit, value) in PARAMETERS.items()
    },
    {
        name: CodeList(name, "d", "s", tuple(codes["members"]), tuple(codes.get("others", ())), _SOURCE, 1)
        for name, codes in LISTS.items()
    },
    FRAMEWORK,
)


def rulebook_of(questions: Sequence[Json]) -> Rulebook:
    """Read and check questions as if they had stood in files, and make a rulebook of them."""
    problems: list[Problem] = []
    checked, mentions = [], {}
    for one in questions:
        reader = Reader(_SOURCE, problems)
        question, mentioned = check_question(
            read_question(_node(one), "protecting-the-public", reader), reader, CATALOGUE
        )
        checked.append(question)
        mentions[question.id] = mentioned
    if problems:
        raise InputError(problems)
    return Rulebook(
        tuple(checked), CATALOGUE.parameters, CATALOGUE.lists, FRAMEWORK, Path(), _SOURCE, mentions
    )


@dataclass
class Book:
    """Questions as YAML would have them, what they speak of, and the days they are about."""

    questions: list[Json]
    spoken: Spoken
    days: list[dt.date]


@dataclass
class _Alias:
    """A name for a bound fact: its kind, and the body of every pattern that may have bound it."""

    kind: str
    bodies: list[Json]


Scope = dict[str, _Alias]


@st.composite
def rulebooks(draw: Any) -> Book:
    """Return a rulebook of two questions over a few kinds of fact."""
    days = around(draw(st.sampled_from(ANCHORS)))
    linked = draw(st.sampled_from([*LINKED, *[()] * 6]))
    kinds = sorted({*linked, *draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True))})
    kinds += [UNFINISHED + kind for kind in kinds if kind in DONE_OR_NOT] + ["audit"]
    fields = {kind: draw(_some_fields(kind, linked)) for kind in kinds}
    writers = [_Writer(draw, identifier, fields, days) for identifier in QUESTIONS]
    questions = [writer.question() for writer in writers]
    spoken = Spoken({kind: set() for kind in kinds})
    for writer in writers:
        for kind, name in writer.mentioned:
            spoken.reads[kind].add(name)
    return Book(questions, spoken, days)


@st.composite
def _some_fields(draw: Any, kind: str, linked: Sequence[str]) -> list[str]:
    """Return the few fields of a kind that a rulebook speaks of: so its conditions meet. One is a date, if any is."""
    fields = VOCABULARY[kind].fields
    some = set(draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=2)))
    some |= {"id", *linked} & set(fields) if kind in linked else set()
    dates = sorted(name for name, known in fields.items() if known.type == "date")
    return sorted(some | ({draw(st.sampled_from(dates))} if dates else set()))


class _Writer:
    """Writes one question. Whether a field that may be missing is needed is settled when it is first read."""

    MOST_OPEN = 4
    """Fields that may be unrecorded in one part of a question: the engine takes five in a branch."""

    def __init__(
        self, draw: Any, identifier: str, fields: Mapping[str, list[str]], days: list[dt.date]
    ) -> None:
        self.draw = draw
        self.id = identifier
        self.days = days
        self.fields = fields
        self.kinds = [*fields, *(kind for kind in fields if not kind.startswith(UNFINISHED))]
        self.needed: dict[tuple[str, str], bool] = {}
        self.mentioned: set[tuple[str, str]] = set()
        self.open: set[tuple[int | str, str]] = set()
        self.aliases = 0
        self.positives = 0

    def odds(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(0, one_in - 1)) == one_in - 1)

    def pick(self, options: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def question(self) -> Json:
        applies = self.part({}, 2) if self.odds(2) else []
        excepts = self.excepts() if self.odds(4) else []
        deficiencies = [self.deficiency(n) for n in range(1, self.pick([1, 1, 2]) + 1)]
        levels = {} if self.odds(4) else self.levels()
        return {
            "id": self.id,
            "title": f"The question {self.id}",
            "criteria": ["4.1"],
            "status": "active",
            "sources": [{"document": "d", "paragraph": "1"}],
            "applies": applies,
            "except": excepts,
            "deficiencies": deficiencies,
            "needs": sorted(f"{kind}.{name}" for (kind, name), needed in self.needed.items() if needed),
            "judged": self.odds(4),
        } | ({"levels": levels} if levels else {})

    def levels(self) -> Json:
        """Write levels, each a part by itself; the last is sometimes all the rest."""
        found: Json = {}
        for name in ("good", "some", "poor")[: self.pick([2, 2, 3])]:
            found[name] = {"title": name, "when": self.part({}, 2)}
        if self.odds(4):
            found["rest"] = {"title": "rest", "when": [{"audit": {}}]}
        return found

    def excepts(self) -> list[Json]:
        """Write who is excused: of its items one is enough, so none knows the aliases of another."""
        found: list[Json] = []
        for _ in range(self.pick([1, 1, 2])):
            items = self.part({}, 1)
            found.append({"all": items} if len(items) > 1 else items[0])
        return found

    def deficiency(self, number: int) -> Json:
        scope: Scope = {}
        found: Json = {"id": f"{self.id}.{number}", "severity": self.pick(["low", "medium", "high"])}
        if not self.odds(8):
            found["when"] = self.part(scope, 2)
        else:
            self.begin()
        if "when" not in found or self.draw(st.booleans()):
            found["without"] = [self.pattern(scope, None) for _ in range(self.pick([1, 1, 2]))]
        dated = [
            (alias, name)
            for alias, one in scope.items()
            for name in self.fields[one.kind]
            if (known := VOCABULARY[one.kind].fields[name]).type == "date"
            and self.readable(alias, one.kind, known)
        ]
        if dated and self.draw(st.booleans()):
            alias, name = self.pick(dated)
            self.read_there(alias, scope[alias], VOCABULARY[scope[alias].kind].fields[name])
            found["due"] = f"{alias}.{name}{self.offset('++-', one_in=4)}"
        places = [f"{alias}.{self.pick(self.fields[one.kind])}" for alias, one in scope.items()]
        places += ["due"] if "due" in found else []
        places += [self.pick(sorted(PARAMETERS))]
        found["finding"] = "Missing: " + "; ".join(f"“{{{place}}}”" for place in places) + "."
        found["put_right"] = f"Mend {{{self.pick(places)}}}."
        return found

    def begin(self) -> None:
        """Begin a part: what may be unrecorded in it, and the facts it binds, are counted anew."""
        self.open, self.positives = set(), 0

    def part(self, scope: Scope, most: int) -> list[Json]:
        self.begin()
        return self.items(scope, self.pick(range(1, most + 1)), depth=2)

    def items(self, scope: Scope, many: int, depth: int) -> list[Json]:
        found = []
        for _ in range(many):
            if depth and self.positives < 3 and self.odds(3):
                found.append(self.any(scope, depth))
            else:
                found.append(self.pattern(scope, self.alias()))
        if depth and self.odds(4):
            found.append({"without": [self.pattern(scope, None) for _ in range(self.pick([1, 1, 2]))]})
        return found

    def any(self, scope: Scope, depth: int) -> Json:
        """Write alternatives. Sometimes each binds the same alias, which then stands for either."""
        common = (self.alias(), self.pick(self.kinds)) if self.odds(3) else None
        branches: list[Json] = []
        bodies: list[Json] = []
        for _ in range(2):
            inner = dict(scope)
            if common:
                pattern = self.pattern(inner, common[0], common[1])
                bodies.append(next(iter(pattern.values())))
                branches.append(
                    {"all": [pattern, *self.items(inner, 1, depth - 1)]} if self.odds(3) else pattern
                )
            elif self.odds(4):
                branches.append({"without": [self.pattern(inner, None)]})
            elif self.odds(3):
                branches.append({"all": self.items(inner, self.pick([1, 2]), depth - 1)})
            else:
                branches.append(self.pattern(inner, self.alias() if self.odds(2) else None))
        if common:
            scope[common[0]] = _Alias(common[1], bodies)
        return {"any": branches}

    def alias(self) -> str:
        self.aliases += 1
        self.positives += 1
        return f"a{self.aliases}"

    def pattern(self, scope: Scope, alias: str | None, kind: str | None = None) -> Json:
        kind = kind or self.pick(self.kinds)
        assert kind is not None
        body: Json = {}
        place = alias or f"w{id(body)}"
        for _ in range(self.pick([0, 1, 1, 2, 2, 3])):
            name = self.pick(self.fields[kind])
            self.condition(body, place, kind, VOCABULARY[kind].fields[name], scope)
        if alias:
            body["as"] = alias
            scope[alias] = _Alias(kind, [body])
        return {kind: body}

    def condition(self, body: Json, place: str, kind: str, known: KnownField, scope: Scope) -> None:
        self.mentioned.add((kind, known.name))
        if self.odds(6):
            body[f"{known.name}|{self.pick(['known', 'unknown'])}"] = True
            return
        others = [
            (alias, name)
            for alias, one in scope.items()
            for name in self.fields[one.kind]
            if _comparable(known, target := VOCABULARY[one.kind].fields[name], one.kind)
            and self.readable(alias, one.kind, target)
        ]
        if others and (known.type == "id" or self.draw(st.booleans())):
            if not self.readable(place, kind, known):
                return
            alias, name = self.pick(others)
            dated = known.type == "date"
            ordered = ["is", "at_least", "at_most"] + (["before", "after"] if dated else [])
            modifier = self.pick(ordered if known.type in {"date", "int"} else ["is"])
            if self.taken(body, known, modifier):
                return
            self.read_here(body, place, kind, known)
            target = VOCABULARY[scope[alias].kind].fields[name]
            self.read_there(alias, scope[alias], target)
            self.put(body, known, modifier, f"{alias}.{name}{self.offset() if dated else ''}")
            return
        if known.type == "id":
            return
        modifier, value = self.constant(known)
        closed = value == "grave"
        if self.taken(body, known, modifier) or not self.readable(place, kind, known, closed=closed):
            return
        self.read_here(body, place, kind, known, closed=closed)
        self.put(body, known, modifier, value)

    def constant(self, known: KnownField) -> tuple[str, Any]:
        """Return a modifier and an operand that goes with it."""
        choices: list[tuple[str, Any]]
        match known.type:
            case "bool":
                choices = [("is", True), ("is", False)]
            case "date":
                day = self.pick(self.days)
                choices = [(modifier, day) for modifier in ("is", "at_least", "at_most", "before", "after")]
            case "enum":
                one, two = self.pick(known.members[:3]), list(known.members[1:3])
                choices = [("is", one), ("not", one), ("in", two), ("not", two)]
            case "int":
                number, few = self.pick(numbers_of(known)), numbers_of(known)[:2]
                choices = [(modifier, number) for modifier in ("is", "not", "at_least", "at_most")]
                choices += [("in", few), ("not", few), ("at_most", "limit"), ("is", "limit")]
            case _:
                texts = TEXTS if known.name in {"ldu", "team"} else CODES
                one, two, listed = self.pick(texts), texts[:2], self.pick(sorted(LISTS))
                choices = [("is", one), ("not", one), ("in", two), ("not", two)]
                choices += [("in", listed), ("not", listed)]
        chosen: tuple[str, Any] = self.pick(choices)
        return chosen

    def offset(self, signs: str = "+-", one_in: int = 2) -> str:
        return "" if self.odds(one_in) else f" {self.pick(signs)} {self.pick(AMOUNTS)}"

    def taken(self, body: Json, known: KnownField, modifier: str) -> bool:
        return _key(known, modifier) in body

    def put(self, body: Json, known: KnownField, modifier: str, value: Any) -> None:
        body[_key(known, modifier)] = value

    # Whether a field may be read, and what it takes to.

    def readable(self, place: str, kind: str, known: KnownField, *, closed: bool = False) -> bool:
        """Tell whether reading a field keeps the number of open fields within what the engine takes."""
        if known.recorded and not closed:
            return True
        if (place, known.name) in self.open or len(self.open) < self.MOST_OPEN:
            return True
        return not closed and not self.needed.get((kind, known.name), False)

    def read_here(
        self, body: Json, place: str, kind: str, known: KnownField, *, closed: bool = False
    ) -> None:
        if self.settled(place, kind, known, closed=closed):
            return
        body[f"{known.name}|known"] = True

    def read_there(self, alias: str, one: _Alias, known: KnownField) -> None:
        self.mentioned.add((one.kind, known.name))
        if self.settled(alias, one.kind, known, closed=False):
            return
        for body in one.bodies:
            body[f"{known.name}|known"] = True

    def settled(self, place: str, kind: str, known: KnownField, *, closed: bool) -> bool:
        """Tell whether a field is recorded or needed, so that nothing more has to be said of it."""
        if known.recorded and not closed:
            return True
        key = kind, known.name
        room = (place, known.name) in self.open or len(self.open) < self.MOST_OPEN
        if closed:
            self.needed[key] = True
        elif key not in self.needed and room:
            self.needed[key] = self.draw(st.booleans())
        if self.needed.get(key):
            self.open.add((place, known.name))
            return True
        self.needed.setdefault(key, False)
        return False


def _key(known: KnownField, modifier: str) -> str:
    return known.name if modifier == "is" else f"{known.name}|{modifier}"


def _comparable(known: KnownField, target: KnownField, kind: str) -> bool:
    if known.type == "id":
        return target.name == "id" and kind in known.links_to
    return known.type == target.type and known.members == target.members
