"""Made caseloads: case records, the same from the same seed, of the sizes of the fixtures and lossy at the stated rates."""

import datetime as dt
import gzip
import hashlib
import json
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from benchmarks.caseload import AS_OF, RATES, caseload, write_caseload

from aboveline.case import CaseRecord, Rejected, read_cases, read_record
from command import ROOT

MANY = 1500
JUDGED = 49


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    """Return made cases, as JSON has them."""
    return [json.loads(line) for line in caseload(MANY, wrong=0)]


@pytest.fixture(scope="module")
def fixtures() -> list[dict[str, Any]]:
    """Return the cases that they were made of."""
    return [
        json.loads(line)
        for name in ("york-and-north-yorkshire-2014", "all-rules")
        for line in (ROOT / "fixtures" / name / "cases.jsonl").read_bytes().splitlines()
    ]


def a_case(records: list[dict[str, Any]]) -> dict[str, float]:
    """Return how many facts of each kind a case has on average."""
    counts = Counter({kind: 0 for record in records for kind in record})
    for record in records:
        counts.update({kind: len(value) for kind, value in record.items() if isinstance(value, list)})
    return {kind: many / len(records) for kind, many in counts.items()}


def test_every_line_is_a_case_record() -> None:
    """All are read, under ids of their own that name nobody."""
    read = [read_record(line, "made") for line in caseload(MANY, wrong=0)]

    assert [f"SYN-{n:06}" for n in range(1, MANY + 1)] == [
        record.case for record in read if isinstance(record, CaseRecord)
    ]


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """In another process, gzipped or not, longer or shorter, the bytes are the same; of another seed they are not."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.caseload",
        "60",
        str(tmp_path / "cases.jsonl"),
        "--seed",
        "7",
    ]
    subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONHASHSEED": "11"})
    for name in ("one", "other"):
        write_caseload(tmp_path / f"{name}.jsonl.gz", 60, seed=7)
    first = b"".join(caseload(60, seed=7))

    assert first == (tmp_path / "cases.jsonl").read_bytes()
    assert first == gzip.decompress((tmp_path / "one.jsonl.gz").read_bytes())
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "other.jsonl.gz").read_bytes()
    assert first.splitlines()[:40] == [line.strip() for line in islice(caseload(240_000, seed=7), 40)]
    assert hashlib.sha256(first).digest() != hashlib.sha256(b"".join(caseload(60, seed=8))).digest()


def test_facts_are_as_many_as_in_the_fixtures(
    made: list[dict[str, Any]], fixtures: list[dict[str, Any]]
) -> None:
    """Of each kind that the fixtures have a fact of in every second case, there are about as many, less what is lost or had not begun."""
    expected, found = a_case(fixtures), a_case(made)

    frequent = [kind for kind, many in expected.items() if many >= 0.5]
    assert len(frequent) >= 20
    for kind in frequent:
        assert 0.75 < found[kind] / expected[kind] < 1.15, kind
    assert set(expected) <= set(found)


def test_values_are_lost_at_the_stated_rates(
    made: list[dict[str, Any]], fixtures: list[dict[str, Any]]
) -> None:
    """Judgements, fields and days go missing as often as is stated, and some cases are overridden or of a source that is not complete."""
    judged = sum(len(record.get("judgement", ())) for record in made) / MANY / JUDGED
    assert abs(judged - (1 - RATES.not_judged)) < 0.01
    assert all(len(record["judgement"]) == JUDGED for record in fixtures)

    for kind, field, rate in (
        ("induction", "individualised", RATES.not_recorded),
        ("offence", "committed_on", RATES.undated),
        ("offence", "main", RATES.act_not_done),
    ):
        of_fixtures = [field in fact for record in fixtures for fact in record.get(kind, ())]
        here = [field in fact for record in made for fact in record.get(kind, ())]
        kept = sum(here) / len(here) / (sum(of_fixtures) / len(of_fixtures))
        assert abs(kept - (1 - rate)) < 0.015, field

    for kind, rate in (("override", RATES.overridden), ("incomplete", RATES.incomplete)):
        assert abs(sum(kind in record for record in made) / MANY - rate) < 0.01, kind


def test_days_are_those_of_supervision(made: list[dict[str, Any]]) -> None:
    """Supervision began up to two years ago, and what is recorded had happened, but for the few records that were read later."""
    starts = [
        dt.date.fromisoformat(r["sentence"]["started_on"]) for r in made if "started_on" in r["sentence"]
    ]
    later = sum(
        any(one["visited_on"] > AS_OF.isoformat() for one in record.get("home_visit", ()))
        or any(one["made_on"] > AS_OF.isoformat() for one in record.get("check", ()) if "made_on" in one)
        or any(one["identified_on"] > AS_OF.isoformat() for one in record.get("factor", ()))
        for record in made
    )

    assert AS_OF - dt.timedelta(days=740) < min(starts) < max(starts) < AS_OF
    assert 0 <= later / MANY < RATES.read_later
    assert len(set(starts)) > 300


def test_lines_that_are_wrong_come_on_top(tmp_path: Path) -> None:
    """Wrong lines of every sort are refused, and every case is read all the same."""
    path = tmp_path / "cases.jsonl.gz"
    write_caseload(path, 300, wrong=0.2)
    read = list(read_cases([path]))
    refused = [problem.reason for one in read if isinstance(one, Rejected) for problem in one.problems]

    assert 300 == sum(isinstance(one, CaseRecord) for one in read)
    assert 30 < len(refused) < 90
    for words in (
        "this is not JSON",
        "stands twice",
        "no such field",
        "not one of",
        "needs completed_on",
        "date",
        "read before",
    ):
        assert any(words in reason for reason in refused), words
