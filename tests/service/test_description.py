"""The API's description: complete, in one style, and read by a page that loads nothing from elsewhere."""

import re
from typing import Any

import pytest

import aboveline
from aboveline.service.guard import Router, guarded_routes
from aboveline.service.routes import API
from aboveline.service.security.current import Reader, Requires
from service.sample import pages, router
from service.world import World


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The description of the service with the routes of the sample."""
    with World([router, pages, *API]) as world:
        document: dict[str, Any] = world.get("/v3/api-docs").json()
    return document


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each operation."""
    return [one for path in document["paths"].values() for one in path.values()]


def test_operation_ids_are_clean_and_unique(described: dict[str, Any]) -> None:
    """Camel case, no underscore, none twice: clients make method names of them."""
    ids = [one["operationId"] for one in operations(described)]

    assert {"getThing", "listThings", "health", "readiness"} < set(ids)
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-zA-Z]*", one) for one in ids)


def test_version_is_the_packages(described: dict[str, Any]) -> None:
    """One number for both."""
    assert aboveline.__version__ == described["info"]["version"]


def test_every_operation_says_what_it_does_and_how_it_fails(described: dict[str, Any]) -> None:
    """A summary, and each error as a problem document; none as the framework would have it."""
    for one in operations(described):
        assert one["summary"]
        for status, answer in one["responses"].items():
            if int(status) >= 400 and "application/json" not in answer.get("content", {}):
                schema = answer["content"]["application/problem+json"]["schema"]
                assert {"$ref": "#/components/schemas/ProblemDocument"} == schema
    assert "HTTPValidationError" not in str(described)


def test_operations_name_the_roles_they_want(described: dict[str, Any]) -> None:
    """Those behind a role say which, and take a bearer token; pages are not part of it."""
    thing = described["paths"]["/v1/things/{thing_id}"]
    with World([router, *API]) as world:
        guarded = {
            route.path_format
            for route in guarded_routes(world.app)
            if isinstance(route.declared, Requires) and route.include_in_schema
        }

    assert ["ROLE_ABOVELINE__AUDIT__RO", "ROLE_ABOVELINE__AUDIT__RW"] == thing["get"]["x-roles"]
    assert [{"bearer": []}] == thing["delete"]["security"]
    assert guarded == {
        path for path, item in described["paths"].items() if any("x-roles" in one for one in item.values())
    }
    assert {"401", "403", "404"} < set(thing["get"]["responses"])
    assert "security" not in described["paths"]["/health"]["get"]


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    """The description is whole."""
    references = set(re.findall(r"#/components/schemas/(\w+)", str(described)))

    assert references
    assert references <= set(described["components"]["schemas"])


def test_two_operations_of_one_name_are_found() -> None:
    """A name used twice stops the service where it is put together."""
    twice = Router(prefix="/v1")

    async def show(caller: Reader) -> str:
        return caller.name

    twice.get("/a")(show)
    twice.get("/b")(show)

    with pytest.raises(ValueError, match="/v1/b: its function is called as that of /v1/a"):
        World([twice])


def test_page_loads_nothing_from_elsewhere() -> None:
    """All it is made of is here, and its one inline script carries the nonce."""
    with World() as world:
        page = world.get("/swagger-ui.html")
        names = re.findall(r'(?:src|href)="(swagger-ui/[^"]+)"', page.text)
        files = [world.get(f"/{name}") for name in names]
        other = world.get("/swagger-ui/swagger-editor-bundle.js")
        outside = world.get("/swagger-ui/..%2f__init__.py")

    (nonce,) = re.findall(r'<script nonce="([^"]+)">', page.text)
    assert "http" not in page.text.replace("http-equiv", "")
    assert f"'nonce-{nonce}'" in page.headers["content-security-policy"]
    assert 3 == len(files)
    assert all(one.status_code == 200 and len(one.content) > 1000 for one in files)
    assert [404, 404] == [other.status_code, outside.status_code]
