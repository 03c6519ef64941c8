"""Offending-related factors: who has them, whose work was sufficient, who made progress."""

import datetime as dt
import json
from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveline.case import CaseRecord, read_record
from aboveline.case.codes import FactorName, ProgressLevel
from aboveline.factors import FactorTally
from aboveline.facts import flatten
from aboveline.result import FactorScore

AS_OF = dt.date(2013, 12, 2)
Fields = dict[str, Any]


def case(
    *,
    factor: Sequence[Fields] = (),
    intervention: Sequence[Fields] = (),
    progress: Sequence[Fields] = (),
    **more: Any,
) -> CaseRecord:
    """Make a record; a factor was identified in March, progress recorded in September, unless it says otherwise."""
    raw = {
        "case": "A-1",
        "factor": [{"name": "alcohol_misuse", "identified_on": "2013-03-01"} | one for one in factor],
        "intervention": [{"factor": "alcohol_misuse"} | one for one in intervention],
        "progress": [{"factor": "alcohol_misuse", "recorded_on": "2013-09-02"} | one for one in progress],
    }
    made = read_record(json.dumps(raw | more).encode(), "test")
    assert isinstance(made, CaseRecord), made.problems
    return made


def factors(*records: CaseRecord) -> dict[str, FactorScore]:
    """Return the factors of these cases."""
    tally = FactorTally()
    for record in records:
        tally.add(flatten(record, AS_OF))
    return {score.factor: score for score in tally.scores()}


def alcohol(*records: CaseRecord) -> FactorScore:
    """Return what is said of alcohol misuse over these cases."""
    return factors(*records)["alcohol_misuse"]


def test_the_nine_factors_of_the_report_are_always_listed() -> None:
    """Nobody has a factor: nine are listed with no cases and no percentage. Finance is listed once somebody has it."""
    none, finance = factors(case()), factors(case(factor=[{"name": "finance"}]))

    assert {str(name) for name in FactorName} - {"finance"} == set(none)
    assert {(0, None, None)} == {
        (f.cases, f.interventions_percent, f.progress_percent) for f in none.values()
    }
    assert 1 == finance["finance"].cases


def test_most_frequent_factor_stands_first() -> None:
    """Factors are in the order of how many cases have them, then in the order of their names."""
    found = factors(
        case(factor=[{"name": "relationships"}, {"name": "attitudes"}]),
        case(factor=[{"name": "relationships"}]),
    )

    assert ["relationships", "attitudes", "accommodation"] == list(found)[:3]


def test_percentages_are_of_all_cases_with_the_factor() -> None:
    """Five of eight is 62.5%, which is 63; a case without the factor counts for nothing, whatever was done in it."""
    good = case(
        factor=[{}],
        intervention=[{"started_on": "2013-04-01", "sufficient": True}],
        progress=[{"level": "some"}],
    )
    poor = case(factor=[{}], progress=[{"level": "insufficient"}])
    other = case(
        intervention=[{"started_on": "2013-04-01", "sufficient": True}], progress=[{"level": "good"}]
    )

    found = alcohol(*[good] * 5, *[poor] * 3, other)

    assert (8, 5, 63, 5, 63) == (
        found.cases,
        found.interventions,
        found.interventions_percent,
        found.progress,
        found.progress_percent,
    )


@pytest.mark.parametrize(
    ("factor", "cases", "linked"),
    [
        ([{"linked_to_offending": True}], 1, 1),
        ([{"linked_to_offending": False}], 1, 0),
        ([{}], 1, 0),
        ([{"linked_to_offending": False}, {"linked_to_offending": True}], 1, 1),
        ([{"identified_on": "2013-12-02"}], 1, 0),
        ([{"identified_on": "2013-12-03"}], 0, 0),
    ],
)
def test_a_case_has_a_factor_if_it_was_identified(factor: list[Fields], cases: int, linked: int) -> None:
    """A factor counts once a case, whether or not its link to offending is clear, from the day it was identified."""
    found = alcohol(case(factor=factor))

    assert (cases, linked) == (found.cases, found.linked)


@pytest.mark.parametrize(
    ("interventions", "sufficient", "unknown"),
    [
        ([], 0, 0),
        ([{"sufficient": True}], 0, 0),
        ([{"started_on": "2013-12-02", "sufficient": True}], 1, 0),
        ([{"started_on": "2013-12-03", "sufficient": True}], 0, 0),
        ([{"started_on": "2013-04-01", "sufficient": False}], 0, 0),
        ([{"started_on": "2013-04-01"}], 0, 1),
        ([{"started_on": "2013-04-01", "sufficient": True, "factor": "attitudes"}], 0, 0),
        ([{"started_on": "2013-04-01", "sufficient": True, "factor": None}], 0, 1),
        (
            [
                {"started_on": "2013-04-01", "sufficient": True},
                {"started_on": "2013-05-01", "sufficient": False},
            ],
            0,
            0,
        ),
        (
            [
                {"started_on": "2013-05-01", "sufficient": True},
                {"started_on": "2013-04-01", "sufficient": False},
            ],
            1,
            0,
        ),
        ([{"started_on": "2013-04-01", "sufficient": True}, {"started_on": "2013-05-01"}], 1, 0),
        (
            [
                {"started_on": "2013-04-01", "sufficient": True},
                {"started_on": "2013-04-01", "sufficient": False},
            ],
            0,
            0,
        ),
    ],
)
def test_interventions_are_sufficient_where_the_latest_that_says_so_says_so(
    interventions: list[Fields], sufficient: int, unknown: int
) -> None:
    """Only work that had started on this factor counts; work that nobody called sufficient or not is unknown."""
    found = alcohol(case(factor=[{}], intervention=interventions))

    assert (sufficient, unknown) == (found.interventions, found.interventions_unknown)


@pytest.mark.parametrize(
    ("entries", "sufficient", "unknown"),
    [
        ([], 0, 1),
        ([{"level": "good"}], 1, 0),
        ([{"level": "some"}], 1, 0),
        ([{"level": "insufficient"}], 0, 0),
        ([{"level": "deterioration"}], 0, 0),
        ([{}], 0, 1),
        ([{"level": "good", "factor": None}], 0, 1),
        ([{"level": "good", "recorded_on": "2013-12-03"}], 0, 1),
        ([{"level": "good", "recorded_on": "2013-06-03"}, {"level": "deterioration"}], 0, 0),
        ([{"level": "insufficient", "recorded_on": "2013-06-03"}, {"level": "some"}], 1, 0),
        ([{"level": "good"}, {"level": "insufficient"}], 0, 0),
    ],
)
def test_progress_is_sufficient_where_the_latest_is_good_or_some(
    entries: list[Fields], sufficient: int, unknown: int
) -> None:
    """Progress of the whole case is not progress on a factor, and where none is recorded it is unknown."""
    found = alcohol(case(factor=[{}], progress=entries))

    assert (sufficient, unknown) == (found.progress, found.progress_unknown)


def test_a_source_that_cannot_hold_the_evidence_makes_it_unknown() -> None:
    """Where a source has no place for factors or interventions, that none are there is no evidence that none were."""
    no_factors = alcohol(case(incomplete=["factor"]))
    no_work = alcohol(case(factor=[{}], incomplete=["intervention"]))

    assert (0, 1) == (no_factors.cases, no_factors.cases_unknown)
    assert (0, 1) == (no_work.interventions, no_work.interventions_unknown)


NAMES = st.sampled_from(["alcohol_misuse", "attitudes", "finance"])
DAYS = st.dates(dt.date(2013, 11, 29), dt.date(2013, 12, 4)).map(str)


def _some(fields: dict[str, st.SearchStrategy[Any]], may: dict[str, st.SearchStrategy[Any]]) -> Any:
    return st.lists(st.fixed_dictionaries(fields, optional=may), max_size=4)


CASES = st.builds(
    case,
    factor=_some({"name": NAMES, "identified_on": DAYS}, {"linked_to_offending": st.booleans()}),
    intervention=_some({"factor": st.none() | NAMES}, {"started_on": DAYS, "sufficient": st.booleans()}),
    progress=_some(
        {"factor": st.none() | NAMES, "recorded_on": DAYS},
        {"level": st.sampled_from([str(level) for level in ProgressLevel])},
    ),
)


@given(st.lists(CASES, max_size=6))
def test_counts_are_those_of_a_naive_count(records: list[CaseRecord]) -> None:
    """Counted over and over, a factor at a time and from the record as it is written, it comes to the same."""
    for name, found in factors(*records).items():
        having = [r for r in records if any(f.name == name and f.identified_on <= AS_OF for f in r.factor)]
        work = [_work(r, name) for r in having]
        progress = [_progress(r, name) for r in having]
        assert (len(having), work.count("yes"), work.count("unknown")) == (
            found.cases,
            found.interventions,
            found.interventions_unknown,
        )
        assert (progress.count("yes"), progress.count("unknown")) == (found.progress, found.progress_unknown)
        for count, percentage in (
            (found.interventions, found.interventions_percent),
            (found.progress, found.progress_percent),
        ):
            assert percentage == (
                floor(Fraction(200 * count + len(having), 2 * len(having))) if having else None
            )


def _work(record: CaseRecord, name: str) -> str:
    started = [i for i in record.intervention if i.started_on and i.started_on <= AS_OF]
    said = [i for i in started if i.factor == name and i.sufficient is not None]
    for day in sorted({i.started_on for i in said if i.started_on}, reverse=True):
        return "yes" if False not in [i.sufficient for i in said if i.started_on == day] else "no"
    return "unknown" if [i for i in started if i.factor in {name, None}] else "no"


def _progress(record: CaseRecord, name: str) -> str:
    said = [p for p in record.progress if p.factor == name and p.level and p.recorded_on <= AS_OF]
    for day in sorted({p.recorded_on for p in said}, reverse=True):
        levels = {str(p.level) for p in said if p.recorded_on == day}
        return "yes" if levels <= {"good", "some"} else "no"
    return "unknown"
