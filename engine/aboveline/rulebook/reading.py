"""Read a question's file into the rule language, reporting everything that is not in it.

This looks at form only: which keys there are, and whether a value is of the
right shape. Whether a kind, a field or a parameter exists is for ``checking``.
"""

import datetime as dt
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

from aboveline.problems import Problem, did_you_mean

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
    Severity,
    Source,
    Status,
    Unit,
    Without,
)
from .lines import Node

__all__ = ["NO_LEVEL", "Reader", "read_question", "read_reference"]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_QUESTION_KEYS = {
    "id": True,
    "title": True,
    "criteria": True,
    "status": True,
    "sources": True,
    "applies": False,
    "except": False,
    "needs": False,
    "deficiencies": False,
    "judged": False,
    "levels": False,
    "scored": False,
    "known_gaps": False,
    "replaced_by": False,
}
_DEFICIENCY_KEYS = {
    "id": True,
    "severity": True,
    "when": False,
    "without": False,
    "due": False,
    "finding": True,
    "put_right": True,
    "recommendation": False,
}
NO_LEVEL = "none"
"""What a case of a rule says where it must have no level, so no level has this name."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_REFERENCE = re.compile(
    r"(?P<alias>[a-z][a-z0-9_]*)\.(?P<field>[a-z][a-z0-9_]*)"
    r"(?:\s*(?P<sign>[+-])\s*(?P<amount>[a-z0-9][a-z0-9_]*)(?:\s+(?P<unit>[a-z_]+))?)?"
)


class Reader:
    """Takes nodes apart and keeps what is wrong with them, for one file."""

    def __init__(self, source: str, problems: list[Problem]) -> None:
        self.source = source
        self._problems = problems

    def problem(self, line: int, path: str, reason: str) -> None:
        """Note one thing that is wrong."""
        self._problems.append(Problem(self.source, line, path, reason))

    def mapping(self, node: Node, path: str, keys: dict[str, bool]) -> dict[str, Node]:
        """Return a mapping's entries, having reported unknown keys and missing ones (those marked true)."""
        if not isinstance(node.value, dict):
            self.problem(node.line, path, f"write keys and values here: {', '.join(keys)}")
            return {}
        for key in node.value:
            if key not in keys:
                self.problem(
                    node.keys[key], _join(path, key), f"there is no such key{did_you_mean(key, keys)}"
                )
        for key, needed in keys.items():
            if needed and key not in node.value:
                self.problem(node.line, path, f"'{key}' is missing")
        return {key: value for key, value in node.value.items() if key in keys}

    def items(self, node: Node | None, path: str) -> list[Node]:
        """Return a list's items; nothing written is an empty list."""
        if node is None or node.value is None:
            return []
        if not isinstance(node.value, list):
            self.problem(node.line, path, "write a list here, as [a, b] or with a dash before each item")
            return []
        return cast("list[Node]", node.value)

    def text(self, node: Node | None, path: str, default: str = "") -> str:
        """Return a text that says something."""
        if node is None:
            return default
        if not isinstance(node.value, str) or not node.value.strip():
            self.problem(node.line, path, "write a text here" + _quotes(node.value))
            return default
        return node.value.strip()

    def truth(self, node: Node | None, path: str, *, default: bool) -> bool:
        """Return true or false, and no other word for them."""
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.problem(node.line, path, "write true or false here")
            return default
        return node.value

    def date(self, node: Node | None, path: str) -> dt.date | None:
        """Return a date; none where there is nothing, or something else."""
        if node is None:
            return None
        if not isinstance(node.value, dt.date):
            self.problem(node.line, path, "write a date here, as 2013-12-02")
            return None
        return node.value

    def member(self, node: Node | None, path: str, of: type[E], default: E) -> E:
        """Return a member of a code list."""
        if node is None:
            return default
        try:
            return of(str(node.value))
        except ValueError:
            known = [str(member) for member in of]
            self.problem(
                node.line,
                path,
                f"'{node.value}' is not one of {', '.join(known)}{did_you_mean(str(node.value), known)}",
            )
            return default

    def each(self, node: Node | None, path: str, read: Callable[[Node, str], T | None]) -> tuple[T, ...]:
        """Read every item of a list, leaving out those that cannot be read."""
        found = (read(item, f"{path}[{n}]") for n, item in enumerate(self.items(node, path)))
        return tuple(item for item in found if item is not None)

    def texts(self, node: Node | None, path: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return self.each(node, path, lambda item, at: self.text(item, at) or None)


def read_question(node: Node, outcome: str, reader: Reader) -> Question:
    """Return the question a file holds. What is missing or misshapen is reported and left empty."""
    part = reader.mapping(node, "", _QUESTION_KEYS)
    excepts = part.get("except")
    return Question(
        id=reader.text(part.get("id"), "id"),
        title=reader.text(part.get("title"), "title"),
        outcome=outcome,
        criteria=reader.texts(part.get("criteria"), "criteria"),
        status=reader.member(part.get("status"), "status", Status, Status.DRAFT),
        replaced_by=reader.text(part.get("replaced_by"), "replaced_by") or None,
        scored=reader.truth(part.get("scored"), "scored", default=True),
        sources=reader.each(part.get("sources"), "sources", lambda item, path: _source(item, path, reader)),
        applies=AllOf(_items(part.get("applies"), "applies", reader)),
        excepts=AnyOf(_items(excepts, "except", reader)),
        needs=reader.each(part.get("needs"), "needs", lambda item, path: _need(item, path, reader)),
        deficiencies=reader.each(
            part.get("deficiencies"), "deficiencies", lambda item, path: _deficiency(item, path, reader)
        ),
        judged=reader.truth(part.get("judged"), "judged", default=False),
        known_gaps=reader.texts(part.get("known_gaps"), "known_gaps"),
        path=reader.source,
        line=node.keys.get("id", node.line),
        levels=_levels(part.get("levels"), reader),
    )


def read_reference(text: str, line: int, path: str, reader: Reader) -> Reference | None:
    """Read ``alias.field + 5 working_days``; None, and a problem, where it is not of that form."""
    match = _REFERENCE.fullmatch(text.strip())
    if match is None:
        reader.problem(
            line, path, f"'{text}' is not of the form alias.field, or alias.field + 5 working_days"
        )
        return None
    if match["amount"] is None:
        return Reference(match["alias"], match["field"], line=line)
    units = [str(unit) for unit in Unit]
    if match["unit"] not in units:
        near = did_you_mean(match["unit"], units) if match["unit"] else ""
        reader.problem(line, path, f"'{text}' needs a unit: {', '.join(units)}{near}")
        return None
    amount = int(match["amount"]) if match["amount"].isdigit() else ParameterName(match["amount"])
    offset = Offset(1 if match["sign"] == "+" else -1, amount, Unit(match["unit"]))
    return Reference(match["alias"], match["field"], offset, line)


def _source(node: Node, path: str, reader: Reader) -> Source | None:
    part = reader.mapping(node, path, {"document": True, "paragraph": True})
    document, paragraph = (reader.text(part.get(key), _join(path, key)) for key in ("document", "paragraph"))
    return Source(document, paragraph) if document and paragraph else None


def _need(node: Node, path: str, reader: Reader) -> Need | None:
    text = reader.text(node, path)
    kind, dot, field = text.partition(".")
    if not dot:
        reader.problem(node.line, path, "write kind.field here, as concern.kind")
        return None
    return Need(kind, field, node.line)


def _deficiency(node: Node, path: str, reader: Reader) -> Deficiency:
    part = reader.mapping(node, path, _DEFICIENCY_KEYS)
    positive = _items(part.get("when"), _join(path, "when"), reader)
    negative = reader.each(
        part.get("without"), _join(path, "without"), lambda item, at: _pattern(item, at, reader)
    )
    if not positive and not negative:
        reader.problem(
            node.line, path, "say what is deficient: 'when' something is there, or 'without' something"
        )
    due = part.get("due")
    due_text = reader.text(due, _join(path, "due"))
    return Deficiency(
        id=reader.text(part.get("id"), _join(path, "id")),
        severity=reader.member(part.get("severity"), _join(path, "severity"), Severity, Severity.MEDIUM),
        body=AllOf((*positive, Without(negative)) if negative else positive),
        due=read_reference(due_text, due.line, _join(path, "due"), reader) if due and due_text else None,
        finding=reader.text(part.get("finding"), _join(path, "finding")),
        put_right=reader.text(part.get("put_right"), _join(path, "put_right")),
        recommendation=reader.text(part.get("recommendation"), _join(path, "recommendation")) or None,
        line=node.line,
    )


def _levels(node: Node | None, reader: Reader) -> tuple[Level, ...]:
    if node is None:
        return ()
    if not isinstance(node.value, dict):
        reader.problem(node.line, "levels", "write levels here, each a name with title and when")
        return ()
    found = []
    for name, inner in node.value.items():
        path, line = _join("levels", name), node.keys[name]
        if not _NAME.fullmatch(name) or name == NO_LEVEL:
            reader.problem(line, path, f"a level is small letters, digits and _, and not '{NO_LEVEL}'")
        part = reader.mapping(inner, path, {"title": True, "when": True})
        items = _items(part.get("when"), _join(path, "when"), reader)
        if "when" in part and not items:
            reader.problem(line, path, "say when a case is at this level")
        found.append(Level(name, reader.text(part.get("title"), _join(path, "title")), AllOf(items), line))
    return tuple(found)


def _items(node: Node | None, path: str, reader: Reader) -> tuple[Item, ...]:
    return reader.each(node, path, lambda item, at: _item(item, at, reader))


def _item(node: Node, path: str, reader: Reader) -> Item | None:
    only = next(iter(node.value)) if isinstance(node.value, dict) and len(node.value) == 1 else None
    match only:
        case "any":
            return AnyOf(_items(node.value["any"], _join(path, "any"), reader))
        case "all":
            return AllOf(_items(node.value["all"], _join(path, "all"), reader))
        case "without":
            inside = _join(path, "without")
            return Without(
                reader.each(node.value["without"], inside, lambda item, at: _pattern(item, at, reader))
            )
    return _pattern(node, path, reader)


def _pattern(node: Node, path: str, reader: Reader) -> Pattern | None:
    if not isinstance(node.value, dict) or len(node.value) != 1:
        reader.problem(node.line, path, "write one kind of fact here, as check: {agency: police}")
        return None
    ((kind, body),) = node.value.items()
    inside = _join(path, kind)
    if body.value is not None and not isinstance(body.value, dict):
        reader.problem(body.line, inside, "write conditions here, as {agency: police, made_on|known: true}")
        return Pattern(kind, (), None, node.line)
    entries: dict[str, Node] = body.value or {}
    alias = reader.text(entries.get("as"), _join(inside, "as")) or None
    if alias and not _NAME.fullmatch(alias):
        reader.problem(body.keys["as"], _join(inside, "as"), "an alias is small letters, digits and _")
    conditions = [
        _condition(key, value, body.keys[key], _join(inside, key), reader)
        for key, value in entries.items()
        if key != "as"
    ]
    return Pattern(kind, tuple(condition for condition in conditions if condition), alias, node.line)


def _condition(key: str, node: Node, line: int, path: str, reader: Reader) -> Condition | None:
    field, _, word = key.partition("|")
    known = [str(modifier) for modifier in Modifier]
    if word and word not in known:
        reader.problem(line, path, f"there is no modifier '{word}'{did_you_mean(word, known)}")
        return None
    modifier = Modifier(word or "is")
    operand = _operand(node, modifier, line, path, reader)
    return None if operand is None else Condition(field, modifier, operand, line)


def _operand(node: Node, modifier: Modifier, line: int, path: str, reader: Reader) -> Operand | None:
    value: Any = node.value
    if modifier in {Modifier.KNOWN, Modifier.UNKNOWN}:
        if value is not True:
            reader.problem(line, path, f"write {modifier}: true; for the opposite use {_opposite(modifier)}")
        return True
    if isinstance(value, list):
        return _list(node, modifier, line, path, reader)
    if value is None or isinstance(value, float | dict):
        reader.problem(line, path, "write a value here; for what is not recorded use |unknown: true")
        return None
    if not isinstance(value, str):
        return cast("Operand", value)
    if modifier is Modifier.IN:
        return ListName(value)
    if "." in value:
        return read_reference(value, line, path, reader)
    return value


def _list(node: Node, modifier: Modifier, line: int, path: str, reader: Reader) -> Operand | None:
    if modifier not in {Modifier.IN, Modifier.NOT}:
        reader.problem(line, path, "a list goes with |in or |not")
        return None
    members = [item.value for item in node.value]
    if not members or any(
        isinstance(member, bool) or not isinstance(member, int | str) for member in members
    ):
        reader.problem(line, path, "write a list of codes or numbers here")
        return None
    return tuple(members)


def _opposite(modifier: Modifier) -> Modifier:
    return Modifier.UNKNOWN if modifier is Modifier.KNOWN else Modifier.KNOWN


def _quotes(value: object) -> str:
    return ", in quotes" if isinstance(value, int | float) else ""


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
