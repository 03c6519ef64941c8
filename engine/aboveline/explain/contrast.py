"""How a fact fails a condition, and what it would have had to be: in words."""

import datetime as dt

from aboveline.answers import in_words
from aboveline.facts import FlatFact, Scalar
from aboveline.rulebook.data import CodeList
from aboveline.rulebook.language import Condition, Modifier, Reference

from . import words
from .holds import Bound, Reading

__all__ = ["failed", "had", "opposite"]

_OPPOSITES = {
    Modifier.AT_LEAST: Modifier.BEFORE,
    Modifier.AT_MOST: Modifier.AFTER,
    Modifier.BEFORE: Modifier.AT_LEAST,
    Modifier.AFTER: Modifier.AT_MOST,
}


def failed(condition: Condition, fact: FlatFact, bound: Bound, reading: Reading) -> str:
    """Say how a fact fails a condition: ``agency is police, not childrens social care``."""
    field, modifier = in_words(condition.field), condition.modifier
    found = fact.values.get(condition.field)
    if found is None:
        return f"{words.field_name(condition.field)} is not recorded"
    said = words.recorded(condition.field, found)
    if modifier is Modifier.UNKNOWN:
        return f"{said}, and {words.field_name(condition.field)} must not be recorded"
    value = reading.wanted(condition, bound)
    if value is None and isinstance(condition.operand, Reference):
        return f"{said}, and {words.source(condition.operand, bound, reading)} is not recorded"
    if isinstance(found, dt.date):
        want = words.wanted(condition, fact.kind.removeprefix("unfinished_"), bound, reading)
        verb = in_words(condition.field.removesuffix("_on"))
        return f"{said}, not {want.removeprefix(f'{verb} ')}"
    said = f"{field} is {in_words(found)}"
    match value:
        case CodeList(name=name):
            return f"{said}, {'not' if modifier is Modifier.IN else 'which is'} in the list {in_words(name)}"
        case _ if modifier is Modifier.NOT:
            return f"{said}, and must be another"
        case tuple():
            return f"{said}, not {words.joined(map(in_words, value), 'or')}"
    return f"{said}, not {words.compared(modifier, in_words(value))}"


def opposite(condition: Condition, value: Scalar, kind: str, bound: Bound, reading: Reading) -> str:
    """Write what a field holds where a condition is false, given a value that makes it so."""
    other = _OPPOSITES.get(condition.modifier)
    asked = reading.wanted(condition, bound)
    if isinstance(value, dt.date):
        if condition.modifier is Modifier.UNKNOWN:
            return words.dated(condition.field, Modifier.AT_MOST, value)
        day = asked if other and isinstance(asked, dt.date) else value
        return words.dated(condition.field, other or Modifier.IS, day)
    if isinstance(value, bool) or condition.modifier in {Modifier.NOT, Modifier.UNKNOWN, *_OPPOSITES}:
        return words.recorded(condition.field, value)
    told = words.wanted(condition, kind, bound, reading).removeprefix(in_words(condition.field)).strip()
    other_than = "not" if isinstance(asked, CodeList) else "other than"
    return f"{in_words(condition.field)} {other_than} {told}, such as {in_words(value)}"


def had(said: str, field: str) -> str:
    """Say what a fact would have had to be: ``been made on ...``, ``ended on ...``, ``agency police``."""
    verb = words.did(field)
    being = (verb is not None and not verb[1]) or field.startswith("with_") or field == "of"
    return f"been {said}" if being else said
