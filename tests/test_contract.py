"""Ids and texts of questions are a contract with the list that the published figures are kept against."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from aboveline.rulebook import Rulebook, load_rulebook

CONTRACT = Path(__file__).parents[2] / "shared" / "domain" / "questions.yaml"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the shipped rules."""
    return load_rulebook()


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    """Return the list of questions that the published figures are kept against."""
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(CONTRACT)
    return loaded


def test_questions_keep_their_text_and_criteria(rulebook: Rulebook, contract: dict[str, Any]) -> None:
    """A question in the rulebook has the text, criteria and standing of the contract."""
    listed = {
        q["id"]: (q["text"], tuple(q["criteria"]), q.get("scored", True)) for q in contract["questions"]
    }

    for question in rulebook.questions:
        assert listed[question.id] == (question.title, question.criteria, question.scored)


def test_first_questions_are_all_there(rulebook: Rulebook) -> None:
    """The thirty questions that the first audit was promised with are active."""
    promised = {
        *("AS-01", "AS-07", "AS-13"),
        *("DS-01", "DS-02", "DS-08", "DS-09", "DS-17", "DS-21", "DS-22", "DS-42"),
        *("RR-01", "RR-16"),
        *("PP-01", "PP-02", "PP-05", "PP-12", "PP-13", "PP-14", "PP-18", "PP-19", "PP-21", "PP-22", "PP-26"),
        *("PP-32", "PP-34", "PP-37", "PP-38", "PP-39"),
        "VW-05",
    }

    assert set() == promised - {question.id for question in rulebook.active}


def test_recommendations_are_those_of_the_contract(rulebook: Rulebook, contract: dict[str, Any]) -> None:
    """Recommendations have the contract's words and questions, and a deficiency leads to one only where it says so."""
    there = {question.id for question in rulebook.questions}
    listed = {
        r["id"]: (r["text"], tuple(q for q in r["questions"] if q in there))
        for r in contract["recommendations"]
    }
    leads_to = {r["id"]: set(r["questions"]) for r in contract["recommendations"]}

    assert listed == {r.id: (r.text, r.questions) for r in rulebook.framework.recommendations.values()}
    for question in rulebook.questions:
        for deficiency in question.deficiencies:
            if deficiency.recommendation:
                assert question.id in leads_to[deficiency.recommendation]


def test_stages_are_those_of_the_report(rulebook: Rulebook, contract: dict[str, Any]) -> None:
    """Stages hold the criteria of the report's appendix, less leadership, which is not scored from cases."""
    stages = {
        name: tuple(criteria)
        for name, criteria in contract["scoring"]["stages"].items()
        if name != "leadership-and-management"
    }

    assert stages == rulebook.framework.stages
