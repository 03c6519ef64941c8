"""Small edits to a case record: one fact less, one field unset, one field changed, as the vocabulary allows.

An edit is drawn where rules look: at a question, at a pattern of it that the
case has a fact for, at a field that the pattern reads.
"""

import copy
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aboveline.rulebook import Question, Rulebook
from aboveline.rulebook.language import AllOf, Item, Reference, patterns_in
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY, KnownField
from random_cases import CODES, LINKED, SINGLE, Json, numbers_of

__all__ = ["Edit", "edited"]

APART = [-60, -31, -14, -7, -5, -3, -1, 1, 3, 5, 7, 14, 31, 60]


@dataclass(frozen=True)
class Edit:
    """An edited case, and in words what was done to which."""

    record: Json
    words: str


def edited(cases: list[Json], rulebook: Rulebook, r: random.Random) -> Edit:
    """Draw one edit of one of some cases."""
    while True:
        case = copy.deepcopy(r.choice(cases))
        read = [
            (kind, name)
            for kind, name in sorted(set(_read(r.choice(rulebook.active))))
            if case.get(kind) and name != "id"
        ]
        if not read:
            continue
        kind, name = r.choice(read)
        fact = case[kind] if kind in SINGLE else r.choice(case[kind])
        words = _edit(case, kind, fact, name, r)
        if words:
            return Edit(case, f"{case['case']}: {kind} {fact.get('id', '')}: {words}")


def _read(question: Question) -> Iterator[tuple[str, str]]:
    """Yield the fields that a question reads, by kind as the record has it; of a kind that has a status, that too."""
    bodies: list[Item] = [
        question.applies,
        question.excepts,
        *(one.body for one in question.deficiencies),
        *(one.body for one in question.levels),
    ]
    patterns = [pattern for pattern, _ in patterns_in(AllOf(tuple(bodies)))]
    kinds = {pattern.alias: pattern.kind for pattern in patterns if pattern.alias}
    for pattern in patterns:
        fields = [(pattern.kind, one.field) for one in pattern.conditions]
        fields += [
            (kinds[one.operand.alias], one.operand.field)
            for one in pattern.conditions
            if isinstance(one.operand, Reference)
        ]
        for kind, name in fields or [(pattern.kind, "")]:
            yield kind.removeprefix(UNFINISHED), name


def _edit(case: Json, kind: str, fact: Json, name: str, r: random.Random) -> str:
    """Edit a fact in place; tell what was done, or nothing where this could not be."""
    way = r.choice(["take away", "unset", "change", "change"])
    if (way == "take away" or not name) and kind not in SINGLE:
        case[kind].remove(fact)
        _unlink(case, kind, fact)
        return "taken away"
    if not name:
        return ""
    known = VOCABULARY[kind].fields[name]
    if way == "unset":
        if kind in DONE_OR_NOT and name == "completed_on":
            fact["status"] = r.choice(["open", "locked_incomplete"])
            return f"left {fact['status']}"
        return f"{name} unset" if not known.recorded and fact.pop(name, None) is not None else ""
    before = fact.get(name)
    fact[name] = _other(before, known, case, r)
    return f"{name} {before} -> {fact[name]}" if fact[name] not in {before, None} else ""


def _unlink(case: Json, kind: str, fact: Json) -> None:
    """Take out of other facts the link to one that is gone, which a record may not keep."""
    for to, of in LINKED:
        for other in case.get(of, ()) if to == kind else ():
            if other.get(to) == fact.get("id"):
                del other[to]


def _other(value: Any, known: KnownField, case: Json, r: random.Random) -> Any:
    """Return another value of a field than the one recorded, if there is another."""
    others: list[Any] = []
    match known.type:
        case "bool":
            return not value
        case "date":
            near = value or case["sentence"]["started_on"]
            return (dt.date.fromisoformat(near) + dt.timedelta(days=r.choice(APART))).isoformat()
        case "id":
            others = [one["id"] for to in known.links_to for one in case.get(to, ()) if one["id"] != value]
        case "enum":
            others = [member for member in known.members if member != value]
        case "int":
            others = [number for number in numbers_of(known) if number != value]
        case "text":
            others = [code for code in CODES if code != value]
    return r.choice(others or [value])
