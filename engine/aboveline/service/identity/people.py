"""The invented people of development."""

from collections.abc import Iterable

from aboveline.case.base import Record
from aboveline.service.ports import EVERY_AREA, Grants
from aboveline.service.security.roles import Role

__all__ = ["PEOPLE", "InventedUsers", "Person"]


class Person(Record):
    """Somebody invented, what they may do, and where."""

    user_name: str
    called: str
    does: str
    roles: tuple[Role, ...]
    areas: tuple[str, ...]


PEOPLE = (
    Person(
        user_name="MANAGER",
        called="Invented manager",
        does="starts audits of all areas and keeps the action plan",
        roles=(Role.READ, Role.WRITE),
        areas=(EVERY_AREA,),
    ),
    Person(
        user_name="READER",
        called="Invented reader",
        does="reads about York (YRK) and nothing else",
        roles=(Role.READ,),
        areas=("YRK",),
    ),
    Person(
        user_name="ASSESSOR_1",
        called="First invented assessor",
        does="judges cases of all areas",
        roles=(Role.READ, Role.JUDGE),
        areas=(EVERY_AREA,),
    ),
    Person(
        user_name="ASSESSOR_2",
        called="Second invented assessor",
        does="judges cases of all areas, for two to be compared",
        roles=(Role.READ, Role.JUDGE),
        areas=(EVERY_AREA,),
    ),
    Person(
        user_name="ADMIN",
        called="Invented administrator",
        does="may do everything everywhere",
        roles=tuple(Role),
        areas=(EVERY_AREA,),
    ),
    Person(user_name="NOBODY", called="Invented nobody", does="may do nothing at all", roles=(), areas=()),
)


class InventedUsers:
    """Grants the invented people their areas, where no store does."""

    def __init__(self, people: Iterable[Person] = PEOPLE) -> None:
        self._grants = {one.user_name: Grants(areas=frozenset(one.areas)) for one in people}

    def grants_of(self, name: str) -> Grants:
        """Return the areas of one of them; none for anybody else."""
        return self._grants.get(name, Grants())
