"""The facts of one case while they are gathered, each with the place it comes from.

A fact that the case record would refuse becomes a note, so that one odd value
never costs the rest of the case.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeVar, cast, get_args, get_origin

from pydantic import ValidationError

from aboveline.case import CaseRecord
from aboveline.case.base import Fact, LinkTo, Record

from .place import Place

__all__ = ["Facts", "made"]

R = TypeVar("R", bound=Record)

_KINDS: Mapping[type[Record], str] = {
    get_args(field.annotation)[0]: kind
    for kind, field in CaseRecord.model_fields.items()
    if get_origin(field.annotation) is tuple
}


class Facts:
    """Facts of every kind, as they are found."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[Place, Fact]]] = defaultdict(list)

    def add(self, place: Place, model: type[Fact], **fields: object) -> None:
        """Take a fact found at a place. A field that is ``None`` or blank is not recorded."""
        fact = made(place, model, **fields)
        if fact is not None:
            self._found[_KINDS[model]].append((place, fact))

    def settled(self) -> dict[str, tuple[Fact, ...]]:
        """Return the facts by kind: each id once, every link leading somewhere."""
        kept = {kind: _each_once(found) for kind, found in self._found.items()}
        ids = {kind: {fact.id for _, fact in found} for kind, found in kept.items()}
        return {
            kind: tuple(fact for place, fact in found if _leads_somewhere(place, fact, ids))
            for kind, found in kept.items()
        }


def made(place: Place, model: type[R], **fields: object) -> R | None:
    """Make a part of a case record. A field it refuses is left out and noted; if it cannot be without, all of it."""
    said = {name: value for name, value in fields.items() if value not in (None, "")}
    kind = _KINDS.get(model, model.__name__.lower()).replace("_", " ")
    try:
        return model.model_validate(said)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        wrong = {str(detail["loc"][0]) if detail["loc"] else "" for detail in details}
        if any(name == "" or model.model_fields[name].is_required() for name in wrong):
            reasons = "; ".join(_reason(cast("dict[str, Any]", detail)) for detail in details)
            place.note(f"this {kind} is left out: {reasons}")
            return None
        for name in sorted(wrong):
            place.note(f"{name} of this {kind} is left out: a case record cannot hold what stands here")
        return made(place, model, **{name: value for name, value in said.items() if name not in wrong})


def _reason(detail: dict[str, Any]) -> str:
    name = ".".join(str(step) for step in detail["loc"])
    if detail["type"] == "missing":
        return f"{name} is not there, or could not be read"
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    return f"a case record cannot hold what stands here as {name}"


def _each_once(found: list[tuple[Place, Fact]]) -> list[tuple[Place, Fact]]:
    """Keep each id once. Where the same id says different things nobody can tell which is right: it says nothing."""
    first: dict[str, tuple[Place, Fact]] = {}
    contradicted: set[str] = set()
    for place, fact in found:
        if fact.id is None:
            continue
        other_place, other = first.setdefault(fact.id, (place, fact))
        if other != fact:
            contradicted.add(fact.id)
            for here, there in ((place, other_place), (other_place, place)):
                here.note(
                    f"left out: {fact.id} says something else at {there.path or 'the top'} of {there.file}"
                )
    return [
        (place, fact)
        for place, fact in found
        if fact.id is None or (fact.id not in contradicted and first[fact.id][0] is place)
    ]


def _leads_somewhere(place: Place, fact: Fact, ids: Mapping[str, set[str | None]]) -> bool:
    for name, field in type(fact).model_fields.items():
        target = getattr(fact, name)
        for link in field.metadata:
            if isinstance(link, LinkTo) and target is not None:
                if any(target in ids.get(kind, ()) for kind in link.kinds):
                    continue
                place.note(f"left out: the {name} it belongs to was left out")
                return False
    return True
