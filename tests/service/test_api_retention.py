"""Erasing by the API: counted first, erased by that number, told of in the trail, and gone from every answer."""

import json
from typing import Any

import pytest

from aboveline.service.work import retaining
from aboveline.store import cases
from service.api import audit_of, case_key, first_case, send_cases
from service.office import Office
from stored import ALL

BEFORE = "2026-03-03"
"""The day after the tests' first."""


def renamed(case: str, area: str = "YRK") -> dict[str, Any]:
    """Return the first record of the sample under another id, of an area."""
    record = first_case() | {"case": case}
    return record | {"area": record["area"] | {"ldu": area}}


def send(office: Office, *records: dict[str, Any], by: str = "MANAGER") -> None:
    """Upload records."""
    assert 201 == send_cases(office, "\n".join(map(json.dumps, records)).encode(), by=by).status_code


def kept(office: Office) -> int:
    """Return how many cases there are."""
    with office.database.reading() as session:
        return cases.count(session, ALL)


def trail(office: Office) -> list[dict[str, Any]]:
    """Return the trail, the earliest first."""
    entries: list[dict[str, Any]] = office.get("/v1/trail?limit=1000", by="ADMIN").json()["items"]
    assert office.get("/v1/trail/verification", by="ADMIN").json()["whole"]
    return entries[::-1]


def test_case_is_erased_with_all_that_tells_of_it(office: Office) -> None:
    """It is nowhere any more, and what says so does not say which it was; scores stay."""
    send(office, renamed("GONE-1"), renamed("STAYS-1"))
    audit = audit_of(office)
    key = case_key(office, "GONE-1")
    reason = {"question": "AS-01", "answer": "not_applicable", "reason": "A reason that goes with it."}
    office.post(f"/v1/cases/{key}/judgements", by="ADMIN", json=reason)
    before = office.get(f"/v1/audits/{audit}/result.json?cases=ids", by="MANAGER").text
    erased = office.ask("DELETE", f"/v1/cases/{key}", by="ADMIN")
    after = [
        office.get(f"/v1/audits/{audit}/result.json?cases=ids", by="MANAGER"),
        office.get(f"/v1/audits/{audit}/findings", by="MANAGER"),
        office.get("/v1/cases", by="MANAGER"),
        office.get("/v1/judgements", by="MANAGER"),
    ]

    assert "GONE-1" in before
    assert 200 == erased.status_code
    assert {"case_versions": 1, "judgements": 1, "audits": 1}.items() <= erased.json()["counts"].items()
    assert [200] * 4 == [one.status_code for one in after]
    assert not any("GONE-1" in one.text or "A reason" in one.text for one in after)
    assert 2 == json.loads(after[0].content)["cases"]
    assert 404 == office.get(f"/v1/cases/{key}", by="ADMIN").status_code
    assert 404 == office.ask("DELETE", f"/v1/cases/{key}", by="ADMIN").status_code
    (told,) = [one for one in trail(office) if one["what"] == "case_erased"]
    assert (erased.json()["id"], "ADMIN", "request") == (told["subject"], told["who"], told["details"]["why"])
    listed = office.get("/v1/retention/tombstones", by="ADMIN")
    assert [erased.json()] == listed.json()["items"]
    assert "GONE-1" not in listed.text + erased.text


def test_old_cases_are_counted_and_then_erased_by_that_number(office: Office) -> None:
    """Asking erases nothing, and so does a number that is not what was told."""
    send(office, renamed("OLD-1"), renamed("OLD-2"))
    office.clock.go_on(days=1)
    send(office, renamed("NEW-1"))
    asked = office.get(f"/v1/retention?before={BEFORE}", by="ADMIN")
    wrong = [
        office.post("/v1/retention", by="ADMIN", json={"before": BEFORE, "cases": many}) for many in (1, 3)
    ]
    untouched = kept(office)
    done = office.post("/v1/retention", by="ADMIN", json={"before": BEFORE, "cases": 2})
    again = office.post("/v1/retention", by="ADMIN", json={"before": BEFORE, "cases": 2})

    assert {"before": BEFORE, "cases": 2} == asked.json()
    assert [
        (409, "It would be 2 by now, and not 1: look at it again."),
        (409, "It would be 2 by now, and not 3: look at it again."),
    ] == [(one.status_code, one.json()["detail"]) for one in wrong]
    assert 3 == untouched
    assert (200, 2, 0) == (done.status_code, done.json()["erased"], done.json()["left"])
    assert (409, 1) == (again.status_code, kept(office))
    told = [one["what"] for one in trail(office) if one["what"] in {"case_erased", "retention_applied"}]
    assert ["case_erased", "case_erased", "retention_applied"] == told


def test_age_counts_from_the_last_upload_that_changed_the_case(office: Office) -> None:
    """A case that came again with something new is as young as that; one that came again as it was, is not."""
    send(office, renamed("CHANGED-1"), renamed("SAME-1"))
    office.clock.go_on(days=1)
    send(office, renamed("CHANGED-1") | {"contact": []}, renamed("SAME-1"))

    assert 1 == office.get(f"/v1/retention?before={BEFORE}", by="ADMIN").json()["cases"]
    office.post("/v1/retention", by="ADMIN", json={"before": BEFORE, "cases": 1})
    assert ["CHANGED-1"] == [one["case"] for one in office.get("/v1/cases", by="MANAGER").json()["items"]]


def test_many_are_erased_some_at_a_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left over is told, and is what to send the next time."""
    monkeypatch.setattr(retaining, "AT_MOST", 4)
    monkeypatch.setattr(retaining, "_AT_ONCE", 2)
    send(office, *(renamed(f"OLD-{n}") for n in range(7)))
    office.clock.go_on(days=1)
    left, done = 7, []
    while left:
        answer = office.post("/v1/retention", by="ADMIN", json={"before": BEFORE, "cases": left}).json()
        left = answer["left"]
        done.append(answer["erased"])

    assert ([4, 3], 0) == (done, kept(office))


def test_administrator_erases_in_their_areas_alone(office: Office) -> None:
    """Cases of other areas are neither counted nor erased, and one by its key is not there."""
    send(office, renamed("YORK-1"), renamed("OTHER-1", "SCA"))
    office.clock.go_on(days=1)
    role = "ROLE_ABOVELINE__ADMIN"
    york = {"authorization": f"Bearer {office.token('READER', authorities=[role])}"}
    told = office.get(f"/v1/retention?before={BEFORE}", headers=york).json()["cases"]
    other = office.ask("DELETE", f"/v1/cases/{case_key(office, 'OTHER-1')}", headers=york)
    done = office.post("/v1/retention", headers=york, json={"before": BEFORE, "cases": 1}).json()

    assert (1, 404, 1, 0) == (told, other.status_code, done["erased"], done["left"])
    assert ["OTHER-1"] == [one["case"] for one in office.get("/v1/cases", by="MANAGER").json()["items"]]


def test_day_to_come_is_refused_and_others_may_not(office: Office) -> None:
    """Every case is older than tomorrow: 422, asked or erased; and 403 to all but administrators."""
    send(office, renamed("YORK-1"))
    late = [
        office.get(f"/v1/retention?before={BEFORE}", by="ADMIN"),
        office.post("/v1/retention", by="ADMIN", json={"before": BEFORE, "cases": 1}),
    ]
    others = [
        office.get("/v1/retention?before=2020-01-01", by="MANAGER"),
        office.post("/v1/retention", by="MANAGER", json={"before": "2020-01-01", "cases": 1}),
        office.ask("DELETE", f"/v1/cases/{case_key(office, 'YORK-1')}", by="ASSESSOR_1"),
        office.get("/v1/retention/tombstones", by="READER"),
    ]

    assert [(422, "This day is to come: every case is older.")] * 2 == [
        (one.status_code, one.json()["detail"]) for one in late
    ]
    assert [403] * 4 == [one.status_code for one in others]
    assert 1 == kept(office)
