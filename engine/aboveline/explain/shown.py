"""Show a trace: every part of the question with the facts that were read, in words and as data."""

import datetime as dt
from collections.abc import Iterable

from aboveline.answers import EvidenceGap, in_words
from aboveline.rulebook.clauses import APPLIES, EXCEPT, level_part

from . import contrast, words
from .branches import Branch
from .holds import Reading
from .model import BranchShown, FactShown, Failed, PartShown, PatternShown, State, WayShown
from .traced import Step, TracedBranch, TracedPart, Verdict, Way

__all__ = ["fact_in_words", "gaps_in_words", "show_part"]

MOST_FACTS = 3
"""Facts shown of those that matched a pattern, and of the nearest that did not."""

MOST_WAYS = 5
"""Ways shown of a branch."""

_STATES = {True: State.HOLDS, None: State.OPEN, False: State.NOT}


def show_part(part: TracedPart, reading: Reading) -> PartShown:
    """Return a part of the question as it stood to the case."""
    return PartShown(
        part=part.part,
        title=_title(part.part, reading),
        state=_STATES[part.truth],
        said=_said(part, reading),
        branches=tuple(_branch(branch, reading) for branch in part.branches),
    )


def fact_in_words(fact: FactShown) -> str:
    """Write a fact with what was read of it: ``check csc-1 (agency police, made on 8 March 2013)``."""
    name = words.fact_name(fact.kind, fact.id)
    read = ", ".join(words.recorded(field, value) for field, value in fact.fields.items())
    return f"{name} ({read})" if read else name


def gaps_in_words(gaps: Iterable[EvidenceGap]) -> str:
    """Name what is not recorded: ``'made on' of check csc-1 (not recorded)``, ``any check (not in this source)``."""
    return words.joined(
        f"{words.field_name(gap.field) + ' of ' if gap.field else ''}{words.fact_name(gap.kind, gap.id)} ({gap.reason})"
        for gap in gaps
    )


def _title(part: str, reading: Reading) -> str:
    match part:
        case "applies":
            return "Whom the question is about"
        case "except":
            return "Who is excused"
    for level in reading.question.levels:
        if part == level_part(level.id):
            return f"Level {level.id} ({level.title})"
    severity = next(d.severity for d in reading.question.deficiencies if d.id == part)
    return f"Deficiency {part} ({severity})"


def _said(part: TracedPart, reading: Reading) -> str:
    """Say in a sentence what a part comes to."""
    if part.truth is None:
        gaps = sorted(part.gaps, key=_gap_order)
        return f"This cannot be told: it turns on {gaps_in_words(gaps)}."
    if part.part == APPLIES:
        if not part.truth:
            return f"The question is not about this case: {_missing(part, reading)}."
        told = _holding(part, reading)
        return (
            f"The question is about this case: there is {told}."
            if told
            else "The question is about every case."
        )
    if part.part == EXCEPT:
        if not part.truth:
            return "Nothing excuses this case." if part.branches else "Nobody is excused from this question."
        return f"This case is excused: there is {_holding(part, reading)}."
    if part.part in {level_part(level.id) for level in reading.question.levels}:
        if not part.truth:
            return f"Not this level: {_missing(part, reading)}."
        told = _holding(part, reading)
        return f"This holds: there is {told}." if told else "This holds of every case."
    return _found(part, reading) if part.truth else f"Not found: {_missing(part, reading)}."


def _found(part: TracedPart, reading: Reading) -> str:
    """Say of a deficiency that holds whether it is past its due date."""
    dues = {way.due for _, way in part.ways(truth=True)}
    late = [in_words(due) for due in sorted(due for due in dues if due and due < reading.as_of)]
    soon = [in_words(due) for due in sorted(due for due in dues if due and due >= reading.as_of)]
    told = ["Found, with no due date to wait for."] if None in dues else []
    told += [f"Found, and past due: it was due by {words.joined(late)}."] if late else []
    told += [f"Due soon, by {words.joined(soon)}: it counts for nothing yet."] if soon else []
    return " ".join(told)


def _holding(part: TracedPart, reading: Reading) -> str:
    """Write the facts of the first way that holds, or what there is none of."""
    branch, way = part.ways(truth=True)[0]
    facts = [fact_in_words(_fact(v, reading, branch)) for v in way.there if v.pattern.conditions]
    absent = [words.pattern(pattern, way.bound, reading, none=True) for pattern in branch.gone]
    return words.joined([*facts, *absent]) if facts or absent else ""


def _missing(part: TracedPart, reading: Reading) -> str:
    """Say why a part does not hold: what there is under ``without``, else what there is none of."""
    resting = [
        fact_in_words(_fact(verdict, reading, branch))
        for branch, way in part.ways(truth=False)
        for verdicts in way.gone
        for verdict in verdicts
        if verdict.truth
    ]
    none = [
        words.pattern(step.pattern, step.bound, reading, none=True)
        for traced in part.branches
        for step in traced.steps
        if all(verdict.truth is False for verdict in step.verdicts)
    ]
    return f"there is {words.joined(dict.fromkeys(resting or none))}"


def _branch(traced: TracedBranch, reading: Reading) -> BranchShown:
    # Those that hold come first, then the open, so that what decided is always shown.
    ways = sorted(traced.ways, key=lambda way: {True: 0, None: 1, False: 2}[way.truth])
    common = traced.steps[-1].bound if traced.steps else {}
    return BranchShown(
        state=_STATES[traced.truth],
        there=tuple(_step(step, traced.branch, reading) for step in traced.steps),
        without=tuple(words.pattern(pattern, common, reading, none=True) for pattern in traced.branch.gone),
        ways=tuple(_way(way, traced.branch, reading) for way in ways[:MOST_WAYS]),
        more=max(0, len(ways) - MOST_WAYS),
    )


def _way(way: Way, branch: Branch, reading: Reading) -> WayShown:
    return WayShown(
        state=_STATES[way.truth],
        facts=tuple(_fact(verdict, reading, branch) for verdict in way.there),
        without=tuple(
            _pattern(words.pattern(pattern, way.bound, reading, none=True), verdicts, branch, reading)
            for pattern, verdicts in zip(branch.gone, way.gone, strict=True)
        ),
        gaps=tuple(sorted(way.gaps, key=_gap_order)),
        due=way.due,
        timing=None if way.due is None else "past due" if way.due < reading.as_of else "due soon",
    )


def _step(step: Step, branch: Branch, reading: Reading) -> PatternShown:
    return _pattern(words.pattern(step.pattern, step.bound, reading), step.verdicts, branch, reading)


def _pattern(text: str, verdicts: tuple[Verdict, ...], branch: Branch, reading: Reading) -> PatternShown:
    by_truth = {
        truth: [_fact(verdict, reading, branch) for verdict in verdicts if verdict.truth is truth]
        for truth in (True, None, False)
    }
    return PatternShown(
        text=text,
        matched=tuple(by_truth[True][:MOST_FACTS]),
        open=tuple(by_truth[None][:MOST_FACTS]),
        nearest=tuple(by_truth[False][:MOST_FACTS]),
        more=sum(max(0, len(facts) - MOST_FACTS) for facts in by_truth.values()),
    )


def _fact(verdict: Verdict, reading: Reading, branch: Branch) -> FactShown:
    fact, alias = verdict.fact, verdict.pattern.alias
    read = (
        {c.field for c in verdict.pattern.conditions}
        | branch.read_by_there(alias)
        | branch.read_by_gone(alias)
    )
    told = [
        Failed(
            field=condition.field,
            found=fact.values.get(condition.field),
            text=contrast.failed(condition, fact, verdict.bound, reading),
        )
        for condition in verdict.failed
    ]
    if verdict.apart:
        status = fact.values.get("status")
        text = f"it is not complete: status {in_words(status)}" if status else _not_by_then(reading.as_of)
        told.insert(0, Failed(field="status", found=status, text=text))
    return FactShown(
        kind=fact.kind,
        id=fact.id,
        fields={field: value for field, value in fact.values.items() if field in read and field != "id"},
        failed=tuple(told),
        open=verdict.gaps,
    )


def _not_by_then(as_of: dt.date) -> str:
    return f"it was not complete by {in_words(as_of)}"


def _gap_order(gap: EvidenceGap) -> tuple[str, str, str]:
    return gap.kind, gap.id or "", gap.field or ""
