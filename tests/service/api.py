"""What tests of the API share: a service with the sample uploaded and audited, asked as programs ask."""

import json
from typing import Any

import httpx2

from aboveline.service.security.roles import Role
from service.office import CASES, Office

__all__ = ["AS_OF", "AuditOf", "all_roles", "audit_of", "case_key", "send_cases"]

AS_OF = "2013-12-02"
AuditOf = dict[str, Any]


def send_cases(
    office: Office, content: Any = None, *, by: str = "MANAGER", to: str = "/v1/uploads", **headers: str
) -> httpx2.Response:
    """Upload records as a program does, by default the sample."""
    office.clock.go_on(seconds=1)  # ids sort by when they were made
    names = {"content-type": "application/x-ndjson"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return office.post(to, by=by, content=CASES.read_bytes() if content is None else content, headers=names)


def audit_of(office: Office, *areas: str, by: str = "MANAGER", as_of: str = AS_OF) -> str:
    """Ask for an audit, have it done, and return its id."""
    office.clock.go_on(seconds=1)
    asked = office.post("/v1/audits", by=by, json={"as_of": as_of, "areas": areas or ["*"]})
    assert 202 == asked.status_code, asked.text
    office.work()
    return str(asked.json()["id"])


def case_key(office: Office, case: str) -> str:
    """Return the key of a case."""
    desk = office.app.state.desk
    return str(desk.keys.of(case))


def all_roles(office: Office, user_name: str) -> dict[str, str]:
    """Return what a program sends that may do everything, in the areas of a user."""
    token = office.token(user_name, authorities=[str(role) for role in Role])
    return {"authorization": f"Bearer {token}"}


def first_case() -> dict[str, Any]:
    """Return the first record of the sample."""
    with CASES.open() as lines:
        record: dict[str, Any] = json.loads(next(lines))
    return record
