"""Groups are read off the facts of a case as at a date, and what is not recorded is a group of its own."""

import datetime as dt
import json
from typing import Any

import pytest

from aboveline.breakdowns import Characteristic, value_of
from aboveline.breakdowns.characteristics import in_order
from aboveline.case import CaseRecord, read_record
from aboveline.facts import flatten

AS_OF = dt.date(2013, 12, 2)
EARLY, LATE, LATER = "2013-03-01", "2013-06-03", "2013-12-03"
CHILD, ABUSE = {"kind": "child_protection"}, {"kind": "domestic_abuse"}


def group(characteristic: str, **facts: Any) -> str:
    """Return the group of a case with these facts."""
    record = read_record(json.dumps({"case": "A-1", **facts}).encode(), "test")
    assert isinstance(record, CaseRecord)
    return value_of(Characteristic(characteristic), flatten(record, AS_OF))


@pytest.mark.parametrize("characteristic", Characteristic)
def test_case_that_says_nothing(characteristic: Characteristic) -> None:
    """What is not recorded is a group, but that no concern and no MAPPA is recorded says that there is none."""
    said = {"child_protection": "no_concern", "domestic_abuse": "no_concern", "mappa": "not_identified"}

    assert said.get(characteristic, "not_recorded") == group(characteristic)


@pytest.mark.parametrize(
    ("characteristic", "facts", "expected"),
    [
        ("gender", {"person": {"gender": "female"}}, "female"),
        ("ethnicity", {"person": {"ethnicity_group": "mixed"}}, "mixed"),
        ("ldu", {"area": {"ldu": "N01"}}, "N01"),
        ("officer_grade", {"area": {"officer_grade": "probation_officer"}}, "probation_officer"),
        ("sentence", {"sentence": {"type": "community_order"}}, "community_or_suspended_sentence"),
        ("sentence", {"sentence": {"type": "suspended_sentence_order"}}, "community_or_suspended_sentence"),
        ("sentence", {"sentence": {"type": "indeterminate_custody"}}, "licence_or_custody"),
        ("sentence", {"sentence": {"type": "guardianship_order"}}, "other"),
    ],
)
def test_what_is_recorded(characteristic: str, facts: dict[str, Any], expected: str) -> None:
    """A field that is recorded names the group."""
    assert expected == group(characteristic, **facts)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([("high", EARLY), ("medium", LATE)], "medium"),
        ([("medium", LATE), ("high", EARLY)], "medium"),
        ([("medium", EARLY), ("very_high", LATER)], "medium"),
        ([("medium", LATE), ("high", LATE), ("low", LATE)], "high"),
    ],
)
def test_last_classification_counts(levels: list[tuple[str, str]], expected: str) -> None:
    """The last classification by the audit's date counts, wherever it stands; of two on one day, the higher."""
    facts = [{"level": level, "classified_on": day} for level, day in levels]

    assert expected == group("rosh", rosh=facts)


def test_last_tier_counts() -> None:
    """A tier assigned after the audit's date does not count yet."""
    tiers = [
        {"level": 4, "assigned_on": EARLY},
        {"level": 2, "assigned_on": LATE},
        {"level": 3, "assigned_on": LATER},
    ]

    assert "tier_2" == group("tier", tier=tiers)


@pytest.mark.parametrize(
    ("concerns", "expected"),
    [
        ([CHILD], "concern_stands"),
        ([ABUSE], "no_concern"),
        ([CHILD | {"ended_on": "2013-12-02"}], "no_concern"),
        ([CHILD | {"ended_on": LATER}], "concern_stands"),
        ([CHILD | {"raised_on": LATER}], "no_concern"),
        ([{}], "not_recorded"),
        ([{"ended_on": LATE}], "no_concern"),
        ([{}, CHILD], "concern_stands"),
    ],
)
def test_concern_stands_until_it_has_ended(concerns: list[dict[str, Any]], expected: str) -> None:
    """A concern stands from when it was raised until it has ended; one of no known kind could be about a child."""
    assert expected == group("child_protection", concern=concerns)


def test_domestic_abuse_is_told_apart_from_child_protection() -> None:
    """Each concern counts to its own characteristic."""
    assert "concern_stands" == group("domestic_abuse", concern=[ABUSE])
    assert "no_concern" == group("domestic_abuse", concern=[CHILD])


@pytest.mark.parametrize(
    ("mappa", "expected"),
    [
        ([{"level": 1, "identified_on": EARLY}, {"level": 2, "identified_on": LATE}], "level_2"),
        ([{"level": 2, "identified_on": EARLY, "ended_on": LATE}], "not_identified"),
        (
            [
                {"level": 3, "identified_on": EARLY, "ended_on": LATE},
                {"level": 1, "identified_on": EARLY},
            ],
            "level_1",
        ),
        ([{"identified_on": EARLY}], "level_not_recorded"),
        ([{"level": 1, "identified_on": LATER}], "not_identified"),
    ],
)
def test_mappa_level_is_that_of_now(mappa: list[dict[str, Any]], expected: str) -> None:
    """The level is the one in force on the audit's date."""
    assert expected == group("mappa", mappa=mappa)


@pytest.mark.parametrize(
    ("characteristic", "kind"),
    [("child_protection", "concern"), ("domestic_abuse", "concern"), ("mappa", "mappa")],
)
def test_source_that_cannot_hold_it_does_not_say(characteristic: str, kind: str) -> None:
    """Where the record's source cannot hold every such fact, that none is there tells nothing."""
    assert "not_recorded" == group(characteristic, incomplete=[kind])


def test_order_of_groups_tells_nothing_of_their_size() -> None:
    """Levels stand in their order, units by the alphabet, and what is not recorded last."""
    assert ["low", "high", "not_recorded"] == in_order(
        Characteristic.ROSH, {"not_recorded": 1, "high": 2, "low": 3}
    )
    assert ["A", "Z", "not_recorded"] == in_order(Characteristic.LDU, {"not_recorded": 9, "Z": 5, "A": 1})
