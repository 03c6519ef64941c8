"""Which twenty deficiencies are looked for, and the cases as every peer is given them.

A case is a list of facts for each kind, each with the fields that the twenty
read: what is not recorded is None, days are numbers. ``started_on_down`` and
``as_of_up`` are working days as ``workdays`` counts them, so that a peer adds
working days as our backends do.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from aboveline.answers import answer_case
from aboveline.backends import Backend
from aboveline.facts import CaseFacts
from aboveline.rulebook import Rulebook
from aboveline.workdays import numbers

__all__ = ["FIELDS", "TWENTY", "Case", "Found", "case_of", "explained_within", "found_by_us"]

Case = dict[str, Any]
Found = set[tuple[str, str]]
"""Cases with the deficiencies found in them."""

TWENTY = (
    *("AS-01.1", "DS-07.1", "DS-14.1", "DS-21.1", "DS-22.1", "DS-23.1", "DS-24.1", "DS-40.1", "DS-43.1", "DS-47.1"),
    *("DS-50.1", "PP-14.1", "PP-17.1", "PP-22.1", "PP-30.1", "PP-31.1", "RR-12.1", "RR-13.1", "RR-20.1", "VW-02.1"),
)  # fmt: skip

FIELDS: dict[str, tuple[str, ...]] = {
    "absence": ("occurred_on", "verdict"),
    "allocation": ("allocated_on", "delivery_maintained"),
    "appointment": ("outcome", "planned_for"),
    "approved_premises": ("interventions_delivered",),
    "barrier": ("identified_on", "in_plan"),
    "court_report": ("record_on_file",),
    "enforcement": ("explained_on", "started_on"),
    "further_offence": ("recorded_on",),
    "intervention": ("prepared", "started_on"),
    "mappa": ("identified_on",),
    "mappa_action": ("in_plan",),
    "plan": (
        *("type", "completed_on", "person_involved", "review_due_on", "review_triggers"),
        *("review_period_apt", "workers_recorded", "contingency", "carried_out"),
    ),
    "sentence": ("started_on",),
    "transfer": ("manager_clear",),
    "victim": ("safety_prioritised",),
    "visor": ("used_effectively",),
    "warning": ("issued_on",),
}


def case_of(facts: CaseFacts) -> Case:
    """Return a case as every peer is given it."""
    case: Case = {"case": facts.case, "as_of": facts.as_of.toordinal(), "as_of_up": numbers(facts.as_of).up}
    case |= {kind: [] for kind in FIELDS}
    for fact in facts.facts:
        if fact.kind not in FIELDS:
            continue
        given = {name: _plain(fact.values.get(name)) for name in FIELDS[fact.kind]}
        if fact.kind == "enforcement":
            started = fact.values.get("started_on")
            given["started_on_down"] = numbers(started).down if isinstance(started, dt.date) else None
        case[fact.kind].append(given)
    return case


def found_by_us(facts: Iterable[CaseFacts], backend: Backend, rulebook: Rulebook) -> Found:
    """Return which of the twenty a backend of ours finds, by the rules as they are shipped."""
    return {
        (one.case, finding.deficiency)
        for one in facts
        for answer in answer_case(one, backend.matches(one), rulebook)
        for finding in answer.findings
        if finding.deficiency in TWENTY
    }


def explained_within(rulebook: Rulebook, as_of: dt.date) -> int:
    """Return within how many working days enforcement is to be explained, for DS-40."""
    in_force = rulebook.parameters["enforcement_explained_days"].at(as_of)
    if in_force is None:
        raise LookupError("enforcement_explained_days")
    return in_force.value


def _plain(value: object) -> object:
    return value.toordinal() if isinstance(value, dt.date) else value
