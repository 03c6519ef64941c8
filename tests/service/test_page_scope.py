"""Every page that shows something of a case, an audit, an upload or an action: to those without its areas it is not there."""

import re

import pytest

from aboveline.service.guard import PageRoute, guarded_routes
from aboveline.service.security.current import Anybody
from aboveline.service.security.roles import Role
from service.drafts import draft
from service.office import Office, day, told

NOT_OF_AN_AREA = {"/rules/{question_id}", "/users/{name}"}
"""What everybody with the role may see: the rules, and who may do what."""

LISTS = {
    "/",
    "/actions",
    "/audits",
    "/cases",
    "/compare",
    "/impact",
    "/moderation",
    "/uploads",
    "/actions/new",
    "/audits/start",
}

FORMS = {
    "answer": "sufficient",
    "reason": "Because.",
    "owner": "X",
    "due-day": "1",
    "due-month": "1",
    "due-year": "2027",
    "state": "open",
    "version": "1",
}


def all_roles(office: Office, user_name: str) -> dict[str, str]:
    """Return what a program sends that may do everything, in the areas of a user."""
    token = office.token(user_name, authorities=[str(role) for role in Role])
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def filled(office: Office) -> tuple[Office, dict[str, str]]:
    """Return the service with one of everything in it, and the names of what is there."""
    office.sign_in("MANAGER")
    upload = office.upload().headers["location"].rpartition("/")[2]
    audit = office.audit().rpartition("/")[2]
    action = {"text": "To do", "area": "*", "owner": "X", "state": "open"} | FORMS
    office.send("/actions/new", action)
    (item,) = re.findall(r'href="/actions/([0-9a-f-]+)"', office.get("/actions").text)
    key = re.findall(r'href="/cases/([^/"?]+)"', office.get("/cases").text)[0]
    judged = f"/audits/{audit}/cases/{key}/questions/AS-01/override"
    headers = all_roles(office, "ADMIN")
    for answer in ("sufficient", "insufficient"):  # one of them is not as computed
        form = {"answer": answer, "reason": "Because."} | day("holds", "2013-12-02")
        office.post(judged, data=form, headers=headers)
    office.get(judged, headers=headers)  # told that it was saved, once
    path, text = draft()
    files = {"files": {path: text}, "base": "shipped", "as_of": "2013-12-02"}
    sent = office.post("/v1/impact", by="ADMIN", json=files).json()["id"]
    office.work()
    return office, {
        "kind": "rosh",
        "draft_id": sent,
        "upload_id": upload,
        "audit_id": audit,
        "before": audit,
        "after": audit,
        "action_id": item,
        "key": key,
        "question_id": "AS-01",
        "criterion": "1.1",
        "form": "csv",
    }


def test_nothing_is_there_for_somebody_without_its_areas(filled: tuple[Office, dict[str, str]]) -> None:
    """The walk: every address with a name in it is 404, by every method, with every role and no area, and reads the same."""
    office, names = filled
    nobody, everybody = all_roles(office, "NOBODY"), all_roles(office, "ADMIN")
    page = told(office.get("/cases/made-up", headers=nobody).text)
    walked = 0
    for route in guarded_routes(office.app):
        path = route.path_format
        if (
            not isinstance(route, PageRoute)
            or isinstance(route.declared, Anybody)
            or "{" not in path
            or path in NOT_OF_AN_AREA
        ):
            continue
        for method in sorted(route.methods or ()):
            address = path.format(**names)
            answer = office.ask(method, address, headers=nobody, data=FORMS if method == "POST" else None)
            assert (404, page) == (answer.status_code, told(answer.text)), f"{method} {path}"
            if method == "GET" and not path.startswith("/moderation"):
                assert 200 == office.get(address, headers=everybody).status_code, path
            walked += 1

    assert 20 < walked


def test_lists_and_forms_show_nothing_of_other_areas(filled: tuple[Office, dict[str, str]]) -> None:
    """The walk: no list, chart or choice of a form has a name or an area in it that is not the caller's."""
    office, names = filled
    nobody = all_roles(office, "NOBODY")
    for route in guarded_routes(office.app):
        path = route.path_format
        if (
            not isinstance(route, PageRoute)
            or isinstance(route.declared, Anybody)
            or "{" in path
            or "GET" not in (route.methods or ())
        ):
            continue
        text = office.get(path, headers=nobody).text
        if path in {
            "/trail",
            "/users",
        }:  # for administrators: ids of audits and uploads, and who sees which areas
            continue
        for name in ("upload_id", "audit_id", "action_id", "key", "draft_id"):
            assert names[name] not in text, path
        assert not re.findall(r"YNY-|>\s*(YRK|SCA|HGT|NRT)\s*<", text), path

    assert LISTS <= {route.path_format for route in guarded_routes(office.app)}
