"""The branches of a question's parts: what must be there, and what must not."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product

from aboveline.rulebook import Question
from aboveline.rulebook.clauses import APPLIES, EXCEPT, level_part
from aboveline.rulebook.language import AllOf, AnyOf, Item, Pattern, Reference, Without

__all__ = ["Branch", "branches", "parts"]


@dataclass(frozen=True)
class Branch:
    """Patterns that must be there, patterns of which none may be, and the due date of a deficiency."""

    there: tuple[Pattern, ...]
    gone: tuple[Pattern, ...]
    due: Reference | None = None

    def read_by_there(self, alias: str | None) -> frozenset[str]:
        """Return the fields of the fact under an alias that what must be there, or the due date, is held against."""
        return _read_off(alias, self.there, self.due)

    def read_by_gone(self, alias: str | None) -> frozenset[str]:
        """Return the fields of the fact under an alias that what must not be there is held against."""
        return _read_off(alias, self.gone, None)


def parts(question: Question) -> Iterator[tuple[str, list[Branch]]]:
    """Yield ``applies``, ``except``, each deficiency by its id and each level, with the branches of which one is enough."""
    yield APPLIES, branches(question.applies)
    yield EXCEPT, branches(question.excepts)
    for deficiency in question.deficiencies:
        yield deficiency.id, branches(deficiency.body, deficiency.due)
    for level in question.levels:
        yield level_part(level.id), branches(level.body)


def branches(item: Item, due: Reference | None = None) -> list[Branch]:
    """Write an item as branches of which one is enough."""
    match item:
        case Pattern():
            return [Branch((item,), (), due)]
        case Without(patterns):
            return [Branch((), patterns, due)]
        case AnyOf(items):
            return [branch for inner in items for branch in branches(inner, due)]
        case AllOf(items):
            return [
                Branch(
                    tuple(chain(*(one.there for one in picked))),
                    tuple(chain(*(one.gone for one in picked))),
                    due,
                )
                for picked in product(*(branches(inner, due) for inner in items))
            ]


def _read_off(alias: str | None, patterns: tuple[Pattern, ...], due: Reference | None) -> frozenset[str]:
    operands = [condition.operand for pattern in patterns for condition in pattern.conditions]
    references = [one for one in (*operands, due) if isinstance(one, Reference)]
    return frozenset(one.field for one in references if alias and one.alias == alias)
