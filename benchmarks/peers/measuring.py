"""Hold every peer to what we find, then measure all of them in turn."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Protocol

import numpy as np
from benchmarks.caseload import AS_OF

from aboveline.backends import DurableBackend
from aboveline.backends.columnar import ColumnarBackend, Run, tables_of
from aboveline.facts import CaseFacts
from aboveline.rulebook import Rulebook, lower
from aboveline.sheets import Sheet, columns_of, fill_sheet

from .common import TWENTY, Case, Found, case_of, explained_within, found_by_us
from .plain import PlainPython

__all__ = ["PEERS", "Measured", "NotTheSame", "Peer", "measure", "peers"]

PEERS = {
    "polars": ("columns", "Polars"),
    "zen-engine": ("expressions", "ZenGraph"),
    "zen-engine by rule": ("expressions", "ZenByRule"),
    "CEL": ("expressions", "Cel"),
    "JSONLogic": ("expressions", "DataLogic"),
    "CLIPS": ("productions", "Clips"),
}
"""Peers that are installed with the extra ``bench``, by module and class."""


MORE = 10
"""How many times the cases an engine is given, beside the cases themselves, that works on columns."""


class Peer(Protocol):
    """An engine with the twenty questions in it."""

    name: str

    def find(self, cases: list[Case]) -> Found:
        """Return what is found."""
        ...


class NotTheSame(AssertionError):  # noqa: N818 - it says what is wrong
    """A peer does not find what we find, so there is nothing to measure."""


@dataclass(frozen=True)
class Measured:
    """Microseconds a case: the median of the rounds, and the least and the most of them."""

    name: str
    median: float
    least: float
    most: float


def peers(within: int) -> list[Peer]:
    """Return every peer, each with a name and a ``find``."""
    return [
        PlainPython(within),
        *(
            getattr(import_module(f"benchmarks.peers.{module}"), name)(within)
            for module, name in PEERS.values()
        ),
    ]


def twenty_of(rulebook: Rulebook) -> Rulebook:
    """Return the rulebook with the twenty questions alone."""
    wanted = {deficiency.partition(".")[0] for deficiency in TWENTY}
    return replace(rulebook, questions=tuple(one for one in rulebook.questions if one.id in wanted))


def measure(facts: Sequence[CaseFacts], rulebook: Rulebook, rounds: int) -> tuple[list[Measured], Found]:
    """Prove that every peer finds what we find in every case; then measure each, in turn, so many times.

    Raises:
        NotTheSame: one does not. Nothing has been measured then.
    """
    book = twenty_of(rulebook)
    ours = DurableBackend(lower(book, AS_OF))
    cases = [case_of(one) for one in facts]
    found = found_by_us(facts, ours, book)
    every = peers(explained_within(rulebook, AS_OF))
    for peer in every:
        if (theirs := peer.find(cases)) != found:
            raise NotTheSame(
                f"{peer.name}: {sorted(theirs - found)[:5]} too many, {sorted(found - theirs)[:5]} too few"
            )
    ways: dict[str, tuple[int, Callable[[], object]]] = {
        "durable_rules, with answers": (len(cases), lambda: found_by_us(facts, ours, book)),
        "durable_rules, rules alone": (len(cases), lambda: [ours.matches(one) for one in facts]),
    }
    ways |= _by_columns(facts, book, found)
    for peer in every:
        ways[peer.name] = (len(cases), _of(peer, cases))
        if hasattr(peer, "find_in"):
            name = f"{peer.name}, {MORE} times the cases"
            ways[name] = _at_scale(peer, cases, found)
    timed: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (many, way) in ways.items():
            began = time.perf_counter()
            way()
            timed[name].append((time.perf_counter() - began) / many * 1e6)
    return [Measured(name, statistics.median(one), min(one), max(one)) for name, one in timed.items()], found


def _by_columns(
    facts: Sequence[CaseFacts], book: Rulebook, found: Found
) -> dict[str, tuple[int, Callable[[], object]]]:
    """Return what is measured of our columns: every answer, counted, of tables that are there already, as they are of a packed caseload."""
    backend = ColumnarBackend(lower(book, AS_OF))

    def of(cases: Sequence[CaseFacts]) -> tuple[int, Callable[[], object]]:
        tables, columns = tables_of(cases, backend.plan.reads), columns_of(cases)

        def answer() -> Sheet:
            sheet = fill_sheet(columns, Run(backend.plan, tables), book)
            list(sheet.counts())
            return sheet

        theirs = {
            (cases[place].case, deficiency)
            for column in answer().columns
            for deficiency in (one.id for one in column.question.deficiencies)
            if deficiency in TWENTY
            for place in np.flatnonzero(column.holds(deficiency) & column.deficient).tolist()
        }
        if theirs != {(case.case, one) for case in cases for one in by_case[case.case.partition("/")[0]]}:
            raise NotTheSame("our columns find something else")
        return len(cases), answer

    by_case: dict[str, set[str]] = defaultdict(set)
    for case, deficiency in found:
        by_case[case].add(deficiency)
    many = [replace(case, case=f"{case.case}/{n}") for n in range(MORE) for case in facts]
    return {
        "our columns, with answers": of(facts),
        f"our columns, with answers, {MORE} times the cases": of(many),
    }


def _at_scale(peer: Peer, cases: Sequence[Case], found: Found) -> tuple[int, Callable[[], object]]:
    """Return what is measured of a peer that works on columns, on the cases several times over: columns pay at scale."""
    many = [case | {"case": f"{case['case']}/{n}"} for n in range(MORE) for case in cases]
    way = _of(peer, many)
    if way() != {(f"{case}/{n}", deficiency) for n in range(MORE) for case, deficiency in found}:
        raise NotTheSame(f"{peer.name} finds something else in more cases")
    return len(many), way


def _of(peer: Peer, cases: list[Case]) -> Callable[[], object]:
    """Return what is measured of a peer. Columns are there already, as they are in a packed caseload."""
    find_in = getattr(peer, "find_in", None)
    if find_in is None:
        return lambda: peer.find(cases)
    frames = import_module("benchmarks.peers.columns").frames_of(cases)
    return lambda: find_in(frames, cases[0]["as_of"], cases[0]["as_of_up"])
