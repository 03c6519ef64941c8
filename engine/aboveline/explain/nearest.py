"""The nearest changes to a record that alter an answer, each proven by running the audit on it.

One change is tried first. Where none gives what is looked for, a second is
looked for in the record that the first left. What could not be proven is not
reported, and what holds at the boundary alone is not said of more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from aboveline.answers import Answer, QuestionAnswer, in_words
from aboveline.audit import Auditor
from aboveline.case import CaseRecord

from . import words
from .edits import changed
from .holds import Reading
from .lever import Lever
from .levers import levers
from .model import Addition, Change, Edit
from .trace import trace
from .traced import TracedPart

__all__ = ["nearest_changes"]

MOST_CHANGES, MOST_OF_AN_ANSWER = 6, 3
"""Changes reported, and how many of them lead to the same answer."""

MOST_WAYS = 12
"""Ways of a branch that changes are read off: a case with hundreds of facts has hundreds of ways."""

MOST_SINGLE = 200
"""Single changes tried, the nearest first."""

MOST_FIRST, MOST_TRIED = 16, 400
"""First changes after which a second is looked for, and pairs of changes tried."""

_ORDER = [Answer.SUFFICIENT, Answer.NOT_ASSESSED, Answer.INSUFFICIENT, Answer.NOT_APPLICABLE]

Found = tuple[Lever, QuestionAnswer]


def nearest_changes(
    record: CaseRecord,
    answer: QuestionAnswer,
    traced: tuple[TracedPart, ...],
    reading: Reading,
    auditor: Auditor,
) -> tuple[Change, ...]:
    """Return the nearest changes that alter the computed answer, the nearest first."""
    return _Search(record, answer, reading, auditor).changes(traced)


class _Search:
    def __init__(
        self, record: CaseRecord, answer: QuestionAnswer, reading: Reading, auditor: Auditor
    ) -> None:
        self.record = record
        self.answer = answer
        self.reading = reading
        self.auditor = auditor

    def changes(self, traced: tuple[TracedPart, ...]) -> tuple[Change, ...]:
        """Return what was proven: one change, or two where one does not give what is looked for."""
        singles = levers(_fewer(traced), self.record, self.reading)[:MOST_SINGLE]
        found = [(lever, given) for lever in singles if (given := self._proven(lever))]
        if not self._enough(found):
            proven = [lever for lever, _ in found]
            found += self._doubles([one for one in singles if one not in proven and not one.rewrites])
        return tuple(self._change(lever, given) for lever, given in _kept(found))

    def _enough(self, found: list[Found]) -> bool:
        """Tell whether single changes say enough: each way of a gap, or a way to an answer other than out of reach."""
        if self.answer.computed is Answer.SUFFICIENT:
            return True
        answers = {one[1].computed for one in found if _is_sound(one)}
        return len(answers) > 1 if self.answer.gaps else bool(answers - {Answer.NOT_APPLICABLE})

    def _doubles(self, singles: list[Lever]) -> Iterator[Found]:
        tried = 0
        for first in singles[:MOST_FIRST]:
            record = self._changed(first)
            if record is None:
                continue
            traced = trace(self.reading, self.auditor.facts(record))
            for second in levers(_fewer(traced), record, self.reading):
                if not self._goes_with(first, second):
                    continue
                tried += 1
                if tried > MOST_TRIED:
                    return
                both = first.with_other(second)
                given = self._proven(both)
                if given:
                    yield both, given

    def _goes_with(self, first: Lever, second: Lever) -> bool:
        """Tell whether a second change leaves alone what the first has changed or added."""
        known = {(kind, i) for kind, facts in self.record.facts_by_kind() for i, _ in facts}
        edited = {(kind, identifier) for kind, identifier, _ in second.touches}
        return not second.rewrites and edited <= known and not first.touches & second.touches

    def _proven(self, lever: Lever) -> QuestionAnswer | None:
        """Return the answer that the audit gives when a change is made; none where it is no other answer."""
        record = self._changed(lever)
        if record is None:
            return None
        given = self._answered(record)
        return None if _key(given) == _key(self.answer) else given

    def _change(self, lever: Lever, given: QuestionAnswer) -> Change:
        """Write a change. It says a range only where the far end of the range was proven too."""
        far = changed(
            self.record,
            [pull.far for pull in lever.pulls],
            [added.far for added in lever.additions],
        )
        ranges = far is not None and _key(self._answered(far)) == _key(given)
        edits = tuple(pull.edit if ranges else pull.exact for pull in lever.pulls)
        additions = tuple(added.addition if ranges else added.exact for added in lever.additions)
        return Change(
            edits=edits,
            additions=additions,
            answer=given.computed,
            gaps=given.gaps,
            text=f"{_outcome(given)} if {words.joined([*_edits(edits), *_additions(additions)])}.",
        )

    def _changed(self, lever: Lever) -> CaseRecord | None:
        return changed(
            self.record,
            [pull.edit for pull in lever.pulls],
            [added.addition for added in lever.additions],
        )

    def _answered(self, record: CaseRecord) -> QuestionAnswer:
        (answer,) = self.auditor.answer(self.auditor.facts(record))
        return answer


def _fewer(traced: Iterable[TracedPart]) -> Iterator[TracedPart]:
    """Keep some ways of each branch: those that hold or may hold before those that do not."""
    for part in traced:
        branches = [
            replace(one, ways=tuple(sorted(one.ways, key=lambda way: way.truth is False)[:MOST_WAYS]))
            for one in part.branches
        ]
        yield replace(part, branches=tuple(branches))


def _is_sound(one: Found) -> bool:
    """Tell whether a change rewrites no evidence and ends in no gap."""
    lever, given = one
    return not lever.rewrites and not given.gaps


def _key(answer: QuestionAnswer) -> tuple[Answer, bool]:
    """Tell answers apart. One left to an assessor is another than one that a gap keeps from being given."""
    return answer.computed, bool(answer.gaps)


def _kept(found: list[Found]) -> list[Found]:
    """Return the nearest. What rewrites evidence or ends in a gap is kept only where nothing else was found."""
    wanted = [one for one in found if _is_sound(one)] or [one for one in found if not one[1].gaps] or found
    kept: list[Found] = []
    for lever, given in sorted(wanted, key=_order):
        same = [nearer for nearer, other in kept if _key(other) == _key(given)]
        if len(same) < MOST_OF_AN_ANSWER and not any(_says_as_much(nearer, lever) for nearer in same):
            kept.append((lever, given))
    return kept[:MOST_CHANGES]


def _order(one: Found) -> tuple[object, ...]:
    """Put the nearest first; a change that takes a case out of the question's reach comes after the others."""
    lever, given = one
    return given.computed is Answer.NOT_APPLICABLE, *lever.distance, _ORDER.index(given.computed)


def _says_as_much(nearer: Lever, lever: Lever) -> bool:
    """Tell whether a nearer change is of the same fields, or a part of this one."""
    added = {one.meets for one in lever.additions}
    return nearer.touches <= lever.touches and {one.meets for one in nearer.additions} <= added


def _outcome(given: QuestionAnswer) -> str:
    if given.computed is not Answer.NOT_ASSESSED:
        return f"This would be {in_words(given.computed)}"
    return "This would not be assessed yet" if given.gaps else "This would be left to an assessor's judgement"


def _edits(edits: tuple[Edit, ...]) -> Iterator[str]:
    """Say what each fact would have had to be, and what it is."""
    for kind, identifier in dict.fromkeys((edit.kind, edit.id) for edit in edits):
        name = words.fact_name(kind, identifier)
        own = [edit for edit in edits if (edit.kind, edit.id) == (kind, identifier)]
        yield f"{name} {words.joined(f'had {edit.words} ({_was(edit)})' for edit in own)}"


def _was(edit: Edit) -> str:
    return "it is not recorded" if edit.was is None else f"it is recorded as {in_words(edit.was)}"


def _additions(additions: tuple[Addition, ...]) -> Iterator[str]:
    for one in additions:
        yield f"the record showed {one.words}"
