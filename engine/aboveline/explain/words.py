"""Patterns, conditions and facts in words that a person can read aloud."""

import datetime as dt
from collections.abc import Iterable

from aboveline.answers import in_words
from aboveline.facts import FlatFact, Scalar
from aboveline.rulebook.data import CodeList
from aboveline.rulebook.language import Condition, Modifier, Pattern, Reference
from aboveline.vocabulary import VOCABULARY

from .holds import Bound, Reading

__all__ = [
    "compared",
    "conditions",
    "dated",
    "described",
    "did",
    "fact_name",
    "field_name",
    "joined",
    "kind_name",
    "pattern",
    "recorded",
    "source",
    "wanted",
]

_KINDS = {
    "mappa": "MAPPA record",
    "oversight": "management oversight entry",
    "progress": "progress entry",
    "rosh": "risk of serious harm classification",
    "signposting": "signposting entry",
    "visor": "ViSOR record",
    "warning": "formal warning",
}
"""Kinds whose names in the record do not make a noun that can be counted."""

_DATED = {
    Modifier.IS: "on {}",
    Modifier.AT_LEAST: "on or after {}",
    Modifier.AT_MOST: "on or before {}",
    Modifier.BEFORE: "before {}",
    Modifier.AFTER: "after {}",
}
_DATED_FOR = {
    Modifier.IS: "for {}",
    Modifier.AT_LEAST: "for {} or later",
    Modifier.AT_MOST: "for {} or earlier",
    Modifier.BEFORE: "for a day before {}",
    Modifier.AFTER: "for a day after {}",
}
_AS_AT = {
    Modifier.IS: "as at {}",
    Modifier.AT_LEAST: "as at {} or later",
    Modifier.AT_MOST: "as at {} or earlier",
    Modifier.BEFORE: "as at a day earlier than {}",
    Modifier.AFTER: "as at a day later than {}",
}
_ACTIVE = {"arrived", "ended", "occurred", "replied", "started"}
"""What a fact does itself: it has ended, where a check has been made."""

_TESTS = {Modifier.KNOWN, Modifier.UNKNOWN}


def kind_name(kind: str) -> str:
    """Return the noun for a kind of fact."""
    return _KINDS.get(kind, in_words(kind))


def fact_name(kind: str, identifier: str | None) -> str:
    """Return a fact's kind and id, as ``check csc-1``; what there is one of is ``the sentence``."""
    if identifier is None:
        return f"any {kind_name(kind)}"
    return f"the {in_words(kind)}" if VOCABULARY[kind].single else f"{in_words(kind)} {identifier}"


def field_name(field: str) -> str:
    """Return a field as a name apart from the words around it: ``'made on'``."""
    return f"'{in_words(field)}'"


def recorded(field: str, value: Scalar) -> str:
    """Write a recorded value with its field: ``made on 8 March 2013``, ``agency police``, ``clear: yes``."""
    if isinstance(value, bool):
        return f"{in_words(field)}: {in_words(value)}"
    return (
        dated(field, Modifier.IS, value)
        if isinstance(value, dt.date)
        else f"{in_words(field)} {in_words(value)}"
    )


def dated(field: str, modifier: Modifier, day: dt.date | str) -> str:
    """Write a condition on a date: ``made on or before 8 March 2013``, ``planned for 8 March 2013 or earlier``."""
    verb, _, preposition = field.rpartition("_")
    if field == "as_of":
        return _AS_AT[modifier].format(in_words(day))
    if preposition == "for":
        return f"{in_words(verb)} {_DATED_FOR[modifier].format(in_words(day))}"
    return f"{in_words(verb if preposition == 'on' else field)} {_DATED[modifier].format(in_words(day))}"


def did(field: str) -> tuple[str, bool] | None:
    """Return the verb that a date is the day of, and whether the fact does it itself; none where it is no verb."""
    verb, _, preposition = field.rpartition("_")
    if preposition not in {"for", "on"} or ("_" in verb and verb != "followed_up"):
        return None
    if verb in _ACTIVE:
        return verb, True
    return (in_words(verb), False) if verb.endswith("ed") or verb in {"followed_up", "held", "made"} else None


def pattern(what: Pattern, bound: Bound, reading: Reading, *, none: bool = False) -> str:
    """Write a pattern, its dates worked out as far as the facts bound allow: ``a check ...``, or ``no check ...``."""
    noun = kind_name(what.kind)
    single = VOCABULARY[what.kind].single
    article = "no" if none else "the" if single else "an" if noun[0] in "aeiou" else "a"
    dates = [c for c in what.conditions if _is_date(what.kind, c)]
    others = [c for c in what.conditions if c not in dates and not _said_by(c, what.conditions)]
    return described(
        f"{article} {noun}",
        [wanted(c, what.kind, bound, reading) for c in others],
        conditions(dates, what.kind, bound, reading),
    )


def described(noun: str, others: list[str], dates: str) -> str:
    """Put a noun and what is said of it together: ``a check with agency police, made on ...``."""
    # Fields called of and with_... bring a preposition of their own: "a review of sentence plan".
    own = bool(others) and others[0].startswith(("of ", "with "))
    with_others = f" {'' if own else 'with '}{', '.join(others)}" if others else ""
    return noun + with_others + (f"{',' if others else ''} {dates}" if dates else "")


def conditions(
    asked: Iterable[Condition], kind: str, bound: Bound, reading: Reading, *, why: bool = True
) -> str:
    """Write conditions one after another; those on the same date name it once."""
    told: list[str] = []
    before = None
    for condition in asked:
        said = wanted(condition, kind, bound, reading, why=why)
        verb = in_words(condition.field.rpartition("_")[0])
        told.append(said.removeprefix(f"{verb} ") if condition.field == before else said)
        before = condition.field if _is_date(kind, condition) else None
    return joined(told)


def wanted(condition: Condition, kind: str, bound: Bound, reading: Reading, *, why: bool = True) -> str:
    """Write what a condition asks: ``agency police``, ``made on or before 8 March 2013 (...)``."""
    field, modifier = in_words(condition.field), condition.modifier
    if modifier in _TESTS:
        return f"{field_name(condition.field)} {'recorded' if modifier is Modifier.KNOWN else 'not recorded'}"
    value = reading.wanted(condition, bound)
    operand = condition.operand
    if VOCABULARY[kind].fields[condition.field].type == "date":
        if isinstance(operand, Reference):
            from_where = source(operand, bound, reading)
            said = dated(condition.field, modifier, value if isinstance(value, dt.date) else from_where)
            return f"{said} ({from_where})" if why and isinstance(value, dt.date) else said
        return dated(condition.field, modifier, value if isinstance(value, dt.date) else str(value))
    if value is None and isinstance(operand, Reference):
        return f"{field} {compared(modifier, source(operand, bound, reading))}"
    match value:
        case bool():
            return f"{field}: {in_words(value)}"
        case CodeList(name=name):
            return f"{field} {'in' if modifier is Modifier.IN else 'not in'} the list {in_words(name)}"
        case tuple() if modifier is Modifier.IN:
            return f"{field} {joined(map(in_words, value), 'or')}"
        case tuple():
            return f"{field} neither {joined(map(in_words, value), 'nor')}"
    return f"{field} {compared(modifier, in_words(value))}"


def compared(modifier: Modifier, value: str) -> str:
    """Write what a number or code is held to: ``3 or more``, ``not police``."""
    match modifier:
        case Modifier.AT_LEAST:
            return f"{value} or more"
        case Modifier.AT_MOST:
            return f"{value} or less"
        case Modifier.NOT:
            return f"not {value}"
    return value


def source(reference: Reference, bound: Bound, reading: Reading) -> str:
    """Say which day a reference is: ``5 working days after the sentence started on 1 March 2013``."""
    fact = bound.get(reference.alias)
    noun = kind_name(fact.kind) if fact else in_words(reference.alias)
    if reference.offset is None:
        return f"the {noun}" if reference.field == "id" else _day_of(noun, reference.field)
    amount = reading.amount(reference)
    unit = in_words(reference.offset.unit)
    length = f"{amount} {unit if amount != 1 else unit.removesuffix('s')}"
    side = "after" if reference.offset.sign > 0 else "before"
    return f"{length} {side} {_start(noun, reference.field, fact)}"


def joined(words: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does: ``a, b and c``."""
    *first, end = [*words] or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def _day_of(noun: str, field: str) -> str:
    """Name the day that a field holds: ``the day the check was made``."""
    verb = did(field)
    if field == "as_of":
        return "the day of the audit"
    if verb is None or not field.endswith("_on"):
        return f"the {noun}'s {field_name(field)}"
    if field.startswith(noun):
        return f"the day of the {noun}"
    return f"the day the {noun} {'' if verb[1] else 'was '}{verb[0]}"


def _start(noun: str, field: str, fact: FlatFact | None) -> str:
    start = fact.values.get(field) if fact else None
    if fact is None:
        return _day_of(noun, field)
    if start is None:
        return f"the {noun}'s {field_name(field)}"
    if field == "as_of":
        return f"the audit on {in_words(start)}"
    # "the plan completed on 3 May 2013", but of a sentence that was sentenced, "the sentence on 3 May 2013"
    return (
        f"the {noun} on {in_words(start)}"
        if field.startswith(noun)
        else f"the {noun} {recorded(field, start)}"
    )


def _said_by(condition: Condition, all_of_them: Iterable[Condition]) -> bool:
    """Tell whether another condition says all the more that a field is recorded."""
    return condition.modifier is Modifier.KNOWN and any(
        c.field == condition.field and c.modifier not in _TESTS for c in all_of_them
    )


def _is_date(kind: str, condition: Condition) -> bool:
    return VOCABULARY[kind].fields[condition.field].type == "date" and condition.modifier not in _TESTS
