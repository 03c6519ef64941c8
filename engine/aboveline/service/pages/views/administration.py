"""Users, with their roles and areas."""

from collections.abc import Mapping, Sequence

from aboveline.case.base import Record
from aboveline.service.pages import context, urls
from aboveline.service.pages.views.parts import (
    FieldError,
    Option,
    Table,
    View,
    cell,
    columns,
)

__all__ = [
    "EVERYWHERE",
    "UserForm",
    "UserList",
    "UserSummary",
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
