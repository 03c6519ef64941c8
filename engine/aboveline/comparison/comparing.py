"""Compare two audits, of the same cases or of others."""

from collections.abc import Iterator
from typing import Any

from aboveline.result import AuditResult, Manifest

from .cases import Answers, deficiency_changes, flips, lists_answers
from .model import Comparison, Difference, Overlap, Side
from .scores import ScorePair

__all__ = ["compare"]

_NOT_RULES = frozenset({"as_of", "average"})
"""What may differ where the rules and their numbers do not."""

_OF_THE_CASES = frozenset({"cases", "left_out", "judgements_unused"})
"""What a manifest says of its cases and not of how they were audited."""


def compare(before: AuditResult, after: AuditResult) -> Comparison:
    """Return what changed from one audit to another, and what may be said of it."""
    without = tuple(
        side for side, audit in ((Side.BEFORE, before), (Side.AFTER, after)) if not lists_answers(audit)
    )
    was, now = Answers(before), Answers(after)
    scores = ScorePair(before, after)
    differences = tuple(_differences(before.manifest, after.manifest))
    same_rules = {one.what for one in differences} <= _NOT_RULES
    return Comparison(
        before=before.manifest,
        after=after.manifest,
        cases_before=before.cases,
        cases_after=after.cases,
        cases_in_both=None if without else len(was.cases & now.cases),
        rejected_before=_rejected(before),
        rejected_after=_rejected(after),
        failed_before=len(before.failed),
        failed_after=len(after.failed),
        overlap=Overlap.UNKNOWN if without else _overlap(was, now),
        same_records=before.manifest.cases == after.manifest.cases,
        without_answers=without,
        differences=differences,
        outcomes=scores.outcomes(),
        questions=scores.questions(),
        flips=None if without else tuple(flips(was, now)),
        deficiencies=None if without else tuple(deficiency_changes(before, after, same_rules=same_rules)),
        only_before=None if without else tuple(sorted(was.cases - now.cases)),
        only_after=None if without else tuple(sorted(now.cases - was.cases)),
    )


def _rejected(audit: AuditResult) -> int:
    return len({(one.source, one.line) for one in audit.rejected})


def _overlap(before: Answers, after: Answers) -> Overlap:
    if before.cases == after.cases:
        return Overlap.SAME
    return Overlap.PART if before.cases & after.cases else Overlap.NONE


def _differences(before: Manifest, after: Manifest) -> Iterator[Difference]:
    """Yield what differs in how the audits were made; a parameter or a standard by its name."""
    was, now = before.model_dump(mode="json"), after.model_dump(mode="json")
    for name in Manifest.model_fields:
        if name in _OF_THE_CASES or was[name] == now[name]:
            continue
        if isinstance(was[name], dict) and isinstance(now[name], dict):
            for key in sorted(was[name].keys() | now[name].keys()):
                one, other = was[name].get(key), now[name].get(key)
                if one != other:
                    yield Difference(what=f"{name}.{key}", before=_said(one), after=_said(other))
        else:
            yield Difference(what=name, before=_said(was[name]), after=_said(now[name]))


def _said(value: Any) -> str | None:
    """Write a value of a manifest in a line; a parameter as ``5 working_days from 1990-01-01 (source)``."""
    if value is None:
        return None
    if isinstance(value, dict):
        if value.keys() == {"value", "unit", "start", "source"}:
            return f"{value['value']} {value['unit']} from {value['start']} ({value['source']})"
        return ", ".join(f"{key} {_said(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(_said(one)) for one in value) or "none"
    return str(value)
