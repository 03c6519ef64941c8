"""The figures of the sample rest on its evidence: edit the evidence, and the answers follow it as the oracle has them."""

import datetime as dt
import json
import random
from functools import cache
from pathlib import Path

import pytest

from aboveline.answers import Answer
from aboveline.audit import Auditor
from aboveline.rulebook import load_rulebook
from agreement import hold_to_oracle, recorded
from edits import edited
from random_cases import Json

SAMPLE = Path(__file__).parents[1] / "fixtures" / "york-and-north-yorkshire-2014" / "cases.jsonl"
AS_OF = dt.date(2013, 12, 2)
PARTS = 4
EDITS_A_PART = 50
ENOUGH = 30
"""How many of the edits of a part change an answer at the least."""


@cache
def auditor() -> Auditor:
    """Return an auditor by the shipped rules."""
    return Auditor(load_rulebook(), AS_OF)


@cache
def unedited() -> dict[str, list[Answer]]:
    """Return the answers to every question before any edit, by case."""
    facts = [auditor().facts(recorded(case)) for case in sample()]
    return {one.case: [answer.answer for answer in auditor().answer(one)] for one in facts}


@cache
def sample() -> list[Json]:
    """Return the cases of the sample."""
    return [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("part", range(PARTS))
def test_answers_follow_the_evidence(part: int) -> None:
    """Whatever is edited, every answer is the oracle's; and most edits change the answer to some question."""
    changed = 0
    for number in range(part * EDITS_A_PART, (part + 1) * EDITS_A_PART):
        edit = edited(sample(), auditor().rulebook, random.Random(number))
        facts = auditor().facts(recorded(edit.record))
        answers = auditor().answer(facts)
        try:
            hold_to_oracle(auditor(), facts, answers)
        except AssertionError as error:
            raise AssertionError(f"edit {number}, {edit.words}") from error
        changed += [one.answer for one in answers] != unedited()[facts.case]

    assert ENOUGH <= changed


def test_sample_is_answered_as_the_oracle_answers_it() -> None:
    """Before any edit too."""
    for case in sample():
        facts = auditor().facts(recorded(case))
        hold_to_oracle(auditor(), facts, auditor().answer(facts))
