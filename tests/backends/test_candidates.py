"""What the engine is not told, and which sessions are not run, could not have come to anything."""

import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from aboveline.audit import Auditor
from aboveline.backends import DurableBackend, Match
from aboveline.backends.asking import Ask, asked, columns_read
from aboveline.backends.candidates import Asks
from aboveline.backends.ruleset import Ruleset
from aboveline.backends.wire import Wire
from aboveline.case import CaseRecord, read_record
from aboveline.facts import CaseFacts, flatten
from aboveline.rulebook import load_rulebook, lower
from agreement import recorded
from books import book, deficiency
from random_cases import records
from random_rules import QUESTIONS, rulebook_of, rulebooks

AS_OF = dt.date(2013, 12, 2)
FIXTURES = Path(__file__).parents[2] / "fixtures"
VISITS = (
    "deficiencies: ["
    + deficiency("PP-01.1", "when: [home_visit: {purposeful|known: true, purposeful: false}]")
    + "]"
)


def found(matches: Collection[Match]) -> Counter[tuple[Any, ...]]:
    """Count the matches: each must be there once."""
    return Counter((m.clause, tuple((fact.kind, fact.id) for fact in m.facts)) for m in matches)


class Everything:
    """A backend that tells every fact in every ruleset that reads its kind, and runs every session."""

    def __init__(self, backend: DurableBackend, monkeypatch: pytest.MonkeyPatch) -> None:
        self.backend = backend
        self.monkeypatch = monkeypatch

    def matches(self, facts: CaseFacts) -> Collection[Match]:
        """Return what the engine finds where nothing is kept from it."""

        def met(asks: Asks, kind: str, _columns: Wire) -> list[int]:
            return [bit for _, bit in asks._by_kind.get(kind, ())]

        with self.monkeypatch.context() as patch:
            patch.setattr(Asks, "met", met)
            return self.backend.matches(facts)


# What a pattern asks


def test_pattern_asks_what_the_fact_alone_must_have() -> None:
    """Its values, what is recorded and what is not; what is more, less, other, or another fact's, asks that it be recorded."""
    body = {
        "$and": [
            {"kind": "subject.plan"},
            {"$ex": {"a": 1}},
            {"$nex": {"b": 1}},
            {"c": True},
            {"$neq": {"d": "x"}},
            {"$gte": {"e": 5}},
            {"$lte": {"f": {"$add": {"$l": {"p0": "g"}, "$r": 1}}}},
            {"$gte": {"one": {"p0": "one"}}},
        ]
    }

    assert asked(body) == Ask(
        "subject.plan",
        recorded=frozenset({"a", "d", "e", "f", "one"}),
        unrecorded=frozenset({"b"}),
        values=frozenset({("c", True)}),
    )
    assert asked({"kind": "evidence.plan"}) == Ask("evidence.plan", frozenset(), frozenset(), frozenset())


def test_columns_are_read_by_a_pattern_or_by_what_is_compared_with_it() -> None:
    """A fact is told with what its own patterns read and what others compare theirs with."""
    rule: Wire = {
        "all": [
            {"p0": {"kind": "subject.plan"}},
            {
                "n0$not": {
                    "$and": [
                        {"kind": "evidence.plan"},
                        {"$ex": {"a": 1}},
                        {"$lte": {"a": {"$add": {"$l": {"p0": "b"}, "$r": 5}}}},
                        {"$gte": {"a": {"p0": "c"}}},
                    ]
                }
            },
        ]
    }

    assert {"subject.plan": ("b", "c"), "evidence.plan": ("a",)} == columns_read([rule])


# What is not told


def test_case_without_the_facts_runs_no_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is told to a ruleset of which no rule can fire; what can fire is told what it reads and no more."""
    backend = DurableBackend(lower(book(tmp_path, {"PP-01": VISITS}), AS_OF))
    told: list[str] = []
    tell = Ruleset.tell

    def listen(self: Ruleset, fact: str) -> bool:
        told.append(json.loads(fact)["kind"])
        return tell(self, fact)

    monkeypatch.setattr(Ruleset, "tell", listen)

    def kinds(**facts: Any) -> list[str]:
        told.clear()
        record = read_record(json.dumps({"case": "A-1", **facts}).encode(), "test")
        assert isinstance(record, CaseRecord)
        backend.matches(flatten(record, AS_OF))
        return [kind for kind in told if kind not in {"open", "subject.close"}]

    visit = {"visited_on": "2013-03-01"}
    always = kinds()

    assert "subject.home_visit" not in always
    assert always == kinds(home_visit=[{**visit, "purposeful": True}])
    assert ["subject.home_visit"] == kinds(
        home_visit=[{**visit, "purposeful": True}, {**visit, "purposeful": False}]
    )[len(always) :]


@pytest.mark.parametrize("fixture", sorted(path.parent.name for path in FIXTURES.glob("*/cases.jsonl")))
def test_shipped_rules_find_the_same_where_everything_is_told(
    fixture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every case of the fixtures, what is kept from the engine changes nothing."""
    backend = DurableBackend(lower(load_rulebook(), AS_OF))
    everything = Everything(backend, monkeypatch)
    lines = (FIXTURES / fixture / "cases.jsonl").read_bytes().splitlines()
    for line in random.Random(5).sample(lines, min(len(lines), 16)):
        record = read_record(line, fixture)
        assert isinstance(record, CaseRecord)
        facts = flatten(record, AS_OF)
        expected = found(everything.matches(facts))

        assert 1 == max(expected.values())
        assert expected == found(backend.matches(facts))


@pytest.mark.parametrize("part", range(2))
def test_random_rules_find_the_same_where_everything_is_told(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On rulebooks and cases nobody thought of likewise."""
    matched = 0

    @seed(part)
    @settings(max_examples=40)
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        nonlocal matched
        drawn = data.draw(rulebooks())
        as_of = drawn.days[-1]
        auditor = Auditor(rulebook_of(drawn.questions), as_of)
        assert isinstance(auditor.backend, DurableBackend)
        everything = Everything(auditor.backend, monkeypatch)
        for _ in range(6):
            facts = auditor.facts(recorded(data.draw(records(drawn.spoken, drawn.days, QUESTIONS))))
            expected = found(everything.matches(facts))
            matched += len(expected)
            assert expected == found(auditor.backend.matches(facts))

    hold()

    assert matched
