"""What a rule may speak of: the kinds of fact, their fields and the fields' types.

The vocabulary is read off the case record, so a field added there can be used
in a rule at once, and a field misspelt in a rule is found when it is loaded.
"""

import datetime as dt
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic.fields import FieldInfo

from aboveline.case.base import LinkTo, Record, Timing
from aboveline.case.record import CaseRecord

__all__ = [
    "DONE_OR_NOT",
    "UNFINISHED",
    "VOCABULARY",
    "FieldType",
    "Kind",
    "KnownField",
    "known_field",
    "record_kinds",
]

FieldType = Literal["bool", "date", "enum", "id", "int", "text"]

DONE_OR_NOT = frozenset({"assessment", "plan", "review"})
"""Kinds with a status. Of these only the complete are facts of the kind; the rest are *unfinished*."""

UNFINISHED = "unfinished_"
"""Goes before the name of such a kind: a plan that is not complete is an ``unfinished_plan``."""

_NOT_FOR_RULES = frozenset({"judgement", "override"})
_TYPES: dict[type, FieldType] = {bool: "bool", dt.date: "date", int: "int", str: "text"}


@dataclass(frozen=True)
class KnownField:
    """A field of a kind of fact.

    ``recorded`` tells whether every fact of the kind has it; ``tense`` is of a date.
    """

    name: str
    type: FieldType
    recorded: bool
    members: tuple[str, ...] = ()
    links_to: tuple[str, ...] = ()
    tense: Literal["began", "happened", "planned"] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of fact. Every case has exactly one fact of a ``single`` kind."""

    name: str
    fields: Mapping[str, KnownField]
    single: bool = False


def record_kinds() -> Iterator[tuple[str, type[Record], bool]]:
    """Yield each kind of the case record with its model and whether a case has exactly one."""
    for name, field in CaseRecord.model_fields.items():
        annotation = field.annotation
        if get_origin(annotation) is tuple and get_args(annotation)[0] is not str:
            yield name, cast("type[Record]", get_args(annotation)[0]), False
        elif isinstance(annotation, type) and issubclass(annotation, Record):
            yield name, annotation, True


def _kinds() -> Iterator[Kind]:
    yield Kind("audit", {"as_of": KnownField("as_of", "date", recorded=True, tense="planned")}, single=True)
    for name, model, single in record_kinds():
        if name in _NOT_FOR_RULES:
            continue
        fields = {"id": KnownField("id", "id", recorded=True, links_to=(name,))} | {
            n: known_field(n, f) for n, f in model.model_fields.items() if n != "id"
        }
        if name in DONE_OR_NOT:
            done = fields | {
                "completed_on": KnownField("completed_on", "date", recorded=True, tense="happened")
            }
            yield Kind(name, {n: f for n, f in done.items() if n != "status"})
            # As at an earlier day a complete one was unfinished, and how it stood then is not recorded.
            begun = fields | {"status": replace(fields["status"], recorded=False)}
            yield Kind(UNFINISHED + name, {n: f for n, f in begun.items() if n != "completed_on"})
        else:
            yield Kind(name, fields, single)


def known_field(name: str, info: FieldInfo) -> KnownField:
    """Return what is known of a field from its definition."""
    base, marks = _unwrap(info.annotation)
    marks += info.metadata
    link = next((mark for mark in marks if isinstance(mark, LinkTo)), None)
    timing = next((mark for mark in marks if isinstance(mark, Timing)), None)
    members = tuple(str(member) for member in base) if issubclass(base, StrEnum) else ()
    return KnownField(
        name=name,
        type="id" if link else "enum" if members else _TYPES[base],
        recorded=info.is_required() or info.default is not None,
        members=members,
        links_to=link.kinds if link else (),
        tense=timing.tense if timing else None,
    )


def _unwrap(annotation: Any) -> tuple[type, list[Any]]:
    """Take ``Annotated[date, x] | None`` apart into ``date`` and ``[x]``."""
    if get_origin(annotation) is Annotated:
        base, marks = _unwrap(get_args(annotation)[0])
        return base, [*marks, *get_args(annotation)[1:]]
    if get_origin(annotation) in {Union, types.UnionType}:
        return _unwrap(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return annotation, []


VOCABULARY: Mapping[str, Kind] = {kind.name: kind for kind in sorted(_kinds(), key=lambda kind: kind.name)}
