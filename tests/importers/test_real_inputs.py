"""The importer on what the case system and OASys really return, of fictional people."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aboveline.case import CaseRecord, read_record
from aboveline.case.codes import AssessmentStatus, AssessmentType, RoshLevel, SentenceType
from aboveline.importers import Imported, import_folder

INPUTS = Path(__file__).parents[2].parent / "shared" / "real-inputs"

pytestmark = pytest.mark.skipif(not INPUTS.is_dir(), reason="the real inputs are not beside this checkout")

PERSONAL = {
    "addressNumber", "dateOfBirth", "email", "firstName", "forenames", "licenceConditionNotes", "notes",
    "phoneNumber", "pncNumber", "postcode", "streetName", "surname", "telephone", "town", "whoAtRisk",
}  # fmt: skip


@pytest.fixture(scope="module")
def ndelius() -> Imported:
    """Return what the case system's files of X320741 become."""
    return import_folder(INPUTS / "ndelius-X320741")


@pytest.fixture(scope="module")
def oasys() -> Imported:
    """Return what the OASys files become."""
    return import_folder(INPUTS / "oasys")


@pytest.fixture(scope="module")
def case(ndelius: Imported) -> CaseRecord:
    """Return the one case of X320741."""
    (case,) = ndelius.cases
    return case


def reasons(imported: Imported, file: str) -> list[str]:
    """Return path and reason of each note of the files whose name has this in it."""
    return [f"{note.path}: {note.reason}" for note in imported.notes if file in Path(note.source).name]


def test_one_person_is_one_case(case: CaseRecord) -> None:
    """The files of X320741 make one case record, of that number."""
    assert case.case == "X320741"


def test_registers_keep_their_review_dates(case: CaseRecord) -> None:
    """Each registration has the day its next review is due, and the one that ended the day it ended."""
    expected = {
        ("ADVP", dt.date(2020, 4, 14), None, dt.date(2020, 7, 14)),
        ("ALSH", dt.date(2020, 9, 30), None, dt.date(2021, 3, 30)),
        ("AV2S", dt.date(2019, 4, 14), dt.date(2019, 10, 14), None),
        ("RMRH", dt.date(2020, 4, 14), None, dt.date(2020, 10, 14)),
    }
    actual = {(one.code, one.started_on, one.ended_on, one.next_review_on) for one in case.registration}

    assert expected == actual


def test_registers_say_what_level_and_which_concerns(case: CaseRecord) -> None:
    """A RoSH register is a level of risk; ADVP, ALSH and AV2S are concerns, the last one over."""
    assert [(RoshLevel.MEDIUM, dt.date(2020, 4, 14))] == [(r.level, r.classified_on) for r in case.rosh]
    assert {
        ("domestic_abuse", None),
        ("staff_safety", dt.date(2019, 10, 14)),
        ("suicide_or_self_harm", None),
    } == {(concern.kind, concern.ended_on) for concern in case.concern}


def test_only_the_old_basic_assessments_are_complete(case: CaseRecord) -> None:
    """Two LAYER_1 assessments were completed: screenings only. The LAYER_3 was locked, and counts for nothing."""
    complete = {
        (one.type, one.completed_on) for one in case.assessment if one.status is AssessmentStatus.COMPLETE
    }

    assert {
        (AssessmentType.ROSH_SCREENING, dt.date(2018, 6, 20)),
        (AssessmentType.ROSH_SCREENING, dt.date(2016, 6, 21)),
    } == complete
    assert {AssessmentStatus.LOCKED_INCOMPLETE} == {
        one.status for one in case.assessment if one.type is AssessmentType.LIKELIHOOD_OF_REOFFENDING
    }


def test_assessment_that_the_timeline_does_not_have_is_not_used(case: CaseRecord, ndelius: Imported) -> None:
    """The 'latest' assessment, number 1, is in no timeline: it is noted and makes no fact."""
    assert not [one.id for one in case.assessment if one.id and "-1-" in one.id]
    assert "has no assessment 1" in reasons(ndelius, "assessments_latest")[0]


def test_open_assessment_with_a_completed_date_counts_as_open(case: CaseRecord, ndelius: Imported) -> None:
    """An assessment whose status is OPEN is open, whatever date stands beside it; the oddity is noted."""
    (found,) = [one for one in case.assessment if one.id == "oasys-2264570-screening"]

    assert (AssessmentStatus.OPEN, None) == (found.status, found.completed_on)
    assert "timeline[4]: assessment 2264570 is open" in reasons(ndelius, "assessments_summary")[0]


def test_active_conviction_is_the_sentence(case: CaseRecord) -> None:
    """The sentence is that of the one active conviction, and neither its release nor its end is made up."""
    expected = (SentenceType.INDETERMINATE_CUSTODY, dt.date(2014, 1, 1), None, None, None)
    sentence = case.sentence

    assert expected == (
        sentence.type,
        sentence.sentenced_on,
        sentence.started_on,
        sentence.ended_on,
        sentence.custodial_months,
    )


def test_contradictions_of_the_convictions_are_noted(ndelius: Imported) -> None:
    """An active conviction with a day it ended, a file at odds with the list, a status of another sentence."""
    assert [True] == [
        "hides its person" in r for r in reasons(ndelius, "convictions_") if "terminationDate" in r
    ]
    assert [True] == [
        r.endswith("and stands") for r in reasons(ndelius, "2500295343") if r.startswith("active:")
    ]
    assert "the list stands" in reasons(ndelius, "2500295399")[0]
    assert "another sentence than that of the case, 123457" in reasons(ndelius, "sentenceStatus")[0]


def test_what_is_plainly_of_another_sentence_is_left_out(case: CaseRecord, ndelius: Imported) -> None:
    """A licence has no requirements and no breach of a community order; reports of 2012 are not for 2014."""
    assert ((), ()) == (case.requirement, case.court_report)
    assert [2, 2, 3] == [
        len(reasons(ndelius, name)) for name in ("GET_requirements", "nsis_breach", "court_reports")
    ]
    assert ["2500003903"] == [one.id for one in case.enforcement]


def test_codes_that_no_source_explains_are_noted(case: CaseRecord, ndelius: Imported) -> None:
    """The stub's own contact types are in no table: the appointments stay, without a type."""
    assert [None, None] == [one.type for one in case.appointment]
    assert ["DSC01", "DSC02"] == [r.split(": ")[1].split()[0] for r in reasons(ndelius, "attendances")]


def test_blank_contingency_is_a_plan_without_one(oasys: Imported) -> None:
    """The risk management plan is complete, with measures for victims and no contingency."""
    (plan,) = oasys.cases[0].plan

    assert (AssessmentStatus.COMPLETE, dt.date(2020, 11, 5), False, True, None) == (
        plan.status,
        plan.completed_on,
        plan.contingency,
        plan.victim_measures,
        plan.who_what_when,
    )


def test_oasys_files_are_shared_out_by_person(oasys: Imported) -> None:
    """Two people's files stand in the folder; each is put to the person it names or whose assessment it is of."""
    assert ["X123456", "X934567"] == [case.case for case in oasys.cases]
    assert ["oasys-9950001-lor", "oasys-9950001-screening"] == [one.id for one in oasys.cases[1].assessment]


def test_assessments_that_files_dispute_are_left_out(oasys: Imported) -> None:
    """Assessment 9630348 is LAYER1 of 2022 here and LAYER3 of 2024 there: it and all that rests on it is left out."""
    case = oasys.cases[0]

    assert not [one.id for one in case.assessment if one.id and ("9630348" in one.id or "9639348" in one.id)]
    assert ((), ()) == (case.rosh, case.factor)
    assert {
        "ordsAssessmentOffence.json",
        "ordsAssessmentRoshFull.json",
        "ordsAssessmentRoshScreening.json",
        "ordsAssessmentRoshSummary.json",
        "ordsAssessmentTimeline.json",
        "ordsCriminogenicNeeds.json",
    } == {Path(note.source).name for note in oasys.notes if "9630348 is left out" in note.reason}


@pytest.mark.parametrize("folder", ["ndelius-X320741", "oasys"])
def test_nothing_personal_leaves_the_files(folder: str) -> None:
    """No name, address, note or number of the police stands in a record or in a note."""
    imported = import_folder(INPUTS / folder)
    written = " ".join(
        [case.model_dump_json() for case in imported.cases]
        + [note.reason + note.path for note in imported.notes]
    )
    private = {
        word for path in (INPUTS / folder).iterdir() for word in personal(json.loads(path.read_text()))
    }

    assert private
    assert set() == {word for word in private if word in written}


@pytest.mark.parametrize("folder", ["ndelius-X320741", "oasys"])
def test_records_read_back_as_they_were_made(folder: str) -> None:
    """A case record written as JSON and read again is the same record."""
    for case in import_folder(INPUTS / folder).cases:
        assert case == read_record(case.model_dump_json(exclude_none=True).encode(), "again")


def personal(value: Any) -> Iterator[str]:
    """Yield the words that a file holds about a person."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in PERSONAL and isinstance(inner, str) and len(inner) > 3:
                yield inner
            yield from personal(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from personal(inner)
