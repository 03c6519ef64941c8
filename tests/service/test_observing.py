"""What can be seen of the service while it runs, and that none of it tells of a case."""

import logging
import re
import sys
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from aboveline.service.observing.correlation import correlation_id_from
from aboveline.service.observing.tracing import OpenTelemetry, Tracing, tracing_of
from aboveline.service.security.csrf import FIELD
from aboveline.service.settings import SettingsError
from service.canaries import Canary, watched
from service.sample import pages, router
from service.world import World, settings_of

GIVEN = "0b4f6d1c-1f8e-4c55-9a3b-2f3c9d8e7a61"


def test_request_is_logged_by_its_route() -> None:
    """Method, template, status and time, under the id of the request; not its path, nor its query."""
    with World([router]) as world, watched() as log:
        answer = world.get(
            "/v1/things/kanarie?most=kanarie", by="READER", headers={"x-correlation-id": GIVEN}
        )

    (event,) = log.named("request")
    assert {
        "method": "GET",
        "route": "/v1/things/{thing_id}",
        "status": 404,
        "correlation_id": GIVEN,
    }.items() <= (event.items())
    assert GIVEN == answer.headers["x-correlation-id"]
    assert "kanarie" not in log.text


@pytest.mark.parametrize("sent", [GIVEN, GIVEN.replace("-", ""), "4bf92f3577b34da6", GIVEN.upper()])
def test_well_formed_correlation_id_is_taken(sent: str) -> None:
    """A UUID, or hexadecimal as of traces."""
    assert sent.lower() == correlation_id_from(sent)


@pytest.mark.parametrize("sent", [None, "", "Ann Example", "a" * 65, "abc", GIVEN + "\n", "X123456"])
def test_other_correlation_id_is_replaced(sent: str | None) -> None:
    """Anything else could carry a name or a case number into every line."""
    made = correlation_id_from(sent)

    assert made != sent
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made)


def test_probes_do_not_fill_the_log() -> None:
    """They come every few seconds."""
    with World() as world, watched() as log:
        world.get("/health/ping")

    assert ["debug"] == [one["level"] for one in log.named("request")]


def test_metrics_know_routes_and_not_paths() -> None:
    """Unknown paths and made-up methods are one series each, however many there are."""
    with World([router]) as world:
        for number in range(20):
            world.get(f"/v1/things/{number}", by="ADMIN")
            world.get(f"/made/up/{number}")
            world.ask(f"KANARIE{number}", "/v1/things")
        text = world.app.state.guard.metrics.text().decode()

    series = re.findall(r"^aboveline_requests_total{(.*)} ", text, flags=re.MULTILINE)
    assert 3 < len(series) < 8
    assert "made" not in text
    assert "KANARIE" not in text
    assert 'method="GET",route="/v1/things/{thing_id}",status="200"' in text


def test_libraries_log_in_our_form_without_what_they_were_given() -> None:
    """What another library puts into its words, and what an exception says, is left out."""

    def fail() -> None:
        raise ValueError("kanarie")

    with watched() as log:
        logging.getLogger("uvicorn.error").warning("asked for %s", "kanarie")
        logging.getLogger("some.library").warning("kanarie")
        try:
            fail()
        except ValueError:
            logging.getLogger("some.library").exception("kanarie")
            structlog.get_logger().exception("failed")
        logging.getLogger("httpx2").info("HTTP Request: GET https://x.example/kanarie")

    assert [
        ("library_said", "uvicorn.error", "asked for %s", None),
        ("library_said", "some.library", None, None),
        ("library_said", "some.library", None, "ValueError"),
        ("failed", None, None, "ValueError"),
    ] == [tuple(one.get(name) for name in ("event", "logger", "said", "error")) for one in log.events]
    assert "kanarie" not in log.text


def test_traces_are_off_until_a_collector_is_set() -> None:
    """Nothing is followed, and nothing of it is imported by the service."""
    assert Tracing is type(tracing_of(settings_of(), "1"))


def test_span_has_the_template_and_nothing_of_the_request() -> None:
    """One span for each request, and an error does not put its words into it."""
    exporter = InMemorySpanExporter()
    with World([router], tracing=OpenTelemetry(exporter, "1")) as world:
        world.get("/v1/things/kanarie?q=kanarie", by="READER")
        world.post("/v1/things/kanarie/judgements", by="ADMIN", json={"name": "kanarie", "size": 1})

    spans = exporter.get_finished_spans()
    assert ["GET /v1/things/{thing_id}", "POST /v1/things/{thing_id}/judgements"] == [
        one.name for one in spans
    ]
    assert [404, 500] == [(one.attributes or {})["http.response.status_code"] for one in spans]
    assert "kanarie" not in "".join(one.to_json() for one in spans)


def test_collector_without_what_sends_to_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)

    with pytest.raises(SettingsError, match=r"aboveline\[telemetry\]"):
        tracing_of(settings_of(tracing_url="http://127.0.0.1:4318/v1/traces"), "1")


def test_what_is_sent_comes_out_nowhere_it_should_not() -> None:
    """Canaries in paths, queries, heads, cookies, bodies and tokens: none in logs, metrics, errors or headers."""
    canary = Canary()
    value = canary.value
    thing: dict[str, Any] = {"name": value("name"), "size": 1, "notes": {value("key"): value("note")}}
    with World([router, pages]) as world, watched() as log:
        world.sign_in("READER")
        head = {"origin": "http://127.0.0.1:8000"}
        answers = [
            world.get(f"/v1/things/{value('path')}?{value('parameter')}={value('query')}", by="READER"),
            world.get(
                f"/{value('lost')}", headers={"user-agent": value("agent"), "referer": value("referrer")}
            ),
            world.get("/v1/things", headers={"authorization": f"Bearer {value('token')}"}),
            world.get("/v1/things", headers={"cookie": f"aboveline={value('cookie')}"}),
            world.get("/v1/things", by="READER", headers={"x-correlation-id": value("correlation")}),
            world.get("/v1/things", by="READER", headers={"host": value("host")}),
            world.ask(value("method").upper(), "/v1/things", by="READER"),
            world.post("/v1/things", by="ADMIN", json=thing | {value("extra"): value("extra value")}),
            world.post("/v1/things", by="ADMIN", json=thing | {"size": value("not a number")}),
            world.post(
                "/v1/things",
                by="ADMIN",
                content=value("raw").encode(),
                headers={"content-type": "application/json"},
            ),
            world.post("/v1/things", by="ADMIN", content=b"a", headers={"content-type": value("kind")}),
            world.post("/v1/things/1/judgements", by="ADMIN", json=thing),
            world.post("/things/1", data={FIELD: value("csrf"), "note": value("form")}, headers=head),
            world.post(
                "/v1/things/uploads",
                by="ADMIN",
                content=value("packed").encode(),
                headers={"content-encoding": "gzip"},
            ),
            world.get(f"/login/callback?code={value('code')}&state={value('state')}"),
        ]
        metrics = world.get("/metrics").text

    assert all(one.is_error or one.status_code == 200 for one in answers)
    assert len(log.named("request")) > len(answers)
    assert 20 < len(canary.planted)
    assert [] == canary.sweep(log, metrics, answers)


def test_sweep_finds_what_comes_out() -> None:
    """The harness is no use if it finds nothing ever."""
    canary = Canary()
    with World([router]) as world, watched() as log:
        structlog.get_logger().info("told", name=canary.value("in the log"))
        answer = world.get("/health", headers={"x-correlation-id": GIVEN})
        answer.headers["x-told"] = canary.value("in a header")

    found = canary.sweep(log, canary.value("in the metrics"), [answer])

    assert ["log: in the log", "metrics: in the metrics", "GET 200 header: in a header"] == found
