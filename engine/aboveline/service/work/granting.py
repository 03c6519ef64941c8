"""Grant roles and areas to a user, or take them back, with the reason."""

from collections.abc import Set as AbstractSet

from aboveline.store import Act, trail, users

from .desk import Desk

__all__ = ["LONGEST_REASON", "grant"]

LONGEST_REASON = 200


def grant(
    desk: Desk, act: Act, user: str, roles: AbstractSet[str], areas: AbstractSet[str], reason: str
) -> None:
    """Make these, and no others, the roles and areas that a user has here. The reason is kept in the trail.

    Raises:
        UnfitError: the user or what is granted has no name.
    """
    with desk.database.begin() as session:
        before = users.access(session, user)
        changed = False
        for kind, had, has in (
            (users.Grantable.ROLE, before.roles, roles),
            (users.Grantable.AREA, frozenset(before.scope.named), areas),
        ):
            for value in sorted(had | has):
                changed |= users.change(session, act, user, kind, value, granted=value in has)
        if changed:
            trail.note(session, act, "access_changed", user, reason=reason)
