"""Whatever stands in the files, importing them ends in case records and notes, or in an input error."""

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboveline.case import read_record
from aboveline.importers import import_folder
from aboveline.problems import InputError

INPUTS = Path(__file__).parents[2].parent / "shared" / "real-inputs"
FILES = {path: json.loads(path.read_text()) for path in sorted(INPUTS.glob("*/*.json"))}

pytestmark = pytest.mark.skipif(not FILES, reason="the real inputs are not beside this checkout")

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", " ", "Sam", "0001-01-01", "9999-12-31", "2014-02-30", "X000001", "COMPLETE", "a" * 300]
    ),
    st.text(max_size=5),
    st.sampled_from([[], {}, [None], {"code": None}, {"code": {"code": "W"}}, [[1]], {"a": [{}]}]),
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place within a value, as what holds it and its key or number there."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict | list):
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            found += [(holder, key) for key in keys]
            waiting += [holder[key] for key in keys]
    return found


@st.composite
def damaged(draw: st.DrawFn, folder: str) -> dict[str, Any]:
    """Return the files of a folder with a few values deleted or replaced."""
    files = {path.name: copy.deepcopy(value) for path, value in FILES.items() if path.parent.name == folder}
    for _ in range(draw(st.integers(1, 8))):
        there = places(files)
        holder, key = there[draw(st.integers(0, len(there) - 1))]
        if draw(st.booleans()):
            del holder[key]
        else:
            holder[key] = copy.deepcopy(draw(ODD))
        if not files:
            break
    return files


@pytest.mark.parametrize("folder", ["ndelius-X320741", "oasys"])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_damaged_files_never_stop_the_importer(folder: str, data: st.DataObject) -> None:
    """With values deleted or replaced at random there is a result, every record of which reads back."""
    files = data.draw(damaged(folder))
    with tempfile.TemporaryDirectory() as here:
        for name, value in files.items():
            (Path(here) / name).write_text(json.dumps(value))
        try:
            imported = import_folder(Path(here))
        except InputError:
            return
    for case in imported.cases:
        assert case == read_record(case.model_dump_json(exclude_none=True).encode(), "again")
    assert all(note.reason for note in imported.notes)


@settings(max_examples=60, deadline=None)
@given(raw=st.binary(max_size=200))
def test_bytes_that_are_no_json_never_stop_the_importer(raw: bytes) -> None:
    """A file of any bytes costs itself and nothing else."""
    with tempfile.TemporaryDirectory() as here:
        (Path(here) / "person.json").write_text('{"otherIds": {"crn": "X000001"}}')
        (Path(here) / "any.json").write_bytes(raw)

        assert ["X000001"] == [case.case for case in import_folder(Path(here)).cases]
