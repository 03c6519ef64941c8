"""Every case beside a rule comes out as it says."""

import pytest

from aboveline.backends.columnar import ColumnarBackend
from aboveline.problems import Problem
from aboveline.rulebook import Rulebook, load_rulebook
from aboveline.rulecases import RuleCase, RuleCaseRunner, read_rule_cases


def _cases() -> tuple[Rulebook, list[RuleCase]]:
    problems: list[Problem] = []
    rulebook = load_rulebook()
    cases = read_rule_cases(rulebook, problems)
    if problems:
        raise AssertionError("\n".join(str(problem) for problem in problems))
    return rulebook, cases


RULEBOOK, CASES = _cases()
RUNNERS = {
    "durable": RuleCaseRunner(RULEBOOK),
    "columnar": RuleCaseRunner(RULEBOOK, ColumnarBackend),
}
"""Every backend runs every case."""


@pytest.mark.parametrize("backend", RUNNERS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.question}: {case.name}")
def test_case_comes_out_as_it_says(case: RuleCase, backend: str) -> None:
    """The rule gives the answer, deficiencies and gaps that its case names."""
    assert [] == RUNNERS[backend].run(case)


def test_every_active_question_has_cases() -> None:
    """No question is without cases."""
    assert {question.id for question in RULEBOOK.active} == {case.question for case in CASES}
