"""Self-assessment: an assessor's own answers to the questions of a case, saved from what they have seen, and handed in."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header, Query, Request
from starlette.responses import Response

from aboveline.answers import QuestionAnswer
from aboveline.service.guard import Router
from aboveline.service.models.assessments import (
    AskedCriterion,
    AskedQuestion,
    AskedStage,
    AssessmentQuestions,
    Assessments,
    AssessmentSave,
    AssessmentSummary,
    OwnAnswer,
    OwnAssessment,
)
from aboveline.service.problems import FieldProblem, ProblemError, precondition_failed, precondition_required
from aboveline.service.security.current import Caller, Judge
from aboveline.service.work.answering import answer_record, case_of, record_of
from aboveline.service.work.assessing import engine_day, own_of
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.in_order import in_order
from aboveline.service.work.own_answers import (
    ChangedMeanwhileError,
    finish_as_seen,
    left,
    needs_reason,
    save_as_seen,
    tag_of,
)
from aboveline.store import assessments
from aboveline.store.assessments import Assessment, AssessmentState, Draft

from .common import TAGGED, Key, Limit, desk_of, tagged, told

__all__ = ["router"]

router = Router(prefix="/v1", tags=["Self-assessment"])

IfMatch = Annotated[
    str | None,
    Header(
        max_length=400,
        description="The `ETag` of the assessment, or the `tag` of its questions, as last seen",
    ),
]
_FROM_SEEN: dict[int | str, dict[str, Any]] = {
    412: {"description": "The assessment is not as it was seen: it was saved elsewhere meanwhile"},
    428: {"description": "`If-Match` is missing"},
}


@router.get("/assessments", response_model=Assessments, responses=TAGGED)
def list_own_assessments(
    request: Request,
    caller: Judge,
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
) -> Response:
    """List the caller's own assessments, the latest begun first."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        page = assessments.own(session, scope_of(caller), caller.name, after=after, limit=limit)
    items = tuple(AssessmentSummary.of(desk.keys.of(one.case), one) for one in page.items)
    return told(request, Assessments(items=items, next=page.after))


@router.get("/cases/{key}/assessments", response_model=Assessments, responses=TAGGED)
def list_assessments_of_case(request: Request, key: Key, caller: Judge) -> Response:
    """List who assessed a case: those who handed in, and the caller. What others answered is told by moderation."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        found = assessments.of_case(session, scope_of(caller), case_of(desk, key))
    items = tuple(
        AssessmentSummary.of(key, one)
        for one in found
        if one.state is AssessmentState.HANDED_IN or one.assessor == caller.name
    )
    return told(request, Assessments(items=items, next=None))


@router.get("/cases/{key}/assessments/questions", response_model=AssessmentQuestions, responses=TAGGED)
def list_assessment_questions(request: Request, key: Key, caller: Judge) -> Response:
    """List the questions of a case in the inspector's order, with the engine's answer and evidence, and the caller's own."""
    desk = desk_of(request)
    case = case_of(desk, key)
    with desk.database.reading() as session:
        engine = engine_day(desk, session, scope_of(caller), case)
        record, _ = record_of(session, scope_of(caller), case)
        mine = own_of(session, scope_of(caller), case, caller.name)
    answered = answer_record(record, engine.as_of, engine.standards)
    return told(
        request,
        AssessmentQuestions(
            key=key,
            case=case,
            as_of=engine.as_of,
            rulebook=answered.rulebook.hash,
            state=AssessmentState.DRAFT if mine is None else mine.state,
            tag=f'"{tag_of(mine)}"',
            stages=_stages({one.question: one for one in answered.answers}, mine),
        ),
    )


@router.get("/cases/{key}/assessments/mine", response_model=OwnAssessment, responses=TAGGED)
def get_own_assessment(request: Request, key: Key, caller: Judge) -> Response:
    """Show the caller's own assessment of a case. One that is not begun is a draft with nothing in it."""
    desk = desk_of(request)
    return _told(request, caller, key, _mine(desk, caller, case_of(desk, key)))


@router.patch("/cases/{key}/assessments/mine", response_model=OwnAssessment, responses=_FROM_SEEN)
def save_own_assessment(
    request: Request, key: Key, asked: AssessmentSave, caller: Judge, if_match: IfMatch = None
) -> Response:
    """Save the caller's own answers to some questions; the others stay as they are. It begins with the first save."""
    desk = desk_of(request)
    case = case_of(desk, key)
    scope = scope_of(caller)
    with desk.database.reading() as session:
        engine = engine_day(desk, session, scope, case)
        record, _ = record_of(session, scope, case)
    seen = _seen(if_match)
    drafts = {question: given.draft() for question, given in asked.answers.items()}
    answered = answer_record(record, engine.as_of, engine.standards)
    _need_fit(drafts, {one.question: one for one in answered.answers})
    try:
        made = save_as_seen(desk, desk.act(caller), scope, case, seen, drafts)
    except ChangedMeanwhileError:
        raise _changed() from None
    return _told(request, caller, key, made)


@router.post("/cases/{key}/assessments/mine/submit", response_model=OwnAssessment, responses=_FROM_SEEN)
def submit_own_assessment(request: Request, key: Key, caller: Judge, if_match: IfMatch = None) -> Response:
    """Hand in the caller's own assessment, once every question is answered. Then it cannot be changed."""
    desk = desk_of(request)
    case = case_of(desk, key)
    _mine(desk, caller, case)
    seen = _seen(if_match)
    try:
        made = finish_as_seen(desk, desk.act(caller), scope_of(caller), case, seen)
    except ChangedMeanwhileError:
        raise _changed() from None
    return _told(request, caller, key, made)


def _mine(desk: Desk, caller: Caller, case: str) -> Assessment | None:
    with desk.database.reading() as session:
        return own_of(session, scope_of(caller), case, caller.name)


def _told(request: Request, caller: Caller, key: str, mine: Assessment | None) -> Response:
    view = OwnAssessment(
        key=key,
        case=case_of(desk_of(request), key),
        assessor=caller.name,
        state=AssessmentState.DRAFT if mine is None else mine.state,
        started=None if mine is None else mine.at,
        answers={} if mine is None else {one.question: OwnAnswer.of(one) for one in mine.entries},
        left=left(mine, rules_of()),
    )
    return tagged(request, view.model_dump_json().encode(), "application/json", tag=tag_of(mine))


def _stages(engine: Mapping[str, QuestionAnswer], mine: Assessment | None) -> tuple[AskedStage, ...]:
    rulebook = rules_of()
    own = {} if mine is None else {one.question: OwnAnswer.of(one) for one in mine.entries}
    return tuple(
        AskedStage(
            stage=stage,
            criteria=tuple(
                AskedCriterion(
                    criterion=criterion,
                    title=rulebook.framework.criteria[criterion],
                    questions=tuple(
                        AskedQuestion(id=one.id, title=one.title, engine=engine[one.id], own=own.get(one.id))
                        for one in questions
                    ),
                )
                for criterion, questions in criteria
            ),
        )
        for stage, criteria in in_order(rulebook)
    )


def _seen(if_match: str | None) -> tuple[str, ...]:
    """Return the tags that the caller has seen. `*` would save over whatever is there, and is no tag."""
    tags = tuple(one.strip() for one in (if_match or "").split(",") if one.strip() not in {"", "*"})
    if not tags:
        raise precondition_required("Send `If-Match` with the `ETag` of the assessment that you have seen.")
    return tuple(one[1:-1] for one in tags if len(one) > 1 and one[0] == one[-1] == '"')


def _changed() -> ProblemError:
    return precondition_failed(
        "Your assessment is not as you saw it: it was saved elsewhere meanwhile. Look at it again."
    )


def _need_fit(drafts: Mapping[str, Draft], engine: Mapping[str, QuestionAnswer]) -> None:
    """Go on only if every answer is to a question that is asked, and says why where it is not the engine's."""
    # An id that is not asked was made up by whoever sent it, and is not repeated.
    if not drafts.keys() <= engine.keys():
        wrong = [
            FieldProblem(path="body.answers.?", code="unknown_question", reason="there is no such question")
        ]
    else:
        wrong = [
            FieldProblem(
                path=f"body.answers.{question}.note",
                code="reason_missing",
                reason="say why this is not the engine's answer",
            )
            for question, draft in drafts.items()
            if needs_reason(engine[question].computed, draft)
        ]
    if wrong:
        raise ProblemError(
            422, "UNFIT_ANSWERS", "Some of these answers cannot be saved; none was.", errors=wrong
        )
