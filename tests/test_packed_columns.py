"""A packed caseload answered by its columns is answered as its records are."""

import datetime as dt
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from aboveline.audit import audit, audit_packed
from aboveline.backends.columnar import ColumnarBackend, Tables, tables_of
from aboveline.backends.columnar.packed import batch_of
from aboveline.breakdowns import Characteristic
from aboveline.case import Placed
from aboveline.cli.app import app
from aboveline.engines import Engine
from aboveline.facts import FlatFact, flatten
from aboveline.packing import Packed, chunks_of, pack, read_caseload
from aboveline.rulebook import load_rulebook, lower
from aboveline.sheets import answer_sheet
from agreement import recorded
from random_cases import DAY, Json, cases_about, records
from random_rules import QUESTIONS, rulebook_of, rulebooks
from test_sheets import listed

AS_OF = dt.date(2013, 12, 2)
DAYS = [dt.date(2013, 3, 11), dt.date(2013, 7, 1), AS_OF]
FIXTURES = Path(__file__).parents[1] / "fixtures"
RULES = load_rulebook()


def told(tables: Tables) -> dict[str, dict[str, list[tuple[int, FlatFact, int | str | None]]]]:
    """Return every value of tables with the case and fact it is of, texts as texts."""
    texts = list(tables.texts)
    found: dict[str, dict[str, list[tuple[int, FlatFact, int | str | None]]]] = {}
    for kind, table in tables.by_kind.items():
        found[kind] = {}
        for field, column in table.columns.items():
            rows = []
            for row, case in enumerate(table.case.tolist()):
                fact = table.fact(row)
                number = int(column.values[row])
                is_text = isinstance(fact.values.get(field), str)
                value = (texts[number] if is_text else number) if column.recorded[row] else None
                rows.append((case, fact, value))
            found[kind][field] = sorted(rows, key=lambda one: (one[0], one[1].id))
    return found


def hold(batch: list[Json], as_of: dt.date, backend: ColumnarBackend) -> Counter[str]:
    """Hold the columns of packed cases to the facts of their records; count what was seen."""
    read = [recorded({**raw, "case": f"A-{n}"}) for n, raw in enumerate(batch)]
    (chunk,) = chunks_of(Placed("test", n, record) for n, record in enumerate(read))
    facts = [flatten(record, as_of) for record in read]

    packed = batch_of(chunk, as_of, backend.plan.reads)

    assert [replace(one, left_out=0) for one in facts] == list(packed.cases)
    assert sum(one.left_out for one in facts) == packed.left_out
    by_facts, by_columns = told(tables_of(facts, backend.plan.reads)), told(packed.tables)
    assert by_facts == by_columns
    return Counter(
        facts=sum(len(one.facts) for one in facts),
        left_out=packed.left_out,
        incomplete=sum(bool(one.incomplete) for one in facts),
        judged=sum(len(one.judgements) + len(one.overrides) for one in facts),
    )


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_columns_are_the_facts_of_the_records(as_of: dt.date) -> None:
    """On random cases, every value stands in its column, and what had not happened does not."""
    by_shipped = ColumnarBackend(lower(RULES, as_of))
    seen: Counter[str] = Counter()

    @seed(as_of.toordinal())
    @settings(max_examples=15)
    @given(data=st.data())
    def held(data: st.DataObject) -> None:
        about = st.lists(cases_about(RULES, as_of), min_size=1, max_size=4)
        seen.update(hold(data.draw(about), as_of, by_shipped))
        book = data.draw(rulebooks())
        days = [*book.days, *(as_of - n * DAY for n in range(-1, 6))]
        backend = ColumnarBackend(lower(rulebook_of(book.questions), as_of))
        drawn = st.lists(records(book.spoken, days, QUESTIONS), min_size=1, max_size=4)
        seen.update(hold(data.draw(drawn), as_of, backend))

    held()

    assert {"facts", "left_out", "incomplete", "judged"} <= set(+seen)


def test_sheet_of_packed_columns_is_that_of_the_facts() -> None:
    """By the shipped rules, cases of a fixture are answered alike from either."""
    backend = ColumnarBackend(lower(RULES, AS_OF))
    lines = (FIXTURES / "york-and-north-yorkshire-2014" / "cases.jsonl").read_bytes().splitlines()
    read = [recorded(json.loads(line)) for line in lines]
    (chunk,) = chunks_of(Placed("test", n, record) for n, record in enumerate(read))
    batch = batch_of(chunk, AS_OF, backend.plan.reads)

    packed = answer_sheet(batch.cases, backend, RULES, batch.tables)
    facts = answer_sheet([flatten(record, AS_OF) for record in read], backend, RULES)

    assert listed(facts) == listed(packed)
    assert facts.told == packed.told


@pytest.mark.parametrize("folder", ["york-and-north-yorkshire-2014", "all-rules", "demonstration"])
def test_packed_fixture_gives_the_same_bytes(folder: str, tmp_path: Path) -> None:
    """An audit of packed columns is the audit of the records, those refused included."""
    lines = (FIXTURES / folder / "cases.jsonl").read_bytes().splitlines()
    (tmp_path / "cases.jsonl").write_bytes(
        b"\n".join([*lines[:3], b'{"case": "X", "sentense": 1}', *lines[3:]])
    )
    pack([tmp_path / "cases.jsonl"], tmp_path / "packed", cases_in_a_group=7)
    by = tuple(Characteristic)

    of_records = audit(
        read_caseload([tmp_path / "cases.jsonl"]),
        RULES,
        AS_OF,
        engine=Engine.COLUMNAR,
        by=by,
        suppress_below=0,
    )
    of_columns = audit_packed(Packed.open(tmp_path / "packed"), RULES, AS_OF, by=by, suppress_below=0)

    assert of_records.to_json() == of_columns.to_json()
    assert of_columns.rejected


def test_packed_caseload_of_no_cases(tmp_path: Path) -> None:
    """Of nothing, nothing is told."""
    (tmp_path / "cases.jsonl").write_bytes(b"")
    pack([tmp_path / "cases.jsonl"], tmp_path / "packed")

    assert 0 == audit_packed(Packed.open(tmp_path / "packed"), RULES, AS_OF).cases


def test_command_audits_a_packed_folder_by_its_columns(tmp_path: Path) -> None:
    """The command writes the same bytes of a packed folder as of its records, and names the engine."""
    cases = FIXTURES / "demonstration" / "cases.jsonl"
    pack([cases], tmp_path / "packed")

    def json_of(path: Path, engine: str) -> str:
        done = CliRunner().invoke(
            app, ["audit", str(path), "--as-of", "2013-12-02", "--format", "json", "--engine", engine]
        )
        assert 0 == done.exit_code, done.output
        return done.stdout

    assert json_of(cases, "columnar") == json_of(tmp_path / "packed", "columnar")
    assert "columnar" == json.loads(json_of(tmp_path / "packed", "columnar"))["manifest"]["engine"]
    assert "durable" == json.loads(json_of(tmp_path / "packed", "auto"))["manifest"]["engine"]
