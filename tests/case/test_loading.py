"""Reading JSON Lines: every bad line is named, the others go on, nothing is held in memory."""

import gzip
from pathlib import Path

import pytest

from aboveline.case import CaseRecord, Rejected, read_cases
from aboveline.case.loading import LARGEST_LINE
from aboveline.problems import InputError


def write(folder: Path, *lines: str | bytes, name: str = "cases.jsonl") -> Path:
    """Write a file of lines."""
    path = folder / name
    data = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def outcome(path: Path) -> list[str]:
    """Return the case ids read, and for what was rejected its line and reason."""
    found = []
    for record in read_cases([path]):
        if isinstance(record, CaseRecord):
            found.append(record.case)
        else:
            found += [f"{problem.line}: {problem.reason}" for problem in record.problems]
    return found


def test_bad_lines_are_named_and_the_others_go_on(tmp_path: Path) -> None:
    """A line that is no record is reported with its number, and the lines after it are read."""
    path = write(
        tmp_path, '{"case": "A-1"}', "", "not json", '["A-2"]', b'{"case": "\xff"}', '{"case": "A-3"}'
    )

    first, *wrong, last = outcome(path)

    assert (first, last) == ("A-1", "A-3")
    assert ["3", "4", "5"] == [reason.split(":")[0] for reason in wrong]
    assert "JSON" in wrong[0]
    assert "object" in wrong[1]
    assert "UTF-8" in wrong[2]


def test_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Of two values for one key neither is taken."""
    path = write(
        tmp_path,
        '{"case": "A-1", "case": "A-2"}',
        '{"case": "A-3", "check": [{"agency": "police", "agency": "health"}]}',
    )

    assert [
        "1: the key 'case' stands twice in one object",
        "2: the key 'agency' stands twice in one object",
    ] == outcome(path)


def test_case_read_twice_is_an_error_that_says_where_first(tmp_path: Path) -> None:
    """The same case id again is rejected, also in another file; the first stands."""
    write(tmp_path, '{"case": "A-1"}', '{"case": "A-1"}', name="a.jsonl")
    write(tmp_path, '{"case": "A-1"}', name="b.jsonl")

    records = list(read_cases([tmp_path]))

    assert isinstance(records[0], CaseRecord)
    assert all(isinstance(r, Rejected) and "a.jsonl:1" in r.problems[0].reason for r in records[1:])


def test_gzip_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    """A gzipped file and one with a byte order mark are read as any other."""
    assert ["A-1"] == outcome(write(tmp_path, '{"case": "A-1"}', name="cases.jsonl.gz"))
    assert ["A-2"] == outcome(write(tmp_path, b'\xef\xbb\xbf{"case": "A-2"}'))


def test_broken_gzip_is_named(tmp_path: Path) -> None:
    """A gzipped file that is cut short gives what could be read, and says that the rest could not."""
    path = write(tmp_path, *(f'{{"case": "A-{n}"}}' for n in range(5000)), name="cases.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-20])

    assert "cannot be read from here on" in outcome(path)[-1]


def test_line_too_long_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    """A line over the limit is refused without being parsed, and reading goes on after it."""
    path = write(tmp_path, '{"case": "' + "x" * LARGEST_LINE + '"}', '{"case": "A-2"}')

    assert ["1: this line is longer than 16 MiB", "A-2"] == outcome(path)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    """A line nested without end is refused and does not bring the reader down."""
    path = write(tmp_path, "[" * 200_000 + "]" * 200_000, '{"case": "A-2"}')

    first, second = outcome(path)

    assert "nested too deeply" in first
    assert second == "A-2"


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    """A path that is not there is answered with the nearest that is, before anything is read."""
    write(tmp_path, '{"case": "A-1"}')

    with pytest.raises(InputError, match=r"did you mean 'cases.jsonl'") as caught:
        list(read_cases([tmp_path / "case.jsonl", tmp_path / "cases.csv"]))

    assert len(caught.value.problems) == 2


def test_empty_folder_is_an_error(tmp_path: Path) -> None:
    """A folder without records is a mistake, not an audit of nothing."""
    with pytest.raises(InputError, match=r"no .jsonl"):
        list(read_cases([tmp_path]))
