"""What is done with a draft of the rules in a process of its own: it is read, and tried on the cases that are kept.

All of it can be pickled, and says what came of it as JSON.
"""

import datetime as dt
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from aboveline.backends import BackendError
from aboveline.impact import Impact, Weighed, weigh
from aboveline.problems import InputError, Problem
from aboveline.rulebook import load_rulebook, lower
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
    """What a draft would do, and what was found where that differs: by case and deficiency, in words."""

    impact: Impact
    findings: dict[str, dict[str, str]]


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
                weighed = weigh(
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
        return json.dumps({"impact": weighed.impact.to_json(), "findings": _findings(weighed)})


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


def _findings(weighed: Weighed) -> dict[str, dict[str, str]]:
    """Return what each deficiency that is new or gone found, in words, by case and deficiency."""
    wanted = {(one.case, name) for one in weighed.impact.moved for name in (*one.new, *one.gone)}
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in (*weighed.after.findings, *weighed.before.findings):
        if (one.case, one.deficiency) in wanted:
            said[one.case][one.deficiency].append(one.finding)
    return {
        case: {name: " ".join(dict.fromkeys(words)) for name, words in found.items()}
        for case, found in said.items()
    }
