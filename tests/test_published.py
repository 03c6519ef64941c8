"""The audit of the invented sample gives what the inspectorate printed of the real one, every figure of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from published import contract, differences

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "fixtures" / "york-and-north-yorkshire-2014" / "cases.jsonl"
PRINTED = contract()


@pytest.fixture(scope="module")
def audited() -> dict[str, Any]:
    """Audit the sample as a person would, at the command line."""
    command = [sys.executable, "-c", "from aboveline.cli import main; main()"]
    run = subprocess.run(
        [*command, "audit", str(SAMPLE), "--as-of", "2013-12-02", "--format", "json"],
        capture_output=True,
        check=True,
    )
    result: dict[str, Any] = json.loads(run.stdout)
    return result


@pytest.mark.parametrize("entry", PRINTED["questions"], ids=lambda entry: entry["id"])
def test_question_comes_out_as_printed(entry: dict[str, Any], audited: dict[str, Any]) -> None:
    """Counts, percentages, shares, levels and groups of a question are those of the report."""
    assert [] == differences(entry, audited)


def test_every_case_was_assessed_on_every_question(audited: dict[str, Any]) -> None:
    """The sample has no evidence gap: whatever is not counted is not applicable."""
    assert {question["id"]: 0 for question in audited["questions"]} == {
        question["id"]: question["not_assessed"] for question in audited["questions"]
    }


def test_outcomes_score_as_printed(audited: dict[str, Any]) -> None:
    """The five outcomes have the scores of the report's summary."""
    assert {one["id"]: one["score"] for one in audited["outcomes"]} == PRINTED["outcome_scores"]


@pytest.mark.parametrize("entry", PRINTED["factors"], ids=lambda entry: entry["id"])
def test_factor_comes_out_as_printed(entry: dict[str, Any], audited: dict[str, Any]) -> None:
    """The cases with a factor, and the percentages with sufficient interventions and progress, are the report's."""
    (found,) = [one for one in audited["factors"] if one["factor"].replace("_", "-") == entry["id"]]

    assert (entry["cases"], entry["interventions"], entry["progress"]) == (
        found["cases"],
        found["interventions_percent"],
        found["progress_percent"],
    )


def test_every_recommendation_is_called_for(audited: dict[str, Any]) -> None:
    """The shortfalls lead to the report's four recommendations, in its words."""
    assert {one["id"]: one["text"] for one in PRINTED["recommendations"]} == {
        one["id"]: one["text"] for one in audited["recommendations"]
    }


def test_sample_is_the_size_and_shape_of_the_inspectors(audited: dict[str, Any]) -> None:
    """As many cases, orders and licences, women and men, eligible for MAPPA, in approved premises and transferred."""
    printed = PRINTED["sample"]
    groups = {one["by"]: {g["value"]: g["cases"] for g in one["groups"]} for one in audited["sample"]}
    asked = {one["id"]: one["sufficient"] + one["insufficient"] for one in audited["questions"]}

    assert (printed["community_orders"], printed["licences"]) == (
        groups["sentence"]["community_or_suspended_sentence"],
        groups["sentence"]["licence_or_custody"],
    )
    assert (printed["women"], printed["men"]) == (groups["gender"]["female"], groups["gender"]["male"])
    assert (printed["cases"], printed["mappa_eligible"], printed["approved_premises"]) == (
        audited["cases"],
        asked["PP-19"],
        asked["PP-25"],
    )
    assert printed["transferred_in"] + printed["transferred_out"] == asked["DS-43"]
