"""What a draft of the rules would do: sent, read, tried by a worker, told. It is data, whatever is in it."""

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from aboveline.service import tasks
from aboveline.service.work import drafting
from aboveline.service.work.apart import BrokenError, TooLargeError, TooLongError, apart
from aboveline.service.worker import LEASE, Worker
from aboveline.store import Act, Database, cases, drafts, impacts, jobs, retention, trail
from aboveline.store.states import State
from command import run
from service.api import AS_OF, send_cases
from service.canaries import Canary, watched
from service.drafts import BOMB, draft, laid_out, shipped, zipped
from service.office import CASES, Office
from service.strange import Eats, Ends, Loses, Raises, Says, Turns
from stored import ALL, act_at

PATH, TEXT = draft()


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return the service with the sample uploaded, for tests that only send drafts to it."""
    with Database.open(f"sqlite:///{tmp_path_factory.mktemp('stocked') / 'aboveline.db'}") as database:
        database.migrate()
        with Office(database) as office:
            send_cases(office)
            yield office


@pytest.fixture
def few(office: Office) -> Office:
    """Return the service with five cases, of which two are of York."""
    # Those with the most appointments: what would never be done is not done on them either.
    lines = sorted(CASES.read_bytes().splitlines(), key=lambda one: -one.count(b'"appointment-'))
    york = [one for one in lines if json.loads(one)["area"]["ldu"] == "YRK"][:2]
    others = [one for one in lines if json.loads(one)["area"]["ldu"] != "YRK"][:3]
    send_cases(office, b"\n".join([*others, *york]))
    return office


def send(office: Office, files: dict[str, str] | None = None, **more: Any) -> httpx2.Response:
    """Send a draft, by default one that moves answers."""
    office.clock.go_on(seconds=1)
    asked = {"files": files or {PATH: TEXT}, "base": "shipped", "as_of": AS_OF} | more
    return office.post("/v1/impact", by="ADMIN", json=asked)


def tried(office: Office, sent: httpx2.Response) -> dict[str, Any]:
    """Have a draft tried, and return how it is told of."""
    assert 202 == sent.status_code, sent.text
    office.work()
    told: dict[str, Any] = office.get(sent.headers["location"], by="ADMIN").json()
    return told


def whats(database: Database, draft_id: str) -> list[str]:
    """Return what the trail says of a draft, the earliest first."""
    with database.reading() as session:
        assert trail.verify(session) is None
        return [one.what for one in reversed(trail.of_subjects(session, [draft_id]))]


@pytest.mark.parametrize("how", ["whole", "zip"])
def test_impact_over_http_is_that_of_the_command_line(stocked: Office, tmp_path: Path, how: str) -> None:
    """Sent whole, or as a zip of the files that change: to the byte what ``aboveline impact`` says of the same cases."""
    if how == "zip":
        sent = stocked.post(
            f"/v1/impact/zip?as_of={AS_OF}&base=shipped",
            by="ADMIN",
            content=zipped({PATH: TEXT, "victims/VW-01.cases.yaml": "a case that is not kept"}),
            headers={"content-type": "application/zip"},
        )
    else:
        sent = send(stocked, shipped() | {PATH: TEXT}, base="nothing")
    told = tried(stocked, sent)
    answer = stocked.get(f"{sent.headers['location']}/result?cases=ids", by="ADMIN")
    files = stocked.get(f"{sent.headers['location']}/files", by="ADMIN").json()["files"]
    old = laid_out(tmp_path / "old", shipped())
    new = laid_out(tmp_path / "new", shipped() | {PATH: TEXT})
    wanted = run("impact", "--rules", old, new, CASES, "--as-of", AS_OF, "--format", "json").stdout

    assert json.loads(wanted)["moved"]
    assert wanted == answer.text
    assert ("done", 49, json.loads(wanted)["rulebook_after"]) == (
        told["state"],
        told["cases"],
        told["rulebook"],
    )
    assert (TEXT, "victims/VW-01.cases.yaml" in files) == (files[PATH], False)


def test_draft_is_told_from_sending_to_result(few: Office) -> None:
    """Where it is, how far, and the same result until a case is erased; the trail has it all and nothing of its text."""
    sent = send(few, label="Stricter")
    location = sent.headers["location"]
    early = few.get(f"{location}/result", by="ADMIN")
    told = tried(few, sent)
    result = few.get(f"{location}/result", by="ADMIN")
    again = few.get(f"{location}/result", by="ADMIN", headers={"if-none-match": result.headers["etag"]})
    listed = few.get("/v1/impact", by="ADMIN").json()["items"]

    assert (202, "queued", "Stricter", "ADMIN") == (
        sent.status_code,
        sent.json()["state"],
        told["label"],
        told["who"],
    )
    assert (409, 200, 304) == (early.status_code, result.status_code, again.status_code)
    assert [told] == listed
    assert ["draft_sent", "draft_running", "draft_done", "draft_impact_kept"] == whats(
        few.database, told["id"]
    )
    assert not re.search("YNY-", result.text)  # pseudonyms, unless ids are asked for
    moved = few.get(f"{location}/result?cases=ids", by="ADMIN").json()["moved"]
    with few.database.begin() as session:
        retention.erase(session, act_at(1, "ADMIN"), ALL, moved[0]["case"])
    later = few.get(f"{location}/result?cases=ids", by="ADMIN")
    assert moved[0]["case"] not in later.text
    assert 1 == few.get(location, by="ADMIN").json()["erased"]
    assert few.get(f"{location}/result", by="ADMIN").headers["etag"] != result.headers["etag"]


def test_draft_is_tried_on_cases_of_the_senders_areas(few: Office) -> None:
    """As they stood when it was sent; somebody with fewer areas does not find it."""
    token = few.token("READER", authorities=["ROLE_ABOVELINE__ADMIN"])
    york = {"authorization": f"Bearer {token}"}
    own = few.post(
        "/v1/impact", headers=york, json={"files": {PATH: TEXT}, "base": "shipped", "as_of": AS_OF}
    )
    other = send(few)
    few.work()

    assert ["YRK"] == own.json()["areas"]
    assert 2 == few.get(own.headers["location"], headers=york).json()["cases"]
    assert 404 == few.get(other.headers["location"], headers=york).status_code
    assert [own.json()["id"]] == [one["id"] for one in few.get("/v1/impact", headers=york).json()["items"]]
    assert 200 == few.get(own.headers["location"], by="ADMIN").status_code


@pytest.mark.parametrize("who", ["READER", "MANAGER", "ASSESSOR_1"])
def test_only_administrators_send_drafts(stocked: Office, who: str) -> None:
    """Nor do others see what drafts there are."""
    assert 403 == stocked.post("/v1/impact", by=who, json={"files": {PATH: TEXT}}).status_code
    assert 403 == stocked.get("/v1/impact", by=who).status_code


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"../framework.yaml": "x"},
        {"/etc/passwd": "x"},
        {"victims/__init__.py": "print(1)"},
        {"a/b/c.yaml": "x"},
        {"victims/.hidden.yaml": "x"},
        {"A.yaml": "x", "a.yaml": "x"},
        {"A.yaml\n": "x"},
        {"victims\\VW-01.yaml": "x"},
        {"victims/VW-01.cases.yaml": "x"},
    ],
    ids=["none", "above", "absolute", "code", "deep", "hidden", "twice", "line", "backslash", "cases"],
)
def test_draft_with_a_name_that_rules_do_not_have_is_refused(stocked: Office, files: dict[str, str]) -> None:
    """In JSON and in a zip: nothing is written anywhere."""
    answer = stocked.post("/v1/impact", by="ADMIN", json={"files": files})
    packed = stocked.post("/v1/impact/zip", by="ADMIN", content=zipped(files))

    assert (422, 422) == (answer.status_code, packed.status_code)


def test_draft_that_is_no_rule_is_refused_and_not_run(stocked: Office) -> None:
    """Every problem of every file is told with its line and the nearest name, and nothing of this machine; nothing is kept."""
    nine = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    wrong = {
        "victims/A.yaml": ("!!python/object/apply:os.system ['true']", "keys and values"),
        "victims/B.yaml": ("a: &a [x]\nb: [*a, *a]", "aliases"),
        "victims/C.yaml": ("a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + nine, "aliases"),
        "victims/D.yaml": ("{{{{", "not YAML"),
        "victims/E.yaml": ("[" * 5000, "YAML"),
        "victims/F.yaml": ("id: VW-99\nid: 2", "stands twice"),
        PATH: (TEXT.replace("status:", "statsu:"), "did you mean 'status'"),
    }
    answer = send(stocked, {path: text for path, (text, _) in wrong.items()})
    broken = stocked.post(
        "/v1/impact",
        by="ADMIN",
        content=json.dumps({"files": {PATH: "\ud800"}, "base": "shipped"}),
        headers={"content-type": "application/json"},
    )

    assert (422, "UNFIT_DRAFT") == (answer.status_code, answer.json()["errorCode"])
    assert broken.status_code in {400, 422}
    assert "/tmp" not in answer.text  # noqa: S108 - it is what must not be told
    for path, (_, said) in wrong.items():
        assert any(
            one["path"].partition(":")[0] == path and said in one["reason"] for one in answer.json()["errors"]
        ), path
    assert "No" not in [one["label"] for one in stocked.get("/v1/impact", by="ADMIN").json()["items"]]


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"PK\x03\x04nothing",
        zipped({"A.yaml": " " * (2 * 1024 * 1024 + 1)}),
        zipped({f"A{n}.yaml": "" for n in range(1001)}),
    ],
    ids=["empty", "broken", "bomb", "many"],
)
def test_zip_that_is_none_or_too_large_is_refused(stocked: Office, packed: bytes) -> None:
    """However small it came."""
    assert 422 == stocked.post("/v1/impact/zip", by="ADMIN", content=packed).status_code


def test_draft_that_takes_too_long_to_read_is_refused(
    stocked: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A huge list is read in a process that is ended; the service answers, and nothing is left of it."""
    monkeypatch.setattr(drafting, "SECONDS_TO_READ", 3.0)
    began = time.monotonic()
    answer = stocked.post(
        "/v1/impact/zip?base=shipped", by="ADMIN", content=zipped({PATH: "- [" + "a, " * 600_000 + "a]"})
    )

    assert (422, "UNFIT") == (answer.status_code, answer.json()["errorCode"])
    assert "longer than 3 seconds" in answer.json()["userMessage"]
    assert time.monotonic() - began < 20


def test_draft_that_would_never_be_done_is_stopped_at_its_limit(few: Office) -> None:
    """No word of it is wrong. The worker goes on with what is next."""
    bomb, after = send(few, {PATH: BOMB}), send(few)
    worker = Worker(few.database, few.clock, limit=dt.timedelta(seconds=8))
    began = time.monotonic()

    assert worker.once()
    assert 7 < time.monotonic() - began < 30
    told = few.get(bomb.headers["location"], by="ADMIN").json()
    assert "failed" == told["state"]
    assert "longer than 8 seconds" in told["reason"]
    assert ["draft_sent", "draft_running", "draft_failed"] == whats(few.database, told["id"])
    assert "done" == tried(few, after)["state"]


def test_only_so_many_drafts_of_one_person_wait(few: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is refused; stopping one makes room."""
    monkeypatch.setattr(drafting, "MOST_WAITING", 1)
    first = send(few)
    second = send(few)
    stopped = few.post(f"{first.headers['location']}/stop", by="ADMIN")
    again = few.post(f"{first.headers['location']}/stop", by="ADMIN")
    third = send(few)

    assert (202, 409, 202) == (first.status_code, second.status_code, third.status_code)
    assert ("failed", "It was stopped.", 409) == (
        stopped.json()["state"],
        stopped.json()["reason"],
        again.status_code,
    )
    few.work()
    assert ["failed", "done"] == [
        few.get(one.headers["location"], by="ADMIN").json()["state"] for one in (first, third)
    ]


def test_worker_that_is_told_to_stop_hands_its_draft_back(few: Office) -> None:
    """It waits for another worker, and has lost none of its attempts; its process has ended."""
    sent = send(few, {PATH: BOMB})
    worker = Worker(few.database, few.clock)
    worker.stop()
    worker.once()
    with few.database.reading() as session:
        job = jobs.of_subject(session, drafting.KIND, sent.json()["id"])
        assert job is not None
        assert (jobs.JobState.QUEUED, 0) == (job.state, job.attempts)
        assert State.QUEUED is drafts.get(session, ALL, sent.json()["id"]).state


def test_draft_survives_a_worker_that_is_killed(few: Office, tmp_path: Path) -> None:
    """A real process, killed while it tries one: another does so when the lease has run out, and nothing is doubled."""
    bomb, sent = send(few, {PATH: BOMB}), send(few)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ABOVELINE_")}
    command = [sys.executable, "-c", "from aboveline.cli import main; main()", "work", "--database"]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen([*command, few.database.url], env=environment, stderr=log) as killed,
    ):
        until = time.monotonic() + 60
        while not (apart_of := children(killed.pid)):
            assert time.monotonic() < until, (tmp_path / "log").read_text(encoding="utf-8")
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    until = time.monotonic() + 20
    while any(Path(f"/proc/{one}").exists() for one in apart_of):  # nothing of it goes on
        assert time.monotonic() < until
        time.sleep(0.1)
    drafting.stop(few.app.state.desk, act_at(0, "ADMIN"), ALL, bomb.json()["id"])
    few.clock.at = dt.datetime.now(dt.UTC) + LEASE + dt.timedelta(seconds=1)
    told = tried(few, sent)

    assert ("done", 5) == (told["state"], told["cases"])
    assert 1 == whats(few.database, told["id"]).count("draft_impact_kept")
    assert "failed" == few.get(bomb.headers["location"], by="ADMIN").json()["state"]


def test_draft_whose_worker_died_is_tried_again(few: Office) -> None:
    """The first said nothing more; the second does it, once."""
    sent = send(few)
    with few.database.begin() as session:
        act = Act("worker", few.clock.now(), "")
        assert jobs.claim(session, act, "dead", LEASE, [drafting.KIND])
        drafts.move(session, act, sent.json()["id"], State.RUNNING)
    assert 0 == few.work()
    few.clock.go_on(seconds=LEASE.total_seconds() + 1)

    assert "done" == tried(few, sent)["state"]
    assert 1 == whats(few.database, sent.json()["id"]).count("draft_impact_kept")


def test_words_of_an_error_are_told_nobody(few: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """They can hold what is recorded: the log has where it arose, and the draft's page has nothing."""
    sent = send(few)
    monkeypatch.setattr(tasks, "Try", lambda *_: Raises("kanarie"))
    told = tried(few, sent)

    assert "failed" == told["state"]
    assert "kanarie" not in json.dumps(told)


def test_nothing_of_a_draft_gets_into_log_or_metrics(few: Office) -> None:
    """Not its text, its label, its paths or what is wrong with it; the trail has ids and hashes."""
    canary = Canary()
    value = canary.value
    with watched() as log:
        text = f"{TEXT}# {value('comment')}\n"
        sent = send(few, {PATH: text, f"victims/{value('path')}.yaml": text}, label=value("label"))
        wrong = send(few, {PATH: f"{TEXT}{value('key')}: x\n"})
        named = send(few, {PATH: text}, label=value("label"))
        bomb = send(few, {PATH: BOMB.replace("Appointments were", value("finding"))})
        worker = Worker(few.database, few.clock, limit=dt.timedelta(seconds=6))
        while worker.once():
            pass
        metrics = few.get("/metrics").text
    with few.database.reading() as session:
        told = repr(trail.entries(session, limit=1000))

    assert [422, 422, 202, 202] == [one.status_code for one in (sent, wrong, named, bomb)]
    assert [] == canary.sweep(log, metrics)
    assert [] == canary.found_in(told)
    assert [named.json()["id"], bomb.json()["id"]] == [one["draft"] for one in log.named("impact_begun")]


def test_draft_whose_process_lost_the_database_is_left_for_another_worker(
    few: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has not failed: when the lease has run out it is tried again."""
    sent = send(few)
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "Try", lambda *_: Loses())
        assert Worker(few.database, few.clock).once()
    assert "running" == few.get(sent.headers["location"], by="ADMIN").json()["state"]
    few.clock.go_on(seconds=LEASE.total_seconds() + 1)

    assert "done" == tried(few, sent)["state"]


@pytest.mark.parametrize(
    ("work", "seconds", "error"),
    [
        (Turns(), 6.0, TooLongError),
        (Eats(), 90.0, TooLargeError),
        (Ends(), 90.0, BrokenError),
        (Raises("x"), 90.0, BrokenError),
    ],
    ids=["turns", "eats", "ends", "raises"],
)
def test_work_apart_is_ended(work: Any, seconds: float, error: type[Exception]) -> None:
    """Whatever it does, even what no thread could be made to leave; no process is left over."""
    before = children(os.getpid())
    with pytest.raises(error):
        apart(work, seconds)

    assert children(os.getpid()) <= before | resource_tracker(os.getpid())


def test_work_apart_tells_how_far_it_is() -> None:
    """And what comes of it is a text."""
    seen: list[int] = []

    assert "done" == apart(Says(("done", 3, 4)), 90.0, at=seen.append)
    assert [3, 4] == seen


def children(pid: int) -> set[int]:
    """Return the processes that a process started, and that go on."""
    found = set()
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = one.read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
        except OSError:  # it has ended
            continue
        if int(parent) == pid and state != "Z":
            found.add(int(one.parent.name))
    return found


def resource_tracker(pid: int) -> set[int]:
    """Return the process that watches over what others share: it stays."""
    return {one for one in children(pid) if b"resource_tracker" in Path(f"/proc/{one}/cmdline").read_bytes()}


def test_erased_meanwhile_is_in_no_impact(few: Office) -> None:
    """A case that is erased while its draft waits is neither tried nor listed."""
    sent = send(few)
    with few.database.begin() as session:
        one = cases.page(session, ALL).items[0].case
        retention.erase(session, act_at(5, "ADMIN"), ALL, one)
    told = tried(few, sent)

    with few.database.reading() as session:
        assert ("done", 4) == (told["state"], impacts.load(session, ALL, told["id"]).cases)
