"""Engines that are given an expression for each question and a case as JSON: zen-engine, CEL, JSONLogic."""

import json
from collections.abc import Iterable
from typing import Any

import cel
import zen
from datalogic_py import DataHandle, Engine

from .common import Case, Found

__all__ = ["Cel", "DataLogic", "ZenByRule", "ZenGraph"]

_OURS = "sentence_plan"
_RISK = "risk_management_plan"


def _zen(within: int) -> dict[str, str]:
    """Return the conditions in the language of zen-engine."""

    def current(kind: str, then: str) -> str:
        return (
            f"some(plan as p, p.type == '{kind}' and {then} and "
            f"none(plan as q, q.type == '{kind}' and q.completed_on > p.completed_on))"
        )

    def false(kind: str, field: str) -> str:
        return f"some({kind} as f, f.{field} == false)"

    return {
        "AS-01.1": false("court_report", "record_on_file"),
        "DS-07.1": current(_OURS, "p.person_involved == false"),
        "DS-14.1": current(
            _OURS, "some(barrier as b, b.in_plan == false and b.identified_on <= p.completed_on)"
        ),
        "DS-21.1": current(_OURS, "p.review_due_on == null"),
        "DS-22.1": current(_OURS, "p.review_triggers == false"),
        "DS-23.1": f"{current(_OURS, 'p.review_due_on != null')} and {current(_OURS, 'p.review_period_apt == false')}",
        "DS-24.1": current(_OURS, "p.workers_recorded == false"),
        "DS-40.1": f"some(enforcement as e, e.started_on != null and e.explained_on == null and as_of_up > e.started_on_down + {within})",
        "DS-43.1": false("transfer", "manager_clear"),
        "DS-47.1": "len(warning) > 0 or len(enforcement) > 0 or some(absence as a, a.verdict == 'unacceptable') or "
        "some(appointment as a, a.outcome in ['unacceptable_absence', 'attended_and_did_not_comply'] "
        "and a.planned_for <= as_of and none(absence as b, b.occurred_on == a.planned_for))",
        "DS-50.1": "some(allocation as a, a.delivery_maintained == false and some(allocation as b, b.allocated_on < a.allocated_on))",
        "PP-14.1": f"some(plan as p, p.type == '{_RISK}' and p.contingency == false)",
        "PP-17.1": current(_RISK, "p.person_involved == false"),
        "PP-22.1": f"len(mappa) > 0 and {false('mappa_action', 'in_plan')}",
        "PP-30.1": false("visor", "used_effectively"),
        "PP-31.1": f"some(plan as p, p.type == '{_RISK}' and p.carried_out == false)",
        "RR-12.1": "len(approved_premises) > 0 and all(approved_premises as s, s.interventions_delivered == false)",
        "RR-13.1": "some(intervention as i, i.started_on != null and i.prepared == false)",
        "RR-20.1": "some(sentence as s, s.started_on != null and some(further_offence as o, o.recorded_on >= s.started_on))",
        "VW-02.1": false("victim", "safety_prioritised"),
    }


def _graph(conditions: dict[str, str]) -> Any:
    """Return a decision of zen-engine: what goes in, one node of expressions, what comes out."""
    place = {"x": 0, "y": 0}
    expressions = [{"id": key, "key": key, "value": value} for key, value in conditions.items()]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {
            "id": "rules",
            "type": "expressionNode",
            "name": "rules",
            "position": place,
            "content": {"expressions": expressions, "passThrough": False},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"}
        for a, b in (("in", "rules"), ("rules", "out"))
    ]
    content = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    return zen.ZenEngine().create_decision(json.dumps(content))


class ZenGraph:
    """zen-engine: one decision with all twenty, evaluated once a case."""

    name = "zen-engine, one graph"

    def __init__(self, within: int) -> None:
        self._names = {name.replace("-", "_").replace(".", "_"): name for name in _zen(within)}
        self._decision = _graph(
            {name.replace("-", "_").replace(".", "_"): value for name, value in _zen(within).items()}
        )

    def find(self, cases: Iterable[Case]) -> Found:
        """Return what is found."""
        return {
            (case["case"], self._names[key])
            for case in cases
            for key, holds in self._decision.evaluate(case)["result"].items()
            if holds
        }


class ZenByRule:
    """zen-engine: a decision for each rule, evaluated one after another."""

    name = "zen-engine, rule by rule"

    def __init__(self, within: int) -> None:
        self._decisions = {name: _graph({"holds": value}) for name, value in _zen(within).items()}

    def find(self, cases: Iterable[Case]) -> Found:
        """Return what is found."""
        return {
            (case["case"], name)
            for case in cases
            for name, decision in self._decisions.items()
            if decision.evaluate(case)["result"]["holds"]
        }


def _cel(within: int) -> dict[str, str]:
    """Return the conditions in CEL."""

    def current(kind: str, then: str) -> str:
        return (
            f"plan.exists(p, p.type == '{kind}' && {then} && "
            f"!plan.exists(q, q.type == '{kind}' && q.completed_on > p.completed_on))"
        )

    def false(kind: str, field: str) -> str:
        return f"{kind}.exists(f, f.{field} == false)"

    return {
        "AS-01.1": false("court_report", "record_on_file"),
        "DS-07.1": current(_OURS, "p.person_involved == false"),
        "DS-14.1": current(
            _OURS, "barrier.exists(b, b.in_plan == false && b.identified_on <= p.completed_on)"
        ),
        "DS-21.1": current(_OURS, "p.review_due_on == null"),
        "DS-22.1": current(_OURS, "p.review_triggers == false"),
        "DS-23.1": f"{current(_OURS, 'p.review_due_on != null')} && {current(_OURS, 'p.review_period_apt == false')}",
        "DS-24.1": current(_OURS, "p.workers_recorded == false"),
        "DS-40.1": f"enforcement.exists(e, e.started_on != null && e.explained_on == null && as_of_up > e.started_on_down + {within})",
        "DS-43.1": false("transfer", "manager_clear"),
        "DS-47.1": "size(warning) > 0 || size(enforcement) > 0 || absence.exists(a, a.verdict == 'unacceptable') || "
        "appointment.exists(a, (a.outcome == 'unacceptable_absence' || a.outcome == 'attended_and_did_not_comply') "
        "&& a.planned_for <= as_of && !absence.exists(b, b.occurred_on == a.planned_for))",
        "DS-50.1": "allocation.exists(a, a.delivery_maintained == false && allocation.exists(b, b.allocated_on < a.allocated_on))",
        "PP-14.1": f"plan.exists(p, p.type == '{_RISK}' && p.contingency == false)",
        "PP-17.1": current(_RISK, "p.person_involved == false"),
        "PP-22.1": f"size(mappa) > 0 && {false('mappa_action', 'in_plan')}",
        "PP-30.1": false("visor", "used_effectively"),
        "PP-31.1": f"plan.exists(p, p.type == '{_RISK}' && p.carried_out == false)",
        "RR-12.1": "size(approved_premises) > 0 && approved_premises.all(s, s.interventions_delivered == false)",
        "RR-13.1": "intervention.exists(i, i.started_on != null && i.prepared == false)",
        "RR-20.1": "sentence.exists(s, s.started_on != null && further_offence.exists(o, o.recorded_on >= s.started_on))",
        "VW-02.1": false("victim", "safety_prioritised"),
    }


class Cel:
    """CEL in Rust, by common-expression-language: a program for each rule, a context made once a case."""

    name = "CEL (common-expression-language)"

    def __init__(self, within: int) -> None:
        self._programs = {name: cel.compile(value) for name, value in _cel(within).items()}

    def find(self, cases: Iterable[Case]) -> Found:
        """Return what is found."""
        found = set()
        for case in cases:
            context = cel.Context(case)
            found |= {
                (case["case"], name) for name, program in self._programs.items() if program.execute(context)
            }
        return found


def _logic(within: int) -> dict[str, Any]:
    """Return the conditions in JSONLogic. Inside a list, ``val`` with the level 2 reaches out of it."""

    def field(name: str) -> Any:
        return {"val": name}

    def outside(name: str) -> Any:
        return {"val": [[2], name]}

    def is_false(name: str) -> Any:
        return {"===": [field(name), False]}

    def is_null(name: str) -> Any:
        return {"===": [field(name), None]}

    def is_known(name: str) -> Any:
        return {"!==": [field(name), None]}

    def some(kind: str, *conditions: Any) -> Any:
        return {"some": [field(kind), {"and": list(conditions)}]}

    def there(kind: str) -> Any:
        return {"some": [field(kind), True]}

    def plan(kind: str, *conditions: Any) -> Any:
        return some("plan", {"===": [field("type"), kind]}, *conditions)

    def current(kind: str, condition: Any) -> Any:
        is_later = {">": [field("completed_on"), outside("completed_on")]}
        later = {"some": [outside("plan"), {"and": [{"===": [field("type"), kind]}, is_later]}]}
        return plan(kind, condition, {"!": [later]})

    before = {"<=": [field("identified_on"), outside("completed_on")]}
    same_day = {"===": [field("occurred_on"), outside("planned_for")]}
    missed = {"in": [field("outcome"), ["unacceptable_absence", "attended_and_did_not_comply"]]}
    after_start = {">=": [field("recorded_on"), outside("started_on")]}
    return {
        "AS-01.1": some("court_report", is_false("record_on_file")),
        "DS-07.1": current(_OURS, is_false("person_involved")),
        "DS-14.1": current(_OURS, {"some": [outside("barrier"), {"and": [is_false("in_plan"), before]}]}),
        "DS-21.1": current(_OURS, is_null("review_due_on")),
        "DS-22.1": current(_OURS, is_false("review_triggers")),
        "DS-23.1": {
            "and": [current(_OURS, is_known("review_due_on")), current(_OURS, is_false("review_period_apt"))]
        },
        "DS-24.1": current(_OURS, is_false("workers_recorded")),
        "DS-40.1": some(
            "enforcement",
            is_known("started_on"),
            is_null("explained_on"),
            {">": [outside("as_of_up"), {"+": [field("started_on_down"), within]}]},
        ),
        "DS-43.1": some("transfer", is_false("manager_clear")),
        "DS-47.1": {
            "or": [
                there("warning"),
                there("enforcement"),
                some("absence", {"===": [field("verdict"), "unacceptable"]}),
                some(
                    "appointment",
                    missed,
                    {"<=": [field("planned_for"), outside("as_of")]},
                    {"!": [{"some": [outside("absence"), same_day]}]},
                ),
            ]
        },
        "DS-50.1": some(
            "allocation",
            is_false("delivery_maintained"),
            {"some": [outside("allocation"), {"<": [field("allocated_on"), outside("allocated_on")]}]},
        ),
        "PP-14.1": plan(_RISK, is_false("contingency")),
        "PP-17.1": current(_RISK, is_false("person_involved")),
        "PP-22.1": {"and": [there("mappa"), some("mappa_action", is_false("in_plan"))]},
        "PP-30.1": some("visor", is_false("used_effectively")),
        "PP-31.1": plan(_RISK, is_false("carried_out")),
        "RR-12.1": {
            "and": [
                there("approved_premises"),
                {"all": [field("approved_premises"), is_false("interventions_delivered")]},
            ]
        },
        "RR-13.1": some("intervention", is_known("started_on"), is_false("prepared")),
        "RR-20.1": some(
            "sentence", is_known("started_on"), {"some": [outside("further_offence"), after_start]}
        ),
        "VW-02.1": some("victim", is_false("safety_prioritised")),
    }


class DataLogic:
    """JSONLogic in Rust, by datalogic-py: a rule compiled for each, a case parsed once."""

    name = "JSONLogic (datalogic-py)"

    def __init__(self, within: int) -> None:
        engine = Engine()
        self._rules = {name: engine.compile(json.dumps(rule)) for name, rule in _logic(within).items()}

    def find(self, cases: Iterable[Case]) -> Found:
        """Return what is found."""
        found = set()
        for case in cases:
            data = DataHandle(json.dumps(case))
            found |= {(case["case"], name) for name, rule in self._rules.items() if rule.evaluate_data(data)}
        return found
