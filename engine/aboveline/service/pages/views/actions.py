"""The action plan: what was decided to be done, by whom and by when."""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum

from aboveline.answers import in_words
from aboveline.case.base import Record
from aboveline.reports.words import label
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import (
    Colour,
    FieldError,
    Option,
    Pager,
    Table,
    Tag,
    View,
    cell,
    columns,
    listed,
)  # fmt: skip

__all__ = ["Action", "ActionChange", "ActionForm", "ActionList", "ActionState", "action_form", "action_list"]


class ActionState(StrEnum):
    """How far an action has come."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


_COLOURS: Mapping[ActionState, Colour] = {
    ActionState.OPEN: "grey", ActionState.IN_PROGRESS: "blue", ActionState.DONE: "green", ActionState.DROPPED: "grey",
}  # fmt: skip


_GOING = {ActionState.OPEN, ActionState.IN_PROGRESS}


class Action(Record):
    """An item of the action plan as it stands."""

    id: str
    text: str
    recommendation: str | None
    area: str
    owner: str
    due: dt.date | None
    state: ActionState


class ActionChange(Record):
    """A change that was made to an item: who, when, and what it said then."""

    by: str
    at: dt.datetime
    state: ActionState
    owner: str
    due: dt.date | None
    note: str | None


class ActionList(View):
    """The action plan of the caller's areas."""

    table: Table
    pager: Pager
    told: str


class ActionForm(View):
    """The form that adds or changes an item.

    Fields ``text`` and ``area`` (adding only), ``recommendation``, ``owner``, ``due-day``, ``-month``, ``-year``,
    ``state``, and ``note`` and ``version`` (changing only): a change is of the version that was looked at.
    """

    action: str | None
    text: str
    areas: tuple[Option, ...]
    recommendations: tuple[Option, ...]
    states: tuple[Option, ...]
    values: dict[str, str]
    date: dict[str, str]
    history: Table | None


def action_list(actions: Sequence[Action], today: dt.date, page: int = 1) -> ActionList:
    """Build the action plan. What is open and past its day says so."""
    table, pager = listed(
        Table(
            caption="Actions",
            columns=columns("Action", "Owner", "Due", "State", "Area"),
            rows=(),
            empty="No action has been agreed yet.",
        ),
        actions,
        lambda one: (
            cell(
                one.text,
                urls.action(one.id),
                note=f"Recommendation {one.recommendation}" if one.recommendation else None,
            ),
            cell(one.owner),
            cell(one.due, note="overdue" if _is_late(one, today) else None),
            cell("", tag=Tag(text=label(one.state), colour=_COLOURS[one.state])),
            cell(one.area),
        ),
        page,
        urls.ACTIONS,
    )
    to_do, late = sum(one.state in _GOING for one in actions), sum(_is_late(one, today) for one in actions)
    return ActionList(
        title="Action plan",
        told=f"{to_do:,} of {len(actions):,} to be done, {late:,} of them overdue.",
        table=table,
        pager=pager,
    )


def _is_late(action: Action, today: dt.date) -> bool:
    return action.due is not None and action.due < today and action.state in _GOING


def action_form(
    action: Action | None, areas: Mapping[str, str], recommendations: Mapping[str, str],
    history: Sequence[ActionChange] = (), values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = (),
) -> ActionForm:  # fmt: skip
    """Build the form that adds an item, or changes one: what it said before is kept and shown."""
    saved = (
        {"recommendation": action.recommendation or "", "owner": action.owner, "state": str(action.state)}
        if action
        else {}
    )
    given = {
        "text": "",
        "area": next(iter(areas)) if len(areas) == 1 else "",
        "recommendation": "",
        "owner": "",
        "state": "open",
        "note": "",
        "version": "",
    }
    given |= saved | dict(values or {})
    due = {
        part: str(getattr(action.due, part)) if action and action.due else ""
        for part in ("day", "month", "year")
    }
    return ActionForm(
        title="Change an action" if action else "Add an action",
        errors=tuple(errors),
        action=action.id if action else None,
        text=action.text if action else "",
        areas=tuple(Option(value=value, text=text) for value, text in areas.items()),
        recommendations=(
            Option(value="", text="None"),
            *(Option(value=name, text=f"{name}. {text}") for name, text in recommendations.items()),
        ),
        states=tuple(Option(value=str(one), text=label(one)) for one in ActionState),
        values=given,
        date={part: given.get(f"due-{part}", text) for part, text in due.items()},
        history=Table(
            caption="What has changed",
            columns=columns("When", "By", "State", "Owner", "Due", "Note"),
            rows=tuple(
                (
                    cell(in_words(one.at.date()), note=f"{one.at:%H:%M}"), cell(one.by),
                    cell("", tag=Tag(text=label(one.state), colour=_COLOURS[one.state])),
                    cell(one.owner), cell(one.due), cell(one.note or ""),
                )
                for one in history
            ),
        )
        if history
        else None,
    )  # fmt: skip
