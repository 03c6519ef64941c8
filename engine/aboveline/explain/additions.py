"""A fact that is not recorded and that would meet a pattern."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from aboveline.case.codes import AssessmentStatus
from aboveline.facts import Scalar
from aboveline.rulebook.language import Condition, Modifier, Pattern
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY, record_kinds

from . import words
from .holds import Bound, Reading
from .lever import Added
from .model import Addition
from .values import meeting

__all__ = ["additions"]

_MODELS = {name: model for name, model, _ in record_kinds()}
_FIRST, _LAST = 0, -1


def additions(pattern: Pattern, bound: Bound, reading: Reading) -> Iterator[Added]:
    """Yield facts that would meet a pattern; none where a case has just one of its kind, or no value will do.

    The first holds what the pattern asks. What else the question needs of such
    a fact would be a gap, so two more hold that too, one way and the other.
    """
    kind = pattern.kind
    if VOCABULARY[kind].single:
        return
    asked = {condition.field for condition in pattern.conditions}
    also = [n.field for n in reading.question.needs if n.kind == kind and n.field not in asked]
    patterns = [pattern]
    for which in (_FIRST, _LAST) if also else ():
        told = (_recorded(kind, field, which, reading.as_of) for field in also)
        patterns.append(replace(pattern, conditions=(*pattern.conditions, *told)))
    for one in patterns:
        added = _addition(one, bound, reading, words.pattern(pattern, bound, reading))
        if added:
            yield added


def _recorded(kind: str, field: str, which: int, as_of: dt.date) -> Condition:
    """Return the condition that a field holds a value that the pattern does not ask for."""
    known = VOCABULARY[kind].fields[field]
    plain: dict[str, tuple[Scalar, ...]] = {
        "bool": (True, False),
        "date": (as_of,),
        "enum": known.members,
        "int": (1, 2),
        "text": ("00000",),
    }
    values = plain.get(known.type)
    if values is None:
        return Condition(field, Modifier.KNOWN, operand=True, line=0)
    return Condition(field, Modifier.IS, values[which], line=0)


def _addition(pattern: Pattern, bound: Bound, reading: Reading, meets: str) -> Added | None:
    near: dict[str, Scalar] = {}
    far: dict[str, Scalar] = {}
    for field in dict.fromkeys(c.field for c in pattern.conditions if c.modifier is not Modifier.UNKNOWN):
        asked = [c for c in pattern.conditions if c.field == field]
        values = meeting(pattern.kind, asked, bound, reading)
        if values is None or field == "id":
            return None
        near[field], far[field] = values
    dates = {field: value for field, value in near.items() if isinstance(value, dt.date)}
    exact = words.described(
        words.pattern(replace(pattern, conditions=()), bound, reading),
        [words.recorded(field, value) for field, value in near.items() if field not in dates],
        words.joined(words.recorded(field, value) for field, value in dates.items()),
    )
    found = Addition(
        kind=pattern.kind.removeprefix(UNFINISHED),
        fields=_filled(pattern.kind, near, reading.as_of),
        words=words.pattern(pattern, bound, reading),
    )
    return Added(
        addition=found,
        far=found.model_copy(update={"fields": _filled(pattern.kind, far, reading.as_of)}),
        exact=found.model_copy(update={"words": exact}),
        meets=meets,
    )


def _filled(of: str, fields: dict[str, Scalar], as_of: dt.date) -> dict[str, Scalar]:
    """Return the fields with what every record of the kind holds, whether or not the rule reads it."""
    kind = of.removeprefix(UNFINISHED)
    filled = dict(fields)
    if kind in DONE_OR_NOT:
        filled.setdefault("status", str(AssessmentStatus.COMPLETE if of == kind else AssessmentStatus.OPEN))
        if of == kind:
            filled.setdefault("completed_on", as_of)
    for name, field in _MODELS[kind].model_fields.items():
        if field.is_required() and name not in filled:
            filled[name] = _something(kind, name, filled, as_of)
    return filled


def _something(kind: str, name: str, others: dict[str, Scalar], as_of: dt.date) -> Scalar:
    """Return a value that the rule does not ask for; of a date, the first of the fact's others."""
    field = VOCABULARY[kind].fields[name]
    if field.members:
        return field.members[0]
    days = [value for value in others.values() if isinstance(value, dt.date)]
    plain: dict[str, Scalar] = {"bool": False, "date": min(days, default=as_of), "int": 1, "text": "00000"}
    return plain[field.type]
