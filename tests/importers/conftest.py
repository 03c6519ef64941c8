"""A folder to import from, and the invented person whose files stand in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aboveline.importers import Imported, import_folder

Json = Any


@pytest.fixture
def importing(tmp_path: Path) -> Callable[..., Imported]:
    """Return a function that writes JSON files, with the person's own unless it is given, and imports them."""

    def write_and_import(conviction: str | None = None, **files: Json) -> Imported:
        own = {"person": {"offenderId": 7, "otherIds": {"crn": "X000001"}}}
        for name, value in (own | files).items():
            if value is not None:
                text = value if isinstance(value, str) else json.dumps(value)
                (tmp_path / f"{name}.json").write_text(text)
        return import_folder(tmp_path, conviction=conviction)

    return write_and_import


@pytest.fixture
def conviction() -> Callable[..., Json]:
    """Return a function that makes an active conviction with a community order of 3 March 2014."""

    def make(number: int = 11, sentence: Json = None, **fields: Json) -> Json:
        return {
            "convictionId": number,
            "active": True,
            "offences": [{"offenceId": "M11", "mainOffence": True, "detail": {"code": "00801"}}],
            "latestCourtAppearanceOutcome": {"code": "201"},
            "sentence": {"sentenceId": 21, "startDate": "2014-03-03"} | (sentence or {}),
        } | fields

    return make


@pytest.fixture
def custody(conviction: Callable[..., Json]) -> Callable[..., Json]:
    """Return a function that makes an active conviction with ten months of custody from 3 March 2014."""

    def make(sentence: Json = None, **fields: Json) -> Json:
        term = {"originalLength": 10, "originalLengthUnits": "Months"} | (sentence or {})
        return conviction(sentence=term, **({"latestCourtAppearanceOutcome": {"code": "307"}} | fields))

    return make


@pytest.fixture
def noted() -> Callable[..., list[str]]:
    """Return a function that lists the notes of one file, as path and reason."""

    def notes_of(imported: Imported, name: str) -> list[str]:
        return [
            f"{note.path}: {note.reason}" if note.path else note.reason
            for note in imported.notes
            if Path(note.source).name == f"{name}.json"
        ]

    return notes_of
