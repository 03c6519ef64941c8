"""Random case records over the whole vocabulary.

Nothing is drawn to be thrown away: what comes out is a record. Dates are close
together, around days off, month ends and year ends; codes are few; so
boundaries are met and facts meet. A field that may be missing often is.
``random_rules`` has the rulebooks.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st

from aboveline.rulebook import Question, Rulebook
from aboveline.rulebook.language import (
    Condition,
    Item,
    ListName,
    Offset,
    Operand,
    ParameterName,
    Pattern,
    Reference,
    patterns_in,
)
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY, KnownField, record_kinds
from aboveline.workdays import add_working_days

__all__ = [
    "CODES",
    "DAY",
    "LINKED",
    "SINGLE",
    "TEXTS",
    "Json",
    "Spoken",
    "around",
    "cases_about",
    "numbers_of",
    "records",
]

Json = dict[str, Any]
DAY = dt.timedelta(days=1)

APART = [-31, -30, -14, -10, -8, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 28, 30, 31]
CODES = ["00100", "01901", "10500", "12345", "77777", "RMRH1"]
TEXTS = [
    "N01",
    "É\"l'",
    "a\\b",
    "6",
    "true",
    "null",
    "☃ \U0001d518",
    " x ",
    "tab\there",
    "{due}",
    "~",
    "no",
    "%s",
]
SINGLE = {name for name, _, single in record_kinds() if single}
LINKED = [("plan", "objective"), ("registration", "review")]
"""Kinds of which the second has a field, called like the first, that holds the id of one."""

_ACTS = {
    name: {n for n, one in model.model_fields.items() if one.default is False}
    for name, model, _ in record_kinds()
}
_AGO = [0, 1, 3, 7, 14, 21, 30, 60, 90, 180, 365, 400]


def around(anchor: dt.date) -> list[dt.date]:
    """Return the days around one on which everything happens."""
    return [anchor + n * DAY for n in APART]


def numbers_of(known: KnownField) -> list[int]:
    """Return a few numbers that a field may hold."""
    return [1, 2, 3] if known.name in {"level", "category"} else [11, 12, 13]


@dataclass
class Spoken:
    """What rules speak of: the fields they read, by kind, and the values they name, by kind and field."""

    reads: dict[str, set[str]] = field(default_factory=dict)
    said: dict[tuple[str, str], list[Any]] = field(default_factory=dict)


@st.composite
def records(
    draw: Any,
    spoken: Spoken,
    days: Sequence[dt.date],
    questions: Sequence[str],
    most: int = 4,
) -> Json:
    """Return a case record as JSON would have it.

    Args:
        draw: given by hypothesis.
        spoken: the fields that may be recorded, and values for them to choose from.
        days: the days that anything happens on.
        questions: the questions that assessors speak of.
        most: how many facts of a kind there are at most, mostly.
    """
    kinds = sorted({kind.removeprefix(UNFINISHED) for kind in spoken.reads} - {"audit"})
    record: Json = {"case": draw(st.sampled_from(["A-1", "X/2:b_3"]))}
    for kind in kinds:
        if kind in SINGLE:
            record[kind] = draw(_facts(kind, 0, spoken, days))
            continue
        many = draw(st.sampled_from([0, *range(1, most + 1), *range(1, most + 1), 2 * most]))
        if many:
            record[kind] = [draw(_facts(kind, n, spoken, days)) for n in range(many)]
    for to, kind in LINKED:
        ids = [fact.get("id", f"{to}-{n}") for n, fact in enumerate(record.get(to, ()), 1)]
        for fact in record.get(kind, ()):
            if ids and draw(st.integers(0, 3)):
                fact[to] = draw(st.sampled_from(ids))
    several = [kind for kind in kinds if kind not in SINGLE]
    if several and draw(st.integers(0, 7)) == 7:
        record["incomplete"] = sorted({draw(st.sampled_from(several)) for _ in range(2)})
    for kind in ("judgement", "override"):
        for _ in range(max(0, draw(st.integers(-3, 2)))):
            record.setdefault(kind, []).append(draw(_assessments(questions, days)))
    return record


@st.composite
def _facts(draw: Any, kind: str, number: int, spoken: Spoken, days: Sequence[dt.date]) -> Json:
    """Return one fact. What it must have it has, and of what is spoken of, three in four."""
    fact: Json = {}
    kinds = [kind, UNFINISHED + kind] if kind in DONE_OR_NOT else [kind]
    read = {name for one in kinds for name in spoken.reads.get(one, ())}
    for one in kinds:
        for name, known in VOCABULARY[one].fields.items():
            if (
                known.type == "id"
                or name in fact
                or (kind in DONE_OR_NOT and name in {"status", "completed_on"})
            ):
                continue
            must = known.recorded and kind not in SINGLE and name not in _ACTS[kind]
            if must or (name in read and draw(st.integers(0, 3))):
                fact[name] = draw(_values(one, known, spoken, days))
    if kind in DONE_OR_NOT:
        fact["status"] = draw(st.sampled_from(["complete", "complete", "open", "locked_incomplete"]))
        if fact["status"] == "complete" or draw(st.booleans()):
            fact["completed_on"] = draw(st.sampled_from(days))
    if kind not in SINGLE and draw(st.integers(0, 4)) == 0:
        fact["id"] = f"{draw(st.sampled_from(['N:', 'a_b-', f'{kind}-9']))}{number}"
    return fact


def _values(kind: str, known: KnownField, spoken: Spoken, days: Sequence[dt.date]) -> st.SearchStrategy[Any]:
    if known.type == "date":
        return st.sampled_from([*days, *spoken.said.get((kind, known.name), ())])
    if (kind, known.name) in spoken.said:
        return st.sampled_from(spoken.said[kind, known.name])
    match known.type:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from(known.members[:3])
        case "int":
            return st.sampled_from(numbers_of(known))
    return st.sampled_from(TEXTS if known.name in {"ldu", "team"} else CODES)


@st.composite
def _assessments(draw: Any, questions: Sequence[str], days: Sequence[dt.date]) -> Json:
    """Return what an assessor said of a question: a judgement or an override."""
    return {
        "question": draw(st.sampled_from(questions)),
        "answer": draw(st.sampled_from(["sufficient", "insufficient", "not_applicable"])),
        "made_on": draw(st.sampled_from(days)),
        "assessor": "QA-1",
        "reason": 'seen é "quoted" \u2014 ☃',
    }


# Cases for rules that are there already


def about(question: Question, rulebook: Rulebook) -> Spoken:
    """Return what a question speaks of, with values on both sides of each that it names."""
    spoken = Spoken()
    bodies: list[Item] = [question.applies, question.excepts]
    bodies += [one.body for one in question.deficiencies]
    bodies += [level.body for level in question.levels]
    for body in bodies:
        patterns = [pattern for pattern, _ in patterns_in(body)]
        kinds = {pattern.alias: pattern.kind for pattern in patterns if pattern.alias}
        for pattern in patterns:
            spoken.reads.setdefault(pattern.kind, set())
            for condition in pattern.conditions:
                _note(pattern, condition, kinds, spoken, rulebook)
    return spoken


def _note(
    pattern: Pattern, condition: Condition, kinds: Mapping[str, str], spoken: Spoken, rulebook: Rulebook
) -> None:
    spoken.reads[pattern.kind].add(condition.field)
    if isinstance(condition.operand, Reference):
        spoken.reads.setdefault(kinds[condition.operand.alias], set()).add(condition.operand.field)
        return
    known = VOCABULARY[pattern.kind].fields[condition.field]
    values = _named(condition.operand, rulebook)
    if known.type == "enum" and values:
        values.append(known.members[0])
    if known.name in {"level", "category"} and known.type == "int":
        values = [value for value in values if value in numbers_of(known)]
    if values and known.type != "bool":
        spoken.said.setdefault((pattern.kind, condition.field), []).extend(values)


def _named(operand: Operand, rulebook: Rulebook) -> list[Any]:
    """Return the values that a condition names, and those beside them."""
    match operand:
        case ListName(name):
            entries = rulebook.lists[name]
            some = (*entries.members[:3], *entries.members[-2:], *entries.others[:3], *entries.others[-2:])
            codes = [code[:-1].ljust(5, "0") if code.endswith("*") else code for code in some]
            return [*codes, "77777"]
        case ParameterName(name):
            return _named(rulebook.parameters[name].values[-1].value, rulebook)
        case tuple():
            return list(operand)
        case dt.date():
            return [operand - DAY, operand, operand + DAY]
        case int() if not isinstance(operand, bool):
            return [operand - 1, operand, operand + 1]
        case str():
            return [operand]
    return []


def days_of(
    question: Question, rulebook: Rulebook, as_of: dt.date, starts: Sequence[dt.date]
) -> list[dt.date]:
    """Return days on which work starts, and those on and beside which it is due by a question's own times."""
    found = [*starts, *starts, as_of, as_of - DAY]
    for offset in _offsets(question):
        for start in (*starts, as_of):
            for sign in (1, -1):
                end = _moved(start, sign, offset, rulebook, as_of)
                found += [end - DAY, end, end + DAY]
    return sorted(day for day in found if dt.date(1980, 1, 1) < day < dt.date(2090, 1, 1))


def _offsets(question: Question) -> Iterator[Offset]:
    for deficiency in question.deficiencies:
        operands = [
            condition.operand
            for pattern, _ in patterns_in(deficiency.body)
            for condition in pattern.conditions
        ]
        for reference in (*operands, deficiency.due):
            if isinstance(reference, Reference) and reference.offset:
                yield reference.offset


def _moved(start: dt.date, sign: int, offset: Offset, rulebook: Rulebook, as_of: dt.date) -> dt.date:
    amount = offset.amount
    if isinstance(amount, ParameterName):
        in_force = rulebook.parameters[amount.name].at(as_of)
        amount = in_force.value if in_force else 0
    if offset.unit == "working_days":
        return add_working_days(start, sign * amount)
    if offset.unit == "months":
        return start + relativedelta(months=sign * amount)
    return start + sign * amount * (7 if offset.unit == "weeks" else 1) * DAY


@st.composite
def cases_about(draw: Any, rulebook: Rulebook, as_of: dt.date) -> Json:
    """Return a case about one question of a rulebook, with dates about its deadlines."""
    question = draw(st.sampled_from(rulebook.active))
    starts = [as_of - draw(st.sampled_from(_AGO)) * DAY for _ in range(2)]
    days = days_of(question, rulebook, as_of, starts)
    made: Json = draw(records(about(question, rulebook), days, [question.id], most=2))
    return made
