"""An audit is asked for by the API, done by a worker, and read in every form and down to its cases."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from aboveline.store import Database
from command import run
from service.api import AS_OF, all_roles, audit_of, send_cases
from service.office import CASES, Office


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """Return the service with the sample audited, and the audit's id. Its tests only read."""
    with Database.open(f"sqlite:///{tmp_path_factory.mktemp('audited') / 'aboveline.db'}") as database:
        database.migrate()
        with Office(database) as office:
            send_cases(office)
            yield office, audit_of(office)


def test_result_is_what_the_command_line_writes(database: Database, tmp_path: Path) -> None:
    """The same bytes of JSON, from both databases."""
    there = tmp_path / "result.json"
    done = run("audit", CASES, "--as-of", AS_OF, "--format", "json", "-o", there)
    with Office(database) as office:
        send_cases(office)
        audit = audit_of(office)
        here = office.get(f"/v1/audits/{audit}/result.json?cases=ids", by="MANAGER")

    assert 0 == done.returncode, done.stderr
    assert there.read_bytes() == here.content


def test_audit_goes_from_queued_to_done(office: Office) -> None:
    """Where it is is told at once; then it has counts, and its tag is another."""
    send_cases(office)
    asked = office.post("/v1/audits", by="MANAGER", json={"as_of": AS_OF, "areas": ["YRK"], "by": []})
    address = asked.headers["location"]
    waiting = office.get(address, by="MANAGER")
    too_early = office.get(f"{address}/result", by="MANAGER")
    office.work()
    done = office.get(address, by="MANAGER")

    assert (202, "queued", asked.json()) == (asked.status_code, waiting.json()["state"], waiting.json())
    assert (409, "CONFLICT") == (too_early.status_code, too_early.json()["errorCode"])
    assert ("done", ["YRK"], AS_OF) == tuple(done.json()[name] for name in ("state", "areas", "as_of"))
    assert done.json()["cases"] == done.json()["progress"]["done"] > 0 or done.json()["cases"] > 0
    assert waiting.headers["etag"] != done.headers["etag"]


def test_audit_can_be_stopped_until_it_is_done(office: Office) -> None:
    """Then it has failed, and says why; a second time there is nothing to stop."""
    send_cases(office)
    asked = office.post("/v1/audits", by="MANAGER", json={"areas": ["*"]}).json()
    stopped = office.post(f"/v1/audits/{asked['id']}/stop", by="MANAGER")
    again = office.post(f"/v1/audits/{asked['id']}/stop", by="MANAGER")

    assert ("failed", "It was stopped.") == (stopped.json()["state"], stopped.json()["reason"])
    assert 409 == again.status_code
    assert asked["as_of"] == "2026-03-02"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"areas": []}, 422),
        ({"areas": ["*"], "as_of": "2013-02-30"}, 422),
        ({"areas": ["*"], "standards": "made-up"}, 422),
        ({"areas": ["*"], "colour": "red"}, 422),
        ({"areas": ["Nowhere"]}, 422),
    ],
)
def test_audit_that_cannot_be_is_refused(office: Office, asked: dict[str, object], status: int) -> None:
    """With what is wrong; nothing is queued."""
    answer = office.post("/v1/audits", by="MANAGER", json=asked)

    assert (status, 0) == (answer.status_code, office.work())


@pytest.mark.parametrize(
    ("form", "accept", "begins"),
    [
        ("json", "application/json", b"{"),
        ("csv", "text/csv", b"case,"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("html", "text/html;q=0.9, application/json;q=0.1", b"<!"),
        ("pdf", "application/pdf", b"%PDF"),
    ],
)
def test_result_has_every_form(audited: tuple[Office, str], form: str, accept: str, begins: bytes) -> None:
    """By the address or by what is accepted, with pseudonyms; what a client has is not made again."""
    office, audit = audited
    named = office.get(f"/v1/audits/{audit}/result.{form}", by="MANAGER")
    accepted = office.get(f"/v1/audits/{audit}/result", by="MANAGER", headers={"accept": accept})
    had = office.get(
        f"/v1/audits/{audit}/result",
        by="MANAGER",
        headers={"accept": accept, "if-none-match": named.headers["etag"]},
    )

    assert named.content.startswith(begins)
    assert named.headers["content-type"] == accepted.headers["content-type"]
    assert (304, b"") == (had.status_code, had.content)
    assert "Accept" in accepted.headers["vary"]
    assert b"YNY-" not in named.content
    if form == "xlsx":
        cells = openpyxl.load_workbook(io.BytesIO(named.content))
        assert not [
            cell
            for sheet in cells
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if "YNY-" in str(cell)
        ]


def test_form_that_there_is_not_is_not_acceptable(audited: tuple[Office, str]) -> None:
    """406 by what is accepted, 422 by the address."""
    office, audit = audited
    answer = office.get(f"/v1/audits/{audit}/result", by="MANAGER", headers={"accept": "image/png"})
    address = office.get(f"/v1/audits/{audit}/result.docx", by="MANAGER")

    assert (406, "NOT_ACCEPTABLE", 422) == (
        answer.status_code,
        answer.json()["errorCode"],
        address.status_code,
    )


def test_ids_of_cases_are_for_those_who_work_on_them(office: Office) -> None:
    """Who only reads has pseudonyms, the same for the same case."""
    send_cases(office)
    audit = audit_of(office, "YRK")
    ids = office.get(f"/v1/audits/{audit}/result?cases=ids", by="READER")
    shown = office.get(f"/v1/audits/{audit}/result", by="READER")

    assert (403, 200) == (ids.status_code, shown.status_code)
    assert "YNY-" not in shown.text


def test_score_is_followed_down_to_its_cases(audited: tuple[Office, str]) -> None:
    """Findings, answers and gaps in pages: together they are those of the result, and the counts are of all."""
    office, audit = audited
    result = office.get(f"/v1/audits/{audit}/result?cases=ids", by="MANAGER").json()
    for kind, wanted in (("findings", result["findings"]), ("gaps", result["not_assessed"])):
        items, totals = pages(office, f"/v1/audits/{audit}/{kind}?limit=100", kind)
        assert wanted == [one["finding" if kind == "findings" else "gap"] for one in items]
        assert {len(wanted)} == totals
    items, _ = pages(office, f"/v1/audits/{audit}/answers?limit=1000", "answers")
    insufficient = [(one["case"], q) for one in result["answers"] for q in one["insufficient"]]

    assert sorted(insufficient) == [
        (one["case"], one["question"]) for one in items if one["answer"] == "insufficient"
    ]


def pages(office: Office, address: str, _kind: str) -> tuple[list[dict[str, object]], set[int]]:
    """Return all items of a list, page by page, and the totals that were told."""
    items: list[dict[str, object]] = []
    totals = set()
    after = ""
    while True:
        page = office.get(address + after, by="MANAGER").json()
        items += page["items"]
        totals.add(page.get("total", 0))
        if page["next"] is None:
            return items, totals
        after = f"&after={page['next']}"
        assert "YNY-" not in after


def test_findings_are_narrowed_down(audited: tuple[Office, str]) -> None:
    """By case, question, deficiency or severity; each alone tells a part, and an unknown case is none."""
    office, audit = audited
    every = office.get(f"/v1/audits/{audit}/findings?limit=1000", by="MANAGER").json()["items"]
    one = every[0]
    for name, value in (
        ("case", one["key"]),
        ("question", one["finding"]["question"]),
        ("deficiency", one["finding"]["deficiency"]),
        ("severity", one["finding"]["severity"]),
    ):
        found = office.get(f"/v1/audits/{audit}/findings?limit=1000&{name}={value}", by="MANAGER").json()
        of = [
            other for other in every if (other["key"] if name == "case" else other["finding"][name]) == value
        ]
        assert (of, len(of)) == (found["items"], found["total"])
    assert 404 == office.get(f"/v1/audits/{audit}/findings?case=made-up", by="MANAGER").status_code


def test_place_that_nobody_gave_is_no_place(audited: tuple[Office, str]) -> None:
    """A cursor is not guessed at."""
    office, audit = audited
    answer = office.get(f"/v1/audits/{audit}/answers?after=made-up.AS-01", by="MANAGER")

    assert (422, "INVALID_CURSOR") == (answer.status_code, answer.json()["errorCode"])


def test_recommendations_name_the_cases_that_fall_short(audited: tuple[Office, str]) -> None:
    """By key, as many as the result has."""
    office, audit = audited
    found = office.get(f"/v1/audits/{audit}/recommendations", by="MANAGER").json()

    assert found["items"]
    assert {one["id"]: len(one["cases"]) for one in found["items"]} == {
        name: len(keys) for name, keys in found["keys"].items()
    }
    assert "YNY-" not in json.dumps(found)


def test_audits_are_listed_to_those_who_have_all_of_their_areas(office: Office) -> None:
    """One over York is York's to see; one over everything is not, and reads as if it were not there."""
    send_cases(office)
    york, everything = audit_of(office, "YRK"), audit_of(office)
    seen = office.get("/v1/audits", by="READER").json()["items"]
    first = office.get("/v1/audits?limit=1&state=done", by="MANAGER").json()
    rest = office.get(f"/v1/audits?limit=1&after={first['next']}", by="MANAGER").json()
    hidden = office.get(f"/v1/audits/{everything}", by="READER")
    absent = office.get("/v1/audits/made-up", by="READER")
    widened = office.post("/v1/audits", headers=all_roles(office, "READER"), json={"areas": ["*"]})

    assert [york] == [one["id"] for one in seen]
    assert [everything, york] == [one["id"] for one in first["items"] + rest["items"]]
    assert {**hidden.json(), "correlationId": None} == {**absent.json(), "correlationId": None}
    assert (404, 404) == (hidden.status_code, widened.status_code)
