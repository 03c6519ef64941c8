"""The API against its own description: whatever fits it, or does not, no answer is an error of the server."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from aboveline.service.guard import GuardedRoute
from aboveline.service.routes import API
from aboveline.store import Database
from service.api import all_roles, audit_of, case_key, first_case, send_cases
from service.assessed import assess
from service.office import Office

OPERATIONS = [
    f"{method} {route.path_format}"
    for router in API
    for route in router.routes
    if isinstance(route, GuardedRoute)
    for method in sorted(route.methods or ())
]

Filled = tuple[Office, dict[str, str], Any]


@schemathesis.serializer("application/x-ndjson", "application/jsonl", "application/gzip", "application/zip")
def as_bytes(_context: Any, value: Any) -> bytes:
    """Write what was drawn for a file as it is, and anything else as JSON."""
    value = getattr(value, "data", value)
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Return the service with one of everything in it, the names of that, and the API's description."""
    address = f"sqlite:///{tmp_path_factory.mktemp('filled') / 'aboveline.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("create database fuzzed")
        address = server.replace("/postgres?", "/fuzzed?")
    with Database.open(address) as database:
        database.migrate()
        with Office(database) as office:
            upload = send_cases(office).json()["id"]
            audit = audit_of(office)
            plan = {"text": "A", "owner": "B", "areas": ["*"]}
            key = case_key(office, first_case()["case"])
            assess(office, key, "ASSESSOR_1")
            assess(office, key, "ASSESSOR_2", every="sufficient")
            action = office.post("/v1/actions", by="MANAGER", json=plan).json()["id"]
            names = {
                "upload_id": upload,
                "audit_id": audit,
                "before": audit,
                "after": audit,
                "action_id": action,
                "key": key,
                "question_id": "AS-01",
                "name": "NOBODY",
            }
            yield office, names, schemathesis.openapi.from_dict(office.get("/v3/api-docs").json())


@pytest.mark.parametrize("named", OPERATIONS)
def test_no_request_makes_an_error_of_the_server(filled: Filled, named: str) -> None:
    """Some requests of every operation, for things that are there and things that are not: each answer is one that is described."""
    office, names, schema = filled
    method, path = named.split(" ")
    operation = schema[path][method]
    described = set(operation.definition.raw["responses"])
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))

    @settings(max_examples=4, phases=[Phase.generate])
    @given(case=cases, there=st.booleans())
    def ask(case: Any, there: bool) -> None:
        if there:
            case.path_parameters = {
                name: names.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        sent = case.as_transport_kwargs(base_url=office.settings.base_url)
        answer = office.ask(
            method,
            sent["url"],
            params=sent.get("params"),
            headers={
                name: value
                for name, value in sent.get("headers", {}).items()
                if name.lower() not in {"authorization", "host"}
            }
            | all_roles(office, "ADMIN"),
            **_body(sent),
        )
        assert answer.status_code < 500, answer.text
        assert str(answer.status_code) in described | {"405"}, answer.text

    ask()


def _body(sent: dict[str, Any]) -> dict[str, Any]:
    if sent.get("json") is not None:
        return {"json": sent["json"]}
    data = sent.get("data")
    return {} if data is None else {"content": data if isinstance(data, bytes | str) else str(data)}
