"""What people write on pages and upload in files comes out on their pages, and nowhere else."""

import json
import re
from typing import Any

import pytest

from service.canaries import Canary, watched
from service.office import CASES, Office, day
from service.world import StillClock

DUE = {"due-day": "1", "due-month": "6", "due-year": "2026", "state": "open"}


def record(canary: Canary, **more: Any) -> bytes:
    """Return a record of the sample under an id that is planted, with what was said of it planted too."""
    value: dict[str, Any] = json.loads(CASES.read_bytes().splitlines()[1])
    value["case"] = canary.value("case id")
    value["override"] = [
        {
            "id": "o1",
            "question": "AS-01",
            "answer": "sufficient",
            "made_on": "2013-11-01",
            "assessor": canary.value("assessor"),
            "reason": canary.value("reason in a record"),
        }
    ]
    return json.dumps(value | more).encode()


def test_what_is_written_and_uploaded_comes_out_nowhere_it_should_not(office: Office) -> None:
    """Canaries in every field of every form, in files, paths and queries: none in logs, metrics, errors, addresses, the trail."""
    canary = Canary()
    value = canary.value
    assert isinstance(office.clock, StillClock)
    with watched() as log:
        office.sign_in("ADMIN")
        bad = record(
            canary, case=value("another id"), concern=[{"kind": value("kind")}], **{value("field"): 1}
        )
        sent = office.send(
            "/uploads/new",
            {"label": value("label")},
            files={
                "file": (value("file name"), record(canary) + b"\n" + bad + b"\n" + value("no json").encode())
            },
        )
        answers = [sent, office.get(f"{sent.headers['location']}/problems.csv")]
        answers.append(office.upload(b"\x1f\x8b" + value("half a gzip").encode()))
        key = re.findall(r'href="/cases/([^/"?]+)"', office.get("/cases").text)[0]
        audit = office.audit(day="2013-12-02")
        answers += [
            office.get(audit),
            office.get(f"{audit}/report.json?cases=ids"),
            office.get(f"{audit}/report.csv"),
        ]
        override = f"/cases/{key}/questions/AS-02/override"
        answers += [
            office.get(f"/cases/{key}"),
            office.get(f"/cases/{key}/questions/AS-01"),
            office.get(f"{audit}/cases/{key}"),
            office.send(
                override,
                {"answer": "not_applicable", "reason": value("override reason")} | day("holds", "2026-03-02"),
            ),
            office.send(
                f"{audit}{override[:-9]}/override",
                {"answer": "not_applicable", "reason": value("judged reason")} | day("holds", "2013-12-02"),
            ),
            office.get(f"{audit}/judgements"),
            office.get(f"{audit}/report.html?judgements=with"),
            office.get(f"{audit}/records.jsonl"),
            office.get(f"{audit}/report.json?judgements={value('judgements')}"),
            office.send("/cases", {"case": value("searched id")}),
            office.send("/cases", {"case": value("searched again"), "question": value("searched question")}),
            office.get(f"/cases?begins={value('begins')}&area={value('searched area')}"),
            office.send(
                f"/cases/{key}/facts/registration",
                {"code": value("fact"), "review_months": value("number")} | day("as_of", "2013-12-02"),
            ),
            office.get(f"/cases/{key}/facts/{value('kind of fact')}"),
            office.send("/retention", {"case": value("erased id"), "why": "request"}, to="/retention/case"),
            office.send(
                "/retention",
                {"case": value("erased"), "why": value("erased why"), "sure": "yes"},
                to="/retention/case",
            ),
            office.send("/retention", {"before-day": value("before day")}, to="/retention/age"),
            office.get(f"/trail?before={value('entry')}"),
            office.send(override, {"answer": value("answer"), "reason": value("another reason")}),
            office.send(
                f"/cases/{key}/assessment/1.1", {"answer-AS-01": "sufficient", "reason-AS-01": value("note")}
            ),
            office.send(
                "/actions/new", DUE | {"text": value("action"), "area": "YRK", "owner": value("owner")}
            ),
            office.send(
                "/actions/new", DUE | {"text": value("text"), "area": value("area"), "due-day": value("day")}
            ),
            office.send("/audits/start", {"areas": value("audit area"), "standards": value("standards")}),
            office.send("/users/READER", {"areas": value("granted"), "reason": value("grant reason")}),
            office.get(f"/compare?before={value('before')}&after={value('after')}"),
            office.get(f"/cases?page={value('page')}"),
            office.get(f"/cases/{value('key')}"),
            office.get(f"/cases/{key}/questions/{value('question')}"),
            office.get(f"/rules/{value('rule')}"),
            office.get(f"/audits/{value('audit')}"),
            office.get(f"{audit}/report.{value('form')}"),
            office.get(f"{audit}/questions/{value('audit question')}"),
            office.post("/uploads/new", data={"label": value("no token")}),
        ]
        office.work()
        trail = office.get("/trail").text
        metrics = office.get("/metrics").text

    # A form that comes back has what was put into it; no other error has.
    forms = [one for one in answers if one.status_code == 422 and "<form" in one.text.split("<main")[1]]
    others = [one for one in answers if one not in forms]
    assert 4 < len(forms)
    assert 30 < len(canary.planted)
    assert {200, 303, 400, 403, 404, 422} == {one.status_code for one in answers}
    assert [] == canary.sweep(log, metrics, others)
    assert [] == [where for one in forms for where in canary.found_in(repr(one.headers.multi_items()))]
    assert [] == canary.found_in(trail)


@pytest.mark.parametrize("form", ["json", "csv", "html"])
def test_file_with_pseudonyms_has_no_id_of_a_case_anywhere(office: Office, form: str) -> None:
    """Not even in evidence, gaps or what was rejected."""
    canary = Canary()
    office.sign_in("MANAGER")
    office.upload(record(canary))
    audit = office.audit()
    hidden, named = (
        office.get(f"{audit}/report.{form}").text,
        office.get(f"{audit}/report.{form}?cases=ids").text,
    )

    assert "case id" in canary.found_in(named)
    assert "case id" not in canary.found_in(hidden)
