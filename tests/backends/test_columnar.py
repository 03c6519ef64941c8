"""Columns find what durable_rules finds, match by match."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from aboveline.backends import DurableBackend, Match
from aboveline.backends.columnar import ColumnarBackend, Run, running, tables_of
from aboveline.backends.columnar.compiling import Node, compile_clauses
from aboveline.case import CaseRecord, read_record
from aboveline.facts import CaseFacts, flatten
from aboveline.rulebook import Clause, load_rulebook, lower
from books import book, deficiency

AS_OF = dt.date(2013, 12, 2)
FIXTURES = Path(__file__).parents[2] / "fixtures"
CLAUSES = lower(load_rulebook(), AS_OF)


def flat(text: bytes) -> CaseFacts:
    """Return the facts of a case record."""
    record = read_record(text, "test")
    assert isinstance(record, CaseRecord), record.problems
    return flatten(record, AS_OF)


def case(name: str, **facts: Any) -> CaseFacts:
    """Return the facts of a case."""
    return flat(json.dumps({"case": name, **facts}).encode())


def told(matches: Collection[Match]) -> Counter[tuple[Clause, tuple[tuple[str, str], ...]]]:
    """Count matches by clause and by the facts bound."""
    return Counter((m.clause, tuple((fact.kind, fact.id) for fact in m.facts)) for m in matches)


def visits(many: int) -> list[dict[str, Any]]:
    """Return visits to the home."""
    return [{"visited_on": str(dt.date(2013, 1, 1 + n % 28)), "purposeful": n % 3 > 0} for n in range(many)]


@pytest.fixture(scope="module")
def cases() -> list[CaseFacts]:
    """Return invented cases of the fixtures."""
    folders = ("demonstration", "all-rules", "york-and-north-yorkshire-2014")
    return [flat(line) for f in folders for line in (FIXTURES / f / "cases.jsonl").read_bytes().splitlines()]


def test_matches_are_those_of_durable_rules(cases: list[CaseFacts]) -> None:
    """By the shipped rules, every case of the fixtures has the same matches, each once."""
    durable = DurableBackend(CLAUSES)
    by_columns = ColumnarBackend(CLAUSES).matches_of(cases)

    assert [told(durable.matches(facts)) for facts in cases] == [told(found) for found in by_columns]
    assert 10_000 < sum(map(len, by_columns))


def test_case_has_the_same_matches_by_itself(cases: list[CaseFacts]) -> None:
    """What is beside a case in a batch does not matter."""
    backend = ColumnarBackend(CLAUSES)
    together = backend.matches_of(cases[:12])

    assert [told(backend.matches(facts)) for facts in cases[:12]] == [told(found) for found in together]


def test_pairs_taken_by_turns_are_the_same(cases: list[CaseFacts], monkeypatch: pytest.MonkeyPatch) -> None:
    """However few pairs are looked at together, the same is found."""
    backend = ColumnarBackend(CLAUSES)
    whole = backend.matches_of(cases)

    for most in (1, 7, 100):
        monkeypatch.setattr(running, "MOST_PAIRS", most)
        assert whole == backend.matches_of(cases)


def test_parts_of_one_clause_never_bind_one_fact_twice(tmp_path: Path) -> None:
    """Two visits are two, and one is not two; what must not be there may be what is bound."""
    text = (
        "when: [home_visit: {visited_on|known: true, as: a}, home_visit: {visited_on|at_least: a.visited_on}]"
    )
    rules = book(tmp_path, {"PP-01": f"deficiencies: [{deficiency('PP-01.1', text)}]"})
    clauses = [clause for clause in lower(rules, AS_OF) if clause.part == "PP-01.1"]
    two = [{"visited_on": "2013-03-01"}, {"visited_on": "2013-03-01"}]

    found = ColumnarBackend(clauses).matches_of(
        [case("A-1", home_visit=two[:1]), case("A-2", home_visit=two)]
    )

    assert [0, 2] == [len(matches) for matches in found]


def test_clauses_that_ask_the_same_are_asked_once() -> None:
    """Of the shipped rules, what several clauses ask is one body, and what they bind first is bound once."""

    def count(node: Node) -> tuple[int, int]:
        below = [count(after) for after in node.steps.values()]
        return len(node.bodies) + sum(b for b, _ in below), 1 + sum(n for _, n in below)

    bodies, nodes = count(compile_clauses(CLAUSES).root)

    assert nodes < bodies < len(CLAUSES)
    assert count(compile_clauses((*CLAUSES, *CLAUSES)).root) == (bodies, nodes)


def test_no_cases_and_no_clauses_find_nothing() -> None:
    """Nothing is asked of nothing without an error."""
    assert [] == ColumnarBackend(CLAUSES).matches_of([])
    assert [[]] == ColumnarBackend(()).matches_of([case("A-1")])


def test_many_facts_of_a_kind_are_all_found(tmp_path: Path) -> None:
    """A thousand visits of one case are a thousand matches, whatever their number."""
    text = "when: [home_visit: {purposeful|known: true, purposeful: false, as: v}]"
    rules = book(tmp_path, {"PP-01": f"deficiencies: [{deficiency('PP-01.1', text, '{v.id}')}]"})
    backend = ColumnarBackend([clause for clause in lower(rules, AS_OF) if clause.part == "PP-01.1"])

    (found,) = backend.matches_of([case("A-1", home_visit=visits(1_000))])

    assert 334 == len(found) == len({match.facts[0].id for match in found})


def test_tables_hold_what_is_recorded() -> None:
    """A field that is not recorded is marked so, and a row tells its fact."""
    reads = {"home_visit": frozenset({"visited_on", "purposeful"}), "check": frozenset({"agency"})}
    facts = case("A-1", home_visit=[{"visited_on": "1970-01-11"}])

    tables = tables_of([facts, case("A-2")], reads)

    visit = tables.by_kind["home_visit"]
    assert [0] == visit.case.tolist()
    assert [10] == visit.columns["visited_on"].values.tolist()
    assert [False] == visit.columns["purposeful"].recorded.tolist()
    assert "home_visit-1" == visit.fact(0).id
    assert 0 == len(tables.by_kind["check"].case)
    assert [] == list(Run(compile_clauses(()), tables).hits())
