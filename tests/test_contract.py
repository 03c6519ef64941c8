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


def test_every_question_is_asked(rulebook: Rulebook, contract: dict[str, Any]) -> None:
    """Every question of the contract is active, and no other is."""
    assert [question["id"] for question in sorted(contract["questions"], key=lambda one: one["id"])] == [
        question.id for question in rulebook.active
    ]
    assert 134 == len(rulebook.active)


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
