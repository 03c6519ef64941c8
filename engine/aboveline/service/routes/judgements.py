"""What assessors say of questions: judgements, and answers in place of computed ones. Each has its reason, and none is lost."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.service.guard import Router
from aboveline.service.models.cases import JudgementRequest, Judgements, JudgementView
from aboveline.service.security.current import Judge, Reader
from aboveline.service.work.answering import case_of
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.judging import judge
from aboveline.store import judgements

from .common import TAGGED, Id, Key, Limit, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1", tags=["Judgements"])


@router.post("/cases/{key}/judgements", status_code=201)
def judge_question(
    request: Request, key: Key, asked: JudgementRequest, caller: Judge, response: Response
) -> JudgementView:
    """Answer a question of a case, with a reason: as the judgement that is wanted, or in place of the computed answer."""
    desk = desk_of(request)
    said = judge(
        desk,
        desk.act(caller),
        scope_of(caller),
        case_of(desk, key),
        asked.question,
        asked.answer,
        asked.reason,
        holds_from=asked.holds_from,
        audit=asked.audit,
    )
    response.headers["location"] = f"{router.prefix}/judgements/{said.id}"
    return _view(desk, said)


@router.get("/cases/{key}/judgements", response_model=Judgements, responses=TAGGED)
def list_judgements_of_case(request: Request, key: Key, caller: Reader) -> Response:
    """List all that was said of a case, in the order in which it was."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        said = judgements.of_case(session, scope_of(caller), case_of(desk, key))
    return told(request, Judgements(items=tuple(_view(desk, one) for one in said), next=None))


@router.get("/judgements", response_model=Judgements, responses=TAGGED)
def list_judgements(
    request: Request,
    caller: Reader,
    kind: judgements.Kind | None = None,
    question: Annotated[str | None, Query(max_length=64)] = None,
    after: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    limit: Limit = 50,
) -> Response:
    """List what was said of all cases of the caller's areas, the latest first."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        page = judgements.page(
            session, scope_of(caller), kind=kind, question=question, after=after, limit=limit
        )
    return told(request, Judgements(items=tuple(_view(desk, one) for one in page.items), next=page.after))


@router.get("/judgements/{judgement_id}", response_model=JudgementView, responses=TAGGED)
def get_judgement(request: Request, judgement_id: Id, caller: Reader) -> Response:
    """Show one judgement or override."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        return told(request, _view(desk, judgements.get(session, scope_of(caller), judgement_id)))


def _view(desk: Desk, one: judgements.Said) -> JudgementView:
    return JudgementView(
        id=one.id,
        key=desk.keys.of(one.case),
        case=one.case,
        kind=one.kind,
        question=one.question,
        answer=one.answer,
        made_on=one.made_on,
        assessor=one.assessor,
        reason=one.reason,
        at=one.at,
        audit=one.audit,
    )
