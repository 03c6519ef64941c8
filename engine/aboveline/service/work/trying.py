"""What is done with a draft of the rules in a process of its own: it is read, and tried on the cases that are kept.

All of it can be pickled, and says what came of it as JSON.
"""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from aboveline.backends import BackendError
from aboveline.impact import Impact, assess
from aboveline.problems import InputError, Problem
from aboveline.rulebook import Rulebook, load_rulebook, lower
from aboveline.scoring import Average
from aboveline.store import AreaScope, Database
from aboveline.store.caseload import Extent, caseload

from .desk import rules_of
from .draft_files import within

__all__ = ["Read", "Tried", "Try", "UnfitDraftError", "problems_in", "tried_in"]

_TELL = 0.5
_PROBLEMS = TypeAdapter(tuple[Problem, ...])
_MOST_PROBLEMS = 1000

CANNOT_BE_RUN = "the draft cannot be run on one of the cases"


class UnfitDraftError(Exception):
    """A draft cannot be used. Holds everything that is wrong, each with its file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("the draft cannot be used")
        self.problems = problems


@dataclass(frozen=True)
class Tried:
    """What a draft would do, and what each deficiency that this names finds, in words."""

    impact: Impact
    findings: dict[str, str]


@dataclass(frozen=True)
class Read:
    """Read a draft, and say everything that is wrong with it."""

    folder: Path
    standards: str
    as_of: dt.date

    def __call__(self, tell: Callable[[int], None]) -> str:
        """Do so."""
        del tell  # it is quick, or is ended
        try:
            lower(load_rulebook(self.folder, self.standards), self.as_of)
        except InputError as error:
            return _wrong(self.folder, error)
        return json.dumps({"problems": []})


@dataclass(frozen=True, repr=False)
class Try:
    """Try a draft on the caseload of some areas. ``database`` is a URL, which may hold a password."""

    database: str
    areas: tuple[str, ...]
    extent: Extent
    folder: Path
    standards: str
    average: Average
    as_of: dt.date

    def __call__(self, tell: Callable[[int], None]) -> str:
        """Do so; tell how many cases were audited, each of which is so twice."""
        done, told = 0, time.monotonic()

        def each() -> None:
            nonlocal done, told
            done += 1
            if (now := time.monotonic()) - told > _TELL:
                told = now
                tell(done)

        scope, rules = AreaScope.of(self.areas), rules_of(self.standards)
        try:
            draft = load_rulebook(self.folder, self.standards)
            with Database.open(self.database) as database:
                impact = assess(
                    lambda: caseload(database, scope, self.extent),
                    rules,
                    draft,
                    self.as_of,
                    self.average,
                    each=each,
                )
        except InputError as error:
            return _wrong(self.folder, error)
        except BackendError:
            return json.dumps({"problems": [asdict(Problem("", None, "", CANNOT_BE_RUN))]})
        return json.dumps({"impact": impact.to_json(), "findings": dict(_findings(impact, rules, draft))})


def problems_in(said: str) -> tuple[Problem, ...]:
    """Return the problems that a process said it found."""
    return _PROBLEMS.validate_python(json.loads(said)["problems"])


def tried_in(said: str) -> Tried:
    """Return what a process said a draft would do.

    Raises:
        UnfitDraftError: it said what is wrong with it.
    """
    if "impact" not in (found := json.loads(said)):
        raise UnfitDraftError(problems_in(said))
    return Tried(Impact.model_validate_json(found["impact"]), found["findings"])


def _wrong(folder: Path, error: InputError) -> str:
    some = error.problems[:_MOST_PROBLEMS]
    return json.dumps({"problems": [asdict(within(folder, one)) for one in some]})


def _findings(impact: Impact, *books: Rulebook) -> Iterator[tuple[str, str]]:
    named = {name for one in impact.moved for name in (*one.new, *one.gone)}
    for book in books:  # where both have it, the draft's words are the last
        for question in book.active:
            yield from ((one.id, one.finding) for one in question.deficiencies if one.id in named)
