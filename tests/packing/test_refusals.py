"""A folder that is damaged or foreign is refused as a whole; a folder that is there is not written over."""

import hashlib
import json
import shutil
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from aboveline.case import CaseRecord, Placed, Rejected
from aboveline.packing import Packed, inputs, pack, read_caseload, writing
from aboveline.problems import InputError
from command import run

AS_OF = ("--as-of", "2013-12-02")


@pytest.fixture
def copy(packed: Path, tmp_path: Path) -> Path:
    """Return a packed folder that may be damaged."""
    return Path(shutil.copytree(packed, tmp_path / "caseload"))


def told(folder: Path) -> str:
    """Return what is said of a folder that is refused."""
    with pytest.raises(InputError) as caught:
        list(read_caseload([folder]))
    return str(caught.value)


def change_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what a manifest says."""
    path = folder / "manifest.json"
    said = json.loads(path.read_bytes())
    change(said)
    path.write_text(json.dumps(said), encoding="utf-8")


def write_again(folder: Path, name: str, tables: list[pa.Table]) -> None:
    """Write a file of a folder anew, a row group for each table, and have the manifest agree with its bytes."""
    path = folder / f"{name}.parquet"
    with pq.ParquetWriter(path, tables[0].schema) as writer:
        for table in tables:
            writer.write_table(table)
    entry = {
        "rows": sum(len(table) for table in tables),
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    change_manifest(folder, lambda said: said["files"].update({name: entry}))


def groups(folder: Path, name: str) -> list[pa.Table]:
    """Return the row groups of a file."""
    with pq.ParquetFile(folder / f"{name}.parquet") as file:
        return [file.read_row_group(n) for n in range(file.num_row_groups)]


def exchange(said: dict[str, Any]) -> None:
    """Say that a case more is in the first chunk, and one less in the second."""
    said["chunks"][0]["rows"]["cases"] += 1
    said["chunks"][1]["rows"]["cases"] -= 1


def forget(said: dict[str, Any], name: str) -> None:
    """Have a manifest say nothing of a kind, as one written before there was such a kind."""
    said["facts"] -= said["files"].pop(name)["rows"]
    for chunk in said["chunks"]:
        del chunk["rows"][name]


def test_one_changed_byte_is_found(copy: Path) -> None:
    """A file of which any byte differs is named, and nothing is read."""
    path = copy / "tier.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    assert "tier.parquet: this file is not as it was packed: pack it again" in told(copy)


def test_files_cut_short_missing_and_exchanged_are_all_named(copy: Path) -> None:
    """Every file that is not as it was packed is named at once."""
    (copy / "rosh.parquet").write_bytes((copy / "rosh.parquet").read_bytes()[:-1])
    (copy / "plan.parquet").unlink()
    shutil.copy(copy / "mappa.parquet", copy / "visor.parquet")

    said = told(copy).splitlines()

    assert [
        "plan.parquet: this file of the packed caseload is missing",
        "rosh.parquet: this file is not as it was packed",
        "visor.parquet: this file is not as it was packed",
    ] == [
        line.rsplit("/", 1)[-1].removesuffix(": pack it again from its case records with `aboveline pack`")
        for line in said
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: said.update(layout=1), "packed for layout 1, case records of version 1"),
        (lambda said: said.update(schema_version=2), "packed for layout 2, case records of version 2"),
        (lambda said: forget(said, "tier"), "other kinds of fact (tier)"),
        (
            lambda said: said["files"].update(teir={"rows": 0, "bytes": 0, "sha256": ""}),
            "other kinds of fact (teir)",
        ),
        (lambda said: said["files"].pop("tier"), "not the manifest of a packed caseload"),
        (lambda said: said.pop("packed_by"), "not the manifest of a packed caseload"),
        (lambda said: said.update(packed_by="somebody"), "not the manifest of a packed caseload"),
        (lambda said: said.clear(), "not the manifest of a packed caseload"),
        (lambda said: said["chunks"].pop(), "not the manifest of a packed caseload"),
        (exchange, "does not hold what its folder's manifest says"),
        (lambda said: said["chunks"][0]["rows"].update(tier=3), "not the manifest of a packed caseload"),
        (lambda said: said.update(count=40), "not the manifest of a packed caseload"),
        (lambda said: said.update(facts=0), "not the manifest of a packed caseload"),
    ],
)
def test_manifest_that_does_not_fit_is_refused(
    change: Callable[[Any], object], words: str, copy: Path
) -> None:
    """A manifest for another version, for other kinds, or that its files contradict, is refused."""
    change_manifest(copy, change)

    assert words in told(copy)


def test_folder_without_its_manifest_is_no_caseload(copy: Path) -> None:
    """Tables alone are not read: the manifest is written last, so they may be half of a caseload."""
    (copy / "manifest.json").unlink()

    assert "there is no manifest.json in this folder" in told(copy)


def test_column_more_or_of_another_type_is_refused(copy: Path) -> None:
    """A file whose columns are not exactly those of its kind is refused though its hash is right."""
    tables = groups(copy, "tier")
    write_again(
        copy, "tier", [table.append_column("more", pa.nulls(len(table), pa.string())) for table in tables]
    )
    assert "tier.parquet: this file does not hold" in told(copy)

    write_again(
        copy, "tier", [table.set_column(5, "level", table["level"].cast(pa.int64())) for table in tables]
    )
    assert "tier.parquet: this file does not hold" in told(copy)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (
            "tier",
            lambda t: t.set_column(4, "level", pc.multiply(t["level"], pa.scalar(9, pa.int32()))),
            "is not a case record",
        ),
        ("tier", lambda t: t.set_column(0, t.schema.field(0), pc.add(t["number"], 900)), "belong to no case"),
        (
            "appointment",
            lambda t: t.take(list(range(len(t)))[::-1]),
            "belong to no case, or stand out of order",
        ),
        (
            "rosh",
            lambda t: t.set_column(
                t.schema.get_field_index("level"),
                t.schema.field("level"),
                pa.array(["dire"] * len(t)).dictionary_encode(),
            ),
            "is not a case record",
        ),
    ],
)
def test_forged_folder_is_refused(
    name: str, change: Callable[[pa.Table], pa.Table], words: str, copy: Path
) -> None:
    """Right hashes are not taken for right values: records are validated again, and facts must belong to cases."""
    tables = [change(table) for table in groups(copy, name)]
    write_again(copy, name, [table.cast(groups(copy, name)[0].schema) for table in tables])

    assert words in told(copy)


def test_case_in_lines_and_in_a_folder_is_read_once(cases: Path, packed: Path) -> None:
    """What is packed and given again as lines is rejected, line by line; so is a file that is given twice."""
    for paths in ([packed, cases], [cases, packed], [cases, cases], [packed, packed]):
        read = list(read_caseload(paths))
        assert 41 == sum(isinstance(one, CaseRecord) for one in read)
        again = [
            p.reason
            for one in read
            if isinstance(one, Rejected)
            for p in one.problems
            if "read before" in p.reason
        ]
        assert len(again) == 41 + 2
        assert any(
            reason.startswith("the case 'LATER' was read before, at ") and reason.endswith("cases.jsonl:45")
            for reason in again
        )


def test_folder_of_lines_with_a_manifest_of_its_own_is_lines(tmp_path: Path) -> None:
    """A folder that holds lines is read as lines, whatever else is in it."""
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text('{"case": "A-1"}\n', encoding="utf-8")

    assert ["A-1"] == [one.case for one in read_caseload([tmp_path]) if isinstance(one, CaseRecord)]


def test_nothing_is_written_over_unless_asked(cases: Path, copy: Path, tmp_path: Path) -> None:
    """A packed folder is replaced only with force, and anything else never."""
    before = (copy / "manifest.json").read_bytes()
    with pytest.raises(InputError, match="--force to replace it"):
        pack([cases], copy)
    assert before == (copy / "manifest.json").read_bytes()

    pack([cases], copy, force=True)
    assert before != (copy / "manifest.json").read_bytes()
    assert Packed.open(copy).manifest.count == 41

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "manifest.json").write_text('{"name": "an application"}', encoding="utf-8")
    (tmp_path / "file").write_text("text", encoding="utf-8")
    (tmp_path / "link").symlink_to(copy)
    shutil.copytree(copy, tmp_path / "with-more")
    (tmp_path / "with-more" / "notes.txt").write_text("mine", encoding="utf-8")
    for name in ("mine", "file", "link", "with-more"):
        with pytest.raises(InputError, match="is not a packed caseload: choose another name"):
            pack([cases], tmp_path / name, force=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["caseload", "file", "link", "mine", "with-more"]


def test_packing_onto_itself_keeps_every_case(copy: Path) -> None:
    """A folder may be packed again under its own name."""
    assert Packed.open(copy).manifest.cases == pack([copy], copy, force=True).cases
    assert len(list(read_caseload([copy]))) == 46


@pytest.mark.parametrize("at", ["reading", "renaming"])
def test_packing_that_fails_changes_nothing(
    at: str, cases: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where packing breaks off, what was there is there still, and nothing else."""

    def broken(paths: list[Path]) -> Iterator[Any]:
        yield from list(real(paths))[:20]
        raise OSError(28, "No space left on device")

    real = inputs.read_placed
    if at == "reading":
        monkeypatch.setattr(writing, "read_placed", broken)
    else:
        rename = Path.rename

        def once(path: Path, to: Path) -> Path:
            if to == copy and not path.name.endswith("-replaced"):
                raise OSError(28, "No space left on device")
            return rename(path, to)

        monkeypatch.setattr(Path, "rename", once)
    before = {one.name: one.read_bytes() for one in copy.iterdir()}

    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        pack([cases], copy, force=True)

    assert before == {one.name: one.read_bytes() for one in copy.iterdir()}
    assert [copy] == list(copy.parent.iterdir())


def test_command_packs_audits_and_complains(cases: Path, tmp_path: Path) -> None:
    """``aboveline pack`` names what it refused and exits with 2, as an audit does; the folder is audited as the lines are."""
    packed = run("pack", cases, "-o", tmp_path / "caseload")
    again = run("pack", cases, "-o", tmp_path / "caseload")
    nowhere = run("pack", cases, "-o", tmp_path / "no" / "caseload")
    missing = run("pack", cases.parent / "case.jsonl", "-o", tmp_path / "other")
    one = run("explain", "LATER", "PP-39", tmp_path / "caseload", *AS_OF)

    assert 2 == packed.returncode
    assert packed.stdout.startswith("41 cases packed into ")
    assert packed.stdout.endswith("5 records refused.\n")
    assert f"{cases}:4: this is not JSON" in packed.stderr
    assert (2, "") == (again.returncode, again.stdout)
    assert "--force" in again.stderr
    assert 2 == nowhere.returncode
    assert "cannot be written: No such file or directory" in nowhere.stderr
    assert 2 == missing.returncode
    assert "did you mean 'cases.jsonl'" in missing.stderr
    assert not (tmp_path / "other").exists()
    assert 0 == one.returncode
    assert "LATER" in one.stdout


def test_records_are_let_go_as_they_are_packed(
    cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packing holds columns of one chunk, and not the records: each is gone when the next but one is read."""
    kept: list[weakref.ref[CaseRecord]] = []
    most = 0

    def watched(paths: list[Path]) -> Iterator[Placed]:
        nonlocal most
        for placed in real(paths):
            if isinstance(placed.read, CaseRecord):
                kept.append(weakref.ref(placed.read))
            yield placed
            most = max(most, sum(one() is not None for one in kept))

    real = inputs.read_placed
    monkeypatch.setattr(writing, "read_placed", watched)

    pack([cases], tmp_path / "caseload", cases_in_a_group=20)

    assert len(kept) == 41
    assert most <= 2
