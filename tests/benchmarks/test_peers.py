"""The twenty questions as written by hand find what the rules find, before anybody measures either."""

import json
import subprocess
import sys
from importlib import import_module

import pytest
from benchmarks.caseload import AS_OF, caseload, write_caseload
from benchmarks.engines import as_cases_grow, as_rules_grow
from benchmarks.peers.common import TWENTY, case_of, explained_within, found_by_us
from benchmarks.peers.measuring import PEERS, NotTheSame, measure, twenty_of
from benchmarks.peers.plain import PlainPython
from benchmarks.rulebooks import over

from aboveline.answers import answer_case
from aboveline.backends import DurableBackend
from aboveline.case import CaseRecord, read_record
from aboveline.facts import CaseFacts, flatten
from aboveline.rulebook import load_rulebook, lower
from benchmarks import run
from command import ROOT

RULES = load_rulebook()
MANY = 400


@pytest.fixture(scope="module")
def facts() -> list[CaseFacts]:
    """Return the facts of made cases, others than those that are measured."""
    read = [read_record(line, "made") for line in caseload(MANY, seed=5, wrong=0)]
    return [flatten(record, AS_OF) for record in read if isinstance(record, CaseRecord)]


@pytest.fixture(scope="module")
def found(facts: list[CaseFacts]) -> set[tuple[str, str]]:
    """Return what the rules find in them."""
    book = twenty_of(RULES)
    return found_by_us(facts, DurableBackend(lower(book, AS_OF)), book)


def test_twenty_are_all_found(facts: list[CaseFacts], found: set[tuple[str, str]]) -> None:
    """Each of the twenty is found in some case and in few enough to tell it from all, so agreeing says something."""
    for deficiency in TWENTY:
        many = sum(other == deficiency for _, other in found)
        assert 0 < many < MANY / 2, deficiency
    assert len(facts) == MANY


def test_plain_python_finds_the_same(facts: list[CaseFacts], found: set[tuple[str, str]]) -> None:
    """The hand-written Python is right in every case."""
    assert found == PlainPython(explained_within(RULES, AS_OF)).find([case_of(one) for one in facts])


@pytest.mark.parametrize("peer", PEERS)
def test_peer_finds_the_same(peer: str, facts: list[CaseFacts], found: set[tuple[str, str]]) -> None:
    """So is every other engine that is installed."""
    module, name = PEERS[peer]
    for needed in {"columns": ["polars"], "expressions": ["zen", "cel", "datalogic_py"]}.get(
        module, ["clips"]
    ):
        pytest.importorskip(needed)
    engine = getattr(import_module(f"benchmarks.peers.{module}"), name)(explained_within(RULES, AS_OF))

    assert found == engine.find([case_of(one) for one in facts])


def test_peer_that_finds_something_else_is_not_measured(
    facts: list[CaseFacts], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one differs, it is named with what it finds too much and too little."""
    monkeypatch.setattr("benchmarks.peers.measuring.PEERS", {})
    monkeypatch.setattr(PlainPython, "_of", lambda *_: ["AS-01.1"])

    with pytest.raises(NotTheSame, match=r"hand-written Python: .*AS-01\.1.* too many"):
        measure(facts[:10], RULES, 1)


def test_rulebook_several_times_over_asks_as_often(facts: list[CaseFacts]) -> None:
    """The rulebook twice over has every question twice, with the same answers."""
    book = twenty_of(RULES)
    twice = over(book, 2)
    backend = DurableBackend(lower(twice, AS_OF))

    assert len(twice.active) == 2 * len(book.active)
    for one in facts[:10]:
        answers = answer_case(one, backend.matches(one), twice)
        half = len(answers) // 2
        assert [a.answer for a in answers[:half]] == [a.answer for a in answers[half:]]


def test_growth_is_measured_in_equal_parts(facts: list[CaseFacts]) -> None:
    """As many cases as were asked for are evaluated, by every size of rulebook."""
    book = twenty_of(RULES)
    grown = as_cases_grow("durable", facts[:10], book, 5)
    by_rules = as_rules_grow("durable", facts[:10], book, [1, 2], 5)

    assert (10, 5) == (grown.size, grown.parts)
    assert [1, 2] == [one.size for one in by_rules]
    assert all(one.rules > 0 and one.answers > 0 for one in (grown, *by_rules))


@pytest.mark.parametrize("way", ["pack", "lines", "packed", "facts", "tables"])
def test_each_way_of_reading_reads_every_case(way: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A measurement in a process of its own says how many cases it read, how long it took and how much it held."""
    folder = tmp_path_factory.mktemp("measured")
    lines, packed = folder / "cases.jsonl", folder / "packed"
    write_caseload(lines, 20)
    if way in {"packed", "tables"}:
        subprocess.run(
            [sys.executable, "-m", "benchmarks.measure", "pack", str(lines), str(packed)],
            check=True,
            cwd=ROOT,
        )
    paths = [packed] if way in {"packed", "tables"} else [lines, packed]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", way, *map(str, paths)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    said = json.loads(done.stdout)

    assert said["cases"] == 20
    assert said["peak"] >= said["idle"] > 0
    assert said["seconds"] > 0


def test_page_has_a_place_for_the_figures() -> None:
    """What is measured is written between two marks, and the rest of the page stays."""
    text = run.RESULTS.read_text(encoding="utf-8")

    assert 1 == text.count(run.BEGIN) == text.count(run.END)
    assert text.index(run.BEGIN) < text.index(run.END)
