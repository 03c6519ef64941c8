"""Moderation: two assessors on one case, how far they agree, and what is settled. And all of it beside an audit."""

from collections import defaultdict
from collections.abc import Mapping

from fastapi import Request
from starlette.responses import Response

from aboveline.agreement import Agreement
from aboveline.answers import Answer
from aboveline.case.codes import JudgedAnswer
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, desk_of, go_on, show
from aboveline.service.pages.forms import Sent, day_of
from aboveline.service.pages.views import moderating as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.pages.views.self_view import self_view
from aboveline.service.security.current import Caller, Judge, Reader
from aboveline.service.work import assessing
from aboveline.service.work.answering import answer_record, case_of, record_of
from aboveline.service.work.assessing import LONGEST_SETTLED
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.store import NotFoundError, UnfitError, assessments, audits, moderation

from .assessments import given_of

__all__ = ["router"]

router = PageRouter()


@router.get(urls.MODERATION)
def moderation_list(request: Request, caller: Judge) -> Response:
    """List the cases that two assessors have finished, with how far they agree."""
    desk = desk_of(request)
    rows = []
    with desk.database.reading() as session:
        finished = assessments.handed_in(session, scope_of(caller))
        found = moderation.compare(finished)
        of: dict[str, list[assessments.Assessment]] = defaultdict(list)
        for one in finished:
            of[one.case].append(one)
        for pair in found.pairs:
            settled = {it.question for it in moderation.settled(session, scope_of(caller), pair.case)}
            both = moderation.compare(of[pair.case])
            rows.append(
                views.ModerationRow(
                    key=desk.keys.of(pair.case),
                    case=pair.case,
                    assessors=(pair.first, pair.second),
                    agreement=_agreement(both.agreement),
                    moderated=all(it.question in settled for it in pair.questions if it.differs),
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
    """Keep what was agreed, each answer with its reason, from a day on; what is left open can be agreed later."""
    desk = desk_of(request)
    view = _page(desk, caller, key, sent.values)
    errors: list[FieldError] = []
    agreed: dict[str, tuple[JudgedAnswer, str]] = {}
    before = {one.id: (one.agreed, one.reason) for one in _page(desk, caller, key).differing}
    for one in view.differing:
        answer, reason = sent.text(f"agreed-{one.id}"), sent.text(f"reason-{one.id}")
        if (answer, reason) in {("", ""), before[one.id]}:
            continue
        if answer not in set(JudgedAnswer):
            errors.append(FieldError(field=f"agreed-{one.id}", text=f"Choose the agreed answer to {one.id}"))
        elif not 0 < len(reason) <= LONGEST_SETTLED:
            errors.append(
                FieldError(
                    field=f"reason-{one.id}",
                    text=f"Say why this is the answer to {one.id}, in {LONGEST_SETTLED:,} characters or fewer",
                )
            )
        else:
            agreed[one.id] = JudgedAnswer(answer), reason
    if not errors and not agreed and view.differing:
        errors.append(
            FieldError(field=f"agreed-{view.differing[0].id}", text="Choose at least one agreed answer")
        )
    day = day_of(sent.values, "holds", "The day from which it holds")
    if isinstance(day, FieldError):
        errors.append(day)
    elif not errors:
        try:
            assessing.settle(
                desk, desk.act(caller), scope_of(caller), case_of(desk, key), agreed, holds_from=day
            )
        except UnfitError as error:
            text = str(error)
            errors.append(FieldError(field="holds", text=text[:1].upper() + text[1:]))
    if errors:
        return show(request, "moderation", view.model_copy(update={"errors": tuple(errors)}))
    return go_on(request, urls.moderation(key), Done.MODERATED)


@router.get(urls.AUDITS + "/{audit_id}/self-view")
def self_view_page(request: Request, audit_id: str, caller: Reader) -> Response:
    """Set assessors' answers beside those of an audit."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        one = audits.get(session, scope_of(caller), audit_id)
        result = desk.result(session, scope_of(caller), audit_id)
        own = assessing.self_views(session, one.scope)
    return show(request, "self-view", self_view(audit_id, result, own))


def _page(
    desk: Desk, caller: Caller, key: str, values: Mapping[str, str] | None = None
) -> views.ModerationPage:
    case = case_of(desk, key)
    with desk.database.reading() as session:
        engine = assessing.engine_day(desk, session, scope_of(caller), case)
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
    return views.moderation_page(
        key,
        case,
        (pair.first, pair.second),
        rules_of(),
        given_of(of[pair.first]),
        given_of(of[pair.second]),
        answer_record(record, engine.as_of, engine.standards).answers,
        _agreement(both.agreement),
        values,
        as_of=engine.as_of,
        audited=engine.audit is not None,
        settled={question: (str(one.answer), one.reason) for question, one in settled.items()},
    )


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
