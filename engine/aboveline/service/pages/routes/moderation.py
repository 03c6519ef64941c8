"""Moderation: two assessors on one case, how far they agree, and what is settled. And all of it beside an audit."""

from fastapi import Request
from starlette.responses import Response

from aboveline.agreement import Agreement
from aboveline.answers import Answer
from aboveline.case.codes import JudgedAnswer
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, desk_of, go_on, show
from aboveline.service.pages.forms import Sent
from aboveline.service.pages.views import assessments as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Caller, Judge, Reader
from aboveline.service.work import assessing
from aboveline.service.work.answering import answer_record, case_of, record_of
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.today import today_of
from aboveline.store import NotFoundError, assessments, audits, moderation

from .assessments import given_of

__all__ = ["router"]

router = PageRouter()

_LONGEST_REASON = 2000


@router.get(urls.MODERATION)
def moderation_list(request: Request, caller: Judge) -> Response:
    """List the cases that two assessors have finished, with how far they agree."""
    desk = desk_of(request)
    rows = []
    with desk.database.reading() as session:
        found = moderation.moderation(session, scope_of(caller))
        for pair in found.pairs:
            settled = {one.question for one in moderation.settled(session, scope_of(caller), pair.case)}
            both = moderation.compare(assessments.of_case(session, scope_of(caller), pair.case))
            rows.append(
                views.ModerationRow(
                    key=desk.keys.of(pair.case),
                    case=pair.case,
                    assessors=(pair.first, pair.second),
                    agreement=_agreement(both.agreement),
                    moderated=all(one.question in settled for one in pair.questions if one.differs),
                )
            )
    overall = _agreement(found.agreement) if rows else None
    return show(request, "moderation-list", views.moderation_list(rows, overall))


@router.get(urls.MODERATION + "/{key}")
def moderation_page(request: Request, key: str, caller: Judge) -> Response:
    """Show two assessments of a case side by side."""
    return show(request, "moderation", _page(desk_of(request), caller, key))


@router.post(urls.MODERATION + "/{key}")
def moderation_save(request: Request, key: str, sent: Sent, caller: Judge) -> Response:
    """Keep what was agreed, each answer with its reason; what is left open can be agreed later."""
    desk = desk_of(request)
    view = _page(desk, caller, key)
    errors: list[FieldError] = []
    agreed: dict[str, tuple[JudgedAnswer, str]] = {}
    for one in view.differing:
        answer, reason = sent.text(f"agreed-{one.id}"), sent.text(f"reason-{one.id}")
        if not answer and not reason:
            continue
        if answer not in set(JudgedAnswer):
            errors.append(FieldError(field=f"agreed-{one.id}", text=f"Choose the agreed answer to {one.id}"))
        elif not 0 < len(reason) <= _LONGEST_REASON:
            errors.append(
                FieldError(field=f"reason-{one.id}", text=f"Say why this is the answer to {one.id}")
            )
        else:
            agreed[one.id] = JudgedAnswer(answer), reason
    if not errors and not agreed and view.differing:
        errors.append(
            FieldError(field=f"agreed-{view.differing[0].id}", text="Choose at least one agreed answer")
        )
    if errors:
        filled = tuple(
            one.model_copy(
                update={"agreed": sent.text(f"agreed-{one.id}"), "reason": sent.text(f"reason-{one.id}")}
            )
            for one in view.differing
        )
        return show(
            request, "moderation", view.model_copy(update={"errors": tuple(errors), "differing": filled})
        )
    assessing.settle(desk, desk.act(caller), scope_of(caller), case_of(desk, key), agreed)
    return go_on(request, urls.moderation(key), Done.MODERATED)


@router.get(urls.AUDITS + "/{audit_id}/self-view")
def self_view_page(request: Request, audit_id: str, caller: Reader) -> Response:
    """Set assessors' answers beside those of an audit."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        one = audits.get(session, scope_of(caller), audit_id)
        result = desk.result(session, scope_of(caller), audit_id)
        own = assessing.self_views(session, one.scope)
    return show(request, "self-view", views.self_view(audit_id, result, own))


def _page(desk: Desk, caller: Caller, key: str) -> views.ModerationPage:
    case = case_of(desk, key)
    with desk.database.reading() as session:
        record, _ = record_of(session, scope_of(caller), case)
        finished = [
            one
            for one in assessments.of_case(session, scope_of(caller), case)
            if one.state is assessments.AssessmentState.HANDED_IN
        ]
        settled = {one.question: one for one in moderation.settled(session, scope_of(caller), case)}
    both = moderation.compare(finished)
    if not both.pairs:
        raise NotFoundError("there is nothing to moderate")
    (pair,) = both.pairs
    of = {one.assessor: one for one in finished}
    view = views.moderation_page(
        key,
        case,
        (pair.first, pair.second),
        rules_of(),
        given_of(of[pair.first]),
        given_of(of[pair.second]),
        answer_record(record, today_of(desk.clock)).answers,
        _agreement(both.agreement),
    )
    differing = tuple(
        one.model_copy(update={"agreed": str(settled[one.id].answer), "reason": settled[one.id].reason})
        if one.id in settled
        else one
        for one in view.differing
    )
    return view.model_copy(update={"differing": differing})


def _agreement(one: Agreement) -> views.Agreement:
    said = str(Answer.SUFFICIENT)
    return views.Agreement(
        n=one.compared,
        agreed=one.agreed,
        kappa=one.kappa,
        prevalence=(
            sum(many for first, _, many in one.pairs if first == said),
            sum(many for _, second, many in one.pairs if second == said),
        ),
    )
