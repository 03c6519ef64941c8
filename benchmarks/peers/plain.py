"""Plain Python over dicts, as somebody would write it who had only these twenty questions."""

from collections.abc import Iterable
from typing import Any

from .common import Case, Found

__all__ = ["PlainPython"]

Fact = dict[str, Any]


class PlainPython:
    """Twenty hand-written conditions, case after case."""

    name = "hand-written Python"

    def __init__(self, within: int) -> None:
        self.within = within

    def find(self, cases: Iterable[Case]) -> Found:
        """Return what is found."""
        return {(case["case"], deficiency) for case in cases for deficiency in self._of(case)}

    def _of(self, case: Case) -> list[str]:
        sentence_plans = [plan for plan in case["plan"] if plan["type"] == "sentence_plan"]
        risk_plans = [plan for plan in case["plan"] if plan["type"] == "risk_management_plan"]
        current, current_risk = _last(sentence_plans), _last(risk_plans)
        first = min((one["allocated_on"] for one in case["allocation"]), default=0)
        absent = {one["occurred_on"] for one in case["absence"]}
        start = case["sentence"][0]["started_on"]
        stays = [one["interventions_delivered"] for one in case["approved_premises"]]
        holds = {
            "AS-01.1": _any_false(case["court_report"], "record_on_file"),
            "DS-07.1": _any_false(current, "person_involved"),
            "DS-14.1": any(
                one["in_plan"] is False and one["identified_on"] <= plan["completed_on"]
                for plan in current
                for one in case["barrier"]
            ),
            "DS-21.1": any(plan["review_due_on"] is None for plan in current),
            "DS-22.1": _any_false(current, "review_triggers"),
            "DS-23.1": any(plan["review_due_on"] is not None for plan in current)
            and _any_false(current, "review_period_apt"),
            "DS-24.1": _any_false(current, "workers_recorded"),
            "DS-40.1": any(
                one["started_on"] is not None
                and one["explained_on"] is None
                and case["as_of_up"] > one["started_on_down"] + self.within
                for one in case["enforcement"]
            ),
            "DS-43.1": _any_false(case["transfer"], "manager_clear"),
            "DS-47.1": bool(case["warning"])
            or bool(case["enforcement"])
            or any(one["verdict"] == "unacceptable" for one in case["absence"])
            or any(
                one["outcome"] in {"unacceptable_absence", "attended_and_did_not_comply"}
                and one["planned_for"] <= case["as_of"]
                and one["planned_for"] not in absent
                for one in case["appointment"]
            ),
            "DS-50.1": any(
                one["delivery_maintained"] is False and one["allocated_on"] > first
                for one in case["allocation"]
            ),
            "PP-14.1": _any_false(risk_plans, "contingency"),
            "PP-17.1": _any_false(current_risk, "person_involved"),
            "PP-22.1": bool(case["mappa"]) and _any_false(case["mappa_action"], "in_plan"),
            "PP-30.1": _any_false(case["visor"], "used_effectively"),
            "PP-31.1": _any_false(risk_plans, "carried_out"),
            "RR-12.1": bool(stays) and all(one is False for one in stays),
            "RR-13.1": any(
                one["started_on"] is not None and one["prepared"] is False for one in case["intervention"]
            ),
            "RR-20.1": start is not None
            and any(one["recorded_on"] >= start for one in case["further_offence"]),
            "VW-02.1": _any_false(case["victim"], "safety_prioritised"),
        }
        return [deficiency for deficiency, found in holds.items() if found]


def _last(plans: list[Fact]) -> list[Fact]:
    """Return the plans in force: those completed last."""
    day = max((plan["completed_on"] for plan in plans), default=0)
    return [plan for plan in plans if plan["completed_on"] == day]


def _any_false(facts: list[Fact], field: str) -> bool:
    return any(fact[field] is False for fact in facts)
