"""An upload by the API to a server that is killed in the midst of it, sent again with the same key: it is stored exactly once."""

import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from aboveline.store import Database, cases, trail, uploads
from service.running import Running, until
from service.sending import is_being_written, many, sending
from stored import ALL

KEY = "sent-again-after-a-crash"
MANY = 49 * 30


def stored(database: Database) -> int:
    """Return how many uploads are stored."""
    with database.reading() as session:
        return len(uploads.page(session, ALL, "MANAGER").items)


@pytest.mark.parametrize("when", ["as it is sent", "as it is kept", "as it is answered"])
def test_upload_sent_again_with_its_key_is_stored_once(
    url: str, database: Database, tmp_path: Path, when: str
) -> None:
    """What was kept when nobody had been told is told then, and what was not is kept whole; another body is refused."""
    content = many(30)
    with Running(url, tmp_path) as running:
        server = running.serve("--no-worker")
        with httpx2.Client(base_url=running.url, timeout=60, trust_env=False) as client:
            head = {"idempotency-key": KEY, "content-type": "application/x-ndjson"} | running.bearer(
                "MANAGER"
            )
            request = client.build_request("POST", "/v1/uploads", content=content, headers=head)
            body = content[: len(content) // 2] if when == "as it is sent" else content
            with closing(sending(request, body)):
                match when:
                    case "as it is sent":
                        time.sleep(0.3)  # until what was sent has come in
                    case "as it is kept":
                        until(lambda: is_being_written(url), "an upload being kept")
                    case _:
                        until(lambda: stored(database), "an upload that is kept")
                server.kill()
                assert -9 == server.wait()
        kept = stored(database)
        running.serve("--no-worker")
        with httpx2.Client(base_url=running.url, timeout=60, trust_env=False) as client:
            head |= running.bearer("MANAGER")  # the identity has another key since
            again, once_more = [client.post("/v1/uploads", content=content, headers=head) for _ in range(2)]
            other = client.post("/v1/uploads", content=many(1), headers=head)

    was_kept = when == "as it is answered"
    assert was_kept == kept
    assert (200 if was_kept else 201, 200, 409) == tuple(one.status_code for one in (again, once_more, other))
    assert (was_kept, True) == (again.json()["repeated"], once_more.json()["repeated"])
    assert again.json()["id"] == once_more.json()["id"]
    assert (MANY, 0, 0, 0) == tuple(
        again.json()[name] for name in ("new", "changed", "unchanged", "rejected")
    )
    with database.reading() as session:
        (one,) = uploads.page(session, ALL, "MANAGER").items
        assert again.json()["id"] == one.id
        assert MANY == cases.count(session, ALL)
        assert 1 == [entry.what for entry in trail.entries(session, limit=1000)].count("upload_stored")
        assert trail.verify(session) is None
