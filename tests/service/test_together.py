"""Sixteen browsers at once upload, start audits and judge, with two workers: nothing is lost, doubled or mixed up."""

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from aboveline.store import Database, audits, cases, jobs, judgements, trail, uploads
from aboveline.store.schema import AuditAnswerRow, AuditResultRow
from service.office import CASES, told
from service.running import Browser, Running, until
from stored import ALL

MANY = 16
LINES = [json.loads(line) for line in CASES.read_bytes().splitlines()[:6]]
SHARED = 3


def cases_of(n: int) -> bytes:
    """Return what a browser uploads: three cases that all of them send, the same, and three of its own."""
    own = [line | {"case": f"{line['case']}-{n}"} for line in LINES[SHARED:]]
    return b"\n".join(json.dumps(line).encode() for line in LINES[:SHARED] + own)


def upload_and_audit(browser: Browser, n: int) -> tuple[str, str]:
    """Upload twice what is its own, ask for an audit, read the dashboard; return the addresses of upload and audit."""
    upload = browser.upload(cases_of(n), f"Upload {n}")
    again = told(browser.get(browser.upload(cases_of(n), f"Upload {n} again")).text)
    assert "6 records accepted, 0 rejected" in again
    audit = browser.start_audit()
    browser.get("/")
    return upload, audit


def judge(browser: Browser, n: int) -> tuple[str, str]:
    """Answer a question of a shared case differently, as everybody does at once; return the case and the reason."""
    page = browser.get("/cases").text
    case = re.findall(r'href="(/cases/[^/"?]+)"', page)[0]
    why = next(
        one
        for one in re.findall(rf'href="({case}/questions/[A-Z0-9-]+)"', unescape(browser.get(case).text))
        if "override" in browser.get(one).text
    )
    form = browser.get(f"{why}/override").text
    computed = re.findall(r"The computed answer <strong[^>]*>([^<]+)<", form)[0]
    today = dict(re.findall(r'name="(holds-[a-z]+)"[^>]*value="(\d+)"', form))
    other = "insufficient" if computed == "Sufficient" else "sufficient"
    reason = f"Reason {n}"
    said = {"answer": other, "reason": reason} | today
    assert why == browser.send(f"{why}/override", said).partition("?")[0]
    return case, reason


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)  # both, in one process, in test_both_databases
def test_many_at_once(url: str, database: Database, tmp_path: Path) -> None:
    """Half of them upload and audit while the other half judge; then all that came of it is counted."""
    with Running(url, tmp_path) as running:
        running.serve("--no-worker")
        running.work()
        running.work()
        with running.browser("MANAGER") as first:
            first.upload(cases_of(0), "First")
        gate = Barrier(MANY)

        def uploading(n: int) -> tuple[str, str]:
            with running.browser("MANAGER") as browser:
                gate.wait(60)
                return upload_and_audit(browser, n)

        def judging(n: int) -> tuple[str, str]:
            with running.browser(f"ASSESSOR_{n % 2 + 1}") as browser:
                gate.wait(60)
                return judge(browser, n)

        with ThreadPoolExecutor(MANY) as pool:
            half = range(1, MANY // 2 + 1)
            uploaded = [pool.submit(uploading, n) for n in half]
            judged = [pool.submit(judging, n) for n in half]
            made = [one.result() for one in uploaded]
            said = [one.result() for one in judged]
        until(lambda: all_done(database), "the end of every audit")
        assert '"status": 5' not in running.log

    asked = {audit.rpartition("/")[2] for _, audit in made}
    everything_is_there_once(database, asked, {reason for _, reason in said})


def all_done(database: Database) -> bool:
    """Tell whether nothing waits or is under way."""
    with database.reading() as session:
        many = jobs.count(session)
    assert 0 == many[jobs.JobState.FAILED]
    return not many[jobs.JobState.QUEUED] and not many[jobs.JobState.RUNNING]


def everything_is_there_once(database: Database, asked: set[str], reasons: set[str]) -> None:
    """See that each upload, audit and judgement is there once, and that the trail is whole and tells of each."""
    many = MANY // 2
    with database.reading() as session:
        assert SHARED + 3 * (many + 1) == cases.count(session, ALL)
        assert {1} == {one.version for one in cases.page(session, ALL, limit=1000).items}
        kept = uploads.page(session, ALL, "MANAGER", limit=1000).items
        assert 1 + 2 * many == len(kept)
        assert SHARED + 3 * (many + 1) == sum(one.new for one in kept)
        assert 0 == sum(one.changed + one.rejected for one in kept)
        found = audits.page(session, ALL, limit=1000).items
        assert asked == {one.id for one in found}
        assert {audits.State.DONE} == {one.state for one in found}
        assert many == session.scalar(select(func.count()).select_from(AuditResultRow))
        answered = dict(
            session.execute(
                select(AuditAnswerRow.audit_id, func.count(AuditAnswerRow.case_id.distinct())).group_by(
                    AuditAnswerRow.audit_id
                )
            ).all()
        )
        assert {one.id: one.cases for one in found} == answered
        everyone = [
            said for n in range(SHARED) for said in judgements.of_case(session, ALL, LINES[n]["case"])
        ]
        assert reasons == {one.reason for one in everyone}
        assert many == len(everyone)
        assert trail.verify(session) is None
        what = Counter(one.what for one in trail.entries(session, limit=10_000))
    assert (1 + 2 * many, many, many) == (what["upload_stored"], what["job_queued"], what["job_begun"])
    assert (many, many) == (what["job_done"], what["judgement_made"] + what["override_made"])
