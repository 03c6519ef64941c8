"""The exact text that each thing a rule can say becomes for durable_rules."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aboveline.backends.wire import Columns, Numbering, Wire, write_clause
from aboveline.facts import FlatFact
from aboveline.rulebook import Clause, lower
from books import book, deficiency

AS_OF = dt.date(2013, 12, 2)
DAY = dt.date(2013, 3, 1).toordinal()
CLOSE = {"close": {"kind": "subject.close"}}
TRUE = {"$gte": {"one": {"p0": "one"}}}

Lower = Callable[..., list[Clause]]


@pytest.fixture
def lowered(tmp_path: Path) -> Lower:
    """Return what makes clauses of one deficiency."""

    def make(when: str, *, without: str = "", needs: str = "", due: str = "") -> list[Clause]:
        body = f"when: [{when}], without: [{without}]" + (f", due: {due}" if due else "")
        text = f"needs: [{needs}]\ndeficiencies: [{deficiency('PP-01.1', body)}]"
        clauses = lower(book(tmp_path, {"PP-01": text}), AS_OF)
        return [clause for clause in clauses if clause.part == "PP-01.1"]

    return make


def written(clause: Clause) -> list[Wire]:
    """Write a clause; it ends with the closing fact."""
    wire = write_clause(clause, Columns.empty())

    assert ["all"] == list(wire)
    assert CLOSE == wire["all"][-1]
    return list(wire["all"][:-1])


@pytest.mark.parametrize(
    ("pattern", "conditions"),
    [
        ("offence: {main: true}", [{"f_main": True}]),
        ("offence: {main: false}", [{"f_main": False}]),
        ("check: {agency: police}", [{"f_agency": "police"}]),
        ("registration: {code: ARSO}", [{"f_code": "ARSO"}]),
        ("tier: {level: 3}", [{"f_level": 3}]),
        ("rosh: {classified_on: 2013-03-01}", [{"f_classified_on_day": DAY}]),
        ("rosh: {level|not: low}", [{"$ex": {"f_level": 1}}, {"$neq": {"f_level": "low"}}]),
        ("rosh: {level|not: [low, medium]}", [{"f_level_in_0": False}]),
        ("rosh: {level|in: [low, medium]}", [{"f_level_in_0": True}]),
        ("registration: {code|in: open}", [{"f_code_in_0": True}]),
        ("registration: {code|not: open}", [{"f_code_in_0": False}]),
        ("tier: {level|at_least: 3}", [{"$gte": {"f_level": 3}}]),
        ("tier: {level|at_most: limit}", [{"$lte": {"f_level": 12}}]),
        ("rosh: {classified_on|at_least: 2013-03-01}", [{"$gte": {"f_classified_on_day": DAY}}]),
        ("rosh: {classified_on|at_most: 2013-03-01}", [{"$lte": {"f_classified_on_day": DAY}}]),
        ("rosh: {classified_on|before: 2013-03-01}", [{"$lt": {"f_classified_on_day": DAY}}]),
        ("rosh: {classified_on|after: 2013-03-01}", [{"$gt": {"f_classified_on_day": DAY}}]),
        ("check: {made_on|known: true}", [{"$ex": {"f_made_on_day": 1}}]),
        ("check: {made_on|unknown: true}", [{"$nex": {"f_made_on_day": 1}}]),
        ("sentence: {type|known: true}", [{"$ex": {"f_type": 1}}]),
        ("objective: {plan|unknown: true}", [{"$nex": {"f_plan_number": 1}}]),
    ],
)  # fmt: skip
def test_condition_on_a_fact_alone(lowered: Lower, pattern: str, conditions: list[Wire]) -> None:
    """A condition with a constant is one comparison, or two; what may be missing is tested for first."""
    kind = pattern.partition(":")[0]
    (clause,) = lowered(pattern)

    assert [{"p0": {"$and": [{"kind": f"subject.{kind}"}, *conditions]}}] == written(clause)


def _across(field: str, *comparisons: Wire) -> list[Wire]:
    """Return the two patterns of a rosh and an oversight that is compared with it."""
    second = {"$and": [{"kind": "subject.oversight"}, {"$ex": {field: 1}}, *comparisons, TRUE]}
    return [{"p0": {"kind": "subject.rosh"}}, {"p1": second}]


@pytest.mark.parametrize(
    ("condition", "comparisons"),
    [
        ("|at_least: a.classified_on", [{"$gte": {"f_recorded_on_day": {"p0": "f_classified_on_day"}}}]),
        ("|after: a.classified_on", [{"$gt": {"f_recorded_on_day": {"p0": "f_classified_on_day"}}}]),
        (
            "|at_most: a.classified_on + 3 days",
            [{"$lte": {"f_recorded_on_day": {"$add": {"$l": {"p0": "f_classified_on_day"}, "$r": 3}}}}],
        ),
        (
            "|before: a.classified_on - 2 weeks",
            [{"$lt": {"f_recorded_on_day": {"$sub": {"$l": {"p0": "f_classified_on_day"}, "$r": 14}}}}],
        ),
        (
            "|at_most: a.classified_on + 3 months",
            [{"$lte": {"f_recorded_on_day": {"p0": "f_classified_on_plus_3_months"}}}],
        ),
        (
            "|after: a.classified_on - 1 months",
            [{"$gt": {"f_recorded_on_day": {"p0": "f_classified_on_minus_1_months"}}}],
        ),
        (
            "|at_most: a.classified_on + few working_days",
            [{"$lte": {"f_recorded_on_up": {"$add": {"$l": {"p0": "f_classified_on_down"}, "$r": 5}}}}],
        ),
        (
            "|after: a.classified_on + few working_days",
            [{"$gt": {"f_recorded_on_up": {"$add": {"$l": {"p0": "f_classified_on_down"}, "$r": 5}}}}],
        ),
        (
            "|at_least: a.classified_on - few working_days",
            [{"$gte": {"f_recorded_on_down": {"$sub": {"$l": {"p0": "f_classified_on_up"}, "$r": 5}}}}],
        ),
        (
            "|before: a.classified_on - few working_days",
            [{"$lt": {"f_recorded_on_down": {"$sub": {"$l": {"p0": "f_classified_on_up"}, "$r": 5}}}}],
        ),
        (
            ": a.classified_on + 1 days",
            [
                {"$gte": {"f_recorded_on_day": {"$add": {"$l": {"p0": "f_classified_on_day"}, "$r": 1}}}},
                {"$lte": {"f_recorded_on_day": {"$add": {"$l": {"p0": "f_classified_on_day"}, "$r": 1}}}},
            ],
        ),
    ],
)  # fmt: skip
def test_comparison_with_a_fact_bound_before(lowered: Lower, condition: str, comparisons: list[Wire]) -> None:
    """A reference is a comparison of numbers behind a test that the field is there, and a true one comes last."""
    (clause,) = lowered(f"rosh: {{as: a}}, oversight: {{recorded_on{condition}}}")
    field = next(iter(comparisons[0].values()))

    assert _across("f_recorded_on_day", *comparisons) == written(clause)
    assert next(iter(field)).startswith("f_recorded_on_")


@pytest.mark.parametrize(
    ("when", "number"),
    [
        ("rosh: {as: a}, rosh: {level: a.level}", ("subject.rosh", "f_level_number", "f_level_number")),
        (
            "registration: {as: a}, registration: {code: a.code}",
            ("subject.registration", "f_code_number", "f_code_number"),
        ),
        (
            "plan: {as: a}, objective: {plan|known: true, plan: a.id}",
            ("subject.objective", "f_plan_number", "f_id_number"),
        ),
        ("tier: {as: a}, tier: {level: a.level}", ("subject.tier", "f_level", "f_level")),
    ],
)
def test_codes_and_ids_are_compared_as_numbers(
    lowered: Lower, when: str, number: tuple[str, str, str]
) -> None:
    """Equality with another fact is at least and at most on numbers, for equality of text goes wrong there."""
    kind, here, there = number
    (clause,) = lowered(when)
    body = written(clause)[1]["p1"]["$and"]

    assert {"kind": kind} == body[0]
    assert [{"$gte": {here: {"p0": there}}}, {"$lte": {here: {"p0": there}}}, TRUE] == body[-3:]
    assert all(
        test == {"$ex": {here: 1}} or "f_level" in str(test) or "f_code" in str(test) for test in body[1:-3]
    )


def test_what_must_not_be_there_is_looked_for_among_the_evidence(lowered: Lower) -> None:
    """Under without the pattern is negated and reads the evidence, which is asserted first."""
    (clause,) = lowered(
        "rosh: {as: a}", without="oversight: {recorded_on|at_least: a.classified_on}, mappa: {}"
    )

    assert [
        {"p0": {"kind": "subject.rosh"}},
        {
            "n0$not": {
                "$and": [
                    {"kind": "evidence.oversight"},
                    {"$ex": {"f_recorded_on_day": 1}},
                    {"$gte": {"f_recorded_on_day": {"p0": "f_classified_on_day"}}},
                    TRUE,
                ]
            }
        },
        {"n1$not": {"kind": "evidence.mappa"}},
    ] == written(clause)


def test_rule_that_begins_with_a_negation_binds_the_audit(lowered: Lower) -> None:
    """Where nothing must be there, the audit is: a rule that begins with a negation never fires."""
    (clause,) = lowered("", without="mappa: {}")

    assert [{"p0": {"kind": "subject.audit"}}, {"n0$not": {"kind": "evidence.mappa"}}] == written(clause)


def test_field_that_is_needed_makes_a_clause_with_it_and_one_without(lowered: Lower) -> None:
    """The certain clause tests that the field is recorded, the gap clause that it is not."""
    certain, gap = lowered("concern: {kind: child_protection}", needs="concern.kind")

    assert [
        {
            "p0": {
                "$and": [{"kind": "subject.concern"}, {"$ex": {"f_kind": 1}}, {"f_kind": "child_protection"}]
            }
        }
    ] == written(certain)
    assert [{"p0": {"$and": [{"kind": "subject.concern"}, {"$nex": {"f_kind": 1}}]}}] == written(gap)
    assert [[], [(0, "kind")]] == [[(g.position, g.field) for g in c.gaps] for c in (certain, gap)]


def test_code_in_neither_part_of_a_closed_list_is_a_gap(lowered: Lower) -> None:
    """The gap clause holds where membership cannot be told, whether the code is there or not."""
    certain, gap = lowered("offence: {code|in: grave}", needs="offence.code")

    assert [{"p0": {"$and": [{"kind": "subject.offence"}, {"f_code_in_0": True}]}}] == written(certain)
    assert [{"p0": {"$and": [{"kind": "subject.offence"}, {"$nex": {"f_code_in_0": 1}}]}}] == written(gap)


def test_fact_that_might_be_the_one_is_bound_as_witness(lowered: Lower) -> None:
    """A fact under without with a gap is bound from a copy of its own, and what surely matches is still negated."""
    police = {"f_agency": "police"}
    dated = {"$lte": {"f_made_on_day": AS_OF.toordinal()}}
    certain, gap = lowered(
        "rosh: {}", without="check: {agency: police, made_on|at_most: 2013-12-02}", needs="check.made_on"
    )
    matches: dict[str, Any] = {"$and": [{"kind": "evidence.check"}, police, dated]}
    might: dict[str, Any] = {"$and": [{"kind": "evidence.check"}, {"$nex": {"f_made_on_day": 1}}, police]}

    assert [{"p0": {"kind": "subject.rosh"}}, {"n0$not": matches}, {"n1$not": might}] == written(certain)
    assert [
        {"p0": {"kind": "subject.rosh"}},
        {"p1": {"$and": [{"kind": "witness.check"}, *might["$and"][1:]]}},
        {"n0$not": matches},
    ] == written(gap)


def test_columns_hold_what_is_recorded_in_the_form_that_clauses_read(lowered: Lower) -> None:
    """A date is numbers, membership a truth, a code across facts a number; what is not recorded has no column."""
    columns = Columns.empty()
    for clause in lowered(
        "offence: {as: o, code|known: true, code|in: open, main: true}, "
        "registration: {code: o.code, ended_on|unknown: true, started_on|at_most: o.committed_on + few working_days, as: r}, "
        "registration: {started_on|at_least: r.started_on + 1 months, code|not: ARSO}",
        needs="offence.committed_on",
    ):
        write_clause(clause, columns)
    numbering = Numbering()
    registration = FlatFact(
        "registration", "r", {"id": "r", "code": "ARSO", "started_on": dt.date(2013, 3, 30)}
    )
    offence = FlatFact("offence", "o", {"id": "o", "code": "ARSO", "main": False})

    assert {
        "one": 1,
        "f_code": "ARSO",
        "f_code_number": 0,
        "f_started_on_day": dt.date(2013, 3, 30).toordinal(),
        "f_started_on_up": columns.flat(
            FlatFact("registration", "x", {"started_on": dt.date(2013, 4, 2), "code": "B"}), numbering
        )["f_started_on_up"],
        "f_started_on_plus_1_months": dt.date(2013, 4, 30).toordinal(),
    } == columns.flat(registration, Numbering())
    assert {
        "one": 1,
        "f_code": "ARSO",
        "f_code_in_0": True,
        "f_code_number": 1,
        "f_main": False,
    } == columns.flat(offence, numbering)


def test_no_months_before_or_after_are_the_day_itself() -> None:
    """Months are added to a date as on a calendar, and the last day of a short month stands for those it lacks."""
    columns = Columns.empty()
    names = [columns.months("rosh", "classified_on", months) for months in (0, 1, -11, 12)]
    found = columns.flat(FlatFact("rosh", "r", {"classified_on": dt.date(2012, 1, 31)}), Numbering())

    assert [dt.date(2012, 1, 31), dt.date(2012, 2, 29), dt.date(2011, 2, 28), dt.date(2013, 1, 31)] == [
        dt.date.fromordinal(found[name]) for name in names
    ]


def test_list_is_one_column_wherever_it_stands(lowered: Lower) -> None:
    """Two clauses that ask of the same list share its column; another list has its own."""
    columns = Columns.empty()
    for pattern in (
        "registration: {code|in: open}",
        "registration: {code|not: open}",
        "rosh: {level|in: [low]}",
    ):
        for clause in lowered(pattern):
            write_clause(clause, columns)

    assert {"registration": ["f_code_in_0"], "rosh": ["f_level_in_1"]} == {
        kind: list(found) for kind, found in columns.by_kind.items()
    }
