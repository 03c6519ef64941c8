"""One small change to a record: what it puts otherwise, and how much that is."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from aboveline.facts import Scalar

from . import contrast, words
from .model import Addition, Edit
from .values import Ends

__all__ = ["Added", "Lever", "Pull", "pulled"]

A_CODE, AN_ADDITION = 3, 2
"""What saying something else costs, and a fact that is not recorded, where a day or a yes or no costs 1."""


class Pull(NamedTuple):
    """An edit at the boundary, the same far from it, and the edit said without more than was tried."""

    edit: Edit
    far: Edit
    exact: Edit
    cost: int

    @property
    def days(self) -> int:
        """How many days the edit moves a date by."""
        was, value = self.edit.was, self.edit.value
        return abs(value - was).days if isinstance(was, dt.date) and isinstance(value, dt.date) else 0


class Added(NamedTuple):
    """An addition with dates at the boundary, the same far from it, and said without more than was tried.

    ``meets`` is the pattern that it meets, in words; the addition may have to hold more.
    """

    addition: Addition
    far: Addition
    exact: Addition
    meets: str


@dataclass(frozen=True)
class Lever:
    """Edits and additions that make one change.

    One that ``rewrites`` what is evidence of something else comes last, and one
    that stands ``aside``, of a fact that the work was about, after the work.
    """

    pulls: tuple[Pull, ...] = ()
    additions: tuple[Added, ...] = ()
    rewrites: bool = False
    aside: bool = False

    @property
    def distance(self) -> tuple[bool, bool, int, int, int]:
        """How far the record is from it: of the work or aside, what it changes and adds, by how many days."""
        cost = sum(pull.cost for pull in self.pulls) + AN_ADDITION * len(self.additions)
        days = sum(pull.days for pull in self.pulls)
        return self.rewrites, self.aside, cost, len(self.additions), days

    @property
    def touches(self) -> frozenset[tuple[str, str, str]]:
        """The fields of facts that it edits."""
        return frozenset((pull.edit.kind, pull.edit.id, pull.edit.field) for pull in self.pulls)

    @property
    def says(self) -> tuple[object, ...]:
        """What tells it from others: each edit, and each addition in words."""
        return (*(pull.edit for pull in self.pulls), *(added.addition.words for added in self.additions))

    def with_other(self, other: "Lever") -> "Lever":
        """Return the two as one."""
        return Lever(
            (*self.pulls, *other.pulls), (*self.additions, *other.additions), aside=self.aside or other.aside
        )


def pulled(
    kind: str, identifier: str, field: str, was: Scalar | None, values: Ends, said: str, *, settles: bool
) -> Pull:
    """Return an edit of one field in its three forms. One that ``settles`` a code nobody could read is no rewriting."""
    edit = Edit(kind=kind, id=identifier, field=field, was=was, value=values.near, words=said)
    exact = contrast.had(words.recorded(field, values.near), field)
    code = isinstance(was, str) and field != "status" and not settles
    return Pull(
        edit=edit,
        far=edit.model_copy(update={"value": values.far}),
        exact=edit.model_copy(update={"words": exact}),
        cost=A_CODE if code else 1,
    )
