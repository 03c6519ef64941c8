"""Hold a question to the vocabulary: kinds, fields, types, aliases, parameters, lists, needs.

Every problem is reported with its line and the nearest valid name. The
question that comes back has each operand as what it turned out to be.
"""

import datetime as dt
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aboveline.problems import did_you_mean
from aboveline.vocabulary import VOCABULARY, KnownField

from .data import NUMBER, CodeList, Framework, Parameter
from .language import (
    AllOf,
    AnyOf,
    Condition,
    Deficiency,
    Item,
    Level,
    ListName,
    Modifier,
    Need,
    Offset,
    Operand,
    ParameterName,
    Pattern,
    Question,
    Reference,
    Unit,
    Without,
)
from .reading import Reader

__all__ = ["Catalogue", "Mentions", "check_question"]

_ORDERED = {Modifier.AT_LEAST, Modifier.AT_MOST}
_DATED = {Modifier.BEFORE, Modifier.AFTER}
_TESTS = {Modifier.KNOWN, Modifier.UNKNOWN}
_FITS: Mapping[str, set[Modifier]] = {
    "bool": {Modifier.IS} | _TESTS,
    "date": {Modifier.IS} | _ORDERED | _DATED | _TESTS,
    "enum": {Modifier.IS, Modifier.NOT, Modifier.IN} | _TESTS,
    "id": {Modifier.IS} | _TESTS,
    "int": {Modifier.IS, Modifier.NOT, Modifier.IN} | _ORDERED | _TESTS,
    "text": {Modifier.IS, Modifier.NOT, Modifier.IN} | _TESTS,
}


@dataclass(frozen=True)
class Mentions:
    """The parameters and lists that a question mentions, known or not."""

    parameters: frozenset[str]
    lists: frozenset[str]


@dataclass(frozen=True)
class Catalogue:
    """What a question may mention by name."""

    parameters: Mapping[str, Parameter]
    lists: Mapping[str, CodeList]
    framework: Framework


Scope = dict[str, Pattern | None]
"""The pattern that an alias stands for; none where only some of the alternatives before it have it."""


def check_question(question: Question, reader: Reader, catalogue: Catalogue) -> tuple[Question, Mentions]:
    """Return the question with its operands resolved and what it mentions, having reported what does not fit."""
    checker = _Checker(question, reader, catalogue)
    checked = checker.checked()
    return checked, Mentions(frozenset(checker.parameters), frozenset(checker.lists))


class _Checker:
    def __init__(self, question: Question, reader: Reader, catalogue: Catalogue) -> None:
        self.question = question
        self.reader = reader
        self.catalogue = catalogue
        self.parameters: set[str] = set()
        self.lists: set[str] = set()
        self.read: set[tuple[str, str]] = set()

    def checked(self) -> Question:
        question = self.question
        for criterion in question.criteria:
            if criterion not in self.catalogue.framework.criteria:
                self._wrong(
                    question.line,
                    "criteria",
                    f"there is no criterion {criterion}",
                    criterion,
                    self.catalogue.framework.criteria,
                )
        for need in question.needs:
            self._field(need.kind, need.field, need.line, "needs")
        applies, _ = self._all(question.applies, {}, "applies")
        excepts, _ = self._any(question.excepts, {}, "except")
        deficiencies = tuple(self._deficiency(deficiency) for deficiency in question.deficiencies)
        levels = self._levels(question.levels)
        for need in question.needs:
            known = need.kind in VOCABULARY and need.field in VOCABULARY[need.kind].fields
            if known and (need.kind, need.field) not in self.read:
                self.reader.problem(
                    need.line, "needs", f"no pattern reads {need.kind}.{need.field}: take it out"
                )
        if not question.deficiencies and not question.judged:
            self.reader.problem(
                question.line, "", "nothing can answer this: give deficiencies, or judged: true"
            )
        return replace(question, applies=applies, excepts=excepts, deficiencies=deficiencies, levels=levels)

    def _levels(self, levels: tuple[Level, ...]) -> tuple[Level, ...]:
        if len(levels) == 1:
            self.reader.problem(levels[0].line, "levels", "give at least two levels: one tells nothing apart")
        titles: dict[str, str] = {}
        checked = []
        for level in levels:
            path = f"levels.{level.id}"
            first = titles.setdefault(level.title.casefold(), level.id)
            if first != level.id and level.title:
                self.reader.problem(level.line, path, f"the level {first} has the same title")
            body, _ = self._all(level.body, {}, path)
            checked.append(replace(level, body=body))
        return tuple(checked)

    def _deficiency(self, deficiency: Deficiency) -> Deficiency:
        body, scope = self._all(deficiency.body, {}, deficiency.id)
        if deficiency.due:
            self._reference(deficiency.due, "date", scope, deficiency.due.line, f"{deficiency.id}.due")
        known = self.catalogue.framework.recommendations
        if deficiency.recommendation and deficiency.recommendation not in known:
            self._wrong(
                deficiency.line,
                f"{deficiency.id}.recommendation",
                f"there is no recommendation {deficiency.recommendation}",
                deficiency.recommendation,
                known,
            )
        for name, text in (("finding", deficiency.finding), ("put_right", deficiency.put_right)):
            self._text(text, deficiency, scope, name)
        return replace(deficiency, body=body)

    def _text(self, text: str, deficiency: Deficiency, scope: Scope, name: str) -> None:
        """Check the ``{...}`` of a text: due, alias.field, or a parameter."""
        path = f"{deficiency.id}.{name}"
        try:
            places = [place for _, place, _, _ in string.Formatter().parse(text) if place is not None]
        except ValueError as error:
            self.reader.problem(deficiency.line, path, f"the braces do not pair up: {error}")
            return
        for place in places:
            alias, dot, field = place.partition(".")
            if dot:
                self._reference(Reference(alias, field), None, scope, deficiency.line, path, reads=False)
            elif place == "due" and deficiency.due is None:
                self.reader.problem(deficiency.line, path, "{due} stands here, but the deficiency has no due")
            elif place != "due":
                self._parameter(place, None, deficiency.line, path)

    def _item(self, item: Item, scope: Scope, path: str) -> tuple[Item, Scope]:
        """Check an item; return it resolved, and the aliases that may be used after it."""
        match item:
            case Pattern():
                return self._pattern(item, scope, path, binds=True)
            case Without(patterns):
                resolved = tuple(
                    self._pattern(pattern, scope, f"{path}.without", binds=False)[0] for pattern in patterns
                )
                return Without(resolved), scope
            case AllOf():
                return self._all(item, scope, path)
            case AnyOf():
                return self._any(item, scope, path)

    def _all(self, item: AllOf, scope: Scope, path: str) -> tuple[AllOf, Scope]:
        """Check items that must all hold: each may use the aliases of those before it."""
        found: list[Item] = []
        for inner in item.items:
            one, scope = self._item(inner, scope, path)
            found.append(one)
        return AllOf(tuple(found)), scope

    def _any(self, item: AnyOf, scope: Scope, path: str) -> tuple[AnyOf, Scope]:
        """Check items of which one is enough: after it, only aliases that all of them bind may be used."""
        branches = [self._item(inner, scope, path) for inner in item.items]
        return AnyOf(tuple(one for one, _ in branches)), scope | _common([after for _, after in branches])

    def _pattern(self, pattern: Pattern, scope: Scope, path: str, *, binds: bool) -> tuple[Pattern, Scope]:
        path = f"{path}.{pattern.kind}"
        kind = VOCABULARY.get(pattern.kind)
        if kind is None:
            self._wrong(
                pattern.line, path, f"there is no kind of fact '{pattern.kind}'", pattern.kind, VOCABULARY
            )
            return pattern, scope | ({pattern.alias: pattern} if pattern.alias and binds else {})
        resolved = replace(
            pattern, conditions=tuple(self._condition(c, pattern, scope, path) for c in pattern.conditions)
        )
        if pattern.alias and pattern.alias in scope:
            self.reader.problem(pattern.line, path, f"the alias '{pattern.alias}' is taken: choose another")
        if pattern.alias and not binds:
            self.reader.problem(
                pattern.line, path, "a pattern under 'without' has no fact to give an alias to"
            )
        return resolved, scope | ({pattern.alias: resolved} if pattern.alias and binds else {})

    def _condition(self, condition: Condition, pattern: Pattern, scope: Scope, path: str) -> Condition:
        field = self._field(pattern.kind, condition.field, condition.line, path)
        if field is None:
            return condition
        path = f"{path}.{condition.field}"
        if condition.modifier not in _FITS[field.type]:
            fits = ", ".join(f"|{m}" for m in Modifier if m in _FITS[field.type] and m is not Modifier.IS)
            self.reader.problem(
                condition.line,
                path,
                f"|{condition.modifier} does not go with a field of type {field.type}; use {fits}",
            )
            return condition
        if condition.modifier in _TESTS:
            return condition
        self._recorded(field, pattern, condition.line, path)
        return replace(condition, operand=self._operand(condition, field, pattern, scope, path))

    def _recorded(self, field: KnownField, pattern: Pattern, line: int, path: str) -> None:
        """Refuse to read a field that may be unrecorded without saying what that means."""
        self.read.add((pattern.kind, field.name))
        tested = any(c.field == field.name and c.modifier is Modifier.KNOWN for c in pattern.conditions)
        needed = Need(pattern.kind, field.name) in self.question.needs
        if not field.recorded and not tested and not needed:
            self.reader.problem(
                line,
                path,
                f"{pattern.kind}.{field.name} may not be recorded: add it to needs (then it is an evidence gap), "
                f"or test {field.name}|known: true (then it counts as not done)",
            )

    def _operand(
        self, condition: Condition, field: KnownField, pattern: Pattern, scope: Scope, path: str
    ) -> Operand:
        operand, line = condition.operand, condition.line
        match operand:
            case Reference():
                if condition.modifier in {Modifier.NOT, Modifier.IN}:
                    self.reader.problem(line, path, f"|{condition.modifier} cannot compare with another fact")
                self._reference(operand, field, scope, line, path)
            case ListName(name):
                return self._list(name, field, pattern, line, path)
            case tuple():
                for member in operand:
                    self._constant(member, field, line, path)
            case str() if field.type == "int":
                self._parameter(operand, NUMBER, line, path)
                return ParameterName(operand)
            case str() if (
                field.type == "text"
                and operand in self.catalogue.lists
                and condition.modifier is Modifier.NOT
            ):
                return self._list(operand, field, pattern, line, path)
            case _:
                self._constant(operand, field, line, path)
        return operand

    def _list(self, name: str, field: KnownField, pattern: Pattern, line: int, path: str) -> ListName:
        if name not in self.catalogue.lists:
            self._wrong(line, path, f"there is no list '{name}'", name, self.catalogue.lists)
        elif field.type != "text":
            self.reader.problem(line, path, f"a list of codes does not go with a field of type {field.type}")
        elif self.catalogue.lists[name].others and Need(pattern.kind, field.name) not in self.question.needs:
            self.reader.problem(
                line,
                path,
                f"a code may be in neither part of the list {name}: add {pattern.kind}.{field.name} to needs",
            )
        self.lists.add(name)
        return ListName(name)

    def _constant(self, value: object, field: KnownField, line: int, path: str) -> None:
        if field.type == "enum" and isinstance(value, str):
            if value not in field.members:
                self._wrong(
                    line, path, f"'{value}' is not one of {', '.join(field.members)}", value, field.members
                )
            return
        right: Mapping[str, tuple[type, str]] = {
            "bool": (bool, "true or false"),
            "date": (dt.date, "a date, as 2013-12-02, or alias.field"),
            "enum": (str, f"one of {', '.join(field.members)}"),
            "id": (str, "alias.field of another fact"),
            "int": (int, "a whole number, or the name of a parameter"),
            "text": (str, "a code, in quotes"),
        }
        kind, words = right[field.type]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)) or field.type == "id":
            self.reader.problem(line, path, f"write {words}")

    def _reference(
        self,
        reference: Reference,
        field: KnownField | str | None,
        scope: Scope,
        line: int,
        path: str,
        *,
        reads: bool = True,
    ) -> None:
        pattern = scope.get(reference.alias)
        if pattern is None:
            named = [alias for alias, one in scope.items() if one]
            which = "not every alternative" if reference.alias in scope else "no pattern"
            self._wrong(
                line,
                path,
                f"{which} before this is called '{reference.alias}'",
                reference.alias,
                named,
            )
            return
        if pattern.kind not in VOCABULARY:
            return
        target = self._field(pattern.kind, reference.field, line, path)
        if target is None:
            return
        if reads:
            self._recorded(target, pattern, line, path)
        wanted = field.type if isinstance(field, KnownField) else field
        if wanted and target.type != wanted:
            self.reader.problem(
                line,
                path,
                f"{reference.alias}.{reference.field} is of type {target.type}, and {wanted} is wanted",
            )
        elif isinstance(field, KnownField) and field.type == "id" and pattern.kind not in field.links_to:
            self.reader.problem(
                line,
                path,
                f"{field.name} holds the id of {' or '.join(field.links_to)}, not of {pattern.kind}",
            )
        elif (
            isinstance(field, KnownField)
            and field.type in {"enum", "text"}
            and field.members != target.members
        ):
            self.reader.problem(
                line, path, f"{reference.alias}.{reference.field} has other codes than {field.name}"
            )
        if reference.offset:
            self._offset(reference.offset, target, line, path)

    def _offset(self, offset: Offset, target: KnownField, line: int, path: str) -> None:
        if target.type != "date":
            self.reader.problem(
                line, path, f"time can be added to a date only, and {target.name} is of type {target.type}"
            )
        if isinstance(offset.amount, ParameterName):
            self._parameter(offset.amount.name, offset.unit, line, path)
        elif offset.amount == 0:
            self.reader.problem(line, path, "leave out '0 days'")

    def _parameter(self, name: str, unit: Unit | str | None, line: int, path: str) -> None:
        self.parameters.add(name)
        parameter = self.catalogue.parameters.get(name)
        if parameter is None:
            self._wrong(line, path, f"there is no parameter '{name}'", name, self.catalogue.parameters)
        elif unit and parameter.unit != unit:
            self.reader.problem(line, path, f"the parameter {name} is in {parameter.unit}, not {unit}")

    def _field(self, kind: str, name: str, line: int, path: str) -> KnownField | None:
        if kind not in VOCABULARY:
            self._wrong(line, path, f"there is no kind of fact '{kind}'", kind, VOCABULARY)
            return None
        fields = VOCABULARY[kind].fields
        if name not in fields:
            self._wrong(line, path, f"{kind} has no field '{name}'", name, fields)
            return None
        return fields[name]

    def _wrong(self, line: int, path: str, reason: str, word: str, known: Iterable[str]) -> None:
        self.reader.problem(line, path, reason + did_you_mean(word, known))


def _common(scopes: list[Scope]) -> Scope:
    """Return the aliases that branches bind: those that every branch does, to one kind, with what all say of it."""
    found: Scope = {}
    for alias in {alias for scope in scopes for alias in scope}:
        patterns = [pattern for scope in scopes if (pattern := scope.get(alias))]
        shared = len(patterns) == len(scopes) and len({pattern.kind for pattern in patterns}) == 1
        found[alias] = _what_all_say(patterns) if shared else None
    return found


def _what_all_say(patterns: list[Pattern]) -> Pattern:
    """Return the first of several patterns, less the conditions that the others do not have."""
    asked = [{(c.field, c.modifier) for c in pattern.conditions} for pattern in patterns]
    kept = tuple(c for c in patterns[0].conditions if all((c.field, c.modifier) in one for one in asked))
    return replace(patterns[0], conditions=kept)
