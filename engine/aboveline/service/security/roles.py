"""The four roles."""

from collections.abc import Iterable
from enum import StrEnum

__all__ = ["READERS", "Role", "known_roles"]


class Role(StrEnum):
    """What somebody does here, as the identity provider names it."""

    READ = "ROLE_ABOVELINE__AUDIT__RO"
    WRITE = "ROLE_ABOVELINE__AUDIT__RW"
    JUDGE = "ROLE_ABOVELINE__JUDGE"
    ADMIN = "ROLE_ABOVELINE__ADMIN"


READERS = (Role.READ, Role.WRITE)
"""Who may change may also read."""


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """Return the roles among names; others are those of other services."""
    ours = {role.value: role for role in Role}
    return frozenset(ours[name] for name in names if name in ours)
