"""Another answer than the computed one, with its reason and the day from which it holds: to a case as it stands, or to an audit's answer."""

import datetime as dt
from collections.abc import Sequence

from fastapi import Request
from starlette.responses import Response

from aboveline.answers import Answer
from aboveline.case.codes import JudgedAnswer
from aboveline.explain import Explanation
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, desk_of, go_on, show
from aboveline.service.pages.forms import Sent, SentForm, day_of
from aboveline.service.pages.views.overriding import OverridePage, ReasonedAnswer, override_page
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Caller, Judge
from aboveline.service.work.answering import case_of
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.judged import latest_with
from aboveline.service.work.judging import (
    Standing,
    explain_as_judged,
    explain_in_audit,
    is_no_change,
    say,
    wrong_day,
)
from aboveline.service.work.today import today_of
from aboveline.store import UnfitError, judged, judgements
from aboveline.store.judgements import Said

__all__ = ["every_reasoned", "router"]

router = PageRouter()

_LONGEST_REASON = 2000
_TODAY = urls.CASES + "/{key}/questions/{question_id}/override"
_IN_AUDIT = urls.AUDITS + "/{audit_id}/cases/{key}/questions/{question_id}/override"


@router.get(_TODAY)
def override_form(request: Request, key: str, question_id: str, caller: Judge) -> Response:
    """Show the form for another answer to a case as it stands, with what was said before."""
    desk = desk_of(request)
    explained, _ = explain_as_judged(desk, scope_of(caller), case_of(desk, key), question_id)
    return show(request, "override", _form(desk, caller, key, explained, None))


@router.post(_TODAY)
def override_send(request: Request, key: str, question_id: str, sent: Sent, caller: Judge) -> Response:
    """Keep an assessor's answer to a case, from a day on, with its reason; the computed one is kept beside it."""
    desk = desk_of(request)
    day = day_of(sent.values, "holds", "The day from which it holds")
    as_of = min(day, today_of(desk.clock)) if isinstance(day, dt.date) else None
    explained, _ = explain_as_judged(desk, scope_of(caller), case_of(desk, key), question_id, as_of)
    return _keep(request, caller, key, explained, sent, day, None)


@router.get(_IN_AUDIT)
def audit_override_form(
    request: Request, audit_id: str, key: str, question_id: str, caller: Judge
) -> Response:
    """Show the form that judges the answer of an audit."""
    desk = desk_of(request)
    explained, _ = explain_in_audit(desk, scope_of(caller), audit_id, case_of(desk, key), question_id)
    return show(request, "override", _form(desk, caller, key, explained, audit_id))


@router.post(_IN_AUDIT)
def audit_override_send(
    request: Request, audit_id: str, key: str, question_id: str, sent: Sent, caller: Judge
) -> Response:
    """Keep an assessor's answer beside that of an audit, with its reason. The audit stays as it was made."""
    desk = desk_of(request)
    explained, _ = explain_in_audit(desk, scope_of(caller), audit_id, case_of(desk, key), question_id)
    day = day_of(sent.values, "holds", "The day from which it holds")
    return _keep(request, caller, key, explained, sent, day, audit_id)


def every_reasoned(said: Sequence[Said]) -> tuple[ReasonedAnswer, ...]:
    """Return all that was said since an audit, or of a case in it, as pages show it."""
    holding = {one.id for one in judged.holding(said)}
    return tuple(reasoned(one).model_copy(update={"stands": one.id in holding}) for one in said)


def reasoned(one: Said) -> ReasonedAnswer:
    """Return what was said as pages show it."""
    return ReasonedAnswer(
        case=one.case,
        question=one.question,
        by=one.assessor,
        at=one.at,
        holds_from=one.made_on,
        answer=Answer(one.answer),
        reason=one.reason,
        audit=one.audit,
    )


def _keep(
    request: Request,
    caller: Caller,
    key: str,
    explained: Explanation,
    sent: SentForm,
    day: dt.date | FieldError,
    audit: str | None,
) -> Response:
    desk = desk_of(request)
    answer, reason = sent.text("answer"), sent.text("reason")
    standing = Standing.explained(explained)
    errors = []
    if answer not in set(JudgedAnswer) or is_no_change(standing, JudgedAnswer(answer)):
        errors.append(FieldError(field="answer", text="Choose an answer other than the computed one"))
    if not reason:
        errors.append(FieldError(field="reason", text="Say why the computed answer is wrong"))
    elif len(reason) > _LONGEST_REASON:
        errors.append(
            FieldError(field="reason", text=f"The reason must be {_LONGEST_REASON:,} characters or fewer")
        )
    if isinstance(day, FieldError):
        errors.append(day)
    elif wrong := wrong_day(standing, day):
        errors.append(FieldError(field="holds", text=wrong[:1].upper() + wrong[1:]))
    if not errors and isinstance(day, dt.date):
        try:
            say(
                desk,
                desk.act(caller),
                scope_of(caller),
                explained,
                JudgedAnswer(answer),
                reason,
                holds_from=day,
                audit=audit,
            )
        except UnfitError as error:
            text = str(error)
            errors = [
                FieldError(
                    field="holds" if "holds from" in text else "reason", text=text[:1].upper() + text[1:]
                )
            ]
        else:
            question = explained.question.id
            if audit is not None:
                return go_on(request, urls.audit_case_question(audit, key, question), Done.JUDGED)
            return go_on(request, urls.case_question(key, question), Done.OVERRIDDEN)
    return show(request, "override", _form(desk, caller, key, explained, audit, sent.values, errors))


def _form(
    desk: Desk,
    caller: Caller,
    key: str,
    explained: Explanation,
    audit: str | None,
    values: dict[str, str] | None = None,
    errors: list[FieldError] | None = None,
) -> OverridePage:
    scope = scope_of(caller)
    with desk.database.reading() as session:
        said = judgements.of_case(session, scope, explained.case)
        latest = None if audit is not None else latest_with(session, scope, explained.case)
    earlier = [reasoned(one) for one in reversed(said) if one.question == explained.question.id]
    return override_page(
        key,
        explained,
        earlier,
        values,
        errors or (),
        audit=audit,
        elsewhere=(latest.id, latest.as_of) if latest and latest.as_of < explained.as_of else None,
    )
