"""The service on SQLite and on PostgreSQL: the same answers, and many who work in it at once."""

import asyncio
import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from aboveline.audit import audit
from aboveline.case import read_cases
from aboveline.impact import assess
from aboveline.rulebook import load_rulebook
from aboveline.service.clock import SystemClock
from aboveline.service.worker import Worker
from aboveline.store import AreaScope, Database, audits, cases, judgements, trail, uploads
from service.drafts import draft, laid_out, shipped
from service.office import CASES, Office, day, told

EVERYTHING = AreaScope.everything()
MANY = 16


@pytest.fixture
def both(url: str) -> Iterator[Office]:
    """Return the whole service on a database of either kind."""
    with Database.open(url) as database:
        database.migrate()
        with Office(database) as made:
            yield made


def test_journey_gives_the_engines_own_answers(both: Office) -> None:
    """Upload, audit, dashboard, download, override: the result has the bytes of the command line's, on either."""
    both.sign_in("ADMIN")
    both.upload()
    address = both.audit()
    here = both.get(f"{address}/report.json?cases=ids").text
    there = audit(read_cases([CASES]), load_rulebook(), dt.date(2013, 12, 2)).to_json()
    key = both.get("/cases").text.split('href="/cases/')[1].split('"')[0]
    form = {"answer": "not_applicable", "reason": "Another court's."}
    override = both.send(f"/cases/{key}/questions/AS-01/override", form | day("holds", "2026-03-02"))
    judged = both.send(f"{address}/cases/{key}/questions/AS-01/override", form | day("holds", "2013-12-02"))
    beside = both.get(f"{address}/report.json?cases=ids&judgements=with").text

    assert there == here
    assert "49 cases audited" in told(both.get("/").text)
    assert (303, 303) == (override.status_code, judged.status_code)
    assert 1 == beside.count("Another court's.")
    assert "Another court's." in told(both.get(f"/cases/{key}/questions/AS-01").text)
    both.send("/trail", {}, to="/trail/verify")
    assert "Every entry up to" in told(both.get("/trail").text)


def test_impact_of_a_draft_is_the_engines_own(both: Office, tmp_path: Path) -> None:
    """Sent by its form, tried by a worker in a process of its own: the bytes that the engine gives, on either."""
    path, text = draft()
    both.sign_in("ADMIN")
    both.upload()
    form = {"label": "Sooner", "base": "shipped", "text": text, "path": ""}
    form |= {"standards": "report-2014", "average": "questions"}
    form |= {"as_of-year": "2013", "as_of-month": "12", "as_of-day": "2"}
    sent = both.send("/impact", form, files={"file": ("", b"")})
    both.work()
    here = both.get(f"/v1{sent.headers['location']}/result?cases=ids", by="ADMIN").text
    after = load_rulebook(laid_out(tmp_path / "rules", shipped() | {path: text}))
    there = assess(lambda: read_cases([CASES]), load_rulebook(), after, dt.date(2013, 12, 2))

    assert there.moved
    assert there.to_json() == here


def test_many_upload_judge_and_ask_for_audits_at_once(both: Office) -> None:
    """16 clients, then three workers: nothing is lost, nothing is doubled, and the trail is whole."""
    lines = CASES.read_bytes().splitlines()
    head = {"authorization": f"Bearer {both.token('ADMIN')}"}
    form = {"as_of-year": "2013", "as_of-month": "12", "as_of-day": "2", "areas": "*"}
    form |= {"standards": "report-2014", "average": "questions"}

    def at_once(*asked: tuple[str, dict[str, Any]]) -> list[httpx2.Response]:
        async def go() -> list[httpx2.Response]:
            return list(
                await asyncio.gather(*(both._client.post(path, headers=head, **more) for path, more in asked))
            )

        return both._loop.run(go())

    sent = at_once(
        *(
            (
                "/uploads/new",
                {"data": {"label": f"No. {n}"}, "files": {"file": ("x.jsonl", lines[n] + b"\n" + lines[0])}},
            )
            for n in range(MANY)
        )
    )
    keys = [both.app.state.desk.keys.of(str(json.loads(line)["case"])) for line in lines[:MANY]]
    mixed = at_once(
        *(
            (
                f"/cases/{key}/questions/AS-01/override",
                {"data": {"answer": answer, "reason": f"Because {n}"} | day("holds", "2026-03-02")},
            )
            for n, key in enumerate(keys)
            for answer in ("not_applicable", "sufficient", "insufficient")
        ),
        *(("/audits/start", {"data": form}) for _ in range(MANY)),
    )
    workers = [Worker(both.database, SystemClock()) for _ in range(3)]
    threads = [threading.Thread(target=_until_done, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [303] * MANY == [one.status_code for one in sent]
    overridden = [one for one in mixed[: MANY * 3] if one.status_code == 303]
    assert {303, 422} >= {one.status_code for one in mixed[: MANY * 3]}  # 422: that is the computed answer
    assert [303] * MANY == [one.status_code for one in mixed[MANY * 3 :]]
    with both.database.reading() as session:
        stored = uploads.page(session, EVERYTHING, "ADMIN").items
        done = audits.page(session, EVERYTHING, state=audits.State.DONE).items
        assert MANY == cases.count(session, EVERYTHING)
        assert (MANY, MANY) == (len(stored), sum(one.new for one in stored))
        assert len(overridden) == len(judgements.page(session, EVERYTHING, limit=1000).items)
        assert MANY == len({one.id for one in done})
        kept = [one.what for one in trail.entries(session, limit=1000)]
        assert MANY == kept.count("audit_result_kept")
        assert trail.verify(session) is None


def _until_done(worker: Worker) -> None:
    while worker.once():
        pass
