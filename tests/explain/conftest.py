"""A rulebook with one of everything, and the shipped rules with their cases, for the tests of explanations."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aboveline.case import CaseRecord, read_record
from aboveline.problems import Problem
from aboveline.rulebook import Rulebook, load_rulebook, read_rulebook, shipped_rules
from aboveline.rulecases import RuleCase, read_rule_cases

AS_OF = dt.date(2013, 12, 2)

FRAMEWORK = """\
outcomes:
  protecting-the-public: {title: Protecting the public, criteria: ["4.1"]}
criteria: {"4.1": Assessment}
stages: {assessment-and-planning: ["4.1"]}
recommendations: {R1: {text: Ask in all cases, questions: [PP-01]}}
"""
PARAMETERS = """\
check_days:
  description: Days to ask
  unit: working_days
  values: [{from: 2007-01-01, value: 5, source: our reading}]
no_days:
  description: On the day
  unit: working_days
  values: [{from: 2007-01-01, value: 0, source: our reading}]
"""
LISTS = """\
name: grave
description: Codes of grave offences
source: our reading
members: ["00100", "019*"]
others: ["10500", "12*"]
"""
HEAD = """\
criteria: ["4.1"]
sources: [{document: report, paragraph: O4 3.2}]
"""
RULES = {
    "PP-01-asked": """
id: PP-01
title: Children's social care services were asked
status: active
applies: [concern: {kind: child_protection, ended_on|unknown: true}]
needs: [concern.kind, sentence.started_on, check.made_on]
deficiencies:
  - id: PP-01.1
    severity: high
    when: [sentence: {as: sentence}]
    without: [check: {agency: childrens_social_care, made_on|at_most: sentence.started_on + check_days working_days}]
    due: sentence.started_on + check_days working_days
    finding: No check with children's social care services by {due}.
    put_right: Ask children's social care services and record the reply.
    recommendation: R1
known_gaps: [Checks by the court team may be held in another record.]
""",
    "PP-02-either": """
id: PP-02
title: A change led to a review
status: active
applies:
  - any:
      - significant_change: {raises_risk: true, as: change}
      - rosh: {level|in: [high, very_high], as: rosh}
except:
  - transfer: {direction: out}
  - all: [sentence: {ended_on|known: true}, {without: [tier: {level|at_least: 3}]}]
needs: [significant_change.raises_risk, transfer.direction]
deficiencies:
  - id: PP-02.1
    severity: medium
    when: [significant_change: {as: change}]
    without:
      - review: {of: sentence_plan, completed_on|at_least: change.occurred_on, completed_on|at_most: change.occurred_on + 2 months}
      - plan: {type: sentence_plan, completed_on|after: change.occurred_on}
    due: change.occurred_on + 2 months
    finding: No review by {due} of the change on {change.occurred_on}.
    put_right: Review the plan.
  - id: PP-02.2
    severity: low
    when: [rosh: {as: first}, rosh: {classified_on|after: first.classified_on, level|not: low, as: second}]
    without: [oversight: {recorded_on|at_least: second.classified_on - 3 days, recorded_on|at_most: second.classified_on}]
    finding: Nobody looked at {second.level}.
    put_right: Tell a manager.
""",
    "PP-03-lists": """
id: PP-03
title: Grave offences have objectives
status: active
applies: [offence: {code|in: grave}]
except: [unfinished_plan: {type: risk_management_plan, status|in: [open, signed]}]
needs: [offence.code, objective.plan, objective.set_on, unfinished_plan.status]
deficiencies:
  - id: PP-03.1
    severity: high
    when: [plan: {type|not: [sentence_plan, mappa_exit_plan], as: plan}]
    without: [objective: {plan: plan.id, set_on|at_most: plan.completed_on + no_days working_days}]
    due: plan.completed_on + 1 weeks
    finding: The plan of {plan.completed_on} has no objective.
    put_right: Set one.
""",
    "PP-04-judged": """
id: PP-04
title: The plan is good
status: active
applies: [plan: {type: risk_management_plan, as: plan}]
needs: [plan.contingency]
deficiencies:
  - id: PP-04.1
    severity: low
    when: [plan: {type: risk_management_plan, contingency: false}]
    finding: No contingencies.
    put_right: Add contingencies.
judged: true
""",
    "PP-05-everybody": """
id: PP-05
title: The person was seen at home
status: active
deficiencies:
  - id: PP-05.1
    severity: low
    when: [audit: {as: today}, {without: [home_visit: {visited_on|at_least: today.as_of - 3 months}]}]
    finding: Nobody visited.
    put_right: Visit.
""",
    "PP-07-under-without": """
id: PP-07
title: Somebody was asked about domestic abuse
status: active
needs: [concern.kind, concern.raised_on, sentence.started_on, check.made_on]
deficiencies:
  - id: PP-07.1
    severity: high
    when: [sentence: {as: sentence}, concern: {kind: domestic_abuse, as: concern}]
    without:
      - check: {agency: police, made_on|at_least: concern.raised_on, made_on|at_most: sentence.started_on + 3 weeks}
      - check: {agency: childrens_social_care, made_on|after: sentence.started_on}
      - concern: {kind: child_protection}
    finding: Nobody was asked.
    put_right: Ask.
""",
    "PP-06-draft": """
id: PP-06
title: A draft
status: draft
judged: true
""",
}  # fmt: skip


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return a rulebook in which each thing that a rule can say is said."""
    folder = tmp_path_factory.mktemp("rules")
    for name, text in {
        "framework.yaml": FRAMEWORK,
        "parameters/standards.yaml": PARAMETERS,
        "lists/grave.yaml": LISTS,
        **{f"protecting-the-public/{name}.yaml": HEAD + text for name, text in RULES.items()},
    }.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_rulebook(folder)


@pytest.fixture(scope="session")
def case() -> Callable[..., CaseRecord]:
    """Return what makes a case record of facts."""

    def make(**facts: Any) -> CaseRecord:
        record = read_record(json.dumps({"case": "A-1", **facts}).encode(), "here")
        assert isinstance(record, CaseRecord), record.problems
        return record

    return make


def loaded() -> tuple[Rulebook, list[RuleCase]]:
    """Return the shipped questions that load, and their cases."""
    rulebook, problems = read_rulebook(shipped_rules())
    wrong = {problem.source for problem in problems}
    questions = tuple(question for question in rulebook.questions if question.path not in wrong)
    rulebook = replace(rulebook, questions=questions)
    more: list[Problem] = []
    active = {question.id for question in rulebook.active}
    return rulebook, [case for case in read_rule_cases(rulebook, more) if case.question in active]


SHIPPED, CASES = loaded()


@pytest.fixture(scope="session")
def shipped() -> Rulebook:
    """Return the shipped questions that load."""
    return SHIPPED


@pytest.fixture(scope="session")
def rule_cases() -> list[RuleCase]:
    """Return every case that stands beside a shipped question."""
    return CASES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a ``rule_case`` for each case that stands beside a shipped question."""
    if "rule_case" in metafunc.fixturenames:
        metafunc.parametrize("rule_case", CASES, ids=lambda one: f"{one.question}: {one.name}")
