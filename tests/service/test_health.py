"""How the service is, what it is, and its metrics."""

import pytest

import aboveline
from service.world import World, settings_of


def test_service_is_up_with_its_database() -> None:
    """Where the database answers and its tables are those expected, all is up."""
    with World() as world:
        answer = world.get("/health")

    up = {"status": "UP"}
    assert 200 == answer.status_code
    assert {"status": "UP", "components": {"database": up, "databaseSchema": up}} == answer.json()


@pytest.mark.parametrize("path", ["/health", "/health/readiness"])
@pytest.mark.parametrize(("reachable", "current"), [(False, True), (True, False)])
def test_service_is_down_without_its_database(path: str, reachable: bool, current: bool) -> None:
    """Where the database does not answer, or has other tables, the service says it is down."""
    with World() as world:
        world.store.reachable, world.store.current = reachable, current
        answer = world.get(path)

    assert (503, "DOWN") == (answer.status_code, answer.json()["status"])
    assert {"status": "UP" if reachable else "DOWN"} == answer.json()["components"]["database"]
    assert {"status": "DOWN"} == answer.json()["components"]["databaseSchema"]


@pytest.mark.parametrize("path", ["/health/ping", "/health/liveness"])
def test_process_is_alive_whatever_its_database_does(path: str) -> None:
    """A restart would not mend the database, so the probes that lead to one do not ask it."""
    with World() as world:
        world.store.reachable = False
        answer = world.get(path)

    assert (200, "UP") == (answer.status_code, answer.json()["status"])


def test_probe_knows_but_an_address() -> None:
    """Health answers to whatever host name it is asked by; the description does not."""
    with World() as world:
        health = world.get("/health", headers={"host": "10.0.0.7:8000"})
        docs = world.get("/v3/api-docs", headers={"host": "evil.example"})
        port = world.get("/v3/api-docs", headers={"host": "127.0.0.1:9999"})
        part = world.get("/v3/api-docs", headers={"host": "0.0.1:8000"})

    assert 200 == health.status_code
    assert (421, "MISDIRECTED") == (docs.status_code, docs.json()["errorCode"])
    assert [421, 421] == [port.status_code, part.status_code]


def test_info_tells_what_was_built() -> None:
    """The name, the version, and the product's number in the estate."""
    with World(settings=settings_of(product_id="HMPPS123", build_number="7", git_ref="abc")) as world:
        told = world.get("/info").json()

    build = {"name": "aboveline", "version": aboveline.__version__, "number": "7", "gitRef": "abc"}
    assert {"build": build, "productId": "HMPPS123"} == told


def test_metrics_are_shown_to_who_shows_the_token() -> None:
    """Without the token there are none; in production there are none at all where no token is set."""
    with World(settings=settings_of(metrics_token="scrape")) as world:
        assert 404 == world.get("/metrics").status_code
        assert 404 == world.get("/metrics", headers={"authorization": "Bearer scrap"}).status_code
        shown = world.get("/metrics", headers={"authorization": "Bearer scrape"})
    with World(settings=settings_of(environment="production")) as world:
        assert 404 == world.get("/metrics").status_code
        assert 404 == world.get("/metrics", headers={"authorization": "Bearer "}).status_code

    assert 200 == shown.status_code
    assert 'aboveline_requests_total{method="GET",route="/metrics",status="404"} 2.0' in shown.text
