"""An assessor's own answers, put down from what they have seen: nothing is saved over what they saved elsewhere meanwhile."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from aboveline.answers import Answer
from aboveline.rulebook import Rulebook
from aboveline.store import Act, AreaScope, ConflictError, own_assessments
from aboveline.store.assessments import Assessment, AssessmentState, Draft

from .desk import Desk, rules_of
from .in_order import in_order

__all__ = ["ChangedMeanwhileError", "finish_as_seen", "left", "needs_reason", "save_as_seen", "tag_of"]


class ChangedMeanwhileError(ConflictError):
    """One's assessment is not as it was when one looked at it: another tab or program has saved to it since."""


def tag_of(mine: Assessment | None) -> str:
    """Return what stands for one's assessment as it is; one that is not begun is like one with nothing in it."""
    held = [] if mine is None else [(one.question, one.answer, one.note, str(one.at)) for one in mine.entries]
    state = AssessmentState.DRAFT if mine is None else mine.state
    return hashlib.sha256(json.dumps([state, held]).encode()).hexdigest()[:32]


def left(mine: Assessment | None, rulebook: Rulebook) -> tuple[str, ...]:
    """Return the questions that one has not answered yet, in the inspector's order."""
    answered = mine.answers if mine is not None else {}
    return tuple(
        one.id
        for _, criteria in in_order(rulebook)
        for _, questions in criteria
        for one in questions
        if one.id not in answered
    )


def needs_reason(computed: Answer, draft: Draft) -> bool:
    """Say whether an answer is another than the engine's, and does not say why."""
    return (
        draft.answer is not None
        and not draft.note
        and computed is not Answer.NOT_ASSESSED
        and str(draft.answer) != str(computed)
    )


def save_as_seen(
    desk: Desk, act: Act, scope: AreaScope, case: str, seen: Iterable[str], drafts: Mapping[str, Draft]
) -> Assessment:
    """Put down one's own answers to questions, if one's assessment is as it was seen.

    Raises:
        NotFoundError: there is no such case in the areas.
        ChangedMeanwhileError: it is not.
        ConflictError: it was handed in.
    """
    with desk.database.begin() as session:
        mine = own_assessments.begin(session, act, scope, case)
        _need(mine, seen)
        return own_assessments.save(session, act, scope, mine.id, drafts)


def finish_as_seen(desk: Desk, act: Act, scope: AreaScope, case: str, seen: Iterable[str]) -> Assessment:
    """Hand in one's own assessment, if it is as it was seen and every question is answered.

    Raises:
        NotFoundError: there is no such case in the areas.
        ChangedMeanwhileError: it is not as it was seen.
        ConflictError: a question is not answered, or it was handed in.
    """
    with desk.database.begin() as session:
        mine = own_assessments.begin(session, act, scope, case)
        _need(mine, seen)
        if left(mine, rules_of()):
            raise ConflictError("you can finish when every question is answered")
        return own_assessments.hand_in(session, act, scope, mine.id)


def _need(mine: Assessment, seen: Iterable[str]) -> None:
    if tag_of(mine) not in set(seen):
        raise ChangedMeanwhileError(
            "your assessment is not as you saw it: it was saved elsewhere meanwhile. Look at it again"
        )
