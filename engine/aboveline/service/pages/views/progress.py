"""Something that a worker does and that is not done: an audit, or a draft of the rules being tried."""

from collections.abc import Iterator

from aboveline.case.base import Record
from aboveline.rulebook import Rulebook
from aboveline.scoring import Average
from aboveline.service.pages.views.parts import Link, Option, Pair, Tag, View

__all__ = ["ProgressPage", "Stop", "averages_of", "standards_of"]


class Stop(Record):
    """The button that stops it: its words, and where its form posts to."""

    text: str
    address: str


class ProgressPage(View):
    """How far it has come. The page asks for itself again after ``refresh`` seconds, where that is not none.

    ``all`` is the list that it stands in; ``again`` leads to the form that starts another.
    """

    state: Tag
    told: str
    done: int
    total: int | None
    of: str
    refresh: int | None
    pairs: tuple[Pair, ...]
    here: str
    all: Link
    role: str
    stop: Stop
    again: Link


def standards_of(rulebook: Rulebook) -> tuple[Option, ...]:
    """Return the packs of time standards to choose from."""
    return tuple(
        Option(value=one.name, text=one.title, hint=one.description) for one in rulebook.packs.values()
    )


def averages_of() -> tuple[Option, ...]:
    """Return what an outcome's score may be the average of."""
    return tuple(_averages())


def _averages() -> Iterator[Option]:
    weighs = "The default: each question weighs the same"
    yield Option(value=Average.QUESTIONS, text="its questions", hint=weighs)
    yield Option(value=Average.CRITERIA, text="its criteria", hint="Each criterion weighs the same")
