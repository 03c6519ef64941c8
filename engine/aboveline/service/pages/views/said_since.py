"""What assessors said since an audit, beside a question of it and beside a case in it."""

from collections.abc import Mapping, Sequence

from aboveline.answers import Answer, in_words
from aboveline.result import AuditResult
from aboveline.service.pages import urls
from aboveline.service.pages.views.overriding import ReasonedAnswer, given
from aboveline.service.pages.views.parts import KeyOf, Table, answer_tag, cell, columns

__all__ = ["answers_of", "case_since", "question_since"]


def question_since(
    audit: str, question: str, said: Sequence[ReasonedAnswer], before: AuditResult, key_of: KeyOf
) -> Table | None:
    """Return what was said since of a question of an audit; none where nothing was."""
    was = answers_of(before)
    rows = tuple(
        (
            cell(one.case, urls.audit_case_question(audit, key_of(one.case), question)),
            cell("", tag=answer_tag(was.get((one.case, question), Answer.NOT_APPLICABLE))),
            given(one),
            cell(in_words(one.at.date()), note=f"by {one.by}"),
            cell(one.reason),
        )
        for one in sorted(said, key=lambda one: one.at, reverse=True)
        if one.question == question
    )
    if not rows:
        return None
    return Table(
        caption="Judged since this audit",
        columns=columns("Case", "As audited", "Their answer", "Said", "Why"),
        rows=rows,
    )


def case_since(said: Sequence[ReasonedAnswer]) -> Table | None:
    """Return what was said of a case since an audit; none where nothing was."""
    if not said:
        return None
    return Table(
        caption="Judged since this audit",
        columns=columns("Question", "Their answer", "Holds from", "Said", "Why"),
        rows=tuple(
            (
                cell(one.question),
                given(one),
                cell(one.holds_from),
                cell(in_words(one.at.date()), note=f"by {one.by}"),
                cell(one.reason),
            )
            for one in reversed(said)
        ),
    )


def answers_of(result: AuditResult) -> Mapping[tuple[str, str], Answer]:
    """Return the answers of an audit by case and question; not applicable is not among them."""
    return {
        (one.case, question): answer
        for one in result.answers
        for answer, questions in (
            (Answer.SUFFICIENT, one.sufficient),
            (Answer.INSUFFICIENT, one.insufficient),
            (Answer.NOT_ASSESSED, one.not_assessed),
        )
        for question in questions
    }
