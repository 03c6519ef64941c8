"""One error shape: RFC 9457 with the estate's members, whatever went wrong, and nothing of what was sent."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from aboveline.service.problems import ProblemDocument
from aboveline.store import Database
from service.canaries import watched
from service.office import Office
from service.sample import pages, router
from service.world import World

THING = {"name": "a", "size": 1}


def ask_wrongly(world: World) -> dict[int, httpx2.Response]:
    """Return an answer of each kind of error."""
    big = b'{"name": "' + b"a" * (1024 * 1024) + b'"}'
    json = {"content-type": "application/json"}
    answers = [
        world.post("/v1/things", by="ADMIN", content=b"{", headers=json),
        world.get("/v1/things"),
        world.get("/v1/things", by="NOBODY"),
        world.get("/v1/nothing", by="ADMIN"),
        world.ask("PUT", "/v1/things", by="ADMIN"),
        world.post("/v1/things", by="ADMIN", content=big, headers=json),
        world.post("/v1/things", by="ADMIN", content=b"name=a", headers={"content-type": "text/plain"}),
        world.get("/v1/things", by="ADMIN", headers={"host": "evil.example"}),
        world.post("/v1/things", by="ADMIN", json={}),
        world.post("/v1/things/1/judgements", by="ADMIN", json=THING),
    ]
    with watched():
        answers += [world.get("/v1/things", by="READER") for _ in range(61)]
    world.clock.go_on(hours=2)
    world.provider.cut = True
    answers.append(world.get("/v1/things", by="ADMIN"))
    return {one.status_code: one for one in answers}


def test_every_error_has_one_shape() -> None:
    """Each kind of error is a problem document with the estate's members and the correlation id."""
    with World([router]) as world:
        answers = ask_wrongly(world)

    assert {400, 401, 403, 404, 405, 413, 415, 421, 422, 429, 500, 503} == {
        status for status in answers if status >= 400
    }
    for status, answer in answers.items():
        if status < 400:
            continue
        body: dict[str, Any] = answer.json()
        assert "application/problem+json" == answer.headers["content-type"]
        assert ProblemDocument.model_validate_json(answer.text)
        assert (status, status) == (body["status"], answer.status_code)
        assert answer.headers["x-correlation-id"] == body["correlationId"]
        assert body["userMessage"] == body["detail"]
        assert {"type", "title", "errorCode", "developerMessage"} < set(body)


def test_error_says_what_to_do_next() -> None:
    """The headers that go with a status are there."""
    with World([router]) as world:
        answers = ask_wrongly(world)

    assert "Bearer" == answers[401].headers["www-authenticate"]
    assert "POST" in answers[405].headers["allow"] or "GET" in answers[405].headers["allow"]
    assert 1 <= int(answers[429].headers["retry-after"]) <= 60
    assert "60" == answers[503].headers["retry-after"]


def test_wrong_values_are_named_by_place_and_not_repeated() -> None:
    """Each part that is wrong, by its path; an unknown name or key is shown as a question mark."""
    sent = {"name": "kanarie" * 9, "size": "kanarie", "notes": {"kanarie": 1}, "kanarie": 1}
    with World([router]) as world:
        answer = world.post("/v1/things", by="ADMIN", json=sent)
        query = world.get("/v1/things?most=kanarie", by="ADMIN")

    errors = {(one["path"], one["code"]) for one in answer.json()["errors"]}
    assert {
        ("body.name", "string_too_long"),
        ("body.size", "int_type"),
        ("body.notes.?", "string_type"),
        ("body.?", "extra_forbidden"),
    } == errors
    assert ["query.most"] == [one["path"] for one in query.json()["errors"]]
    assert "kanarie" not in answer.text + query.text


def test_words_of_a_check_of_ours_are_not_repeated() -> None:
    """A check may put what was sent into its words; only words known to hold none of it are passed on."""
    with World([router]) as world:
        answer = world.post("/v1/things", by="ADMIN", json={"name": "a", "size": 1, "colour": "kanarie"})

    (error,) = answer.json()["errors"]
    assert ("value_error", "This cannot be used.") == (error["code"], error["reason"])
    assert "kanarie" not in answer.text


def test_unexpected_error_tells_nothing_of_itself() -> None:
    """Its words, which hold what was sent, are in neither the answer nor the log; where it arose is in the log."""
    with World([router]) as world, watched() as log:
        answer = world.post("/v1/things/1/judgements", by="ADMIN", json={"name": "kanarie", "size": 1})

    (event,) = log.named("unexpected")
    assert (500, "UNEXPECTED") == (answer.status_code, answer.json()["errorCode"])
    assert "ValueError" == event["error"]
    assert any("service.sample" in place for place in event["where"])  # type: ignore[attr-defined]
    assert answer.headers["x-correlation-id"] == event["correlation_id"] == answer.json()["correlationId"]
    assert "kanarie" not in answer.text + log.text


def test_answer_that_breaks_off_does_not_pass_for_whole() -> None:
    """Where half of it is sent, the connection breaks, and the log does not say why in words of others."""
    with (
        World([router]) as world,
        watched() as log,
        pytest.raises(RuntimeError, match="could not be finished") as error,
    ):
        world.get("/v1/things/broken/stream", by="READER")

    assert error.value.__cause__ is None
    assert error.value.__suppress_context__
    assert 1 == len(log.named("unexpected"))
    assert "something of" not in log.text


def test_browser_gets_a_page_where_there_is_one() -> None:
    """An error on a page is a page, of the same status; a program gets the document all the same."""

    def error_page(_request: Request, document: ProblemDocument) -> Response:
        return HTMLResponse(f"<h1>{document.userMessage}</h1>")

    html = {"accept": "text/html,*/*"}
    with World([router, pages], error_page=error_page) as world:
        world.sign_in("NOBODY")
        page = world.get("/things/1", headers=html)
        lost = world.get("/nowhere", headers=html)
        program = world.get("/v1/things", by="NOBODY", headers=html)

    assert (403, "<h1>You do not have permission to do this.</h1>") == (page.status_code, page.text)
    assert (404, "text/html; charset=utf-8") == (lost.status_code, lost.headers["content-type"])
    assert "application/problem+json" == program.headers["content-type"]


def test_database_that_others_write_to_for_long_is_unavailable_and_not_a_conflict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: whoever waited in vain is told to come back, and has done nothing wrong."""
    monkeypatch.setattr("aboveline.store.database.PATIENCE", 0)
    url = f"sqlite:///{tmp_path / 'aboveline.db'}"
    plan = {"text": "See victims.", "owner": "Team A", "areas": ["YRK"]}
    with Database.open(url) as database:
        database.migrate()
        with Office(database) as office:
            with Database.open(url) as other, other.begin():
                busy = office.post("/v1/actions", by="MANAGER", json=plan)
            after = office.post("/v1/actions", by="MANAGER", json=plan)

    assert (503, "UNAVAILABLE", "60") == (
        busy.status_code,
        busy.json()["errorCode"],
        busy.headers["retry-after"],
    )
    assert 201 == after.status_code
