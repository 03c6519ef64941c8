"""Moderation: two assessors on one case, how far they agree and what is settled; and their view beside an audit's findings."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.answers import QuestionAnswer
from aboveline.rulebook import Rulebook
from aboveline.service.guard import Router
from aboveline.service.models.assessments import OwnAnswer
from aboveline.service.models.moderation import (
    AgreementView,
    BesideView,
    CaseModeration,
    ComparedQuestion,
    ModeratedCase,
    ModerationOverview,
    QuestionAgreementView,
    QuestionSelfView,
    SelfViewOverview,
    Settlement,
    SettlementsRequest,
)
from aboveline.service.security.current import Caller, Judge, Reader
from aboveline.service.work import assessing
from aboveline.service.work.answering import answer_record, case_of, record_of
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.self_view import self_view_of
from aboveline.store import NotFoundError, UnfitError, assessments, audits, moderation
from aboveline.store.assessments import Assessment

from .common import TAGGED, Id, Key, Limit, bad_cursor, desk_of, told

__all__ = ["router"]

router = Router(prefix="/v1", tags=["Moderation"])


@router.get("/moderation", response_model=ModerationOverview, responses=TAGGED)
def get_moderation(
    request: Request,
    caller: Judge,
    after: Annotated[str | None, Query(max_length=256)] = None,
    limit: Limit = 50,
) -> Response:
    """Show how far assessors agree over all cases of the caller's areas that two have handed in, and list those cases."""
    desk, scope = desk_of(request), scope_of(caller)
    place = None if after is None else desk.keys.case(after)
    if after is not None and place is None:
        raise bad_cursor()
    with desk.database.reading() as session:
        both = assessments.handed_in(session, scope)
        found = moderation.compare(both)
        of: dict[str, list[Assessment]] = defaultdict(list)
        for one in both:
            of[one.case].append(one)
        further = [pair for pair in found.pairs if place is None or pair.case > place]
        items = []
        for pair in further[:limit]:
            settled = {it.question for it in moderation.settled(session, scope, pair.case)}
            items.append(
                ModeratedCase(
                    key=desk.keys.of(pair.case),
                    case=pair.case,
                    assessors=(pair.first, pair.second),
                    agreement=AgreementView.of(moderation.compare(of[pair.case]).agreement),
                    open=tuple(
                        it.question for it in pair.questions if it.differs and it.question not in settled
                    ),
                )
            )
    return told(
        request,
        ModerationOverview(
            agreement=AgreementView.of(found.agreement),
            questions=tuple(
                QuestionAgreementView(question=one.question, agreement=AgreementView.of(one.agreement))
                for one in found.questions
            ),
            items=tuple(items),
            total=len(found.pairs),
            next=items[-1].key if len(further) > limit else None,
        ),
    )


@router.get("/cases/{key}/moderation", response_model=CaseModeration, responses=TAGGED)
def get_case_moderation(request: Request, key: Key, caller: Judge) -> Response:
    """Show two assessments of a case side by side, with the engine's answers and what was settled. 404 until two are handed in."""
    return told(request, _of_case(desk_of(request), caller, key))


@router.post("/cases/{key}/moderation")
def settle_case(request: Request, key: Key, asked: SettlementsRequest, caller: Judge) -> CaseModeration:
    """Settle questions on which two assessors differ, each with its reason. Both assessments stay as they are."""
    desk = desk_of(request)
    before = _of_case(desk, caller, key)
    if not asked.settled.keys() <= {one.question for one in before.questions if one.differs}:
        raise UnfitError("settle questions to which both gave an answer, and not the same")
    agreed = {question: (one.answer, one.reason) for question, one in asked.settled.items()}
    assessing.settle(
        desk, desk.act(caller), scope_of(caller), before.case, agreed, holds_from=asked.holds_from
    )
    return _of_case(desk, caller, key)


@router.get("/audits/{audit_id}/self-view", response_model=SelfViewOverview, responses=TAGGED)
def get_self_view(request: Request, audit_id: Id, caller: Reader) -> Response:
    """Set assessors' answers to the cases of an audit beside what it found, over all and by question."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        one = audits.get(session, scope, audit_id)
        result = desk.result(session, scope, audit_id)
        seen = self_view_of(result, assessing.self_views(session, one.scope))
    titles = {question.id: question.title for question in result.questions}
    return told(
        request,
        SelfViewOverview(
            audit=audit_id,
            as_of=result.manifest.as_of,
            cases=seen.cases,
            overall=BesideView.of(seen.overall),
            questions=tuple(
                QuestionSelfView(question=question, title=titles[question], answers=BesideView.of(answers))
                for question, answers in seen.questions
            ),
        ),
    )


def _of_case(desk: Desk, caller: Caller, key: str) -> CaseModeration:
    case, scope = case_of(desk, key), scope_of(caller)
    with desk.database.reading() as session:
        day = assessing.engine_day(desk, session, scope, case)
        record, _ = record_of(session, scope, case)
        of = {one.assessor: one for one in assessments.of_case(session, scope, case)}
        both = moderation.compare(of.values())
        settled = moderation.settled(session, scope, case)
    if not both.pairs:
        raise NotFoundError("there is nothing to moderate")
    (pair,) = both.pairs
    engine = {one.question: one for one in answer_record(record, day.as_of, day.standards).answers}
    return CaseModeration(
        key=key,
        case=case,
        assessors=(pair.first, pair.second),
        agreement=AgreementView.of(both.agreement),
        questions=_questions(pair, of[pair.first], of[pair.second], engine, rules_of()),
        settled=tuple(map(Settlement.of, settled)),
    )


def _questions(
    pair: moderation.Pair,
    first: Assessment,
    second: Assessment,
    engine: Mapping[str, QuestionAnswer],
    rulebook: Rulebook,
) -> tuple[ComparedQuestion, ...]:
    """Return the questions that are asked still; one that was retired since has no answer of the engine's to stand beside."""
    titles = {one.id: one.title for one in rulebook.active}
    one, other = _entries(first), _entries(second)
    return tuple(
        ComparedQuestion(
            question=it.question,
            title=titles[it.question],
            first=one.get(it.question),
            second=other.get(it.question),
            differs=it.differs,
            engine=engine[it.question],
        )
        for it in pair.questions
        if it.question in titles
    )


def _entries(one: Assessment) -> dict[str, OwnAnswer]:
    return {entry.question: OwnAnswer.of(entry) for entry in one.entries if entry.answer is not None}
