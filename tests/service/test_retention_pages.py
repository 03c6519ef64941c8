"""An administrator erases one case, or all that are older than a day; it is confirmed, and the trail keeps that it was done."""

import datetime as dt
import json
import re

import pytest
from sqlalchemy import text

from service.office import CASES, Office, day, told


@pytest.fixture
def kept(office: Office) -> Office:
    """Return the service with the sample uploaded on two days and audited, and the administrator signed in."""
    office.sign_in("MANAGER")
    lines = CASES.read_bytes().splitlines(keepends=True)
    office.upload(b"".join(lines[:20]), "First")
    office.clock.go_on(days=10)
    office.sign_in("MANAGER")
    office.upload(b"".join(lines[20:]), "Second")
    office.audit()
    office.sign_in("ADMIN")
    return office


FIRST = json.loads(CASES.read_bytes().splitlines()[0])["case"]


def test_case_is_erased_with_a_reason_once_it_is_confirmed(kept: Office) -> None:
    """It is nowhere any more, in no row of the database; what was erased is counted, and nothing says which."""
    unsure = kept.send("/retention", {"case": FIRST}, to="/retention/case")
    erased = kept.send("/retention", {"case": FIRST, "why": "request", "sure": "yes"}, to="/retention/case")
    page = told(kept.get("/retention").text)
    again = kept.send("/retention", {"case": FIRST, "why": "request", "sure": "yes"}, to="/retention/case")
    trail = told(kept.get("/trail").text)
    with kept.database.reading() as session:
        left = session.scalar(
            text("select count(*) from case_versions where case_id = :case"), {"case": FIRST}
        )

    assert (422, 303, 422) == (unsure.status_code, erased.status_code, again.status_code)
    for wrong in ("Choose why it is erased", "Confirm that you know that it cannot be undone"):
        assert wrong in told(unsure.text)
    assert 0 == left
    assert "It was erased" in page
    assert "The person asked for it" in page
    assert "There is no such case in your areas" in told(again.text)
    assert "case erased" in trail
    assert FIRST not in trail + page
    assert 48 == len(json.loads(kept.get(audit_of(kept)).text)["answers"])


def audit_of(office: Office) -> str:
    """Return where the JSON of the only audit is."""
    (address,) = set(re.findall(r'href="(/audits/[0-9a-f][^"/]+)"', office.get("/audits").text))
    return f"{address}/report.json?cases=ids"


def test_age_says_how_many_before_anything_is_erased(kept: Office) -> None:
    """Then it wants to be confirmed, and that there are still as many."""
    before = day("before", "2026-03-10")
    asked = kept.send("/retention", before, to="/retention/age")
    unsure = kept.send("/retention", before | {"many": "20"}, to="/retention/age")
    other = kept.send("/retention", before | {"many": "19", "sure": "yes"}, to="/retention/age")
    untouched = told(kept.get("/cases").text)
    erased = kept.send("/retention", before | {"many": "20", "sure": "yes"}, to="/retention/age")
    none = kept.send("/retention", before, to="/retention/age")

    assert "20 cases of your areas were not uploaded on 10 March 2026 or since." in told(asked.text)
    assert 200 == asked.status_code
    assert (422, 422) == (unsure.status_code, other.status_code)
    assert "There are 20 now, and not 19: look again" in told(other.text)
    assert "49 cases in your areas." in untouched
    assert 303 == erased.status_code
    assert "29 cases in your areas." in told(kept.get("/cases").text)
    assert "Nothing to erase" in told(none.text)
    assert 20 == told(kept.get("/retention").text).count("It was kept for as long as it may be")
    assert "retention applied" in told(kept.get("/trail").text)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, "The day must be given"),
        (day("before", "2026-02-30"), "The day must be a real date"),
        (day("before", "2026-03-13"), "every case is older"),
    ],
    ids=["none", "no such day", "to come"],
)
def test_day_that_cannot_be_is_told(kept: Office, given: dict[str, str], wrong: str) -> None:
    """None, one that does not exist, and one to come."""
    sent = kept.send("/retention", given, to="/retention/age")

    assert dt.date(2026, 3, 12) == kept.clock.now().date()
    assert (422, True) == (sent.status_code, wrong in told(sent.text))


def test_only_administrators_may_and_only_in_their_areas(kept: Office) -> None:
    """A manager is refused; an administrator of York cannot erase what is Harrogate's, nor count it."""
    admin = {"authorization": f"Bearer {kept.token('READER', authorities=['ROLE_ABOVELINE__ADMIN'])}"}
    form = {"case": FIRST, "why": "request", "sure": "yes"}  # of Harrogate
    other = kept.post("/retention/case", data=form, headers=admin)
    york = kept.post("/retention/age", data=day("before", "2026-03-12"), headers=admin)
    kept.sign_in("MANAGER")

    assert (422, True) == (other.status_code, "There is no such case in your areas" in told(other.text))
    (counted,) = re.findall(r"(\d+) cases of your areas were not uploaded", told(york.text))
    assert 0 < int(counted) < 20
    assert 403 == kept.get("/retention").status_code
    assert 403 == kept.post("/retention/case", data=form).status_code
