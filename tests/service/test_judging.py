"""What an assessor says of an audit's answer stands beside the audit, in its scores, downloads and in every later audit."""

import csv
import datetime as dt
import io
import json
import re
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from aboveline.audit import audit
from aboveline.case import CaseRecord, read_cases
from aboveline.result import AuditResult
from aboveline.rulebook import load_rulebook
from aboveline.service.work import judged
from service.api import all_roles
from service.office import Office, day, heading, told

AUDITED = dt.date(2013, 12, 2)
REASON = "=The report stands in the paper file."
QUESTION = re.compile(r'href="(/audits/[^"/]+/cases/[^"/]+/questions/([A-Z0-9-]+))"')


@pytest.fixture
def audited(office: Office) -> tuple[Office, str]:
    """Return the service with the sample audited, the first assessor signed in, and the address of the audit."""
    office.sign_in("MANAGER")
    office.upload()
    address = office.audit()
    office.clock.go_on(days=1)
    office.sign_in("ASSESSOR_1")
    return office, address


def finding(office: Office, address: str) -> tuple[str, str]:
    """Follow the audit to the first finding of a question that is scored: the address of why, and the question."""
    result = AuditResult.model_validate_json(office.get(f"{address}/report.json").content)
    found = [one for one in result.questions if one.scored and one.insufficient]
    page = unescape(office.get(f"{address}/questions/{found[0].id}").text)
    match = QUESTION.search(page)
    assert match is not None
    return match[1], match[2]


def answer(office: Office, why: str, given: str = "not_applicable", holds: str = "2013-12-02") -> None:
    """Judge an answer of an audit."""
    sent = office.send(f"{why}/override", {"answer": given, "reason": REASON} | day("holds", holds))
    assert (303, why) == (sent.status_code, sent.headers["location"]), told(sent.text)


def result_of(office: Office, address: str, query: str = "") -> AuditResult:
    """Return the result of an audit with ids of cases."""
    return AuditResult.model_validate_json(office.get(f"{address}/report.json?cases=ids{query}").content)


def test_form_in_an_audit_is_about_the_audits_day(audited: tuple[Office, str]) -> None:
    """It says which answer is judged, and is filled in with the day of the audit and not with today."""
    office, address = audited
    why, question = finding(office, address)
    offered = re.findall(rf'href="({why}/override)"', office.get(why).text)
    page = office.get(f"{why}/override").text

    assert [f"{why}/override"] == offered
    assert "You judge the answer of the audit as at 2 December 2013" in told(page)
    assert ["2", "12", "2013"] == [
        re.findall(rf'name="holds-{part}"[^>]*value="(\d+)"', page)[0] for part in ("day", "month", "year")
    ]
    assert heading(page) == f"Answer {question} differently"


def test_answer_stands_beside_the_audit_and_the_audit_stays(audited: tuple[Office, str]) -> None:
    """Before and after on the audit's page and the dashboard, who, when and why on a page of their own; the stored result has not moved."""
    office, address = audited
    before = office.get(f"{address}/report.json?cases=ids").content
    assert 404 == office.get(f"{address}/judgements").status_code
    why, question = finding(office, address)
    answer(office, why)
    saved = told(office.get(why).text)
    page, dashboard = told(office.get(address).text), told(office.get("/").text)
    since = told(office.get(f"{address}/judgements").text)
    of_question = told(office.get(f"{address}/questions/{question}").text)
    of_case = told(office.get(why.partition("/questions")[0]).text)

    assert before == office.get(f"{address}/report.json?cases=ids").content
    for text in (page, dashboard, since):
        assert "1 answer of this audit was judged since by 1 assessor, last on 3 March 2026." in text
        assert "Scores with judgements" in text
    for text in (saved, since, of_question, of_case):
        assert REASON in text
        assert "ASSESSOR_1" in text
        assert "3 March 2026" in text
    for text in (saved, since, of_case):
        assert "2 December 2013" in text
    assert "Insufficient" in since
    assert "Your answer was saved" in saved


def test_scores_move_by_the_answer_and_by_nothing_else(audited: tuple[Office, str]) -> None:
    """One answer fewer is insufficient in the question, and every other question is as it was."""
    office, address = audited
    why, question = finding(office, address)
    answer(office, why, "sufficient")
    before, after = result_of(office, address), result_of(office, address, "&judgements=with")
    was = {one.id: one for one in before.questions}
    now = {one.id: one for one in after.questions}

    assert (was[question].sufficient + 1, was[question].insufficient - 1) == (
        now[question].sufficient,
        now[question].insufficient,
    )
    assert was | {question: None} == now | {question: None}
    assert [(question, "ASSESSOR_1", REASON, "insufficient", "sufficient")] == [
        (one.question, one.assessor, one.reason, one.computed, one.answer) for one in after.overrides
    ]
    assert () == before.overrides


def test_records_with_the_answers_audited_elsewhere_give_the_same_bytes(
    audited: tuple[Office, str], tmp_path: Path
) -> None:
    """Over HTTP, by a page, and by what the command line does with the records: one result."""
    office, address = audited
    why, _ = finding(office, address)
    answer(office, why)
    sent = office.get(f"{address}/records.jsonl")
    (tmp_path / "records.jsonl").write_bytes(sent.content)
    records = [one for one in read_cases([tmp_path / "records.jsonl"]) if isinstance(one, CaseRecord)]
    here = office.get(f"{address}/report.json?cases=ids&judgements=with").text
    api = office.get(f"/v1{address}/result.json?cases=ids&judgements=with", by="ASSESSOR_1").text

    assert 49 == len(records)
    assert 1 == sum(len(one.override) for one in records)
    assert audit(records, load_rulebook(), AUDITED).to_json() == here == api
    office.sign_in("READER")
    assert 403 == office.get(f"{address}/records.jsonl").status_code
    elsewhere = office.get(f"{address}/records.jsonl", headers=all_roles(office, "READER"))
    assert 404 == elsewhere.status_code


def test_every_download_has_the_answer_and_says_so(audited: tuple[Office, str]) -> None:
    """Web page and PDF under the title, the workbook on its cover and in its sheet, the table as CSV; pseudonyms as ever."""
    office, address = audited
    why, _ = finding(office, address)
    answer(office, why)
    files = {
        form: office.get(f"{address}/report.{form}?judgements=with&table=overrides")
        for form in ("html", "pdf", "xlsx", "csv", "json")
    }
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content), read_only=True)
    sheets = " ".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c)
    book.close()
    rows = list(csv.DictReader(io.StringIO(files["csv"].text)))

    assert {200} == {one.status_code for one in files.values()}
    assert files["pdf"].content.startswith(b"%PDF")
    for text in (told(files["html"].text), sheets):
        assert "With judgements: 1 answer was judged by 1 assessor" in text
        assert REASON in text
    assert [("ASSESSOR_1", f"'{REASON}")] == [(one["assessor"], one["reason"]) for one in rows]
    for form, one in files.items():
        assert f'filename="audit-2013-12-02-with-judgements.{form}"' in one.headers["content-disposition"]
    assert "YNY" not in files["json"].text + files["csv"].text + files["html"].text + sheets


def test_later_audit_takes_it_and_an_earlier_one_does_not(audited: tuple[Office, str]) -> None:
    """Asked for afterwards: as at the same day, as at a later, and as at the day before."""
    office, address = audited
    why, question = finding(office, address)
    answer(office, why)
    office.sign_in("MANAGER")
    found = {
        as_at: [one.question for one in result_of(office, office.audit(day=as_at)).overrides]
        for as_at in ("2013-12-01", "2013-12-02", "2014-02-03")
    }

    assert {"2013-12-01": [], "2013-12-02": [question], "2014-02-03": [question]} == found


def test_new_audit_at_the_same_day_has_the_scores_that_stood_beside_the_first(
    audited: tuple[Office, str],
) -> None:
    """What stood beside is the very result of the audit that is asked for afterwards."""
    office, address = audited
    why, _ = finding(office, address)
    answer(office, why)
    beside = office.get(f"{address}/report.json?cases=ids&judgements=with").content
    office.sign_in("MANAGER")
    again = office.audit()

    assert beside == office.get(f"{again}/report.json?cases=ids").content
    assert 404 == office.get(f"{again}/judgements").status_code


@pytest.mark.parametrize(
    ("holds", "wrong"),
    [
        ("2013-12-03", "The day must be 2 December 2013 or before"),
        ("2026-03-03", "The day must be 2 December 2013 or before"),
        ("2013-02-30", "The day from which it holds must be a real date"),
    ],
)
def test_day_that_would_not_be_of_this_audit_is_refused(
    audited: tuple[Office, str], holds: str, wrong: str
) -> None:
    """And so is one that is none. What was typed is there again."""
    office, address = audited
    why, _ = finding(office, address)
    sent = office.send(
        f"{why}/override", {"answer": "not_applicable", "reason": REASON} | day("holds", holds)
    )

    assert 422 == sent.status_code
    assert wrong in told(sent.text)
    assert REASON in unescape(sent.text)
    assert 404 == office.get(f"{address}/judgements").status_code


def test_answer_that_another_would_outlive_is_refused_and_one_can_be_put_back(
    audited: tuple[Office, str],
) -> None:
    """A day before that of an answer that holds would change nothing, and says so; the computed answer can be given again."""
    office, address = audited
    why, _ = finding(office, address)
    answer(office, why)
    early = office.send(
        f"{why}/override", {"answer": "sufficient", "reason": REASON} | day("holds", "2013-11-01")
    )
    office.clock.go_on(seconds=5)
    answer(office, why, "insufficient")
    after = result_of(office, address, "&judgements=with")
    since = told(office.get(f"{address}/judgements").text)

    assert 1 == since.count("a later answer took its place")
    assert 422 == early.status_code
    assert "Another answer holds from 2 December 2013: give that day or a later one" in told(early.text)
    assert ["insufficient"] == [one.answer for one in after.overrides]
    assert result_of(office, address).questions == after.questions


def test_answer_of_today_says_that_the_audit_is_elsewhere(audited: tuple[Office, str]) -> None:
    """Of a case as it stands today the form leads to the audit's; saved there, it is of today, and the audit has nothing beside it."""
    office, address = audited
    why, question = finding(office, address)
    case = "/cases/" + why.split("/")[4]
    form = office.get(f"{case}/questions/{question}/override").text
    sent = office.send(
        f"{case}/questions/{question}/override",
        {"answer": "not_applicable", "reason": REASON} | day("holds", "2026-03-03"),
    )

    assert f'href="{why}/override"' in form
    assert "Judge the answer of the audit as at 2 December 2013 instead" in told(form)
    assert 303 == sent.status_code
    assert 404 == office.get(f"{address}/judgements").status_code


def test_api_judges_an_audits_answer(audited: tuple[Office, str]) -> None:
    """By default from the audit's day; a day after it is refused, and so is an audit that is not the caller's."""
    office, address = audited
    why, question = finding(office, address)
    key, audit_id = why.split("/")[4], address.split("/")[2]
    asked = {"question": question, "answer": "not_applicable", "reason": REASON, "audit": audit_id}
    late = office.post(
        f"/v1/cases/{key}/judgements", by="ASSESSOR_1", json=asked | {"holds_from": "2013-12-03"}
    )
    elsewhere = office.post(
        f"/v1/cases/{key}/judgements", by="ASSESSOR_1", json=asked | {"audit": "no-such-audit"}
    )
    made = office.post(f"/v1/cases/{key}/judgements", by="ASSESSOR_1", json=asked)

    assert (422, 404, 201) == (late.status_code, elsewhere.status_code, made.status_code), made.text
    assert ("2013-12-02", audit_id, "2026-03-03") == (
        made.json()["made_on"],
        made.json()["audit"],
        made.json()["at"][:10],
    )
    assert "1 answer of this audit was judged since" in told(office.get(address).text)


def test_audit_that_is_too_large_says_what_to_do(
    audited: tuple[Office, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers are listed; the scores with them are those of another audit as at the same day."""
    office, address = audited
    why, _ = finding(office, address)
    answer(office, why)
    monkeypatch.setattr(judged, "MOST_CASES", 48)
    page, since = told(office.get(address).text), told(office.get(f"{address}/judgements").text)

    assert "1 answer of this audit was judged since" in page
    assert "start another as at the same day" in page
    assert REASON in since
    assert "Scores with judgements" not in page + since
    assert 409 == office.get(f"{address}/report.json?judgements=with").status_code


def test_what_is_said_of_a_case_that_went_elsewhere_is_not_told(audited: tuple[Office, str]) -> None:
    """An audit over one area does not tell what the next area's assessors say of a case that moved there."""
    office, _ = audited
    office.sign_in("MANAGER")
    of_york = office.audit("YRK")
    result = result_of(office, of_york)
    moved = next(one.case for one in result.answers if one.insufficient)
    question = next(one.insufficient[0] for one in result.answers if one.case == moved)
    lines = Path(__file__).parents[2] / "fixtures/york-and-north-yorkshire-2014/cases.jsonl"
    record = next(r for line in lines.read_text().splitlines() if (r := json.loads(line))["case"] == moved)
    record["area"]["ldu"] = "HGT"
    office.upload(json.dumps(record).encode(), "Moved")
    office.sign_in("ASSESSOR_1")
    key = office.app.state.desk.keys.of(moved)
    sent = office.send(
        f"/cases/{key}/questions/{question}/override",
        {"answer": "not_applicable", "reason": REASON} | day("holds", "2013-12-02"),
    )

    assert 303 == sent.status_code, told(sent.text)
    assert 404 == office.get(f"{of_york}/judgements").status_code
    assert REASON not in told(office.get(of_york).text)


def test_case_that_was_erased_is_not_in_the_scores_beside(audited: tuple[Office, str]) -> None:
    """Neither are answers to it; the page says how many cases the audit's own scores have more."""
    office, address = audited
    why, question = finding(office, address)
    answer(office, why)
    judged_case = office.app.state.desk.keys.case(why.split("/")[4])
    other = next(
        one.case
        for one in result_of(office, address).answers
        if question in one.insufficient and one.case != judged_case
    )
    answer(office, f"{address}/cases/{office.app.state.desk.keys.of(other)}/questions/{question}")
    office.sign_in("ADMIN")
    form = {"case": other, "why": "request", "sure": "yes"}
    assert 303 == office.send("/retention", form, to="/retention/case").status_code
    page = told(office.get(address).text)
    after = result_of(office, address, "&judgements=with")

    assert "1 answer of this audit was judged since" in page
    assert "1 case erased since is in its scores, and not in those." in page
    assert 48 == after.cases
    assert [judged_case] == [one.case for one in after.overrides]
    assert other not in after.to_json()
