"""Cases: the list, one as it stands today, why a question has its answer, and an answer in place of the computed one."""

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from aboveline.answers import Answer
from aboveline.case.codes import JudgedAnswer
from aboveline.explain import Explanation
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, PageNumber, desk_of, go_on, show
from aboveline.service.pages.forms import Sent
from aboveline.service.pages.views import cases as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Caller, Judge, Reader
from aboveline.service.security.roles import Role
from aboveline.service.work.answering import answer_record, case_of, explain_record, question_of, record_of
from aboveline.service.work.auditing import latest_done
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.judging import say
from aboveline.service.work.today import today_of
from aboveline.store import UnfitError, cases, judgements

__all__ = ["router"]

router = PageRouter()

_LONGEST_REASON = 2000


@router.get(urls.CASES)
def case_list(request: Request, caller: Reader, page: PageNumber = 1) -> Response:
    """List the cases of the caller's areas."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        found = _every_case(session, caller)
        insufficient = _insufficient(desk, session, caller)
    rows = [
        views.CaseRow(
            key=desk.keys.of(one.case),
            case=one.case,
            area=one.area,
            uploaded=one.at.date(),
            insufficient=insufficient.get(one.case),
        )
        for one in found
    ]
    return show(request, "cases", views.case_list(rows, page))


@router.get(urls.CASES + "/{key}")
def case_page(request: Request, key: str, caller: Reader) -> Response:
    """Show a case as it stands today, answered just now."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        record, area = record_of(session, scope_of(caller), case_of(desk, key))
    found = answer_record(record, today_of(desk.clock))
    view = views.case_page(
        key, found.facts, found.answers, found.rulebook, area=area, may_judge=caller.has(Role.JUDGE)
    )
    return show(request, "case", view)


@router.get(urls.CASES + "/{key}/questions/{question_id}")
def explanation_page(request: Request, key: str, question_id: str, caller: Reader) -> Response:
    """Say why a question has its answer today, and what would alter it."""
    explained, area = _explained(desk_of(request), caller, key, question_id)
    return show(request, "explanation", views.explanation_page(explained, key, area=area))


@router.get(urls.CASES + "/{key}/questions/{question_id}/override")
def override_form(request: Request, key: str, question_id: str, caller: Judge) -> Response:
    """Show the form for another answer, with what was said before."""
    desk = desk_of(request)
    explained, _ = _explained(desk, caller, key, question_id)
    earlier = _earlier(desk, caller, key, question_id)
    return show(request, "override", views.override_page(key, explained, earlier))


@router.post(urls.CASES + "/{key}/questions/{question_id}/override")
def override_send(request: Request, key: str, question_id: str, sent: Sent, caller: Judge) -> Response:
    """Keep an assessor's answer with its reason; the computed one is kept beside it."""
    desk = desk_of(request)
    explained, _ = _explained(desk, caller, key, question_id)
    answer, reason = sent.text("answer"), sent.text("reason")
    errors = []
    if answer not in set(JudgedAnswer) or answer == explained.answer.computed:
        errors.append(FieldError(field="answer", text="Choose an answer other than the computed one"))
    if not reason:
        errors.append(FieldError(field="reason", text="Say why the computed answer is wrong"))
    elif len(reason) > _LONGEST_REASON:
        errors.append(
            FieldError(field="reason", text=f"The reason must be {_LONGEST_REASON:,} characters or fewer")
        )
    if not errors:
        try:
            say(desk, desk.act(caller), scope_of(caller), explained, JudgedAnswer(answer), reason)
        except UnfitError as error:
            errors = [FieldError(field="reason", text=str(error))]
        else:
            return go_on(request, urls.case_question(key, question_id), Done.OVERRIDDEN)
    view = views.override_page(
        key, explained, _earlier(desk, caller, key, question_id), {"answer": answer, "reason": reason}, errors
    )
    return show(request, "override", view)


def _explained(desk: Desk, caller: Caller, key: str, question: str) -> tuple[Explanation, str | None]:
    question_of(rules_of(), question)
    with desk.database.reading() as session:
        record, area = record_of(session, scope_of(caller), case_of(desk, key))
    return explain_record(record, question, today_of(desk.clock)), area


def _earlier(desk: Desk, caller: Caller, key: str, question: str) -> list[views.ReasonedAnswer]:
    with desk.database.reading() as session:
        said = judgements.of_case(session, scope_of(caller), case_of(desk, key))
    return [
        views.ReasonedAnswer(by=one.assessor, at=one.at, answer=Answer(one.answer), reason=one.reason)
        for one in reversed(said)
        if one.question == question
    ]


def _every_case(session: Session, caller: Caller) -> list[cases.CaseVersion]:
    found: list[cases.CaseVersion] = []
    after: str | None = None
    while True:
        page = cases.page(session, scope_of(caller), after=after, limit=1000)
        found += page.items
        after = page.after
        if after is None:
            return found


def _insufficient(desk: Desk, session: Session, caller: Caller) -> dict[str, int]:
    """Return how many insufficient answers each case has, by the latest audit that the caller may see."""
    scope = scope_of(caller)
    latest = latest_done(session, scope)
    if latest is None:
        return {}
    return {one.case: len(one.insufficient) for one in desk.result(session, scope, latest.id).answers}
