"""Audits: the list, starting and stopping one, its progress, and what it found down to a case."""

from collections.abc import Mapping

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from aboveline.breakdowns import Characteristic
from aboveline.result import AuditResult
from aboveline.scoring import Average
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, PageNumber, desk_of, go_on, show
from aboveline.service.pages.forms import Sent, SentForm, day_of
from aboveline.service.pages.summaries import areas_in_words, summary_of
from aboveline.service.pages.views import audits as views
from aboveline.service.pages.views.case import case_page
from aboveline.service.pages.views.explanation import explanation_page
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.pages.views.said_since import case_since, question_since
from aboveline.service.security.current import Caller, Reader, Writer
from aboveline.service.security.roles import Role
from aboveline.service.work import auditing
from aboveline.service.work.answering import answer_record, case_of, explain_record, question_of
from aboveline.service.work.auditing import Asked
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.judged import need_rules, since
from aboveline.service.work.today import today_of
from aboveline.store import EVERY_AREA, NotFoundError, UnfitError, audits, jobs
from aboveline.store.as_audited import record_as_audited

from .judged import part_of
from .overriding import every_reasoned

__all__ = ["router"]

router = PageRouter()


@router.get(urls.AUDITS)
def audit_list(request: Request, caller: Reader, page: PageNumber = 1) -> Response:
    """List the audits of the caller's areas."""
    with desk_of(request).database.reading() as session:
        found = [summary_of(one) for one in auditing.every_audit(session, scope_of(caller))]
    return show(request, "audits", views.audit_list(found, page))


@router.get(urls.AUDIT_START)
def audit_start(request: Request, caller: Writer) -> Response:
    """Show the form that starts an audit."""
    desk = desk_of(request)
    view = views.audit_start(_areas(desk, caller), rules_of(), today_of(desk.clock))
    return show(request, "audit-start", view)


@router.post(urls.AUDIT_START)
def audit_ask(request: Request, sent: Sent, caller: Writer) -> Response:
    """Ask for an audit, and lead to its progress."""
    desk = desk_of(request)
    areas = _areas(desk, caller)
    asked = _asked(sent, areas)
    errors = asked if isinstance(asked, list) else []
    if isinstance(asked, Asked):
        try:
            made = auditing.ask(desk, desk.act(caller), scope_of(caller), asked)
        except (UnfitError, NotFoundError) as error:
            errors = [FieldError(field="areas", text=str(error))]
        else:
            return go_on(request, urls.audit(made.id))
    view = views.audit_start(
        areas, rules_of(), today_of(desk.clock), sent.values, sent.every("areas"), sent.every("by"), errors
    )
    return show(request, "audit-start", view)


@router.get(urls.AUDITS + "/{audit_id}")
def audit_page(request: Request, audit_id: str, caller: Reader) -> Response:
    """Show how far an audit has come, or what it found."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        one = audits.get(session, scope_of(caller), audit_id)
        if one.state is not audits.State.DONE:
            job = jobs.of_subject(session, auditing.KIND, audit_id)
            view = views.audit_progress(
                summary_of(one), job.done if job else 0, job.of if job else None, reason=one.reason
            )
            return show(request, "progress", view)
        result = desk.result(session, scope_of(caller), audit_id)
    judged = part_of(desk, caller, audit_id, result)
    done = views.audit_page(summary_of(one), result, may_name=may_name(caller))
    return show(request, "audit", done.model_copy(update={"judged": judged}))


@router.post(urls.AUDITS + "/{audit_id}/cancel")
def audit_cancel(request: Request, audit_id: str, caller: Writer) -> Response:
    """Stop an audit."""
    desk = desk_of(request)
    auditing.stop(desk, desk.act(caller), scope_of(caller), audit_id)
    return go_on(request, urls.audit(audit_id), Done.STOPPED)


@router.get(urls.AUDITS + "/{audit_id}/criteria/{criterion}")
def criterion_page(request: Request, audit_id: str, criterion: str, caller: Reader) -> Response:
    """Show a criterion with its questions."""
    result = _result(desk_of(request), caller, audit_id)
    if criterion not in {one.id for one in result.criteria}:
        raise NotFoundError("there is no such criterion")
    return show(request, "criterion", views.criterion_page(audit_id, result, criterion))


@router.get(urls.AUDITS + "/{audit_id}/questions/{question_id}")
def question_page(
    request: Request, audit_id: str, question_id: str, caller: Reader, page: PageNumber = 1
) -> Response:
    """Show a question with the cases that fall short, and the evidence for each."""
    desk = desk_of(request)
    result = _result(desk, caller, audit_id)
    if question_id not in {one.id for one in result.questions}:
        raise NotFoundError("there is no such question")
    view = views.question_page(audit_id, result, question_id, rules_of(), desk.keys.of, page)
    with desk.database.reading() as session:
        said = every_reasoned(since(session, scope_of(caller), audit_id).said)
    judged = question_since(audit_id, question_id, said, result, desk.keys.of)
    return show(request, "question", view.model_copy(update={"since": judged}))


@router.get(urls.AUDITS + "/{audit_id}/cases/{key}")
def audit_case(request: Request, audit_id: str, key: str, caller: Reader) -> Response:
    """Show a case as an audit found it."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        one = _explicable(session, caller, audit_id)
        record, area = record_as_audited(session, scope_of(caller), audit_id, case_of(desk, key))
        said = since(session, scope_of(caller), audit_id).of_case(record.case)
    found = answer_record(record, one.as_of, Asked.of(one).standards)
    view = case_page(
        key,
        found.facts,
        found.answers,
        found.rulebook,
        area=area,
        audit=audit_id,
        may_judge=caller.has(Role.JUDGE),
        since=case_since(every_reasoned(said)),
    )
    return show(request, "case", view)


@router.get(urls.AUDITS + "/{audit_id}/cases/{key}/questions/{question_id}")
def audit_case_question(
    request: Request, audit_id: str, key: str, question_id: str, caller: Reader
) -> Response:
    """Say why a question has its answer for a case in an audit."""
    desk = desk_of(request)
    question_of(rules_of(), question_id)
    with desk.database.reading() as session:
        one = _explicable(session, caller, audit_id)
        record, area = record_as_audited(session, scope_of(caller), audit_id, case_of(desk, key))
        said = since(session, scope_of(caller), audit_id).of_case(record.case)
    explained = explain_record(record, question_id, one.as_of, Asked.of(one).standards)
    judged = case_since(every_reasoned([each for each in said if each.question == question_id]))
    view = explanation_page(explained, key, audit=audit_id, area=area, since=judged)
    return show(request, "explanation", view)


def may_name(caller: Caller) -> bool:
    """Say whether somebody may have the ids of cases in what they download."""
    return caller.has(Role.WRITE, Role.JUDGE, Role.ADMIN)


def _result(desk: Desk, caller: Caller, audit: str) -> AuditResult:
    with desk.database.reading() as session:
        return desk.result(session, scope_of(caller), audit)


def _explicable(session: Session, caller: Caller, audit: str) -> audits.Audit:
    """Return an audit that is done by the rules of today, so that what is said of it is what it found.

    Raises:
        NotFoundError: there is no such audit in the areas, or it is not done.
        ConflictError: it was done by other rules.
    """
    one = audits.get(session, scope_of(caller), audit)
    if one.state is not audits.State.DONE:
        raise NotFoundError("there is no such audit")
    need_rules(one)
    return one


def _areas(desk: Desk, caller: Caller) -> Mapping[str, str]:
    """Return the areas that the caller may audit, each with how it is called: all of them first, to whom that was granted."""
    with desk.database.reading() as session:
        found = auditing.areas_of(session, scope_of(caller))
    names = {one: one for one in found}
    return {EVERY_AREA: areas_in_words([EVERY_AREA]), **names} if caller.areas.is_everything else names


def _asked(sent: SentForm, areas: Mapping[str, str]) -> Asked | list[FieldError]:
    as_of = day_of(sent.values, "as_of")
    chosen = sent.every("areas")
    errors = [as_of] if isinstance(as_of, FieldError) else []
    if not chosen or not set(chosen) <= areas.keys():
        errors.append(FieldError(field="areas", text="Choose at least one area"))
    if sent.text("standards") not in rules_of().packs:
        errors.append(FieldError(field="standards", text="Choose the time standards"))
    if sent.text("average") not in set(Average):
        errors.append(FieldError(field="average", text="Choose what an outcome's score is the average of"))
    by = sent.every("by")
    if not set(by) <= {str(one) for one in Characteristic}:
        errors.append(FieldError(field="by", text="Choose from the list"))
    if errors or isinstance(as_of, FieldError):
        return errors
    areas_asked = (EVERY_AREA,) if EVERY_AREA in chosen else chosen
    return Asked(
        as_of,
        areas_asked,
        sent.text("standards"),
        Average(sent.text("average")),
        tuple(map(Characteristic, by)),
    )
