"""What rules may speak of is what a case record holds."""

import pytest

from aboveline.case.base import Record
from aboveline.vocabulary import DONE_OR_NOT, UNFINISHED, VOCABULARY, KnownField, record_kinds

KINDS = {name: model for name, model, _ in record_kinds()}


def field(kind: str, name: str) -> KnownField:
    """Return a field of a kind."""
    return VOCABULARY[kind].fields[name]


def test_every_kind_of_the_record_may_be_spoken_of_but_what_assessors_say() -> None:
    """Judgements and overrides are not evidence; the audit and what is unfinished are added."""
    unfinished = {UNFINISHED + kind for kind in DONE_OR_NOT}

    assert (set(KINDS) - {"judgement", "override"}) | {"audit"} | unfinished == set(VOCABULARY)
    assert {"assessment", "plan", "review"} == set(DONE_OR_NOT)


def test_kinds_are_in_the_order_of_their_names() -> None:
    """The vocabulary reads the same every time."""
    assert sorted(VOCABULARY) == list(VOCABULARY)
    assert all(name == kind.name for name, kind in VOCABULARY.items())


def test_every_case_has_one_audit_person_area_and_sentence() -> None:
    """Of these there is exactly one; of any other kind there may be none or many."""
    assert {"audit", "person", "area", "sentence"} == {
        kind.name for kind in VOCABULARY.values() if kind.single
    }


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"judgement", "override"}))
def test_every_field_of_the_record_may_be_spoken_of(kind: str) -> None:
    """A field added to the record can be used in a rule at once; status says which kind it is."""
    model: type[Record] = KINDS[kind]
    left_out = {"status"} if kind in DONE_OR_NOT else set()

    assert (set(model.model_fields) | {"id"}) - left_out == set(VOCABULARY[kind].fields)
    assert all(name == known.name for name, known in VOCABULARY[kind].fields.items())


@pytest.mark.parametrize("kind", sorted(DONE_OR_NOT))
def test_unfinished_has_a_status_and_no_day_of_completion(kind: str) -> None:
    """Of the finished the day is always recorded; of the unfinished the status, unless it was finished since."""
    assert field(kind, "completed_on").recorded
    assert "status" not in VOCABULARY[kind].fields
    assert not field(UNFINISHED + kind, "status").recorded
    assert "completed_on" not in VOCABULARY[UNFINISHED + kind].fields


@pytest.mark.parametrize(
    ("kind", "name", "of_type"),
    [
        ("sentence", "custodial_months", "int"),
        ("sentence", "started_on", "date"),
        ("sentence", "type", "enum"),
        ("tier", "level", "int"),
        ("offence", "code", "text"),
        ("offence", "main", "bool"),
        ("offence", "notification_required", "bool"),
        ("objective", "plan", "id"),
        ("objective", "id", "id"),
        ("objective", "aim", "enum"),
        ("area", "team", "text"),
        ("audit", "as_of", "date"),
    ],
)
def test_field_has_the_type_of_its_values(kind: str, name: str, of_type: str) -> None:
    """Types are read off the record, through what is optional and what is noted beside it."""
    assert of_type == field(kind, name).type


@pytest.mark.parametrize(
    ("kind", "name", "recorded"),
    [
        ("check", "agency", True),  # always
        ("check", "made_on", False),  # noted
        ("offence", "main", True),  # done or not: unrecorded is no
        ("offence", "id", True),
        ("tier", "level", True),
        ("sentence", "type", False),
        ("audit", "as_of", True),
    ],
)
def test_it_is_known_whether_a_field_is_always_recorded(kind: str, name: str, recorded: bool) -> None:
    """What is always recorded, and what is done or not, can be read; the rest may be missing."""
    assert recorded is field(kind, name).recorded


@pytest.mark.parametrize(
    ("kind", "name", "tense"),
    [
        ("check", "made_on", "began"),
        ("check", "replied_on", "happened"),
        ("registration", "next_review_on", "planned"),
        ("check", "agency", None),
    ],
)
def test_it_is_known_what_a_day_tells(kind: str, name: str, tense: str | None) -> None:
    """A day tells that the fact began, that more happened, or what is planned."""
    assert tense == field(kind, name).tense


def test_every_day_says_what_it_tells() -> None:
    """No date goes without a tense, and nothing else has one."""
    assert [] == [
        f"{kind.name}.{known.name}"
        for kind in VOCABULARY.values()
        for known in kind.fields.values()
        if (known.type == "date") != (known.tense is not None)
    ]


def test_every_code_has_its_list_and_nothing_else_has_one() -> None:
    """The members of a code list are those of the record, in their order."""
    assert ("low", "medium", "high", "very_high") == field("rosh", "level").members
    assert [] == [
        f"{kind.name}.{known.name}"
        for kind in VOCABULARY.values()
        for known in kind.fields.values()
        if (known.type == "enum") != bool(known.members)
    ]


def test_links_say_what_they_link_to() -> None:
    """An id is of its own kind; a link names the kind that it leads to."""
    assert ("plan",) == field("objective", "plan").links_to
    assert ("registration",) == field("review", "registration").links_to
    assert ("objective",) == field("objective", "id").links_to
    assert [] == [
        f"{kind.name}.{known.name}"
        for kind in VOCABULARY.values()
        for known in kind.fields.values()
        if (known.type == "id") != bool(known.links_to) or not set(known.links_to) <= set(KINDS)
    ]
