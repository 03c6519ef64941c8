"""Case records: what they hold, what they refuse, and that every field says what it means."""

import json
from typing import Any

import pytest

from aboveline.case import CaseRecord, Rejected, read_record
from aboveline.vocabulary import VOCABULARY, record_kinds


def read(**facts: Any) -> CaseRecord | Rejected:
    """Read a record made of facts."""
    return read_record(json.dumps({"case": "A-1", **facts}).encode(), "cases.jsonl", 7)


def reasons(record: CaseRecord | Rejected) -> list[tuple[str, str]]:
    """Return path and reason of everything that is wrong with a record."""
    assert isinstance(record, Rejected)
    return [(problem.path, problem.reason) for problem in record.problems]


def test_identifier_alone_is_a_record() -> None:
    """A case with nothing recorded is a record: its gaps are for the rules to name."""
    record = read()

    assert isinstance(record, CaseRecord)
    assert record.sentence.started_on is None


def test_every_field_has_a_meaning_and_a_source() -> None:
    """No field of any kind is without a description and a source."""
    for kind, model, _ in record_kinds():
        for name, field in model.model_fields.items():
            extra = field.json_schema_extra
            assert field.description, f"{kind}.{name}"
            assert name == "id" or (isinstance(extra, dict) and extra["source"]), f"{kind}.{name}"


def test_schema_describes_every_kind() -> None:
    """The JSON Schema closes every object and carries each field's meaning and source."""
    schema = CaseRecord.model_json_schema()

    assert all(
        definition.get("additionalProperties") is False
        for definition in schema["$defs"].values()
        if "properties" in definition
    )
    assert "HMIP 2014 O4 3.2" in schema["$defs"]["Check"]["properties"]["made_on"]["source"]


def test_no_field_is_for_a_name() -> None:
    """No field is called after a person's name or address."""
    names = {name for _, model, _ in record_kinds() for name in model.model_fields}

    assert set() == names & {
        "forename",
        "surname",
        "first_name",
        "last_name",
        "full_name",
        "address",
        "postcode",
        "date_of_birth",
    }


def test_misspelt_kind_and_field_name_the_nearest() -> None:
    """A field that does not exist is refused, with the nearest that does."""
    assert [("chek", "there is no such field - did you mean 'check'?")] == reasons(read(chek=[]))
    assert [("check[0].mad_on", "there is no such field - did you mean 'made_on'?")] == reasons(
        read(check=[{"agency": "police", "mad_on": "2013-03-01"}])
    )


def test_code_outside_its_list_names_the_nearest_and_not_the_value() -> None:
    """A wrong code is answered with the list and the nearest member, and is not repeated: it may be about a person."""
    ((path, reason),) = reasons(read(concern=[{"kind": "child_protecton of Sam"}]))

    assert path == "concern[0].kind"
    assert "did you mean 'child_protection'?" in reason
    assert "Sam" not in reason


@pytest.mark.parametrize("value", ["yes", "no", 1, "true"])
def test_only_true_and_false_are_truths(value: object) -> None:
    """Nothing is converted: yes, 1 and "true" are refused where a truth is wanted."""
    assert isinstance(read(home_visit=[{"visited_on": "2013-03-01", "purposeful": value}]), Rejected)


@pytest.mark.parametrize(
    "value",
    ["0218-01-01", "1899-12-31", "2101-01-01", "01/03/2013", "2013-02-30", 20130301, "2013-03-01T00:00:00"],
)
def test_only_dates_of_our_time_are_dates(value: object) -> None:
    """A date is a day from 1900 to 2100, written 2013-03-01."""
    assert isinstance(read(home_visit=[{"visited_on": value}]), Rejected)


@pytest.mark.parametrize("kind", ["assessment", "plan", "review"])
def test_complete_without_its_date_is_refused(kind: str) -> None:
    """What is complete says when."""
    of = {
        "assessment": {"type": "rosh_screening"},
        "plan": {"type": "sentence_plan"},
        "review": {"of": "sentence_plan"},
    }[kind]

    ((path, reason),) = reasons(read(**{kind: [{**of, "status": "complete"}]}))

    assert path == f"{kind}[0]"
    assert "completed_on" in reason


def test_ids_are_used_once_in_a_kind() -> None:
    """Two facts of a kind cannot share an id, given or by place."""
    check = {"agency": "police"}

    assert "used twice" in reasons(read(check=[{"id": "k", **check}, {"id": "k", **check}]))[0][1]
    assert "used twice" in reasons(read(check=[{"id": "check-2", **check}, check]))[0][1]


def test_links_lead_somewhere() -> None:
    """An objective's plan is a plan of the case, by given id or by place."""
    plan = {"type": "sentence_plan", "status": "open"}

    assert isinstance(read(plan=[plan], objective=[{"plan": "plan-1"}]), CaseRecord)
    assert (
        "no plan of this case - did you mean 'plan-1'?"
        in reasons(read(plan=[plan], objective=[{"plan": "plan-2"}]))[0][1]
    )


def test_every_problem_is_reported_at_once() -> None:
    """A record with several things wrong is answered with all of them."""
    wrong = reasons(
        read(
            chek=[], check=[{"agency": "polise", "made_on": "2013-13-01"}], sentence={"custodial_months": -1}
        )
    )

    assert {"chek", "check[0].agency", "check[0].made_on", "sentence.custodial_months"} == {
        path for path, _ in wrong
    }


def test_rules_see_every_kind_but_what_assessors_say() -> None:
    """The vocabulary has every kind of the record, the unfinished, and the audit itself."""
    kinds = {kind for kind, _, _ in record_kinds()} - {"judgement", "override"}

    assert kinds | {"audit", "unfinished_assessment", "unfinished_plan", "unfinished_review"} == set(
        VOCABULARY
    )
