"""An audit is asked for by a form, done by a worker, read down to a case, and downloaded."""

import datetime as dt
import io
import json
import re
from html import unescape

import openpyxl
import pytest

from aboveline.audit import audit
from aboveline.case import read_cases
from aboveline.rulebook import load_rulebook
from service.office import CASES, Office, heading, told

AS_OF = dt.date(2013, 12, 2)


def links(page: str, pattern: str) -> list[str]:
    """Return the addresses on a page that fit a pattern, each once."""
    return list(dict.fromkeys(re.findall(f'href="({pattern})"', unescape(page))))


@pytest.fixture
def audited(office: Office) -> tuple[Office, str]:
    """Return the service with the sample uploaded and audited, and the address of the audit, for the manager."""
    office.sign_in("MANAGER")
    office.upload()
    return office, office.audit()


def test_audit_goes_from_queued_to_done(office: Office) -> None:
    """Its page tells how far it is and asks for itself again; then it has the result."""
    office.sign_in("MANAGER")
    office.upload()
    form = {"as_of-year": "2013", "as_of-month": "12", "as_of-day": "2", "areas": ["*"]}
    sent = office.send("/audits/start", form | {"standards": "report-2014", "average": "questions"})
    address = sent.headers["location"]
    waiting = office.get(address).text
    worked = office.work()
    done = office.get(address).text

    assert ("The audit is in progress", 1) == (heading(waiting), worked)
    assert 'http-equiv="refresh"' in waiting
    assert "Audit as at 2 December 2013" == heading(done)
    assert 0 == office.work()


def test_result_is_that_of_the_engine(audited: tuple[Office, str]) -> None:
    """The file with ids has the very bytes that the command line writes for the same cases."""
    office, address = audited
    here = office.get(f"{address}/report.json?cases=ids").text
    there = audit(read_cases([CASES]), load_rulebook(), AS_OF)

    assert there.to_json() == here


def test_person_goes_from_the_dashboard_to_evidence(audited: tuple[Office, str]) -> None:
    """Dashboard, audit, criterion, question, case, explanation: each leads to the next."""
    office, address = audited
    dashboard = office.get("/").text
    page = office.get(address).text
    criterion = office.get(links(page, f'{address}/criteria/[^"]+')[0]).text
    question = office.get(links(criterion, f'{address}/questions/[^"]+')[0]).text
    case = links(question, f'{address}/cases/[^/"]+')[0]
    why = links(question, f'{address}/cases/[^"]+/questions/[^"]+')[0]

    assert address in links(dashboard, '/audits/[^"]+')
    assert "49 cases audited as at 2 December 2013" in told(dashboard)
    assert heading(office.get(case).text).startswith("Case YNY-")
    assert heading(office.get(why).text).startswith("Why ")
    assert "YNY-" not in case + why


@pytest.mark.parametrize(
    ("form", "begins"),
    [("json", b"{"), ("csv", b"case,"), ("xlsx", b"PK"), ("html", b"<!"), ("pdf", b"%PDF")],
)
def test_files_have_pseudonyms_unless_ids_are_asked_for(
    audited: tuple[Office, str], form: str, begins: bytes
) -> None:
    """The same case has the same pseudonym in each; a reader cannot have the ids."""
    office, address = audited
    by_manager = office.get(f"{address}/report.{form}")
    with_ids = office.get(f"{address}/report.{form}?cases=ids")
    reader = office.get(f"{address}/report.{form}?cases=ids", by="READER")
    text = by_manager.content
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(text))
        text = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row).encode()

    assert by_manager.content.startswith(begins)
    assert b"YNY-" not in text
    assert with_ids.content.startswith(begins)
    assert "attachment" in by_manager.headers["content-disposition"]
    assert 403 == reader.status_code
    if form in {"json", "csv", "html"}:
        assert b"YNY-" in with_ids.content
        assert re.search(rb"P-[0-9a-f]{32}", text)


def test_pseudonymised_result_tells_the_same_but_for_the_ids(audited: tuple[Office, str]) -> None:
    """Every count and score stays, and as many findings of as many cases."""
    office, address = audited
    named = json.loads(office.get(f"{address}/report.json?cases=ids").text)
    hidden = json.loads(office.get(f"{address}/report.json").text)

    assert named["questions"] == hidden["questions"]
    assert len(named["findings"]) == len(hidden["findings"])
    assert len({one["case"] for one in named["findings"]}) == len({one["case"] for one in hidden["findings"]})


def test_audit_of_other_areas_is_not_there(audited: tuple[Office, str]) -> None:
    """Somebody with one of its areas sees nothing of it, in no list, page or file; of an audit of theirs, all."""
    office, address = audited
    mine = office.audit("YRK")
    page = office.get(address).text
    inside = [one for one in links(page, f'{address}/[^"]+') if "cases=ids" not in one]
    question = links(office.get(inside[0]).text, f'{address}/questions/[^"]+')[0]
    inside += [question, *links(office.get(question).text, f'{address}/cases/[^"]+')[:2]]
    office.sign_in("READER")
    absent = office.get("/audits/made-up")
    answers = [office.get(one, headers={"accept": "text/html"}) for one in [address, *inside]]

    assert 10 < len(answers)
    assert {(404, told(absent.text))} == {(one.status_code, told(one.text)) for one in answers}
    assert [mine] == links(office.get("/audits").text, "/audits/[0-9a-f-]+")
    assert "22 cases audited" in told(office.get("/").text)
    assert 200 == office.get(mine).status_code


def test_form_that_cannot_be_used_says_what_to_do(office: Office) -> None:
    """A day that is none, no area, an area that is not there, standards that are not."""
    office.sign_in("MANAGER")
    office.upload()
    wrong = office.send(
        "/audits/start",
        {"as_of-year": "2013", "as_of-month": "2", "as_of-day": "31", "areas": ["Leeds"], "standards": "x"},
    )
    text = told(wrong.text)

    assert 422 == wrong.status_code
    assert "The day must be a real date" in text
    assert "Choose at least one area" in text
    assert "Choose the time standards" in text
    assert "No audit has been started" in told(office.get("/audits").text)


def test_audit_of_no_cases_is_not_started(office: Office) -> None:
    """It says to upload some first."""
    office.sign_in("MANAGER")
    form = {"as_of-year": "2013", "as_of-month": "2", "as_of-day": "1", "areas": ["*"]}
    answer = office.send("/audits/start", form | {"standards": "report-2014", "average": "questions"})

    assert (422, True) == (answer.status_code, "upload case records first" in told(answer.text))


def test_audit_that_is_stopped_is_not_done(office: Office) -> None:
    """The worker leaves it, and its page says that it was stopped."""
    office.sign_in("MANAGER")
    office.upload()
    form = {"as_of-year": "2013", "as_of-month": "12", "as_of-day": "2", "areas": ["*"]}
    sent = office.send("/audits/start", form | {"standards": "report-2014", "average": "questions"})
    address = sent.headers["location"]
    stopped = office.send(address, {}, to=f"{address}/cancel")
    office.work()
    page = office.get(address).text

    assert (303, "The audit was stopped") == (stopped.status_code, heading(page))
    assert 409 == office.send("/audits", {}, to=f"{address}/cancel").status_code


def test_dashboard_has_a_trend_of_audits_over_the_same_areas(audited: tuple[Office, str]) -> None:
    """An audit as at an earlier day is a point of it; one over other areas is none."""
    office, _ = audited
    office.audit("YRK", day="2013-06-03")
    before = told(office.get("/").text)
    office.audit(day="2013-06-03")
    office.audit(day="2013-12-02")
    after = told(office.get("/").text)

    assert "Scores over time" not in before
    assert "Scores over time" in after
    assert "3 June 2013" in after
