"""One case with facts that are not stored yet: what they open and close, and what falls due next."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from aboveline.answers import Answer, DueSoon, Finding
from aboveline.case import CaseRecord, Rejected, read_record
from aboveline.problems import Problem
from aboveline.rulebook import DEFAULT_STANDARDS

from .answering import Answered, answer_record

__all__ = ["NOT_TO_ADD", "Live", "UnfitFactsError", "live", "with_facts"]

NOT_TO_ADD = frozenset({"case", "schema_version", "incomplete", "area", "judgement", "override"})
"""What is no fact to be tried out: which case it is, whose it is, and what assessors say, who say it elsewhere."""


class UnfitFactsError(Exception):
    """Facts cannot be added to a record. Holds everything that is wrong, with its place in the record."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("the facts cannot be added to the record")
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Live:
    """A case as it is stored and with the facts, both answered as at the same day."""

    stored: Answered
    now: Answered

    @property
    def opened(self) -> tuple[Finding, ...]:
        """What was found with the facts, and not without."""
        known = {_what(one) for one in _findings(self.stored)}
        return tuple(one for one in _findings(self.now) if _what(one) not in known)

    @property
    def closed(self) -> tuple[Finding, ...]:
        """What was found without the facts, and is not with them."""
        known = {_what(one) for one in _findings(self.now)}
        return tuple(one for one in _findings(self.stored) if _what(one) not in known)

    @property
    def changed(self) -> tuple[tuple[str, Answer, Answer], ...]:
        """The questions whose answer differs, with the answer before and after."""
        before = {one.question: one.answer for one in self.stored.answers}
        return tuple(
            (one.question, before[one.question], one.answer)
            for one in self.now.answers
            if before[one.question] is not one.answer
        )

    @property
    def due_next(self) -> tuple[DueSoon, ...]:
        """What falls due with the facts, the soonest first."""
        due = [due for one in self.now.answers for due in one.due_soon]
        return tuple(sorted(due, key=lambda one: (one.due, one.question, one.deficiency)))


def live(
    record: CaseRecord, more: Mapping[str, Any], as_of: dt.date, standards: str = DEFAULT_STANDARDS
) -> Live:
    """Answer a case as it is stored and with more facts. Nothing is stored.

    Raises:
        UnfitFactsError: the record cannot hold the facts.
        BackendError: the rules could not be run on the case.
    """
    with_them = with_facts(record, more)
    stored = answer_record(record, as_of, standards)
    return Live(stored, stored if with_them == record else answer_record(with_them, as_of, standards))


def with_facts(record: CaseRecord, more: Mapping[str, Any]) -> CaseRecord:
    """Return a record with facts added to its lists, and the fields of its single parts set.

    Raises:
        UnfitFactsError: the record cannot hold them.
    """
    if wrong := [Problem("request", None, kind, _NOT_HERE) for kind in more if kind in NOT_TO_ADD]:
        raise UnfitFactsError(wrong)
    raw: dict[str, Any] = json.loads(record.model_dump_json(exclude_defaults=True))
    for kind, facts in more.items():
        if isinstance(facts, list):
            before = raw.setdefault(kind, [])
            raw[kind] = [*before, *facts] if isinstance(before, list) else facts
        elif isinstance(facts, dict) and isinstance(raw.get(kind, {}), dict):
            raw[kind] = {**raw.get(kind, {}), **facts}
        else:
            raw[kind] = facts
    read = read_record(json.dumps(raw).encode(), "request")
    if isinstance(read, Rejected):
        raise UnfitFactsError([replace(one, path=_place(one.path)) for one in read.problems])
    return read


_NOT_HERE = "this is no fact that can be added here"


def _place(path: str) -> str:
    """Return a place in a record with `?` for each name that records do not have: it was made up by whoever sent it."""
    parts = [part.partition("[") for part in path.split(".")] if path else []
    return ".".join(
        f"{name if name in _names_of_fields() else '?'}{more}{index}" for name, more, index in parts
    )


@lru_cache(maxsize=1)
def _names_of_fields() -> frozenset[str]:
    schema = CaseRecord.model_json_schema()
    return frozenset(
        name for one in (schema, *schema["$defs"].values()) for name in one.get("properties", ())
    )


def _findings(answered: Answered) -> Iterator[Finding]:
    return (finding for one in answered.answers for finding in one.findings)


def _what(one: Finding) -> tuple[object, ...]:
    """Return what makes a finding that one: with other evidence it is another."""
    return one.question, one.deficiency, one.due, tuple((it.kind, it.id) for it in one.evidence)
