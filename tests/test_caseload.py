"""A caseload audited part by part is audited as its records are, whichever engine answers and whoever does the parts."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from benchmarks.caseload import AS_OF as MADE_AS_OF
from benchmarks.caseload import write_caseload
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from aboveline import caseload
from aboveline.audit import audit
from aboveline.breakdowns import Characteristic
from aboveline.case import Placed
from aboveline.caseload import audit_caseload
from aboveline.engines import Engine
from aboveline.listings import SHAPES
from aboveline.packing import Packed, pack, read_placed
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook, load_rulebook
from aboveline.rulebook.data import Parameter
from aboveline.rulebook.thresholds import THRESHOLDS
from agreement import recorded
from random_cases import DAY, cases_about, records
from random_rules import QUESTIONS, rulebook_of, rulebooks

AS_OF = dt.date(2013, 12, 2)
FIXTURES = Path(__file__).parents[1] / "fixtures"
YORK = FIXTURES / "york-and-north-yorkshire-2014" / "cases.jsonl"
EVERYTHING = tuple(Characteristic)


@cache
def shipped() -> Rulebook:
    """Return the shipped rules."""
    return load_rulebook()


def listed(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every listing."""
    tables = {one.name: sorted(one.glob("part-*.parquet")) for one in folder.iterdir()}
    return {
        name: [row for part in parts for row in pq.read_table(part).to_pylist()]
        for name, parts in tables.items()
    }


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def without_listings(result: AuditResult) -> dict[str, Any]:
    """Return what an audit of the same cases has whether or not it lists them apart."""
    told = {"answers", "due_soon", "findings", "judged_insufficient", "not_assessed", "overrides", "listings"}
    whole = result.model_dump(exclude=told)
    whole["manifest"].pop("engine")
    for one, advice in zip(whole["recommendations"], result.recommendations, strict=True):
        one["cases"], one["falling_short"] = advice.n, None
    return whole


def hold(result: AuditResult, apart: AuditResult, folder: Path) -> None:
    """Hold an audit that lists its cases apart to one that has them in its result: nothing is missing, nothing more is told."""
    rows = listed(folder)
    assert without_listings(result) == without_listings(apart)
    evidence = {(one["case"], one["kind"], one["id"]): json.loads(one["fields"]) for one in rows["evidence"]}
    assert len(evidence) == len(rows["evidence"])
    findings = [
        {
            **one,
            "evidence": [
                fact | {"fields": evidence[one["case"], fact["kind"], fact["id"]]} for fact in one["evidence"]
            ],
        }
        for one in rows["findings"]
    ]
    told = result.model_dump(mode="json")
    by_case = [{**one, "due": None if one["due"] is None else one["due"].isoformat()} for one in findings]
    order = ("case", "question", "deficiency")
    assert told["findings"] == _in_order(by_case, order)
    assert evidence.keys() == {
        (one["case"], fact["kind"], fact["id"]) for one in told["findings"] for fact in one["evidence"]
    }
    assert told["not_assessed"] == _in_order(rows["not_assessed"], order[:2])
    for name in ("judged_insufficient", "overrides"):
        said = [one | {"made_on": one["made_on"].isoformat()} for one in rows[name]]
        assert told[name] == _in_order(said, order[:2])
    soon = [one | {"due": one["due"].isoformat()} for one in rows["due_soon"]]
    assert told["due_soon"] == _in_order(soon, ("due", "case", "deficiency"))
    hold_answers(result, rows["answers"])
    assert apart.listings is not None
    assert {one.name: one.rows for one in apart.listings.tables} == {
        name: len(one) for name, one in rows.items()
    }


def _in_order(rows: list[dict[str, Any]], by: tuple[str, ...]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda one: tuple(one[name] for name in by))


def hold_answers(result: AuditResult, rows: list[dict[str, Any]]) -> None:
    """Hold the table of answers to the answers of the result."""
    by_case = {row["case"]: row for row in rows}
    assert {one.case for one in result.answers} == by_case.keys()
    for one in result.answers:
        row = by_case[one.case]
        for name, questions in (
            ("sufficient", one.sufficient),
            ("insufficient", one.insufficient),
            ("not_assessed", one.not_assessed),
        ):
            assert {q for q, answer in row.items() if answer == name and " " not in q and q != "case"} == set(
                questions
            )
        levels = {
            q.removesuffix(" level"): v for q, v in row.items() if q.endswith(" level") and v is not None
        }
        assert one.levels == levels


@pytest.mark.parametrize(
    "name", ["york-and-north-yorkshire-2014", "all-rules", "demonstration", "good-practice"]
)
def test_fixtures_are_listed_as_they_are_told(name: str, tmp_path: Path) -> None:
    """By columns, what stands in the listings is what stands in the result of an audit."""
    cases = FIXTURES / name / "cases.jsonl"
    read = list(read_placed([cases]))
    result = audit((one.read for one in read), shipped(), AS_OF, by=EVERYTHING, engine=Engine.COLUMNAR)

    apart = audit_caseload(read, shipped(), AS_OF, listings=tmp_path / "listed", by=EVERYTHING)

    hold(result, apart, tmp_path / "listed")


@st.composite
def caseloads(draw: st.DrawFn) -> tuple[Rulebook, dt.date, list[Placed]]:
    """Draw a few cases, with a rulebook and a day to audit them by: the shipped rules, or some that nobody thought of."""
    if draw(st.booleans()):
        rulebook, as_of = shipped(), AS_OF
        drawn = draw(st.lists(cases_about(rulebook, as_of), min_size=1, max_size=3))
    else:
        book = draw(rulebooks())
        as_of = draw(st.sampled_from(book.days[len(book.days) // 3 :]))
        days = [*book.days, *(as_of - n * DAY for n in range(-1, 6))]
        rulebook = rulebook_of(book.questions)
        limits = {name: _of_old(shipped().parameters[name]) for name in THRESHOLDS}
        rulebook = replace(rulebook, parameters={**limits, **rulebook.parameters})
        drawn = [draw(records(book.spoken, days, QUESTIONS)) for _ in range(4)]
    # Ids fall, so that the order of the cases is not that of their ids.
    read = [Placed("test", n, recorded({**raw, "case": f"A-{9 - n}"})) for n, raw in enumerate(drawn)]
    return rulebook, as_of, read


def test_random_rules_on_random_cases_are_listed_as_they_are_told(tmp_path: Path) -> None:
    """On rulebooks nobody thought of, columns list what durable_rules tells, and durable_rules lists the same bytes."""
    folders = (tmp_path / str(n) for n in range(100_000))
    seen: Counter[str] = Counter()

    @seed(5_000)
    @settings(max_examples=30)
    @given(data=st.data())
    def held(data: st.DataObject) -> None:
        rulebook, as_of, read = data.draw(caseloads())
        seen.update(hold_engines(read, rulebook, as_of, folders))

    held()

    assert set(SHAPES) - {"judged_insufficient"} <= set(+seen)


def _of_old(parameter: Parameter) -> Parameter:
    """Return a parameter with its first value, in force on every day that is drawn."""
    return replace(parameter, values=(replace(parameter.values[0], start=dt.date.min),))


def hold_engines(
    read: list[Placed], rulebook: Rulebook, as_of: dt.date, folders: Iterator[Path]
) -> Counter[str]:
    """Hold both engines to an audit of the records, and their files to each other."""
    result = audit((one.read for one in read), rulebook, as_of, by=EVERYTHING, engine=Engine.DURABLE)
    columns, one_by_one = next(folders), next(folders)
    apart = audit_caseload(read, rulebook, as_of, listings=columns, by=EVERYTHING, engine=Engine.COLUMNAR)
    hold(result, apart, columns)
    audit_caseload(read, rulebook, as_of, listings=one_by_one, by=EVERYTHING, engine=Engine.DURABLE)
    assert files(columns) == files(one_by_one)
    return Counter({name: len(rows) for name, rows in listed(columns).items()})


def test_york_gives_the_same_bytes_from_each_engine(tmp_path: Path) -> None:
    """What is listed, and all of the result but the engine's name."""
    read = list(read_placed([YORK]))
    results = {
        engine: audit_caseload(read, shipped(), AS_OF, listings=tmp_path / engine, engine=engine)
        for engine in (Engine.COLUMNAR, Engine.DURABLE)
    }

    assert files(tmp_path / "columnar") == files(tmp_path / "durable")
    assert results[Engine.COLUMNAR].to_json() == results[Engine.DURABLE].to_json().replace(
        '"engine": "durable"', '"engine": "columnar"'
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """Return a thousand made cases, packed, some of which could not be read."""
    folder = tmp_path_factory.mktemp("made")
    write_caseload(folder / "cases.jsonl", 1_000)
    pack([folder / "cases.jsonl"], folder / "packed", cases_in_a_group=200)
    return Packed.open(folder / "packed")


def test_parts_add_up(made: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several parts as in one, by one process and by two, nothing is missing and nothing is there twice."""
    whole = audit_caseload(made, shipped(), MADE_AS_OF, listings=tmp_path / "whole", by=EVERYTHING)
    monkeypatch.setattr(caseload, "CASES_IN_A_PART", 300)

    parts = audit_caseload(made, shipped(), MADE_AS_OF, listings=tmp_path / "parts", by=EVERYTHING)
    by_two = audit_caseload(made, shipped(), MADE_AS_OF, listings=tmp_path / "two", by=EVERYTHING, workers=2)

    assert whole.rejected
    assert without_listings(whole) == without_listings(parts)
    assert parts == by_two
    assert files(tmp_path / "parts") == files(tmp_path / "two")
    assert parts.listings
    assert {one.parts for one in parts.listings.tables} == {3}
    assert listed_in_order(tmp_path / "whole") == listed_in_order(tmp_path / "parts")
    result = audit((one.read for one in made.read()), shipped(), MADE_AS_OF, by=EVERYTHING)
    hold(result, parts, tmp_path / "parts")


def listed_in_order(folder: Path) -> dict[str, list[str]]:
    """Return the rows of every listing, whatever part they are in."""
    return {name: sorted(map(str, rows)) for name, rows in listed(folder).items()}


def test_a_part_that_is_done_again_doubles_nothing(made: Packed, tmp_path: Path) -> None:
    """It is written over what was there, and is the same."""
    folder = tmp_path / "listed"
    once = audit_caseload(made, shipped(), MADE_AS_OF, listings=folder)
    before = files(folder)

    assert once == audit_caseload(made, shipped(), MADE_AS_OF, listings=folder)
    assert before == files(folder)
