"""Self-assessment: an assessor's own answers to a case, saved as they come, beside those of the engine."""

from fastapi import Request
from starlette.responses import Response

from aboveline.answers import Answer
from aboveline.case.codes import JudgedAnswer
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, desk_of, go_on, show
from aboveline.service.pages.forms import Sent, SentForm
from aboveline.service.pages.views import assessments as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Caller, Judge
from aboveline.service.work import assessing
from aboveline.service.work.answering import Answered, answer_record, case_of, record_of
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.in_order import in_order
from aboveline.service.work.own_answers import needs_reason
from aboveline.store import ConflictError, NotFoundError
from aboveline.store.assessments import LONGEST_NOTE, Assessment, AssessmentState, Draft

__all__ = ["given_of", "router"]

router = PageRouter()

_OWN = urls.CASES + "/{key}/assessment"


@router.get(_OWN)
def assessment_page(request: Request, key: str, caller: Judge) -> Response:
    """List the sections of the caller's assessment of a case."""
    return show(request, "assessment", _page(desk_of(request), caller, key))


@router.post(_OWN + "/finish")
def assessment_finish(request: Request, key: str, caller: Judge) -> Response:
    """Close the caller's assessment of a case, once every question is answered."""
    desk = desk_of(request)
    if not _page(desk, caller, key).complete:
        raise ConflictError("you can finish when every question is answered")
    assessing.finish(desk, desk.act(caller), scope_of(caller), case_of(desk, key))
    return go_on(request, urls.assessment(key), Done.FINISHED)


@router.get(_OWN + "/{criterion}")
def section_page(request: Request, key: str, criterion: str, caller: Judge) -> Response:
    """Show the questions of a criterion, with what the engine says of each."""
    desk = desk_of(request)
    _need_section(criterion)
    case = case_of(desk, key)
    answered, mine, audit = _answered(desk, caller, case)
    view = views.assessment_section(
        key, case, criterion, rules_of(), answered.answers, given_of(mine), as_of=answered.as_of, audit=audit
    )
    return show(request, "assessment-section", view)


@router.post(_OWN + "/{criterion}")
def section_save(request: Request, key: str, criterion: str, sent: Sent, caller: Judge) -> Response:
    """Save the answers to the questions of a criterion, and go on to the next or back to the list."""
    desk = desk_of(request)
    following = _need_section(criterion)
    case = case_of(desk, key)
    answered, mine, audit = _answered(desk, caller, case)
    if mine is not None and mine.state is AssessmentState.HANDED_IN:
        raise ConflictError("this assessment is finished and cannot be changed")
    view = views.assessment_section(
        key,
        case,
        criterion,
        rules_of(),
        answered.answers,
        given_of(mine),
        sent.values,
        as_of=answered.as_of,
        audit=audit,
    )
    computed = {one.question: one.computed for one in answered.answers}
    questions = [one.id for one in view.questions]
    errors = [error for one in questions if (error := _wrong(sent, one, computed[one])) is not None]
    if errors:
        return show(request, "assessment-section", view.model_copy(update={"errors": tuple(errors)}))
    drafts = {one: _draft(sent, one) for one in questions}
    assessing.save(desk, desk.act(caller), scope_of(caller), case, drafts)
    if sent.text("go") == "next" and following is not None:
        return go_on(request, urls.assessment_section(key, following), Done.ASSESSED)
    return go_on(request, urls.assessment(key), Done.ASSESSED)


def given_of(mine: Assessment | None) -> dict[str, views.AssessedAnswer]:
    """Return what was put down in an assessment, by question."""
    return {
        one.question: views.AssessedAnswer(answer=Answer(one.answer), reason=one.note or None)
        for one in (mine.entries if mine else ())
        if one.answer is not None
    }


def _page(desk: Desk, caller: Caller, key: str) -> views.AssessmentPage:
    case = case_of(desk, key)
    with desk.database.reading() as session:
        mine = assessing.own_of(session, scope_of(caller), case, caller.name)
    finished = mine is not None and mine.state is AssessmentState.HANDED_IN
    return views.assessment_page(
        key,
        case,
        rules_of(),
        given_of(mine),
        started=mine.at.date() if mine else None,
        finished=max((one.at.date() for one in mine.entries), default=mine.at.date())
        if mine and finished
        else None,
    )


def _answered(desk: Desk, caller: Caller, case: str) -> tuple[Answered, Assessment | None, str | None]:
    with desk.database.reading() as session:
        engine = assessing.engine_day(desk, session, scope_of(caller), case)
        record, _ = record_of(session, scope_of(caller), case)
        mine = assessing.own_of(session, scope_of(caller), case, caller.name)
    return answer_record(record, engine.as_of, engine.standards), mine, engine.audit


def _need_section(criterion: str) -> str | None:
    """Return the criterion that comes after one.

    Raises:
        NotFoundError: no section is about it.
    """
    order = [name for _, criteria in in_order(rules_of()) for name, _ in criteria]
    if criterion not in order:
        raise NotFoundError("there is no such section")
    return next(iter(order[order.index(criterion) + 1 :]), None)


def _wrong(sent: SentForm, question: str, computed: Answer) -> FieldError | None:
    answer, reason = sent.text(f"answer-{question}"), sent.text(f"reason-{question}")
    if answer and answer not in set(JudgedAnswer):
        return FieldError(field=f"answer-{question}", text=f"Choose an answer to {question}")
    if len(reason) > LONGEST_NOTE:
        return FieldError(
            field=f"reason-{question}",
            text=f"The reason for {question} must be {LONGEST_NOTE:,} characters or fewer",
        )
    if answer and needs_reason(computed, Draft(JudgedAnswer(answer), reason)):
        return FieldError(
            field=f"reason-{question}", text=f"Say why your answer to {question} is not the engine's"
        )
    return None


def _draft(sent: SentForm, question: str) -> Draft:
    answer = sent.text(f"answer-{question}")
    return Draft(JudgedAnswer(answer) if answer else None, sent.text(f"reason-{question}"))
