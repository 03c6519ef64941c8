"""Two rulebooks side by side: which parts of a question's rule differ."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from aboveline.rulebook import Deficiency, Question, Rulebook, lower
from aboveline.rulebook.clauses import Members
from aboveline.rulebook.data import CodeList

__all__ = ["changed_parts"]


def changed_parts(before: Rulebook, after: Rulebook, as_of: dt.date) -> Mapping[str, tuple[str, ...]]:
    """Return what differs in each question that both rulebooks ask; a question that is the same is left out.

    Conditions are compared as they run: with the numbers in force on the day
    and the members of lists, and without regard to where in a file they stand.
    """
    was, now = _clauses(before, as_of), _clauses(after, as_of)
    asked_before = {question.id: question for question in before.active}
    found = {
        question.id: tuple(
            _parts(asked_before[question.id], question, same=was[question.id] == now[question.id])
        )
        for question in after.active
        if question.id in asked_before
    }
    return {identifier: parts for identifier, parts in found.items() if parts}


def _clauses(rulebook: Rulebook, as_of: dt.date) -> Mapping[str, frozenset[Any]]:
    by_question: dict[str, set[Any]] = defaultdict(set)
    for clause in lower(rulebook, as_of):
        by_question[clause.question].add(_as_run(clause))
    return defaultdict(frozenset, {name: frozenset(clauses) for name, clauses in by_question.items()})


def _as_run(value: Any) -> Any:
    """Return what a part of a clause does, without what it is called or where it stands."""
    match value:
        case CodeList():
            return frozenset(value.members), frozenset(value.others)
        case Members():
            return _as_run(value.codes)
        case tuple():
            return tuple(_as_run(one) for one in value)
    if is_dataclass(value):
        parts = (getattr(value, field.name) for field in fields(value) if field.name != "alias")
        return (type(value).__name__, *(_as_run(part) for part in parts))
    return value


def _parts(was: Question, now: Question, *, same: bool) -> Iterator[str]:
    if not same:
        yield "conditions"
    for name, differs in (
        ("judged", was.judged != now.judged),
        ("scored", was.scored != now.scored),
        ("criteria", was.criteria != now.criteria),
        ("outcome", was.outcome != now.outcome),
        ("severity", _of_deficiencies(was, "severity") != _of_deficiencies(now, "severity")),
        (
            "recommendation",
            _of_deficiencies(was, "recommendation") != _of_deficiencies(now, "recommendation"),
        ),
        ("words", _words(was) != _words(now)),
        ("sources", was.sources != now.sources),
        ("known gaps", was.known_gaps != now.known_gaps),
    ):
        if differs:
            yield name


def _of_deficiencies(question: Question, name: str) -> dict[str, object]:
    return {deficiency.id: getattr(deficiency, name) for deficiency in question.deficiencies}


def _words(question: Question) -> tuple[str, dict[str, tuple[str, str]]]:
    def said(deficiency: Deficiency) -> tuple[str, str]:
        return deficiency.finding, deficiency.put_right

    return question.title, {deficiency.id: said(deficiency) for deficiency in question.deficiencies}
