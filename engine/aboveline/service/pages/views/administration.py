"""The audit trail, and users with their roles and areas."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.answers import in_words
from aboveline.case.base import Record
from aboveline.service.pages import context, urls
from aboveline.service.pages.views.parts import (
    PER_PAGE,
    FieldError,
    Option,
    Pager,
    Table,
    View,
    cell,
    columns,
)

__all__ = [
    "EVERYWHERE",
    "PER_PAGE",
    "TrailEntry",
    "TrailPage",
    "UserForm",
    "UserList",
    "UserSummary",
    "trail_page",
    "user_form",
    "user_list",
]

_ROLES = (
    Option(
        value=context.READ, text="Read audits", hint="See audits, cases and the action plan of their areas"
    ),
    Option(
        value=context.WRITE, text="Run audits", hint="Upload case records, start audits, keep the action plan"
    ),
    Option(value=context.JUDGE, text="Judge", hint="Assess cases, override answers, moderate"),
    Option(
        value=context.ADMIN, text="Administer", hint="Users, the audit trail, retention, drafts of the rules"
    ),
)
_NAMES = {one.value: one.text for one in _ROLES}
EVERYWHERE = "*"
"""The area that stands for all."""


class TrailEntry(Record):
    """An entry of the trail. ``what`` and ``subject`` hold no personal data."""

    number: int
    at: dt.datetime
    by: str
    what: str
    subject: str
    hash: str


class TrailPage(View):
    """The audit trail, newest first. ``broken`` is the number of the first entry that does not fit, none where all do."""

    verified: str
    broken: int | None
    table: Table
    pager: Pager


class UserSummary(Record):
    """A user: the name by which the identity provider knows them, roles and areas, ``*`` for all."""

    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]


class UserList(View):
    """Every user with a grant. The form leads to one by name: field ``name``."""

    table: Table
    values: dict[str, str]


class UserForm(View):
    """The form with a user's roles and areas: fields ``roles`` and ``areas``, each as often as chosen; ``reason`` is required."""

    name: str
    roles: tuple[Option, ...]
    areas: tuple[Option, ...]
    chosen_roles: tuple[str, ...]
    chosen_areas: tuple[str, ...]
    reason: str


def trail_page(
    shown: Sequence[TrailEntry], page: int, total: int, verified_at: dt.datetime, broken: int | None
) -> TrailPage:
    """Build a page of the trail from its entries, newest first, of so many in all, with what checking the chain came to."""
    pages = max(1, -(-total // PER_PAGE))
    pager = Pager(page=min(page, pages), pages=pages, total=total, address=urls.TRAIL)
    moment = f"{in_words(verified_at.date())} at {verified_at:%H:%M}"
    return TrailPage(
        title="Audit trail",
        verified=(
            f"Every entry fits the one before it. Checked on {moment}."
            if broken is None
            else f"Entry {broken} does not fit the one before it. Something was changed after it was written. Checked on {moment}."
        ),
        broken=broken,
        table=Table(
            caption="Entries, newest first",
            columns=columns("Entry", "When", "Who", "What", "Of what", "Hash", numbers=["Entry"]),
            rows=tuple(
                (
                    cell(one.number), cell(in_words(one.at.date()), note=f"{one.at:%H:%M:%S}"), cell(one.by),
                    cell(in_words(one.what)), cell(one.subject), cell(one.hash[:12]),
                )
                for one in shown
            ),
            empty="Nothing has been recorded yet.",
        ),
        pager=pager,
    )  # fmt: skip


def user_list(
    users: Sequence[UserSummary], values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = ()
) -> UserList:
    """Build the list of users."""
    return UserList(
        title="Users",
        errors=tuple(errors),
        values={"name": ""} | dict(values or {}),
        table=Table(
            caption="Users and what they may see",
            columns=columns("User", "May", "Areas"),
            rows=tuple(
                (
                    cell(one.name, urls.user(one.name)),
                    cell(", ".join(_NAMES.get(role, role) for role in one.roles) or "nothing"),
                    cell("all areas" if EVERYWHERE in one.areas else ", ".join(one.areas) or "none"),
                )
                for one in users
            ),
            empty="Nobody has been given a role yet.",
        ),
    )


def user_form(
    user: UserSummary,
    areas: Sequence[str],
    chosen: UserSummary | None = None,
    reason: str = "",
    errors: Sequence[FieldError] = (),
) -> UserForm:
    """Build the form with a user's roles and areas, as they are or as they were sent."""
    shown = chosen or user
    return UserForm(
        title=f"What {user.name} may do",
        errors=tuple(errors),
        name=user.name,
        roles=_ROLES,
        areas=(
            Option(
                value=EVERYWHERE,
                text="All areas",
                hint="Also those to come, and cases whose record names no area",
            ),
            *(Option(value=one, text=one) for one in areas),
        ),
        chosen_roles=shown.roles,
        chosen_areas=shown.areas,
        reason=reason,
    )
