"""Measure columns beside durable_rules on the shipped rules: microseconds a case.

    python benchmarks/columns.py [CASES ...]

The cases are those of the York and North Yorkshire fixture over and over, under
ids of their own. Both engines are held to the same answers first. Then each
round measures both, one after the other: durable_rules on every case of the
fixture once, columns on so many cases in batches. What is given is the median
of the rounds, and ratios of those.
"""

import datetime as dt
import gc
import logging
import platform
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar

# A file here has the name of the package it measures, and Python looks for imports beside a script first.
sys.path[:] = [path for path in sys.path if Path(path).resolve() != Path(__file__).parent]

import structlog  # noqa: E402

from aboveline.answers import QuestionAnswer, answer_case  # noqa: E402
from aboveline.backends import DurableBackend  # noqa: E402
from aboveline.backends.columnar import ColumnarBackend, Run, tables_of  # noqa: E402
from aboveline.case import CaseRecord, read_record  # noqa: E402
from aboveline.engines import AT_ONCE, in_batches  # noqa: E402
from aboveline.facts import CaseFacts, flatten  # noqa: E402
from aboveline.rulebook import Rulebook, load_rulebook, lower  # noqa: E402
from aboveline.sheets import answer_sheet  # noqa: E402

CASES = Path(__file__).parents[1] / "fixtures" / "york-and-north-yorkshire-2014" / "cases.jsonl"
AS_OF = dt.date(2013, 12, 2)
ROUNDS = 5
T = TypeVar("T")


class Watch:
    """Keeps what each stage took a case, round by round."""

    def __init__(self) -> None:
        self._taken: dict[str, list[float]] = defaultdict(list)

    def time(self, stage: str, cases: int, work: Callable[[], T]) -> T:
        """Do some work and note what it took."""
        began = time.perf_counter()
        done = work()
        self._taken[stage].append((time.perf_counter() - began) / cases * 1e6)
        return done

    def of(self, stage: str) -> float:
        """Return the median microseconds a case of a stage."""
        return statistics.median(self._taken[stage])


def facts() -> list[CaseFacts]:
    """Return the facts of the fixture's cases."""
    records = [read_record(line, "bench") for line in CASES.read_bytes().splitlines()]
    return [flatten(record, AS_OF) for record in records if isinstance(record, CaseRecord)]


def many(few: Sequence[CaseFacts], number: int) -> Iterator[CaseFacts]:
    """Yield cases over and over, each under an id of its own."""
    return (replace(facts, case=f"{facts.case}-{n:07}") for n, facts in enumerate(islice(cycle(few), number)))


def same(
    few: Sequence[CaseFacts], durable: DurableBackend, columnar: ColumnarBackend, rules: Rulebook
) -> None:
    """Raise where the two do not answer alike."""
    by_durable = [answer_case(one, durable.matches(one), rules) for one in few]
    found = columnar.matches_of(few)
    if by_durable != [answer_case(one, matches, rules) for one, matches in zip(few, found, strict=True)]:
        raise AssertionError("the engines do not answer alike")
    told = {(one.case, one.question): one for one in answer_sheet(few, columnar, rules).told}
    answers = {(one.case, one.question): one for of_case in by_durable for one in of_case}
    if any(answers[name] != one for name, one in told.items()):
        raise AssertionError("the sheet tells something else")


def durable_round(watch: Watch, few: Sequence[CaseFacts], backend: DurableBackend, rules: Rulebook) -> None:
    """Measure durable_rules on each case once."""
    found = watch.time("durable matches", len(few), lambda: [backend.matches(one) for one in few])
    watch.time(
        "durable answers",
        len(few),
        lambda: [answer_case(one, matches, rules) for one, matches in zip(few, found, strict=True)],
    )


def columnar_round(
    watch: Watch, cases: Sequence[CaseFacts], backend: ColumnarBackend, rules: Rulebook
) -> None:
    """Measure columns on many cases: the steps by themselves on one batch, the whole on all."""
    batch = cases[:AT_ONCE]
    tables = watch.time("tables", len(batch), lambda: tables_of(batch, backend.plan.reads))
    watch.time("matches", len(batch), lambda: [*Run(backend.plan, tables).hits()])
    told: list[QuestionAnswer] = []

    def answer() -> None:
        for part in in_batches(cases, AT_ONCE):
            told.extend(answer_sheet(part, backend, rules).told)

    watch.time(f"whole {len(cases)}", len(cases), answer)


def main(numbers: list[int]) -> None:
    """Print what each engine takes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    rules = load_rulebook()
    clauses = lower(rules, AS_OF)
    few = facts()
    durable, columnar = DurableBackend(clauses), ColumnarBackend(clauses)
    same(few, durable, columnar, rules)
    told = len(answer_sheet(few, columnar, rules).told) / len(few)
    print(
        f"Python {platform.python_version()} on {platform.machine()}: {len(rules.active)} questions, ", end=""
    )
    print(
        f"{len(clauses)} clauses, {told:.1f} answers of a case told by themselves, medians of {ROUNDS} rounds"
    )
    watch = Watch()
    for _ in range(ROUNDS):
        durable_round(watch, few, durable, rules)
        for number in numbers:
            cases = [*many(few, number)]
            columnar_round(watch, cases, columnar, rules)
            gc.collect()
    by_durable = watch.of("durable matches") + watch.of("durable answers")
    print(f"{'':24} {'us/case':>9} {'ratio':>7}")
    for stage in ("durable matches", "durable answers"):
        print(f"{stage:24} {watch.of(stage):>9,.0f}")
    print(f"{'columns: tables':24} {watch.of('tables'):>9,.0f}")
    matching = watch.of("tables") + watch.of("matches")
    print(f"{'columns: matches':24} {watch.of('matches'):>9,.0f}")
    print(f"{'  both, to matches':24} {matching:>9,.0f} {watch.of('durable matches') / matching:>7.0f}")
    for number in numbers:
        whole = watch.of(f"whole {number}")
        print(f"{f'columns, {number:,} cases':24} {whole:>9,.0f} {by_durable / whole:>7.0f}")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1_000, 5_000, 20_000])
