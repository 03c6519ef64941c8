"""Characters that a database cannot keep are refused or find nothing, on both databases."""

import json
from typing import Any

import pytest

from aboveline.store import Database
from service.api import case_key, first_case, send_cases
from service.office import Office

NUL = "\x00"
HALF = "\ud800"


@pytest.mark.parametrize("character", [NUL, HALF], ids=["nul", "half of a pair"])
def test_no_character_makes_an_error_of_the_server(database: Database, character: str) -> None:
    """In addresses, queries and every text of a body."""
    with Office(database) as office:
        send_cases(office)
        key = case_key(office, first_case()["case"])
        written = "%00" if character == NUL else "%ED%A0%80"
        addresses = [
            f"/v1/{kind}/{written}"
            for kind in ("actions", "audits", "cases", "judgements", "rules", "uploads", "users")
        ] + [
            f"/v1/cases?area={written}",
            f"/v1/cases?after={written}",
            f"/v1/judgements?question={written}",
            f"/v1/uploads?after={written}",
            f"/v1/audits?after={written}",
            f"/v1/actions?audit={written}",
            f"/v1/actions?after={written}",
        ]
        bodies: list[tuple[str, str, dict[str, Any]]] = [
            ("POST", "/v1/actions", {"text": character, "owner": "B", "areas": ["*"]}),
            ("POST", "/v1/actions", {"text": "A", "owner": character, "areas": ["*"]}),
            ("POST", "/v1/actions", {"text": "A", "owner": "B", "areas": [character]}),
            ("POST", "/v1/actions", {"text": "A", "owner": "B", "audit": character}),
            ("POST", "/v1/actions", {"text": "A", "owner": "B", "case": character}),
            ("POST", "/v1/audits", {"areas": [character]}),
            (
                "POST",
                f"/v1/cases/{key}/judgements",
                {"question": "AS-01", "answer": "insufficient", "reason": character},
            ),
            (
                "POST",
                f"/v1/cases/{key}/judgements",
                {"question": character, "answer": "insufficient", "reason": "A"},
            ),
            ("POST", f"/v1/cases/{key}/audit", {"facts": {character: []}}),
            ("POST", f"/v1/cases/{key}/audit", {"facts": {"contact": [{"id": character}]}}),
            ("PUT", "/v1/users/NOBODY", {"roles": [], "areas": [character], "reason": "A"}),
            ("PUT", "/v1/users/NOBODY", {"roles": [], "areas": [], "reason": character}),
            ("PUT", f"/v1/users/{written}", {"roles": [], "areas": ["YRK"], "reason": "A"}),
            ("POST", "/v1/impact", {"files": {character: "A"}}),
            ("POST", "/v1/impact", {"files": {"A.yaml": character}}),
        ]
        statuses = {one: office.get(one, by="ADMIN").status_code for one in addresses}
        for number, (method, path, body) in enumerate(bodies):
            sent = office.ask(
                method,
                path,
                by="ADMIN",
                content=json.dumps(body).encode(),
                headers={"content-type": "application/json"},
            )
            statuses[f"{number} {path}"] = sent.status_code

    assert {} == {one: status for one, status in statuses.items() if status >= 500}
