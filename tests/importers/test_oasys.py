"""OASys: which assessments there are, and what their answers become."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aboveline.case import CaseRecord
from aboveline.case.codes import AssessmentStatus, AssessmentType, FactorName, RoshLevel
from aboveline.importers import Imported

Importing = Callable[..., Imported]
Noted = Callable[..., list[str]]

COMPLETED = dt.date(2014, 3, 20)


def entry(**fields: object) -> dict[str, Any]:
    """Return an entry of a timeline: a full assessment, completed."""
    return {
        "assessmentPk": 5,
        "assessmentType": "LAYER3",
        "initiationDate": "2014-03-17T10:00:00",
        "status": "COMPLETE",
        "completedDate": "2014-03-20T23:59:59",
    } | fields


def timeline(*entries: dict[str, Any]) -> dict[str, Any]:
    """Return a timeline of the invented person."""
    return {"crn": "X000001", "timeline": list(entries)}


def answer(**fields: object) -> dict[str, Any]:
    """Return a file with one answer on assessment 5."""
    return {"crn": "X000001", "assessments": [{"assessmentPk": 5, **fields}]}


def case(imported: Imported) -> CaseRecord:
    """Return the only case."""
    (found,) = imported.cases
    return found


def test_full_assessment_assesses_two_things(importing: Importing) -> None:
    """A LAYER3 assesses the likelihood of reoffending and screens for harm; a LAYER1 only screens."""
    basic = entry(assessmentPk=6, assessmentType="LAYER_1")
    found = case(importing(t=timeline(entry(), basic)))

    assert [
        ("oasys-5-lor", AssessmentType.LIKELIHOOD_OF_REOFFENDING),
        ("oasys-5-screening", AssessmentType.ROSH_SCREENING),
        ("oasys-6-screening", AssessmentType.ROSH_SCREENING),
    ] == [(one.id, one.type) for one in found.assessment]
    assert {(dt.date(2014, 3, 17), COMPLETED)} == {
        (one.started_on, one.completed_on) for one in found.assessment
    }


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OPEN", AssessmentStatus.OPEN),
        ("SIGNED", AssessmentStatus.SIGNED),
        ("AWAITING_PSR", AssessmentStatus.AWAITING_REPORT),
        ("AWAITING_SBC", AssessmentStatus.AWAITING_BOARD),
        ("LOCKED_INCOMPLETE", AssessmentStatus.LOCKED_INCOMPLETE),
        ("GUILLOTINED", AssessmentStatus.LOCKED_INCOMPLETE),
    ],
)
def test_only_a_complete_assessment_has_a_day_of_completion(
    importing: Importing, word: str, status: AssessmentStatus
) -> None:
    """Every other status is kept, and its day, on which it was signed or locked, is not one of completion."""
    found = case(importing(t=timeline(entry(status=word))))

    assert {(status, None)} == {(one.status, one.completed_on) for one in found.assessment}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "PONDERED"}, "its status is in no code table"),
        ({"status": None}, "its status is not there"),
        ({"assessmentType": "LAYER2"}, "LAYER2 is in no code table of assessments"),
        ({"assessmentType": None}, "its type, which is not there, is in no code table of assessments"),
        ({"completedDate": None}, "it is complete, and the day it was completed is not there"),
    ],
)
def test_assessment_that_cannot_be_used_is_left_out(
    importing: Importing, noted: Noted, changes: dict[str, Any], reason: str
) -> None:
    """An unknown type or status, or no day of completion, leaves an assessment out."""
    imported = importing(t=timeline(entry(**changes)))

    assert () == case(imported).assessment
    assert [f"timeline[0]: assessment 5 is left out: {reason}"] == noted(imported, "t")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"status": "SIGNED"}, "its status"),
        ({"assessmentType": "LAYER1"}, "its type"),
        ({"completedDate": "2014-03-21T00:00:00"}, "the day it was completed"),
        ({"initiationDate": "2014-03-18"}, "the day it was started"),
    ],
)
def test_assessment_that_two_timelines_dispute_is_left_out(
    importing: Importing, noted: Noted, changes: dict[str, Any], what: str
) -> None:
    """Where two files differ on type, status or day the assessment is left out, and each file has the note."""
    imported = importing(one=timeline(entry(), entry(assessmentPk=6)), two=timeline(entry(**changes)))
    reason = f"timeline[0]: assessment 5 is left out: files of this person say different things of {what}"

    assert {"oasys-6-lor", "oasys-6-screening"} == {one.id for one in case(imported).assessment}
    assert [[reason], [reason]] == [noted(imported, "one"), noted(imported, "two")]


def test_timelines_that_agree_are_one(importing: Importing) -> None:
    """The same assessment in two timelines counts once; a day that one leaves out the other gives."""
    found = case(importing(one=timeline(entry(initiationDate=None)), two=timeline(entry())))

    assert [dt.date(2014, 3, 17)] * 2 == [one.started_on for one in found.assessment]


def test_answer_that_disputes_the_timeline_leaves_the_assessment_out(importing: Importing) -> None:
    """A file of answers that dates the assessment otherwise puts all of it in doubt, the level of risk too."""
    found = case(
        importing(t=timeline(entry()), s=answer(riskPublicCommunity="High", dateCompleted="2014-03-25"))
    )

    assert ((), ()) == (found.assessment, found.rosh)


def test_answer_without_an_entry_in_the_timeline_is_not_used(importing: Importing, noted: Noted) -> None:
    """The timeline is the record of which assessments exist."""
    imported = importing(t=timeline(entry(assessmentPk=6)), s=answer(riskPublicCommunity="High"))

    assert () == case(imported).rosh
    assert [
        "assessments[0]: not used: the assessment timeline of this person has no assessment 5, and it stands"
    ] == noted(imported, "s")


def test_answers_stand_for_themselves_without_a_timeline(importing: Importing) -> None:
    """Where a person has no timeline at all, a file of answers is the record of its assessment."""
    own = {"assessmentType": "LAYER3", "assessmentStatus": "COMPLETE", "dateCompleted": "2014-03-20T10:00:00"}
    found = case(importing(s=answer(riskPublicCommunity="High", riskStaffCommunity="Very High", **own)))

    assert [(RoshLevel.VERY_HIGH, COMPLETED)] == [(one.level, one.classified_on) for one in found.rosh]
    assert {"oasys-5-lor", "oasys-5-screening"} == {one.id for one in found.assessment}


def test_latest_assessment_is_used_only_without_a_timeline(importing: Importing, noted: Noted) -> None:
    """An assessment with all its answers tells that it was made, where no timeline does; its answers are not read."""
    latest = {
        "assessmentId": 5,
        "assessmentType": "LAYER_3",
        "assessmentStatus": "COMPLETE",
        "created": "2014-03-17T10:00:00",
        "completed": "2014-03-20T10:00:00",
        "sections": [],
    }
    alone = importing(latest=latest)

    assert [COMPLETED] * 2 == [one.completed_on for one in case(alone).assessment]
    assert ["sections: not used: its answers; only what it says of the assessment as a whole is"] == noted(
        alone, "latest"
    )
    assert () == case(importing(latest=latest, t=timeline())).assessment


def test_entry_without_a_number_is_noted(importing: Importing, noted: Noted) -> None:
    """An assessment that cannot be told from others is not used."""
    imported = importing(t=timeline(entry(assessmentPk=None)))

    assert ["timeline[0]: not used: it does not say which assessment it is of"] == noted(imported, "t")


def test_assessment_that_ended_before_it_started_is_noted(importing: Importing, noted: Noted) -> None:
    """Two days that cannot both be right are kept as they stand, with a note."""
    imported = importing(t=timeline(entry(initiationDate="2014-03-21")))

    assert {(dt.date(2014, 3, 21), COMPLETED)} == {
        (one.started_on, one.completed_on) for one in case(imported).assessment
    }
    assert ["timeline[0]: assessment 5 ended before it was started: one of the two days is wrong"] == noted(
        imported, "t"
    )


@pytest.mark.parametrize(
    ("plan", "contingency", "victims"),
    [
        ({"contingencyPlans": None, "monitoringAndControl": "Weekly."}, False, None),
        ({"contingencyPlans": "  ", "victimSafetyPlanning": "Exclusion."}, False, True),
        ({"contingencyPlans": "Recall.", "victimSafetyPlanning": None}, True, False),
        ({"monitoringAndControl": "Weekly."}, None, None),
    ],
)
def test_blank_heading_is_not_covered_and_a_missing_one_not_known(
    importing: Importing, plan: dict[str, Any], *, contingency: bool | None, victims: bool | None
) -> None:
    """A heading that is there and blank says no; one that is not in the file says nothing."""
    found = case(importing(t=timeline(entry()), p=answer(**plan)))

    assert [("oasys-5-rmp", COMPLETED, contingency, victims, None)] == [
        (one.id, one.completed_on, one.contingency, one.victim_measures, one.who_what_when)
        for one in found.plan
    ]


def test_heading_that_is_no_text_is_not_known(importing: Importing) -> None:
    """A number where a heading's text should stand is neither a yes nor a no."""
    found = case(importing(t=timeline(entry()), p=answer(contingencyPlans=3, supervision="Weekly.")))

    assert [None] == [one.contingency for one in found.plan]


def test_plan_with_every_heading_blank_is_none(importing: Importing, noted: Noted) -> None:
    """Blank headings and nothing else are no risk management plan."""
    imported = importing(t=timeline(entry()), p=answer(contingencyPlans=None, supervision=""))

    assert () == case(imported).plan
    assert "every heading" in noted(imported, "p")[0]


def test_full_analysis_is_an_assessment_of_its_own(importing: Importing, noted: Noted) -> None:
    """A full analysis with an answer was made; whether it attends to children is for an assessor."""
    made = importing(
        t=timeline(entry()), f=answer(currentHowDone="By hand.", riskToIdentifiableChildren="Yes")
    )
    full = [one for one in case(made).assessment if one.type is AssessmentType.ROSH_FULL_ANALYSIS]

    assert [("oasys-5-full", COMPLETED, None)] == [
        (one.id, one.completed_on, one.child_safeguarding_considered) for one in full
    ]

    blank = importing(f=answer(currentHowDone=None))
    assert 2 == len(case(blank).assessment)
    assert "every answer of the full analysis is blank" in noted(blank, "f")[0]


def test_level_of_risk_is_the_highest_in_the_community(importing: Importing, noted: Noted) -> None:
    """Custody does not count, and a column left blank is noted."""
    imported = importing(
        t=timeline(entry()),
        s=answer(
            riskPublicCommunity="Medium",
            riskChildrenCommunity="Low",
            riskKnownAdultCommunity=None,
            riskStaffCommunity="Low",
            riskStaffCustody="Very High",
        ),
    )

    assert [("oasys-5-rosh", RoshLevel.MEDIUM)] == [(one.id, one.level) for one in case(imported).rosh]
    assert [
        "assessments[0].riskKnownAdultCommunity: this is blank: the level of the case is the highest of the others"
    ] == noted(imported, "s")


@pytest.mark.parametrize("column", [None, "Severe", 3])
def test_level_of_risk_that_cannot_be_read_is_left_out(importing: Importing, column: object) -> None:
    """One column that says something unknown may be the highest, so there is no level."""
    imported = importing(
        t=timeline(entry()),
        s=answer(riskPublicCommunity=column, riskStaffCommunity=None if column is None else "Low"),
    )

    if column == 3:
        assert [RoshLevel.LOW] == [one.level for one in case(imported).rosh]
    else:
        assert () == case(imported).rosh
    assert imported.notes


def test_answers_of_an_incomplete_assessment_say_little(importing: Importing, noted: Noted) -> None:
    """An open assessment has no level and no needs yet; its plan is open too."""
    imported = importing(
        t=timeline(entry(status="OPEN", completedDate=None)),
        s=answer(riskPublicCommunity="High"),
        n=answer(acc={"accLinkedToReoffending": "Yes"}),
        p=answer(contingencyPlans="Recall."),
    )
    found = case(imported)

    assert ((), ()) == (found.rosh, found.factor)
    assert [(AssessmentStatus.OPEN, None)] == [(one.status, one.completed_on) for one in found.plan]
    assert [1, 1, 0] == [len(noted(imported, name)) for name in ("s", "n", "p")]


@pytest.mark.parametrize(
    ("linked", "score", "threshold", "identified"),
    [
        ("Yes", 0, 2, True),
        ("No", 2, 2, True),
        ("No", 1, 2, False),
        (None, 9, None, False),
        ("Yes", None, None, True),
        ("Perhaps", 1, 2, False),
    ],
)
def test_need_is_a_factor_where_linked_or_at_the_threshold(
    importing: Importing, linked: str | None, score: int | None, threshold: int | None, *, identified: bool
) -> None:
    """A need is linked to reoffending, or its score reaches the threshold that OASys gives for its section."""
    need = {
        "drugLinkedToReoffending": linked,
        "drugLinkedToHarm": "No",
        "drugOtherWeightedScore": score,
        "drugThreshold": threshold,
    }
    found = case(importing(t=timeline(entry()), n=answer(drug=need)))
    expected = [(FactorName.DRUG_MISUSE, linked == "Yes", False, score, COMPLETED)] if identified else []

    assert expected == [
        (one.name, one.linked_to_offending, one.linked_to_harm, one.score, one.identified_on)
        for one in found.factor
    ]


def test_need_of_no_known_section_is_noted(importing: Importing, noted: Noted) -> None:
    """A section that a case record has no factor for is named."""
    needs = {"acc": {}, "health": {"healthLinkedToReoffending": "Yes"}}
    imported = importing(t=timeline(entry()), n=answer(**needs))

    assert ["assessments[0].health: not used: a case record has no such factor"] == noted(imported, "n")


@pytest.mark.parametrize(
    ("word", "indicated"), [("Yes", True), ("No", None), ("Don't know", None), (None, None)]
)
def test_one_yes_of_the_screening_calls_for_a_full_analysis(
    importing: Importing, word: str | None, *, indicated: bool | None
) -> None:
    """A yes is enough; no is not, because the file has only four of the screening's questions."""
    screening = {
        "crn": "X000001",
        "inputs": {"assessmentPk": 5},
        "assessments": [{"concernsVulnerability": word, "concernsRiskOfSuicide": "No"}],
    }
    found = case(importing(t=timeline(entry()), s=screening))

    assert [None, indicated] == [one.full_analysis_indicated for one in found.assessment]


def test_answers_that_are_not_known_are_noted(importing: Importing, noted: Noted) -> None:
    """The analysis of an offence is known and not used; anything else is not recognised."""
    imported = importing(t=timeline(entry()), o=answer(patternOfOffending="Often."), x=answer(weather="fine"))

    assert [
        "assessments[0]: not used: the analysis of the offence, which is free text and details of victims"
    ] == noted(imported, "o")
    assert [
        "assessments[0]: not recognised: this has none of the answers that the importer knows, so it is not used"
    ] == noted(imported, "x")
