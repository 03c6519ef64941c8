"""A record that cannot hold a kind of fact is no evidence that there is none of it."""

import datetime as dt
import json
from typing import Any

import pytest

from aboveline.answers import Answer, QuestionAnswer
from aboveline.audit import Auditor
from aboveline.case import CaseRecord, Rejected, read_record
from aboveline.rulebook import load_rulebook

ORDER = {"type": "community_order", "sentenced_on": "2013-03-01", "started_on": "2013-03-01"}
CONCERN = {"kind": "child_protection", "raised_on": "2013-03-01"}
LATE = {"agency": "childrens_social_care", "made_on": "2013-09-02"}
IN_TIME = {"agency": "childrens_social_care", "made_on": "2013-03-04"}
NO_CONTINGENCY = {
    "type": "risk_management_plan",
    "status": "complete",
    "completed_on": "2013-03-20",
    "contingency": False,
}


@pytest.fixture(scope="module")
def auditor() -> Auditor:
    """Return an auditor by the shipped rules."""
    return Auditor(load_rulebook(), dt.date(2013, 12, 2))


def answer(auditor: Auditor, question: str, **facts: Any) -> QuestionAnswer:
    """Answer one question for a record made of facts."""
    record = read_record(json.dumps({"case": "A-1", "sentence": ORDER, **facts}).encode(), "test")
    assert isinstance(record, CaseRecord)
    return next(one for one in auditor.answer(auditor.facts(record)) if one.question == question)


def test_work_that_the_source_cannot_hold_is_not_found_wanting(auditor: Auditor) -> None:
    """Without a check the case is insufficient; where the source holds no checks it is not assessed, and says so."""
    assert Answer.INSUFFICIENT is answer(auditor, "PP-39", concern=[CONCERN]).answer

    doubtful = answer(auditor, "PP-39", concern=[CONCERN], incomplete=["check"])

    assert Answer.NOT_ASSESSED is doubtful.answer
    assert [("check", None, "not in this source")] == [
        (gap.kind, gap.field, gap.reason) for gap in doubtful.gaps
    ]
    assert () == doubtful.findings


def test_what_the_record_has_counts_as_ever(auditor: Auditor) -> None:
    """A check in time is enough, however many more there may be; a late one may have had one before it."""
    assert (
        Answer.SUFFICIENT
        is answer(auditor, "PP-39", concern=[CONCERN], check=[IN_TIME], incomplete=["check"]).answer
    )
    assert (
        Answer.NOT_ASSESSED
        is answer(auditor, "PP-39", concern=[CONCERN], check=[LATE], incomplete=["check"]).answer
    )


def test_whom_it_is_about_may_be_in_doubt(auditor: Auditor) -> None:
    """Where the source holds no concerns, a question about them cannot be waved away as not applicable."""
    assert Answer.NOT_APPLICABLE is answer(auditor, "PP-39").answer
    assert Answer.NOT_ASSESSED is answer(auditor, "PP-39", incomplete=["concern"]).answer


def test_question_that_is_plainly_not_about_the_case_is_not_in_doubt(auditor: Auditor) -> None:
    """Actions agreed by MAPPA are asked for where there is MAPPA: without it, that the source holds none is no matter."""
    assert Answer.NOT_APPLICABLE is answer(auditor, "PP-22", incomplete=["mappa_action"]).answer
    assert Answer.NOT_ASSESSED is answer(auditor, "PP-22", incomplete=["mappa", "mappa_action"]).answer


def test_deficiency_on_what_is_recorded_stands(auditor: Auditor) -> None:
    """A plan without contingencies is a finding, whatever other plans there may be."""
    assert (
        Answer.INSUFFICIENT
        is answer(auditor, "PP-14", plan=[NO_CONTINGENCY], incomplete=["check", "oversight"]).answer
    )


def test_kinds_are_checked() -> None:
    """A kind that does not exist is refused, with the nearest that does."""
    record = read_record(b'{"case": "A-1", "incomplete": ["chek"]}', "test")

    assert isinstance(record, Rejected)
    assert "did you mean 'check'?" in record.problems[0].reason
