"""A fact that is not recorded and that would meet a pattern."""

import datetime as dt

from aboveline.case.codes import AssessmentStatus
from aboveline.facts import Scalar
from aboveline.rulebook.language import Modifier, Pattern
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY, record_kinds

from . import words
from .holds import Bound, Reading
from .lever import Added
from .model import Addition
from .values import meeting

__all__ = ["addition"]

_MODELS = {name: model for name, model, _ in record_kinds()}


def addition(pattern: Pattern, bound: Bound, reading: Reading) -> Added | None:
    """Return a fact that would meet a pattern; none where a case has just one of its kind, or no value will do."""
    if VOCABULARY[pattern.kind].single:
        return None
    near: dict[str, Scalar] = {}
    far: dict[str, Scalar] = {}
    for field in dict.fromkeys(c.field for c in pattern.conditions if c.modifier is not Modifier.UNKNOWN):
        asked = [c for c in pattern.conditions if c.field == field]
        values = meeting(pattern.kind, asked, bound, reading)
        if values is None or field == "id":
            return None
        near[field], far[field] = values
    kind = pattern.kind.removeprefix(UNFINISHED)
    dates = {field: value for field, value in near.items() if isinstance(value, dt.date)}
    exact = words.described(
        words.pattern(Pattern(pattern.kind, (), None, 0), bound, reading),
        [words.recorded(field, value) for field, value in near.items() if field not in dates],
        words.joined(words.recorded(field, value) for field, value in dates.items()),
    )
    found = Addition(
        kind=kind,
        fields=_filled(pattern.kind, near, reading.as_of),
        words=words.pattern(pattern, bound, reading),
    )
    return Added(
        found,
        found.model_copy(update={"fields": _filled(pattern.kind, far, reading.as_of)}),
        found.model_copy(update={"words": exact}),
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
