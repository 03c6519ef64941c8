"""An assessor's answer to a question of a case: the judgement that was wanted, or another in place of the computed one."""

from aboveline.answers import Answer
from aboveline.case.codes import JudgedAnswer
from aboveline.explain import Explanation
from aboveline.store import Act, AreaScope, UnfitError, judgements

from .answering import explain_record, question_of, record_of
from .desk import Desk, rules_of
from .today import today_of

__all__ = ["judge", "say"]


def judge(
    desk: Desk, act: Act, scope: AreaScope, case: str, question: str, answer: JudgedAnswer, reason: str
) -> judgements.Said:
    """Keep an assessor's answer with its reason. The computed one is kept beside it.

    Raises:
        NotFoundError: there is no such case in the areas, or no such question is asked.
        UnfitError: it is the computed answer, or there is no reason.
    """
    question_of(rules_of(), question)
    with desk.database.reading() as session:
        record, _ = record_of(session, scope, case)
    explained = explain_record(record, question, today_of(desk.clock))
    if str(answer) == str(explained.answer.computed):
        raise UnfitError("this is the computed answer: nothing needs to be said in its place")
    return say(desk, act, scope, explained, answer, reason)


def say(
    desk: Desk, act: Act, scope: AreaScope, explained: Explanation, answer: JudgedAnswer, reason: str
) -> judgements.Said:
    """Keep an assessor's answer to a question that was explained as it stands.

    Raises:
        NotFoundError: there is no such case in the areas.
        UnfitError: there is no reason.
    """
    question = question_of(rules_of(), explained.question.id)
    # Where a judgement was wanted and none is there, this is it; anywhere else it stands in place of an answer.
    wanted = (
        question.judged and explained.answer.computed is Answer.NOT_ASSESSED and not explained.answer.gaps
    )
    kind = (
        judgements.Kind.JUDGEMENT
        if wanted and answer is not JudgedAnswer.NOT_APPLICABLE
        else judgements.Kind.OVERRIDE
    )
    made_on = today_of(desk.clock)
    with desk.database.begin() as session:
        return judgements.say(
            session,
            act,
            scope,
            kind,
            case=explained.case,
            question=question.id,
            answer=answer,
            made_on=made_on,
            reason=reason,
        )
