"""The action plan as the API takes and tells of it."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from aboveline.case.base import Record
from aboveline.store.actions import LONGEST_OWNER, LONGEST_TEXT, ActionState

from .audits import Area, Day
from .sent import Sent

__all__ = ["ActionChange", "ActionChangeView", "ActionDetail", "ActionRequest", "ActionView", "Actions"]

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
Owner = Annotated[str, Field(min_length=1, max_length=LONGEST_OWNER)]


class ActionRequest(Sent):
    """Something to be done: for an audit, a case, or areas; name at least one of them."""

    text: Text
    owner: Owner
    due: Day | None = None
    state: ActionState = ActionState.OPEN
    audit: Annotated[str | None, Field(max_length=64)] = None
    recommendation: Annotated[str | None, Field(max_length=64)] = None
    case: Annotated[str | None, Field(max_length=256, description="The key of a case")] = None
    areas: Annotated[tuple[Area, ...], Field(max_length=500)] = ()


class ActionChange(Sent):
    """An action as it is to be from now on. ``version`` is the one that whoever changes it has seen."""

    version: int = Field(ge=1, le=2**31 - 1)
    text: Text
    owner: Owner
    due: Day | None = None
    state: ActionState
    note: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""


class ActionView(Record):
    """An item of the action plan as it is now."""

    id: str
    at: dt.datetime
    who: str
    areas: tuple[str, ...]
    audit: str | None
    recommendation: str | None
    key: str | None = Field(description="The key of the case that it is for")
    version: int
    text: str
    owner: str
    due: dt.date | None
    state: ActionState
    changed_at: dt.datetime


class ActionChangeView(Record):
    """An item of the action plan as it was put down or changed."""

    version: int
    text: str
    owner: str
    due: dt.date | None
    state: ActionState
    note: str
    at: dt.datetime
    who: str


class ActionDetail(Record):
    """An item of the action plan with all that it said before."""

    action: ActionView
    history: tuple[ActionChangeView, ...]


class Actions(Record):
    """Some items of the action plan, the latest first. ``next`` is what to ask for as ``after``, none at the end."""

    items: tuple[ActionView, ...]
    next: str | None
