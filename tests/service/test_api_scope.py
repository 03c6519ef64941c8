"""Every endpoint that tells of a case, an audit, an upload or an action: to those without its areas it is not there."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from aboveline.service.guard import GuardedRoute, PageRoute, guarded_routes
from aboveline.service.security.current import Anybody
from aboveline.store import Database
from service.api import AS_OF, all_roles, audit_of, case_key, first_case, send_cases
from service.assessed import assess
from service.drafts import draft
from service.office import Office

NOT_OF_AN_AREA = {"/v1/rules/{question_id}", "/v1/rules/{question_id}/page", "/v1/users/{name}"}
"""What everybody with the role may see: the rules, and who may do what."""

ADMINISTRATION = {
    "/v1/retention",
    "/v1/retention/tombstones",
    "/v1/rules",
    "/v1/trail",
    "/v1/trail/verification",
    "/v1/users",
}
"""Lists that are of no area: ids of audits and uploads in the trail, that something was erased, who sees which areas."""

BODIES: dict[str, dict[str, Any]] = {
    "/v1/actions/{action_id}": {"version": 1, "text": "A", "owner": "B", "state": "done"},
    "/v1/cases/{key}/assessments/mine": {"answers": {"AS-01": {"answer": None}}},
    "/v1/cases/{key}/audit": {},
    "/v1/cases/{key}/judgements": {"question": "AS-01", "answer": "sufficient", "reason": "Because."},
    "/v1/cases/{key}/moderation": {"settled": {"AS-01": {"answer": "sufficient", "reason": "Because."}}},
}


def endpoints(office: Office) -> list[tuple[str, str, GuardedRoute]]:
    """Return every method of every endpoint that wants a role."""
    return [
        (method, route.path_format, route)
        for route in guarded_routes(office.app)
        if not isinstance(route, PageRoute)
        and not isinstance(route.declared, Anybody)
        and route.path_format.startswith("/v1/")
        for method in sorted(route.methods or ())
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, str]]]:
    """Return the service with one of everything in it, and the names of what is there. What is asked of it changes nothing."""
    folder = tmp_path_factory.mktemp("filled")
    with Database.open(f"sqlite:///{folder / 'aboveline.db'}") as database:
        database.migrate()
        with Office(database) as office:
            yield _filled(office)


def _filled(office: Office) -> tuple[Office, dict[str, str]]:
    upload = send_cases(office).json()["id"]
    audit = audit_of(office)
    key = case_key(office, first_case()["case"])
    plan = {"text": "A secret plan", "owner": "B", "areas": ["*"]}
    action = office.post("/v1/actions", by="MANAGER", json=plan).json()["id"]
    answer = "insufficient"
    said = office.post(
        f"/v1/cases/{key}/judgements",
        by="ASSESSOR_1",
        json={"question": "AS-01", "answer": answer, "reason": "A secret reason"},
    )
    if said.status_code == 422:
        said = office.post(
            f"/v1/cases/{key}/judgements",
            by="ASSESSOR_1",
            json={"question": "AS-01", "answer": "not_applicable", "reason": "A secret reason"},
        )
    assess(office, key, "ASSESSOR_1")
    assess(office, key, "ADMIN", every="sufficient", note="A secret note")
    path, text = draft()
    files = {"files": {path: text}, "base": "shipped", "as_of": AS_OF, "label": "A secret draft"}
    sent = office.post("/v1/impact", by="ADMIN", json=files).json()["id"]
    office.work()
    return office, {
        "draft_id": sent,
        "upload_id": upload,
        "audit_id": audit,
        "before": audit,
        "after": audit,
        "action_id": action,
        "judgement_id": said.json()["id"],
        "key": key,
        "question_id": "AS-01",
        "form": "csv",
    }


@pytest.mark.parametrize("who", ["NOBODY", "READER"])
def test_nothing_is_there_for_somebody_without_its_areas(
    filled: tuple[Office, dict[str, str]], who: str
) -> None:
    """The walk: every address with a name in it is 404 by every method, with every role, and reads as if there were nothing."""
    office, names = filled
    assert "YRK" != first_case()["area"]["ldu"]
    stranger, everybody = all_roles(office, who), all_roles(office, "ADMIN")
    absent = office.get("/v1/audits/made-up", headers=stranger).json()
    walked = 0
    for method, path, _ in endpoints(office):
        if "{" not in path or path in NOT_OF_AN_AREA:
            continue
        address = path.format(**names)
        more: dict[str, Any] = {"json": BODIES[path]} if path in BODIES and method != "GET" else {}
        answer = office.ask(method, address, headers=stranger, **more)
        told = {**answer.json(), "correlationId": absent["correlationId"]}
        assert (404, absent) == (answer.status_code, told), f"{method} {path}"
        if method == "GET":
            assert 200 == office.get(address, headers=everybody).status_code, path
        walked += 1

    assert walked >= 28


def test_lists_show_nothing_of_other_areas(filled: tuple[Office, dict[str, str]]) -> None:
    """The walk: no list has a name in it that is not the caller's, and no total counts it."""
    office, names = filled
    nobody, everybody = all_roles(office, "NOBODY"), all_roles(office, "ADMIN")
    walked = set()
    for method, path, _ in endpoints(office):
        if "{" in path or path in ADMINISTRATION or method != "GET":
            continue
        answer = office.get(path, headers=nobody)
        assert [] == answer.json()["items"], path
        assert not answer.json().get("total"), path
        assert not any(
            names[name] in answer.text
            for name in ("upload_id", "audit_id", "action_id", "judgement_id", "key", "draft_id")
        )
        assert office.get(path, headers=everybody).json()["items"], path
        walked.add(path)

    assert {
        "/v1/actions",
        "/v1/assessments",
        "/v1/audits",
        "/v1/cases",
        "/v1/impact",
        "/v1/judgements",
        "/v1/moderation",
        "/v1/uploads",
    } == walked


def test_nothing_can_be_begun_over_other_areas(filled: tuple[Office, dict[str, str]]) -> None:
    """Neither an audit nor an action, an upload or the impact of a draft reaches beyond the caller's areas."""
    office, names = filled
    nobody, york = all_roles(office, "NOBODY"), all_roles(office, "READER")
    plan = {"text": "A", "owner": "B"}
    for body in ({"areas": ["*"]}, {"areas": ["SCA"]}, {"areas": ["YRK", "SCA"]}):
        assert 404 == office.post("/v1/audits", headers=york, json=body).status_code
        assert 404 == office.post("/v1/actions", headers=york, json=plan | body).status_code
    for of in ({"audit": names["audit_id"]}, {"case": names["key"]}):
        assert 404 == office.post("/v1/actions", headers=nobody, json=plan | of).status_code
    sent = office.post("/v1/uploads/validate", headers=nobody, content=json.dumps(first_case()).encode())
    sent_draft = office.post("/v1/impact", headers=nobody, json={"files": {"A.yaml": "x"}, "base": "shipped"})
    assert (0, 1) == (sent.json()["new"] + sent.json()["unchanged"], sent.json()["rejected"])
    assert (422, False) == (sent_draft.status_code, bool(re.search("YNY-|49", sent_draft.json()["detail"])))
