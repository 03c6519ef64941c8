"""CLIPS by clipspy: the twenty as productions over asserted facts, an environment that is reset for each case."""

from collections.abc import Iterable

import clips

from .common import FIELDS, Case, Found

__all__ = ["Clips"]


CASES_IN_ONE = 100
"""Cases of one environment. Resetting and running one takes longer with every case that was ever in it: 0.6 ms a case at first, 2.7 ms after 1,800."""


def _rules(within: int) -> dict[str, str]:
    """Return the left-hand side of each rule."""

    def current(kind: str, slots: str) -> str:
        return (
            f"(plan (type {kind}) (completed_on ?day) {slots})"
            f"(not (plan (type {kind}) (completed_on ?later&:(> ?later ?day))))"
        )

    ours, risk = "sentence_plan", "risk_management_plan"
    known = "~nil"
    return {
        "AS-01.1": "(court_report (record_on_file FALSE))",
        "DS-07.1": current(ours, "(person_involved FALSE)"),
        "DS-14.1": current(ours, "") + "(barrier (in_plan FALSE) (identified_on ?on&:(<= ?on ?day)))",
        "DS-21.1": current(ours, "(review_due_on nil)"),
        "DS-22.1": current(ours, "(review_triggers FALSE)"),
        "DS-23.1": current(ours, f"(review_due_on {known})")
        + f"(plan (type {ours}) (completed_on ?day) (review_period_apt FALSE))",
        "DS-24.1": current(ours, "(workers_recorded FALSE)"),
        "DS-40.1": f"(audit (as_of_up ?now)) (enforcement (explained_on nil) (started_on_down ?from&~nil&:(> ?now (+ ?from {within}))))",
        "DS-43.1": "(transfer (manager_clear FALSE))",
        "DS-47.1": "(audit (as_of ?now)) (or (warning) (enforcement) (absence (verdict unacceptable))"
        "(and (appointment (outcome unacceptable_absence|attended_and_did_not_comply) (planned_for ?day&:(<= ?day ?now)))"
        "(not (absence (occurred_on ?day)))))",
        "DS-50.1": "(allocation (allocated_on ?first)) (allocation (delivery_maintained FALSE) (allocated_on ?day&:(> ?day ?first)))",
        "PP-14.1": f"(plan (type {risk}) (contingency FALSE))",
        "PP-17.1": current(risk, "(person_involved FALSE)"),
        "PP-22.1": "(mappa) (mappa_action (in_plan FALSE))",
        "PP-30.1": "(visor (used_effectively FALSE))",
        "PP-31.1": f"(plan (type {risk}) (carried_out FALSE))",
        "RR-12.1": "(approved_premises) (not (approved_premises (interventions_delivered ~FALSE)))",
        "RR-13.1": f"(intervention (started_on {known}) (prepared FALSE))",
        "RR-20.1": "(sentence (started_on ?start&~nil)) (further_offence (recorded_on ?day&:(>= ?day ?start)))",
        "VW-02.1": "(victim (safety_prioritised FALSE))",
    }


class Clips:
    """CLIPS: facts of a case asserted, rules run, what was found read back."""

    name = "CLIPS (clipspy)"

    def __init__(self, within: int) -> None:
        self._within = within
        self._symbols: dict[str, clips.Symbol] = {}
        self._done = 0
        self._begin()

    def _begin(self) -> None:
        """Begin a new environment."""
        self._clips = clips.Environment()
        self._clips.build("(deftemplate found (slot deficiency))")
        self._clips.build("(deftemplate audit (slot as_of) (slot as_of_up))")
        for kind, names in FIELDS.items():
            fields = (*names, "started_on_down") if kind == "enforcement" else names
            slots = " ".join(f"(slot {field})" for field in fields)
            # A template needs no slot more than these, but two facts alike must both stand.
            self._clips.build(f"(deftemplate {kind} {slots} (slot place))")
        for name, conditions in _rules(self._within).items():
            self._clips.build(f'(defrule r-{name} {conditions} => (assert (found (deficiency "{name}"))))')
        self._templates = {kind: self._clips.find_template(kind) for kind in (*FIELDS, "audit", "found")}

    def find(self, cases: Iterable[Case]) -> Found:
        """Return what is found."""
        return {(case["case"], deficiency) for case in cases for deficiency in self._of(case)}

    def _of(self, case: Case) -> set[str]:
        self._done += 1
        if self._done % CASES_IN_ONE == 0:
            self._begin()
        self._clips.reset()
        self._templates["audit"].assert_fact(as_of=case["as_of"], as_of_up=case["as_of_up"])
        for kind in FIELDS:
            template = self._templates[kind]
            for place, fact in enumerate(case[kind]):
                template.assert_fact(
                    place=place, **{name: self._value(value) for name, value in fact.items()}
                )
        self._clips.run()
        return {fact["deficiency"] for fact in self._templates["found"].facts()}

    def _value(self, value: object) -> object:
        if isinstance(value, str) or value is None:
            said = "nil" if value is None else str(value)
            return self._symbols.setdefault(said, clips.Symbol(said))
        return value
