"""Whichever engine answers, the result is the same to the byte, but for the engine's name."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest

from aboveline import audit as auditing
from aboveline.audit import audit
from aboveline.breakdowns import Characteristic
from aboveline.case import CaseRecord, Rejected, read_cases, read_record
from aboveline.engines import AT_ONCE, FEW, Engine, choose, in_batches
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook, load_rulebook

AS_OF = dt.date(2013, 12, 2)
FIXTURES = Path(__file__).parents[1] / "fixtures"
FOLDERS = [
    "york-and-north-yorkshire-2014",
    "demonstration",
    "all-rules",
    "good-practice",
    "practice-illustrations",
]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the shipped rules."""
    return load_rulebook()


def audited(
    records: Iterable[CaseRecord | Rejected], rulebook: Rulebook, engine: Engine, *, answers: bool = True
) -> AuditResult:
    """Audit records with an engine, broken down by everything."""
    return audit(
        records,
        rulebook,
        AS_OF,
        by=tuple(Characteristic),
        suppress_below=0,
        keep_answers=answers,
        engine=engine,
    )


def renamed(result: AuditResult) -> AuditResult:
    """Return a result without the name of its engine."""
    return result.model_copy(update={"manifest": result.manifest.model_copy(update={"engine": ""})})


@pytest.mark.parametrize("folder", FOLDERS)
def test_fixtures_give_the_same_bytes_from_each(folder: str, rulebook: Rulebook) -> None:
    """An audit by columns is the audit by durable_rules, and each says which it was."""
    paths = [FIXTURES / folder / "cases.jsonl"]
    durable, columnar = (
        audited(read_cases(paths), rulebook, engine) for engine in (Engine.DURABLE, Engine.COLUMNAR)
    )

    assert ["durable", "columnar"] == [durable.manifest.engine, columnar.manifest.engine]
    assert renamed(durable).to_json() == renamed(columnar).to_json()
    assert durable.cases


def test_batches_do_not_matter(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many cases are answered at once, and in whatever order, the bytes are the same."""
    records = [*read_cases([FIXTURES / "york-and-north-yorkshire-2014" / "cases.jsonl"])]
    records.insert(3, read_record(b'{"case": "A-1", "sentense": {}}', "test", 4))
    whole = audited(records, rulebook, Engine.COLUMNAR)

    for size in (1, 7, 49):
        monkeypatch.setattr(auditing, "AT_ONCE", size)
        assert whole.to_json() == audited(records[::-1], rulebook, Engine.COLUMNAR).to_json()
    assert 1 == len(whole.rejected)


def test_answers_can_be_left_out(rulebook: Rulebook) -> None:
    """Without the list of answers, all else is the same."""
    records = [*read_cases([FIXTURES / "demonstration" / "cases.jsonl"])]
    whole = audited(records, rulebook, Engine.COLUMNAR)
    without = audited(records, rulebook, Engine.COLUMNAR, answers=False)

    assert () == without.answers
    assert whole.model_copy(update={"answers": ()}) == without


@pytest.mark.parametrize(
    ("engine", "many", "chosen"),
    [
        (Engine.AUTO, 0, Engine.DURABLE),
        (Engine.AUTO, FEW, Engine.DURABLE),
        (Engine.AUTO, FEW + 1, Engine.COLUMNAR),
        (Engine.DURABLE, FEW + 1, Engine.DURABLE),
        (Engine.COLUMNAR, 0, Engine.COLUMNAR),
    ],
)
def test_columns_are_chosen_above_a_few_hundred_cases(engine: Engine, many: int, chosen: Engine) -> None:
    """An engine that was asked for is taken; else it is by how many cases there are, and none is lost."""
    found, cases = choose(engine, iter(range(many)))

    assert chosen is found
    assert [*range(many)] == [*cases]


def test_no_more_is_read_than_tells_how_many_there_are() -> None:
    """Of a caseload, a few cases are held to choose by, and a batch to answer."""
    read = iter(range(10 * AT_ONCE))
    choose(Engine.AUTO, read)

    assert FEW + 1 == next(read)


def test_batches_hold_everything_once() -> None:
    """Batches are full, but for the last, and never empty."""
    assert [[0, 1, 2], [3, 4, 5], [6]] == [*in_batches(range(7), 3)]
    assert [] == [*in_batches([], 3)]


def test_columns_can_be_shared_out_over_processes(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes answer by columns what one does, to the byte, in chunks smaller than the caseload."""
    monkeypatch.setattr(auditing, "AT_ONCE_IN_A_PROCESS", 20)
    cases = [FIXTURES / FOLDERS[0] / "cases.jsonl"]
    alone, shared = (
        audit(read_cases(cases), rulebook, AS_OF, engine=Engine.COLUMNAR, workers=workers)
        for workers in (1, 2)
    )

    assert alone.to_json() == shared.to_json()
