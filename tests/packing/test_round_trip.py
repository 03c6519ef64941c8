"""What is packed is what was recorded: no field, no order, no place and no refusal is lost."""

import gzip
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aboveline.audit import audit
from aboveline.case import CaseRecord, Placed, digest_of, hash_of, read_cases, read_record
from aboveline.packing import CASES, SHAPES, Packed, chunks_of, pack, read_caseload, read_placed
from aboveline.rulebook import load_rulebook
from aboveline.vocabulary import record_kinds
from casework.days import AUDITED_ON
from packing_records import any_records, as_bytes


def told(placed: Placed) -> Any:
    """Return a record as what it says and where, or what was wrong with it."""
    if isinstance(placed.read, CaseRecord):
        return placed.source, placed.line, placed.read
    return tuple(sorted(placed.read.problems, key=str))


@settings(max_examples=60)
@given(any_records(), st.integers(1, 4))
def test_random_records_come_back_as_they_were(raws: list[dict[str, Any]], in_a_chunk: int) -> None:
    """Whatever a record says, it says again: every value of every field, in order, and its place."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        path.write_bytes(b"".join(as_bytes(raw) + b"\n" for raw in raws))
        pack([path], Path(folder) / "packed", cases_in_a_group=in_a_chunk)

        before = list(read_placed([path]))
        after = list(read_placed([Path(folder) / "packed"]))

    assert all(isinstance(placed.read, CaseRecord) for placed in before)
    assert [told(placed) for placed in before] == [told(placed) for placed in after]


def test_everything_comes_back(cases: Path, packed: Path) -> None:
    """Records, their places and their order; and what was refused, with file and line."""
    before, after = ([told(placed) for placed in read_placed([path])] for path in (cases, packed))

    assert len(before) == 46
    assert sorted(map(str, before)) == sorted(map(str, after))
    assert [one for one in before if len(one) == 3 and isinstance(one[2], CaseRecord)] == after[:41]


def test_fields_and_kinds_have_a_place(packed: Path) -> None:
    """A table stands for every kind of the case record, and a column for every field."""
    for kind, model, _ in record_kinds():
        assert list(model.model_fields) == [
            name for name in SHAPES[kind].names if name not in {"number", "case", "fact"}
        ]
    assert {f"{name}.parquet" for name in SHAPES} | {"manifest.json"} == {
        one.name for one in packed.iterdir()
    }
    assert CASES not in CaseRecord.model_fields


def test_types_of_columns(packed: Path) -> None:
    """Dates are dates, codes a dictionary, and what is not recorded is null."""
    plan = pq.read_table(packed / "plan.parquet")

    assert plan.schema.field("completed_on").type == pa.date32()
    assert pa.types.is_dictionary(plan.schema.field("type").type)
    assert plan.schema.field("contingency").type == pa.bool_()
    assert 0 < plan["contingency"].null_count < len(plan)
    assert plan["id"].null_count == sum(fact.startswith("plan-") for fact in plan["fact"].to_pylist()) > 0


@pytest.mark.parametrize("form", ["packed", "gzip", "packed again"])
def test_audit_is_the_same_to_the_byte(form: str, cases: Path, packed: Path, tmp_path: Path) -> None:
    """An audit of a packed folder, or of gzipped lines, is the audit of the lines, refusals and hashes included."""
    rulebook = load_rulebook()
    other = packed
    if form == "gzip":
        folder = tmp_path / cases.name
        other = folder.with_name("cases.jsonl.gz")
        other.write_bytes(gzip.compress(cases.read_bytes()))
    elif form == "packed again":
        other = tmp_path / "again"
        pack([packed], other)

    of_lines = audit(read_cases([cases]), rulebook, AUDITED_ON)
    of_other = audit(read_caseload([other]), rulebook, AUDITED_ON)

    assert len(of_lines.rejected) == 10
    assert len(of_lines.overrides) > 0
    assert of_lines.manifest.left_out > 0
    expected = of_lines.to_json()
    if form == "gzip":
        assert of_lines.rejected[0].source != of_other.rejected[0].source
        expected = expected.replace(of_lines.rejected[0].source, of_other.rejected[0].source)
    assert expected == of_other.to_json()


def test_manifest_has_the_hash_of_an_audit(cases: Path, packed: Path) -> None:
    """The manifest's ``cases`` is the hash that an audit gives, and each case has its own."""
    read = [record for record in read_cases([cases]) if isinstance(record, CaseRecord)]
    opened = Packed.open(packed)
    digests = [digest for chunk in opened.chunks() for digest in chunk.cases["digest"].to_pylist()]

    assert [digest_of(record) for record in read] == digests
    assert hash_of(digests) == opened.manifest.cases
    assert opened.manifest.count == 41
    assert opened.manifest.facts == sum(len(facts) for record in read for _, facts in record.facts_by_kind())


@pytest.mark.parametrize(("most", "sizes"), [(7, [7] * 5 + [6]), (8, [8, 6, 8, 6, 8, 5]), (1000, [41])])
def test_chunks_hold_whole_cases(packed: Path, most: int, sizes: list[int]) -> None:
    """Each chunk has a range of cases with all their facts, and no other's."""
    chunks = list(Packed.open(packed).chunks(most))

    assert sizes == [len(chunk.cases) for chunk in chunks]
    for chunk in chunks:
        numbers = set(chunk.cases["number"].to_pylist())
        for table in chunk.facts.values():
            assert set(table["number"].to_pylist()) <= numbers
        assert len(chunk.facts["person"]) == len(numbers)


def test_chunks_of_lines_are_those_of_the_folder(cases: Path, packed: Path) -> None:
    """Records that were never packed make the same tables."""
    of_lines = [chunk for chunk in chunks_of(read_placed([cases]), 7) if len(chunk.cases)]
    of_folder = list(Packed.open(packed).chunks(7))

    assert len(of_lines) == len(of_folder)
    for one, other in zip(of_lines, of_folder, strict=True):
        assert one.cases.to_pylist() == other.cases.to_pylist()
        assert {kind: table.to_pylist() for kind, table in one.facts.items()} == {
            kind: table.to_pylist() for kind, table in other.facts.items()
        }


def test_same_records_give_the_same_bytes(cases: Path, packed: Path, tmp_path: Path) -> None:
    """Packed again, every file is the same to the byte, the manifest too."""
    pack([cases], tmp_path / "again", cases_in_a_group=7)

    for file in packed.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_nothing_that_can_be_read_is_a_caseload_too(tmp_path: Path) -> None:
    """A file in which no line is a record is packed, audited and refused like any other."""
    (tmp_path / "cases.jsonl").write_text("nothing\n", encoding="utf-8")
    manifest = pack([tmp_path / "cases.jsonl"], tmp_path / "packed")

    assert (0, 1, ()) == (manifest.count, len(manifest.rejected), manifest.chunks)
    (only,) = read_caseload([tmp_path / "packed"])
    assert not isinstance(only, CaseRecord)
    assert read_record(b"nothing", "x") is not None
