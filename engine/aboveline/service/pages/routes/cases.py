"""Cases: the list and what is found in it, one as it stands today, and why a question has its answer."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.answers import Answer
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import desk_of, go_on, show
from aboveline.service.pages.forms import Sent
from aboveline.service.pages.views import case_list as views
from aboveline.service.pages.views.case import case_page as case_view
from aboveline.service.pages.views.explanation import explanation_page as explanation_view
from aboveline.service.pages.views.parts import PER_PAGE, FieldError
from aboveline.service.security.current import Caller, Reader
from aboveline.service.security.roles import Role
from aboveline.service.work.answering import answer_record, case_of, record_of
from aboveline.service.work.auditing import latest_done
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.judging import explain_as_judged
from aboveline.service.work.today import today_of
from aboveline.store import NotFoundError, case_list

__all__ = ["router"]

router = PageRouter()

_LONGEST_ID = 64
Key = Annotated[str | None, Query(max_length=256)]
Name = Annotated[str | None, Query(max_length=200)]


@router.get(urls.CASES)
def list_cases(
    request: Request,
    caller: Reader,
    begins: Key = None,
    area: Name = None,
    question: Name = None,
    answer: Name = None,
    after: Key = None,
) -> Response:
    """List cases of the caller's areas, those that are wanted. What is looked for by its id stands in the address as a key."""
    desk = desk_of(request)
    try:
        wanted = None if answer is None else Answer(answer)
    except ValueError:
        raise NotFoundError("there is no such answer") from None
    only = case_list.Wanted(_of_key(desk, begins), area, None, question, wanted)
    return show(request, "cases", _page(desk, caller, only, _of_key(desk, after)))


@router.post(urls.CASES)
def find_cases(request: Request, sent: Sent, caller: Reader) -> Response:
    """Look for cases: where an id is given in full, lead to the case; otherwise to the list of those that are wanted."""
    desk = desk_of(request)
    begins, area, question, answer = (sent.text(name) for name in ("case", "area", "question", "answer"))
    errors = []
    if len(begins) > _LONGEST_ID or not begins.isprintable():
        errors.append(FieldError(field="case", text=f"An id has {_LONGEST_ID} characters or fewer"))
        begins = ""
    if question and question not in {one.id for one in rules_of().active}:
        errors.append(FieldError(field="question", text="Choose a question from the list"))
    if answer and answer not in set(views.ANSWERS):
        errors.append(FieldError(field="answer", text="Choose an answer from the list"))
    if errors:
        view = _page(desk, caller, case_list.EVERY_CASE, None)
        return show(request, "cases", view.model_copy(update={"errors": tuple(errors)}))
    if begins and not (area or question or answer):
        with desk.database.reading() as session:
            found = case_list.page(session, scope_of(caller), case_list.Wanted(begins), limit=2).items
        if len(found) == 1 or (found and found[0].case == begins):
            return go_on(request, urls.case(desk.keys.of(found[0].case)))
    key = desk.keys.of(begins) if begins else None
    return go_on(request, urls.cases_after(None, begins=key, area=area, question=question, answer=answer))


@router.get(urls.CASES + "/{key}")
def case_page(request: Request, key: str, caller: Reader) -> Response:
    """Show a case as it stands today, answered just now."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        record, area = record_of(session, scope_of(caller), case_of(desk, key))
    found = answer_record(record, today_of(desk.clock))
    view = case_view(
        key, found.facts, found.answers, found.rulebook, area=area, may_judge=caller.has(Role.JUDGE)
    )
    return show(request, "case", view)


@router.get(urls.CASES + "/{key}/questions/{question_id}")
def explanation_page(request: Request, key: str, question_id: str, caller: Reader) -> Response:
    """Say why a question has its answer today, and what would alter it."""
    desk = desk_of(request)
    explained, area = explain_as_judged(desk, scope_of(caller), case_of(desk, key), question_id)
    return show(request, "explanation", explanation_view(explained, key, area=area))


def _page(desk: Desk, caller: Caller, wanted: case_list.Wanted, after: str | None) -> views.CaseList:
    scope = scope_of(caller)
    with desk.database.reading() as session:
        latest = latest_done(session, scope)
        only = case_list.Wanted(
            wanted.begins, wanted.area, latest.id if latest else None, wanted.question, wanted.answer
        )
        found = case_list.page(session, scope, only, after=after, limit=PER_PAGE)
        total = case_list.count(session, scope, only)
        areas = case_list.areas(session, scope)
        ids = [one.case for one in found.items]
        short = case_list.insufficient(session, scope, latest.id, ids) if latest else {}
    values = {
        "area": wanted.area or "",
        "question": wanted.question or "",
        "answer": str(wanted.answer or ""),
    }
    key = desk.keys.of(wanted.begins) if wanted.begins else None
    rows = [
        views.CaseRow(
            key=desk.keys.of(one.case),
            case=one.case,
            area=one.area,
            uploaded=one.at.date(),
            insufficient=short.get(one.case),
        )
        for one in found.items
    ]
    return views.case_list(
        rows,
        total,
        areas=areas,
        questions={one.id: one.title for one in rules_of().active},
        audited=latest.as_of if latest else None,
        values={"case": wanted.begins or "", **values},
        onward=urls.cases_after(desk.keys.of(found.after), begins=key, **values) if found.after else None,
        first=urls.cases_after(None, begins=key, **values) if after else None,
    )


def _of_key(desk: Desk, key: str | None) -> str | None:
    """Return what stands behind a key in an address.

    Raises:
        NotFoundError: it stands for nothing.
    """
    if key is None:
        return None
    return case_of(desk, key)
