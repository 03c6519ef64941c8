"""The page on importing keeps up with the importer."""

from pathlib import Path

import pytest

from aboveline.case import CaseRecord
from aboveline.importers.shapes import Shape

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("shape", Shape)
def test_every_shape_is_explained(shape: Shape) -> None:
    """The page names every shape of document that the importer recognises."""
    assert shape.value in PAGE.replace("\n", " ")


@pytest.mark.parametrize(
    "kind", sorted(set(CaseRecord.model_fields) - {"case", "incomplete", "schema_version"})
)
def test_every_kind_of_fact_is_filled_or_named_as_not(kind: str) -> None:
    """Each kind of fact stands in the table of what files become, or in the list of what no file fills."""
    assert f"`{kind}`" in PAGE
