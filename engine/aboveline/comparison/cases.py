"""Two audits case by case: answers that differ, deficiencies that are new or gone."""

from collections.abc import Iterator, Mapping

from aboveline.answers import Answer, Finding
from aboveline.result import AuditResult

from .model import Became, DeficiencyChange, Flip

__all__ = ["Answers", "deficiency_changes", "flips", "lists_answers"]

_STILL_ANSWERED = frozenset({Answer.SUFFICIENT, Answer.INSUFFICIENT})


def lists_answers(audit: AuditResult) -> bool:
    """Tell whether an audit lists the answers to every case. One of no cases lists them all."""
    return bool(audit.answers) or not audit.cases


class Answers:
    """The answer to every question for every case of an audit that lists them."""

    def __init__(self, audit: AuditResult) -> None:
        self.questions = frozenset(question.id for question in audit.questions)
        self._given: dict[str, dict[str, Answer]] = {
            one.case: {
                **dict.fromkeys(one.sufficient, Answer.SUFFICIENT),
                **dict.fromkeys(one.insufficient, Answer.INSUFFICIENT),
                **dict.fromkeys(one.not_assessed, Answer.NOT_ASSESSED),
            }
            for one in audit.answers
        }

    @property
    def cases(self) -> frozenset[str]:
        """The cases of the audit."""
        return frozenset(self._given)

    def of(self, case: str, question: str) -> Answer | None:
        """Return the answer to a question for a case; none where the question is not asked."""
        if question not in self.questions:
            return None
        return self._given[case].get(question, Answer.NOT_APPLICABLE)


def flips(before: Answers, after: Answers) -> Iterator[Flip]:
    """Yield every answer that differs, of the cases and questions that both have."""
    for case in sorted(before.cases & after.cases):
        for question in sorted(before.questions & after.questions):
            was, now = before.of(case, question), after.of(case, question)
            if was is not None and now is not None and was is not now:
                yield Flip(case=case, question=question, before=was, after=now)


def deficiency_changes(
    before: AuditResult, after: AuditResult, *, same_rules: bool
) -> Iterator[DeficiencyChange]:
    """Yield every deficiency of a case in both audits that is found in one of them only."""
    answers_before, answers_after = Answers(before), Answers(after)
    shared = answers_before.cases & answers_after.cases
    found_before, found_after = _found(before), _found(after)
    overridden = {(one.case, deficiency) for one in after.overrides for deficiency in one.deficiencies}
    for case, deficiency in sorted(found_before.keys() ^ found_after.keys()):
        if case not in shared:
            continue
        finding = found_after.get((case, deficiency)) or found_before[case, deficiency]
        was, now = (answers.of(case, finding.question) for answers in (answers_before, answers_after))
        if (case, deficiency) in found_after:
            change = Became.NEW
        elif now not in _STILL_ANSWERED or (case, deficiency) in overridden:
            change = Became.NO_LONGER_COUNTED
        else:
            change = Became.MENDED if same_rules else Became.NO_LONGER_FOUND
        yield DeficiencyChange(
            case=case,
            question=finding.question,
            deficiency=deficiency,
            severity=finding.severity,
            change=change,
            before=was,
            after=now,
        )


def _found(audit: AuditResult) -> Mapping[tuple[str, str], Finding]:
    return {(one.case, one.deficiency): one for one in audit.findings}
