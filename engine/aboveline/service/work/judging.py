"""An assessor's answer to a question of a case: the judgement that was wanted, or another in place of the computed one."""

from aboveline.answers import Answer
from aboveline.case.codes import JudgedAnswer
from aboveline.store import Act, AreaScope, UnfitError, judgements

from .answering import explain_record, question_of, record_of
from .desk import Desk, rules_of
from .today import today_of

__all__ = ["judge"]


def judge(
    desk: Desk, act: Act, scope: AreaScope, case: str, question: str, answer: JudgedAnswer, reason: str
) -> judgements.Said:
    """Keep an assessor's answer with its reason. The computed one is kept beside it.

    Raises:
        NotFoundError: there is no such case in the areas, or no such question is asked.
        UnfitError: it is the computed answer, or there is no reason.
    """
    asked = question_of(rules_of(), question)
    today = today_of(desk.clock)
    with desk.database.reading() as session:
        record, _ = record_of(session, scope, case)
    computed = explain_record(record, question, today).answer
    if str(answer) == str(computed.computed):
        raise UnfitError("this is the computed answer: nothing needs to be said in its place")
    # Where a judgement was wanted and none is there, this is it; anywhere else it stands in place of an answer.
    wanted = asked.judged and computed.computed is Answer.NOT_ASSESSED and not computed.gaps
    kind = (
        judgements.Kind.JUDGEMENT
        if wanted and answer is not JudgedAnswer.NOT_APPLICABLE
        else judgements.Kind.OVERRIDE
    )
    with desk.database.begin() as session:
        return judgements.say(
            session,
            act,
            scope,
            kind,
            case=case,
            question=question,
            answer=answer,
            made_on=today,
            reason=reason,
        )
