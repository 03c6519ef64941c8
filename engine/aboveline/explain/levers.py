"""Small changes to a record that might alter an answer, read off the trace.

A pattern that nothing matches can be met by the nearest facts, with the fields
that fail put otherwise, or by a fact that is not recorded. A fact that matches
can be made to fail a condition, and an open field can be recorded either way.
Whether any of it alters the answer is not reasoned out here: ``nearest`` tries.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from aboveline.case import CaseRecord
from aboveline.case.codes import AssessmentStatus
from aboveline.facts import Scalar
from aboveline.rulebook.clauses import APPLIES, EXCEPT
from aboveline.rulebook.language import Condition, Modifier, Pattern
from aboveline.vocabulary import UNFINISHED, VOCABULARY

from . import contrast, words
from .additions import additions
from .branches import Branch
from .edits import recorded_value
from .holds import Bound, Reading
from .lever import Lever, Pull, pulled
from .traced import TracedPart, Verdict, Way
from .values import Ends, failing, meeting, read_elsewhere

__all__ = ["levers"]

MOST_EDITS = 3
"""Fields of one fact that are put otherwise at once."""

MOST_NEAR = 5
"""Facts tried for one pattern: those that match it, then the nearest."""


def levers(parts: Iterable[TracedPart], record: CaseRecord, reading: Reading) -> list[Lever]:
    """Return every lever of a trace, each once, the nearest first."""
    reader = _Reader(record, reading)
    found: dict[tuple[object, ...], Lever] = {}
    every = (lever for part in parts for lever in reader.of_part(part))
    for lever in sorted(every, key=lambda one: one.distance):
        found.setdefault(lever.says, lever)
    return list(found.values())


class _Reader:
    def __init__(self, record: CaseRecord, reading: Reading) -> None:
        self.record = record
        self.reading = reading

    def of_part(self, part: TracedPart) -> Iterator[Lever]:
        excusing = part.part in {APPLIES, EXCEPT}
        for traced in part.branches:
            for step in traced.steps:
                if not any(verdict.truth for verdict in step.verdicts):
                    met = self._met(step.pattern, step.verdicts, step.bound)
                    yield from (replace(lever, aside=not excusing) for lever in met)
            for way in traced.ways:
                for verdict in way.there:
                    yield from self._unmet(verdict, evidence=excusing, aside=True)
                    yield from self._either_way(verdict)
                    yield from self._read_elsewhere(verdict, traced.branch, way)
                for pattern, verdicts in zip(traced.branch.gone, way.gone, strict=True):
                    if not any(verdict.truth for verdict in verdicts):
                        yield from self._met(pattern, verdicts, way.bound)
                    for verdict in verdicts[:MOST_NEAR]:
                        yield from self._unmet(verdict, evidence=False, aside=False)
                        yield from self._either_way(verdict)

    def _met(self, pattern: Pattern, verdicts: tuple[Verdict, ...], bound: Bound) -> Iterator[Lever]:
        """Yield ways to have a pattern met: by each near fact, and by one that is not recorded."""
        for verdict in verdicts[:MOST_NEAR] if pattern.kind != "audit" else ():
            yield from self._brought(verdict)
        for added in additions(pattern, bound, self.reading):
            yield Lever(additions=(added,))

    def _brought(self, verdict: Verdict) -> Iterator[Lever]:
        """Bring a fact to meet its pattern, by the fields that fail or are open."""
        conditions = verdict.pattern.conditions
        told = zip(conditions, verdict.truths, strict=True)
        fields = list(dict.fromkeys(c.field for c, truth in told if truth is not True))
        if verdict.apart:
            fields.append("completed_on")
        pulls = [self._to_meet(verdict, field) for field in fields]
        if verdict.apart:
            complete = Ends(str(AssessmentStatus.COMPLETE), str(AssessmentStatus.COMPLETE))
            pulls.insert(0, self._pull(verdict, "status", complete, "been complete"))
        needed = [pull for pull in pulls if pull and pull.edit.was != pull.edit.value]
        if needed and None not in pulls and len(needed) <= MOST_EDITS:
            yield Lever(tuple(needed), rewrites=any(_says_what_it_is(pull) for pull in needed))

    def _to_meet(self, verdict: Verdict, field: str) -> Pull | None:
        """Put a field so that it meets its conditions. What is complete has a day of completion, whatever is asked."""
        kind, bound = verdict.pattern.kind, verdict.bound
        known = Condition(field, Modifier.KNOWN, operand=True, line=0)
        asked = tuple(c for c in verdict.pattern.conditions if c.field == field) or (known,)
        values = meeting(kind, asked, bound, self.reading, self._was(verdict, field))
        return self._pull(verdict, field, values, self._wanted(kind, asked, bound)) if values else None

    def _unmet(self, verdict: Verdict, *, evidence: bool, aside: bool) -> Iterator[Lever]:
        """Yield ways to have a fact that meets its pattern fail it, a field each."""
        if verdict.truth is not True or verdict.fact.kind == "audit":
            return  # no record holds the audit
        for condition in verdict.pattern.conditions:
            was = self._was(verdict, condition.field)
            pull = self._to_fail(verdict, condition, was)
            if pull and pull.edit.value != was:
                rewrites = was is not None and (evidence or isinstance(was, str))
                yield Lever((pull,), rewrites=rewrites, aside=aside)

    def _to_fail(self, verdict: Verdict, condition: Condition, was: Scalar | None) -> Pull | None:
        kind, bound = verdict.pattern.kind, verdict.bound
        values = failing(kind, condition, bound, self.reading, was)
        if values is None:
            return None
        said = contrast.opposite(condition, values.near, kind, bound, self.reading)
        return self._pull(verdict, condition.field, values, contrast.had(said, condition.field))

    def _either_way(self, verdict: Verdict) -> Iterator[Lever]:
        """Yield what an open field could hold: what its conditions want, and what they do not."""
        for field in verdict.open if verdict.truth is None else ():
            conditions = [c for c in verdict.pattern.conditions if c.field == field]
            pulls = [self._to_meet(verdict, field), *(self._to_fail(verdict, c, None) for c in conditions)]
            yield from (Lever((pull,)) for pull in pulls if pull)

    def _read_elsewhere(self, verdict: Verdict, branch: Branch, way: Way) -> Iterator[Lever]:
        """Yield days for an unrecorded date that other facts are held against."""
        fields = VOCABULARY[verdict.pattern.kind].fields
        for field in (*verdict.lacking, *verdict.loose):
            if fields[field].type == "date":
                for day in read_elsewhere(branch, way, verdict.pattern.alias, field, self.reading):
                    said = contrast.had(words.recorded(field, day), field)
                    yield Lever((self._pull(verdict, field, Ends(day, day), said),))

    def _pull(self, verdict: Verdict, field: str, values: Ends, said: str) -> Pull:
        kind = verdict.fact.kind.removeprefix(UNFINISHED)
        was = self._was(verdict, field)
        return pulled(kind, verdict.fact.id, field, was, values, said, settles=field in verdict.open)

    def _was(self, verdict: Verdict, field: str) -> Scalar | None:
        kind = verdict.fact.kind.removeprefix(UNFINISHED)
        return recorded_value(self.record, kind, verdict.fact.id, field)

    def _wanted(self, kind: str, conditions: tuple[Condition, ...], bound: Bound) -> str:
        """Say what a fact would have had to hold for the conditions on one field."""
        field = conditions[0].field
        asked = tuple(c for c in conditions if c.modifier is not Modifier.KNOWN)
        if not asked and VOCABULARY[kind].fields[field].type == "date":
            return contrast.had(words.dated(field, Modifier.AT_MOST, self.reading.as_of), field)
        return contrast.had(
            words.conditions(asked or conditions, kind, bound, self.reading, why=False), field
        )


def _says_what_it_is(pull: Pull) -> bool:
    """Tell whether a code says what a fact is: one recorded of all its kind, as the agency of a check."""
    edit = pull.edit
    known = VOCABULARY[edit.kind].fields.get(edit.field)
    return pull.cost > 1 and known is not None and known.recorded
