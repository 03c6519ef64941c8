"""The service as a process of its own, over loopback."""

import json
import os
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from re import findall

import httpx2

from service.process import Served

TESTS = Path(__file__).parents[1]


def test_browser_signs_in_over_real_connections(served: Served) -> None:
    """From a page by the identity provider and back, with cookies as a browser keeps them."""
    with httpx2.Client(follow_redirects=True) as browser:
        choice = browser.get(f"{served.url}/things/1")
        hidden = findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', choice.text)
        form = {name: unescape(value) for name, value in hidden}
        page = browser.post(str(choice.url.copy_with(query=None)), data=form | {"user_name": "READER"})
        token = findall(r'name="csrf_token" value="([^"]+)"', page.text)[0]
        sent = browser.post(
            f"{served.url}/things/1",
            data={"csrf_token": token, "note": "abc"},
            headers={"origin": served.url},
        )

    assert "Choose who to be" in choice.text
    assert f"{served.url}/things/1" == str(page.url)
    assert "READER 1 3" == sent.text


def test_answer_does_not_say_what_serves_it(served: Served) -> None:
    """No name and version for somebody to look up."""
    answer = httpx2.get(f"{served.url}/health")

    assert 200 == answer.status_code
    assert "server" not in answer.headers


def test_chunked_body_is_cut_off_at_the_limit(served: Served) -> None:
    """Somebody unknown sends without end: the server answers at once and hangs up."""
    head = b"POST /v1/things HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nTransfer-Encoding: chunked\r\n" % served.port
    answer = served.talk(
        head + b"Content-Type: application/json\r\n\r\n" + b"1000\r\n" + b" " * 4096 + b"\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 401")


def test_head_beyond_reason_is_refused(served: Served) -> None:
    """Headers have a limit before anything of ours sees them."""
    answer = served.talk(b"GET /health HTTP/1.1\r\nX-Long: " + b"a" * 100_000)

    assert answer.startswith(b"HTTP/1.1 4")


def test_two_lengths_are_one_too_many(served: Served) -> None:
    """A request that a proxy might read otherwise than we do is refused, not guessed at."""
    host = b"Host: 127.0.0.1:%d\r\n" % served.port
    both = served.talk(
        b"POST /v1/things HTTP/1.1\r\n" + host + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"
    )
    mixed = served.talk(
        b"POST /v1/things HTTP/1.1\r\n" + host + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
    )

    assert b"HTTP/1.1 4" == both[:10] == mixed[:10]


def test_forwarded_address_is_not_believed_unless_the_proxy_is_named(served: Served) -> None:
    """Whoever guesses cannot take another address for each guess."""
    with httpx2.Client(
        base_url=served.url
    ) as client:  # one for all: they must come faster than they are allowed
        answers = [
            client.get(
                "/v1/things",
                headers={"authorization": "Bearer a.b.c", "x-forwarded-for": f"198.51.100.{n}"},
            ).status_code
            for n in range(200)
        ]

    assert 401 == answers[0]
    assert 429 in answers


def test_log_of_the_process_is_json_and_has_no_paths(served: Served) -> None:
    """Each line is an event; a path and a query stand in none."""
    httpx2.get(f"{served.url}/v1/things/kanarie?q=kanarie")
    served.talk(b"KANARIE kanarie\r\n\r\n")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        text = served.log.read_text(encoding="utf-8")
        if "/v1/things/{thing_id}" in text:
            break
        time.sleep(0.05)

    events = [json.loads(line) for line in text.splitlines()]
    assert any(one["event"] == "development_identity" for one in events)
    assert any(one.get("route") == "/v1/things/{thing_id}" for one in events)
    assert "kanarie" not in text.lower()


def test_service_that_cannot_start_says_why_without_a_value() -> None:
    """In production without settings it ends at once, with all that is missing."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(TESTS),
        "ABOVELINE_ENVIRONMENT": "production",
    }
    done = subprocess.run(
        [sys.executable, "-m", "service.serving", "0"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 1 == done.returncode
    assert "ABOVELINE_DATABASE_URL is not set, and production needs it" in done.stderr
