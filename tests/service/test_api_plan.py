"""The action plan, users and the trail by the API."""

from typing import Any

import pytest

from service.api import all_roles, audit_of, case_key, first_case, send_cases
from service.office import Office


def test_action_is_put_down_and_changed_and_keeps_what_it_said(office: Office) -> None:
    """For an audit, a case and areas; a change from a version that is not the last is refused."""
    send_cases(office)
    audit = audit_of(office)
    case = case_key(office, first_case()["case"])
    plan = {"text": "See victims.", "owner": "Team A", "due": "2026-04-01"}
    by_audit = office.post("/v1/actions", by="MANAGER", json=plan | {"audit": audit})
    by_case = office.post("/v1/actions", by="MANAGER", json=plan | {"case": case})
    by_area = office.post("/v1/actions", by="MANAGER", json=plan | {"areas": ["YRK"]})
    address = by_area.headers["location"]
    change = plan | {"version": 1, "state": "done", "note": "Done on Monday."}
    changed = office.ask("PUT", address, by="MANAGER", json=change)
    late = office.ask("PUT", address, by="MANAGER", json=change)
    shown = office.get(address, by="READER").json()
    narrowed = office.get(f"/v1/actions?case={case}", by="MANAGER").json()["items"]

    assert [201, 201, 201, 200, 409] == [
        one.status_code for one in (by_audit, by_case, by_area, changed, late)
    ]
    assert (["*"], case, ["YRK"]) == (
        by_audit.json()["areas"],
        by_case.json()["key"],
        by_area.json()["areas"],
    )
    assert [by_case.json()] == narrowed
    assert changed.json() == shown["action"]
    assert [("open", ""), ("done", "Done on Monday.")] == [
        (one["state"], one["note"]) for one in shown["history"]
    ]
    assert [by_area.json()["id"]] == [
        one["id"] for one in office.get("/v1/actions?state=done", by="MANAGER").json()["items"]
    ]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"areas": ["*"], "recommendation": "made-up"},
        {"areas": ["*"], "owner": " "},
        {"areas": ["*"], "x": 1},
    ],
)
def test_action_for_nothing_is_refused(office: Office, more: dict[str, Any]) -> None:
    """And so is one of no known recommendation, or of nobody."""
    answer = office.post("/v1/actions", by="MANAGER", json={"text": "A", "owner": "B"} | more)

    assert 422 == answer.status_code
    assert [] == office.get("/v1/actions", by="MANAGER").json()["items"]


def test_access_is_granted_with_a_reason_and_never_beyond_ones_own(office: Office) -> None:
    """It counts with the next request; an administrator of York gives York, and no other area."""
    york = all_roles(office, "READER")
    asked = {"roles": ["ROLE_ABOVELINE__AUDIT__RO"], "areas": ["YRK"], "reason": "New in the team."}
    before = office.get("/v1/cases", by="NOBODY").status_code
    granted = office.ask("PUT", "/v1/users/NOBODY", headers=york, json=asked)
    after = office.get("/v1/cases", by="NOBODY").status_code
    beyond = office.ask("PUT", "/v1/users/NOBODY", headers=york, json=asked | {"areas": ["YRK", "SCA"]})
    everything = office.ask("PUT", "/v1/users/NOBODY", headers=york, json=asked | {"areas": ["*"]})
    silent = office.ask("PUT", "/v1/users/NOBODY", by="ADMIN", json=asked | {"reason": ""})
    shown = office.get("/v1/users/NOBODY", by="ADMIN").json()

    assert (403, 200, 200) == (before, granted.status_code, after)
    assert [403, 403, 422] == [one.status_code for one in (beyond, everything, silent)]
    assert (["YRK"], ["ROLE_ABOVELINE__AUDIT__RO"]) == (shown["areas"], shown["roles"])
    assert {("READER", True)} == {(one["who"], one["granted"]) for one in shown["history"]}
    assert "NOBODY" in {one["name"] for one in office.get("/v1/users", by="ADMIN").json()["items"]}
    trail = office.get("/v1/trail?limit=1", by="ADMIN").json()["items"][0]
    assert ("access_changed", {"reason": "New in the team."}) == (trail["what"], trail["details"])


def test_trail_is_paged_and_verified(office: Office) -> None:
    """Every entry once; what was written down before is still there, and what was not is missed."""
    send_cases(office)
    seen: list[int] = []
    before = ""
    while True:
        page = office.get(f"/v1/trail?limit=3{before}", by="ADMIN").json()
        seen += [one["seq"] for one in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    told = office.get("/v1/trail/verification", by="ADMIN").json()
    known = office.get(
        f"/v1/trail/verification?entries={told['entries']}&hash={told['hash']}", by="ADMIN"
    ).json()
    other = office.get(f"/v1/trail/verification?entries={told['entries']}&hash={'0' * 64}", by="ADMIN").json()
    half = office.get("/v1/trail/verification?entries=1", by="ADMIN")

    assert list(range(told["entries"], 0, -1)) == seen
    assert (True, True, False) == (told["whole"], known["whole"], other["whole"])
    assert (told["entries"], 400) == (other["broken_at"], half.status_code)


def test_day_for_which_rules_have_no_numbers_is_refused(office: Office) -> None:
    """422 with the reason."""
    send_cases(office)
    case = case_key(office, first_case()["case"])
    answer = office.post(f"/v1/cases/{case}/audit", by="MANAGER", json={"as_of": "1901-01-01"})

    assert (422, "UNFIT") == (answer.status_code, answer.json()["errorCode"])
