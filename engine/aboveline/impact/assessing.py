"""Audit the same cases by two rulebooks, and say what differs."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from aboveline import __version__
from aboveline.answers import Answer
from aboveline.audit import audit
from aboveline.backends import BackendError
from aboveline.case import CaseRecord, Rejected
from aboveline.comparison import Comparison, compare
from aboveline.comparison.cases import Answers
from aboveline.comparison.model import Became
from aboveline.problems import InputError, Problem, shown
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook
from aboveline.scoring import Average

from .model import CaseImpact, Cell, Impact, OutcomeImpact, QuestionImpact
from .rules import changed_parts

__all__ = ["Weighed", "assess", "weigh"]

_ORDER = [None, *Answer]


def assess(
    records: Callable[[], Iterable[CaseRecord | Rejected]],
    before: Rulebook,
    after: Rulebook,
    as_of: dt.date,
    average: Average = Average.QUESTIONS,
    *,
    each: Callable[[], None] = lambda: None,
) -> Impact:
    """Return what a change of rules does to cases: what ``weigh`` returns, without the audits."""
    return weigh(records, before, after, as_of, average, each=each).impact


@dataclass(frozen=True)
class Weighed:
    """What a change of rules does to cases, with the audits by either rulebook."""

    impact: Impact
    before: AuditResult
    after: AuditResult


def weigh(
    records: Callable[[], Iterable[CaseRecord | Rejected]],
    before: Rulebook,
    after: Rulebook,
    as_of: dt.date,
    average: Average = Average.QUESTIONS,
    *,
    each: Callable[[], None] = lambda: None,
) -> Weighed:
    """Return what a change of rules does to cases, with the two audits.

    Args:
        records: reads the case records; called once for each rulebook, so that no more than one is held at a time.
        before: the rules as they are.
        after: the rules as they would be.
        as_of: the day both audits stand at.
        average: which of the two averages an outcome's score is.
        each: called after each record.

    Raises:
        InputError: a parameter has no value on that day, or the records were not the same the second time.
        BackendError: the rules could not be run on a case.
    """
    changed = changed_parts(before, after, as_of)
    was = audit(records(), before, as_of, average, each=each)
    now = audit(records(), after, as_of, average, each=each)
    for one in (*was.failed, *now.failed):
        raise BackendError(one.case, one.reason)  # an answer that one of the two lacks is no change of rules
    if was.manifest.cases != now.manifest.cases or was.rejected != now.rejected:
        reason = "the case records changed while they were being read: try again"
        raise InputError([Problem(shown(after.folder), None, "", reason)])
    comparison = compare(was, now)
    impact = Impact(
        aboveline=__version__,
        as_of=as_of,
        cases=was.cases,
        cases_hash=was.manifest.cases,
        rulebook_before=before.hash,
        rulebook_after=after.hash,
        differences=tuple(one for one in comparison.differences if one.what != "rulebook"),
        questions=tuple(_questions(comparison, Answers(was), Answers(now), changed)),
        outcomes=tuple(
            OutcomeImpact(id=one.id, title=one.title, before=one.before, after=one.after)
            for one in comparison.outcomes
        ),
        moved=tuple(_moved(comparison, was, now)),
        rejected=was.rejected,
    )
    return Weighed(impact, was, now)


def _questions(
    comparison: Comparison, was: Answers, now: Answers, changed: Mapping[str, tuple[str, ...]]
) -> Iterator[QuestionImpact]:
    for one in comparison.questions:
        counts = Counter((was.of(case, one.id), now.of(case, one.id)) for case in was.cases)
        cells = [
            Cell(before=before, after=after, cases=counts[before, after])
            for before in _ORDER
            for after in _ORDER
            if counts[before, after]
        ]
        if one.before is None or one.after is None or one.id in changed or any(c.moved for c in cells):
            yield QuestionImpact(
                id=one.id,
                title=one.title,
                standing=one.standing,
                changed=changed.get(one.id, ()),
                before=one.before,
                after=one.after,
                cells=tuple(cells),
            )


def _moved(comparison: Comparison, was: AuditResult, now: AuditResult) -> Iterator[CaseImpact]:
    """Yield every case and question whose answer or deficiencies differ."""
    before, after = Answers(was), Answers(now)
    new: dict[tuple[str, str], list[str]] = defaultdict(list)
    gone: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in comparison.deficiencies or ():
        (new if one.change is Became.NEW else gone)[one.case, one.question].append(one.deficiency)
    flipped = {(one.case, one.question) for one in comparison.flips or ()}
    for case, question in sorted(flipped | new.keys() | gone.keys()):
        yield CaseImpact(
            case=case,
            question=question,
            before=before.of(case, question),
            after=after.of(case, question),
            new=tuple(new[case, question]),
            gone=tuple(gone[case, question]),
        )
