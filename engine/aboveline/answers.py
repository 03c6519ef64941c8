"""Answer every question for a case, from what matched and what assessors said.

Per question, the first that holds:

1. ``not_applicable``: somebody or something excuses the case.
2. ``insufficient``: it applies, and a deficiency on recorded evidence is past its due date.
3. ``not_assessed``: a field that is not recorded could change the answer. Every such field is named.
4. ``not_applicable``: the question is not about this case.
5. where the question is judged, the assessor's answer; ``not_assessed`` while nobody has judged.
6. ``sufficient``.

A question may have levels. A case with an answer above or below the line is at
the first level that holds; where an unrecorded field could put it at an earlier
one, or an assessor has put another answer in place of the computed one, its
level is not told.

An override by an assessor stands in place of all this; the computed answer is
kept beside it. A deficiency not yet past its due date is due soon, and counts
for nothing.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from aboveline.backends import Match
from aboveline.case.base import Record
from aboveline.facts import CaseFacts, FlatFact, Scalar
from aboveline.rulebook import Deficiency, Question, Rulebook, Severity
from aboveline.rulebook.clauses import APPLIES, EXCEPT, level_part

__all__ = [
    "ANSWERED",
    "SLOT",
    "Answer",
    "Answering",
    "DueSoon",
    "Evidence",
    "EvidenceGap",
    "Finding",
    "QuestionAnswer",
    "answer_case",
    "in_words",
]

_Gap = tuple[str, str | None, str | None, Literal["not recorded", "code not mapped", "not in this source"]]
"""An ``EvidenceGap`` while it is being looked for: many are found that do not come to be told."""

SLOT = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
"""A place that a finding's text leaves open: the due date, a field of a fact, a parameter."""


class Answer(StrEnum):
    """The four answers to a question for a case."""

    SUFFICIENT = "sufficient"
    INSUFFICIENT = "insufficient"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


ANSWERED = frozenset({Answer.SUFFICIENT, Answer.INSUFFICIENT})
"""The answers that say where the work stands to the line."""


class Evidence(Record):
    """A fact that a finding rests on, with what is recorded of it."""

    kind: str
    id: str
    fields: dict[str, Scalar]


class EvidenceGap(Record):
    """What would decide a question if it were recorded: a field of a fact, or a kind of fact that the source cannot hold."""

    kind: str
    id: str | None
    field: str | None
    reason: Literal["not recorded", "code not mapped", "not in this source"]


class Finding(Record):
    """A deficiency found in a case: what is missing, since when, what to do, and on what evidence."""

    case: str
    question: str
    deficiency: str
    severity: Severity
    finding: str
    put_right: str
    due: dt.date | None
    recommendation: str | None
    evidence: tuple[Evidence, ...]


class DueSoon(Record):
    """What will be a deficiency if it is not done by the end of a day."""

    case: str
    question: str
    deficiency: str
    due: dt.date


class QuestionAnswer(Record):
    """The answer to one question for one case, and how it was reached.

    ``computed`` is the answer before any override; ``said_on`` is the day from
    which an assessor's holds. Findings are those of an
    insufficient answer; an override keeps the ids of what was found. ``level``
    is one of the question's, if it has any; where what is not recorded would
    decide, it is none and ``level_gaps`` names it.
    """

    case: str
    question: str
    answer: Answer
    computed: Answer
    by: Literal["rule", "judgement", "override"]
    reason: str | None = None
    assessor: str | None = None
    said_on: dt.date | None = None
    gaps: tuple[EvidenceGap, ...] = ()
    findings: tuple[Finding, ...] = ()
    due_soon: tuple[DueSoon, ...] = ()
    level: str | None = None
    level_gaps: tuple[EvidenceGap, ...] = ()


def answer_case(
    facts: CaseFacts, matches: Collection[Match], rulebook: Rulebook
) -> tuple[QuestionAnswer, ...]:
    """Return the answer to every active question, in the order of their ids."""
    by_question: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        by_question[match.clause.question].append(match)
    answering = Answering(facts, rulebook)
    return tuple(answering.answer(question, by_question.get(question.id, ())) for question in rulebook.active)


class Answering:
    """Answers questions for one case, and keeps what they share: what is in doubt, and facts told as evidence."""

    def __init__(self, facts: CaseFacts, rulebook: Rulebook) -> None:
        self._facts = facts
        self._rulebook = rulebook
        self._doubts = _Doubts(facts, rulebook)
        self._told: dict[tuple[str, str], Evidence] = {}

    def answer(self, question: Question, matches: Collection[Match]) -> QuestionAnswer:
        """Return the answer to a question, of whose clauses these are all the matches."""
        return _QuestionOfCase(
            question, self._facts, matches, self._rulebook, self._doubts, self._told
        ).answer()


class _Doubts:
    """What a case's record cannot hold, and what that leaves in doubt."""

    def __init__(self, facts: CaseFacts, rulebook: Rulebook) -> None:
        self.incomplete = facts.incomplete
        self._rulebook = rulebook
        self._present = {fact.kind for fact in facts.facts} | facts.incomplete if facts.incomplete else set()

    def of(self, question: Question, part: str) -> set[_Gap]:
        """Return what a part looks for and the record cannot hold, where it has all else that is looked for beside it."""
        if not self.incomplete:
            return set()
        wanted = self._rulebook.kinds_together[question.id, part]
        return {
            _not_in_source(kind)
            for kinds in wanted
            if kinds <= self._present
            for kind in kinds & self.incomplete
        }


class _QuestionOfCase:
    """One question, one case, and every match between them."""

    def __init__(
        self,
        question: Question,
        facts: CaseFacts,
        matches: Collection[Match],
        rulebook: Rulebook,
        doubts: _Doubts,
        told: dict[tuple[str, str], Evidence],
    ) -> None:
        self.question = question
        self.facts = facts
        self.rulebook = rulebook
        self.doubts = doubts
        self.told = told
        self.certain: dict[str, list[Match]] = defaultdict(list)
        self.possible: dict[str, list[Match]] = defaultdict(list)
        for match in matches:
            certain = not match.clause.gaps and not _absent_in_doubt(match, facts.incomplete)
            (self.certain if certain else self.possible)[match.clause.part].append(match)

    def answer(self) -> QuestionAnswer:
        late, soon = self._deficiencies()
        computed, by, gaps = self._computed(late)
        override = self.facts.overrides.get(self.question.id)
        judgement = self.facts.judgements.get(self.question.id) if by == "judgement" else None
        answer = Answer(str(override.answer)) if override else computed
        said = override or judgement
        applies = APPLIES in self.certain and EXCEPT not in self.certain
        level, level_gaps = self._level() if answer is computed and answer in ANSWERED else (None, ())
        return QuestionAnswer(
            case=self.facts.case,
            question=self.question.id,
            answer=answer,
            computed=computed,
            by="override" if override else by,
            reason=said.reason if said else None,
            assessor=said.assessor if said else None,
            said_on=said.made_on if said else None,
            gaps=gaps,
            findings=late if computed is Answer.INSUFFICIENT else (),
            due_soon=soon if applies else (),
            level=level,
            level_gaps=level_gaps,
        )

    def _level(self) -> tuple[str | None, tuple[EvidenceGap, ...]]:
        """Return the first level that holds; none, and what would decide, where an earlier one may hold."""
        gaps: set[_Gap] = set()
        for level in self.question.levels:
            part = level_part(level.id)
            if part in self.certain:
                return (None, _in_order(gaps)) if gaps else (level.id, ())
            gaps |= self._open(part)
        return None, _in_order(gaps)

    def _computed(
        self, late: tuple[Finding, ...]
    ) -> tuple[Answer, Literal["rule", "judgement"], tuple[EvidenceGap, ...]]:
        if EXCEPT in self.certain:
            return Answer.NOT_APPLICABLE, "rule", ()
        applies = APPLIES in self.certain
        may_apply = applies or self._open(APPLIES)
        gaps = self._open(EXCEPT) if may_apply else set()
        if applies and late and not gaps:
            return Answer.INSUFFICIENT, "rule", ()
        if not applies:
            gaps |= self._open(APPLIES)
        elif not late:
            gaps |= {gap for deficiency in self.question.deficiencies for gap in self._open(deficiency.id)}
        if gaps:
            return (
                Answer.NOT_ASSESSED,
                "rule",
                _in_order(gaps),
            )
        if not applies:
            return Answer.NOT_APPLICABLE, "rule", ()
        if self.question.judged:
            judgement = self.facts.judgements.get(self.question.id)
            return (
                (Answer(str(judgement.answer)), "judgement", ())
                if judgement
                else (Answer.NOT_ASSESSED, "rule", ())
            )
        return Answer.SUFFICIENT, "rule", ()

    def _open(self, part: str) -> set[_Gap]:
        """Return what is not recorded and could make a part of the question hold (by now, if it has a due date)."""
        gaps = self.doubts.of(self.question, part)
        for match in self.possible.get(part, ()):
            if self._late(match):
                gaps.update(_gaps(match, self.facts.incomplete))
        return gaps

    def _late(self, match: Match) -> bool:
        due = _due(match)
        return due is None or due < self.facts.as_of

    def _deficiencies(self) -> tuple[tuple[Finding, ...], tuple[DueSoon, ...]]:
        """Return what is past its due date, and what will be; matches that would read alike are one finding."""
        soon: set[tuple[dt.date, str]] = set()
        findings: list[Finding] = []
        for deficiency in self.question.deficiencies:
            if deficiency.id not in self.certain:
                continue
            late: dict[tuple[str, str, dt.date | None], dict[tuple[str, str], FlatFact]] = defaultdict(dict)
            for match in self.certain[deficiency.id]:
                due = _due(match)
                if due is not None and due >= self.facts.as_of:
                    soon.add((due, deficiency.id))
                    continue
                said = (
                    self._text(deficiency.finding, match, due),
                    self._text(deficiency.put_right, match, due),
                )
                late[*said, due].update(((fact.kind, fact.id), fact) for fact in match.facts)
            findings += [self._finding(deficiency, *what, evidence) for what, evidence in late.items()]
        findings.sort(key=lambda one: (one.deficiency, one.due or dt.date.min, one.finding, one.put_right))
        return tuple(findings), tuple(
            DueSoon(case=self.facts.case, question=self.question.id, deficiency=identifier, due=due)
            for due, identifier in sorted(soon)
        )

    def _finding(
        self,
        deficiency: Deficiency,
        finding: str,
        put_right: str,
        due: dt.date | None,
        evidence: Mapping[tuple[str, str], FlatFact],
    ) -> Finding:
        return Finding(
            case=self.facts.case,
            question=self.question.id,
            deficiency=deficiency.id,
            severity=deficiency.severity,
            finding=finding,
            put_right=put_right,
            due=due,
            recommendation=deficiency.recommendation,
            evidence=tuple(self._evidence(evidence[name]) for name in sorted(evidence) if name[0] != "audit"),
        )

    def _evidence(self, fact: FlatFact) -> Evidence:
        """Tell a fact. Many findings of a case rest on the same few, and each is told once."""
        name = fact.kind, fact.id
        if name not in self.told:
            fields = {n: v for n, v in sorted(fact.values.items()) if n != "id"}
            self.told[name] = Evidence(kind=fact.kind, id=fact.id, fields=fields)
        return self.told[name]

    def _text(self, text: str, match: Match, due: dt.date | None) -> str:
        """Fill in ``{due}``, ``{alias.field}`` and ``{parameter}``."""
        if "{" not in text:
            return text
        return SLOT.sub(lambda place: self._said(place[1], match, due), text)

    def _said(self, place: str, match: Match, due: dt.date | None) -> str:
        alias, dot, field = place.partition(".")
        if dot:
            aliases = [part.alias for part in match.clause.parts]
            return in_words(match.facts[aliases.index(alias)].values.get(field))
        if place == "due":
            return in_words(due)
        parameter = self.rulebook.parameters[place]
        in_force = parameter.at(self.facts.as_of)
        return parameter.said(in_force.value) if in_force else "not set"


def in_words(value: Scalar | None) -> str:
    """Write a value as a person would: ``8 March 2013``, ``risk management plan``, ``yes``."""
    match value:
        case None:
            return "not recorded"
        case bool():
            return "yes" if value else "no"
        case dt.date():
            return _day_in_words(value)
        case str():
            return value.replace("_", " ")
    return str(value)


@lru_cache(maxsize=65_536)
def _day_in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _in_order(gaps: Collection[_Gap]) -> tuple[EvidenceGap, ...]:
    return tuple(
        EvidenceGap(kind=kind, id=identifier, field=field, reason=reason)
        for kind, identifier, field, reason in sorted(
            gaps, key=lambda gap: (gap[0], gap[1] or "", gap[2] or "")
        )
    )


def _due(match: Match) -> dt.date | None:
    """Return the last day on which the work is in time; none where the deficiency holds at once."""
    across = match.clause.due
    if across is None:
        return None
    start = match.facts[across.position].values[across.field]
    if not isinstance(start, dt.date):  # pragma: no cover - the checker lets a due start from a date alone
        raise TypeError(start)
    return across.shift(start)


def _gaps(match: Match, incomplete: frozenset[str]) -> Iterator[_Gap]:
    """Yield the fields that a match leaves open, and the kinds of fact that may be there after all."""
    for gap in match.clause.gaps:
        fact = match.facts[gap.position]
        yield (
            fact.kind,
            fact.id,
            gap.field,
            "code not mapped" if gap.field in fact.values else "not recorded",
        )
    if incomplete:
        for part in match.clause.absent:
            if part.kind in incomplete:
                yield _not_in_source(part.kind)


def _not_in_source(kind: str) -> _Gap:
    return (kind, None, None, "not in this source")


def _absent_in_doubt(match: Match, incomplete: frozenset[str]) -> bool:
    """Tell whether a fact that a clause finds absent may exist where the record cannot hold it."""
    return bool(incomplete) and any(part.kind in incomplete for part in match.clause.absent)
