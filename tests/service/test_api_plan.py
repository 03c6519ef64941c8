"""The action plan, users and the trail by the API; and what a draft of the rules would do, which is never run."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aboveline.impact import assess
from aboveline.rulebook import load_rulebook, shipped_rules
from aboveline.service.work import drafting
from aboveline.store import AreaScope, Database
from aboveline.store.caseload import caseload, extent
from service.api import all_roles, audit_of, case_key, first_case, send_cases
from service.office import Office


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return the service with the sample uploaded, for tests that only try drafts on it."""
    with Database.open(f"sqlite:///{tmp_path_factory.mktemp('stocked') / 'aboveline.db'}") as database:
        database.migrate()
        with Office(database) as office:
            send_cases(office)
            yield office


def shipped() -> dict[str, str]:
    """Return the files of the shipped rules, without the cases that they are tried on."""
    folder = shipped_rules()
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*.yaml"))
        if not path.name.endswith(".cases.yaml")
    }


def draft() -> tuple[str, str]:
    """Return a file of the rules with a change in its words, and its path."""
    path = next(path for path in shipped() if "/VW-01-" in path)
    return path, shipped()[path].replace("status: active", "status: draft")


def zipped(files: dict[str, str]) -> bytes:
    """Return files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for path, text in files.items():
            folder.writestr(path, text)
    return out.getvalue()


def test_action_is_put_down_and_changed_and_keeps_what_it_said(office: Office) -> None:
    """For an audit, a case and areas; a change from a version that is not the last is refused."""
    send_cases(office)
    audit = audit_of(office)
    case = case_key(office, first_case()["case"])
    plan = {"text": "See victims.", "owner": "Team A", "due": "2026-04-01"}
    by_audit = office.post("/v1/actions", by="MANAGER", json=plan | {"audit": audit})
    by_case = office.post("/v1/actions", by="MANAGER", json=plan | {"case": case})
    by_area = office.post("/v1/actions", by="MANAGER", json=plan | {"areas": ["YRK"]})
    address = by_area.headers["location"]
    change = plan | {"version": 1, "state": "done", "note": "Done on Monday."}
    changed = office.ask("PUT", address, by="MANAGER", json=change)
    late = office.ask("PUT", address, by="MANAGER", json=change)
    shown = office.get(address, by="READER").json()
    narrowed = office.get(f"/v1/actions?case={case}", by="MANAGER").json()["items"]

    assert [201, 201, 201, 200, 409] == [
        one.status_code for one in (by_audit, by_case, by_area, changed, late)
    ]
    assert (["*"], case, ["YRK"]) == (
        by_audit.json()["areas"],
        by_case.json()["key"],
        by_area.json()["areas"],
    )
    assert [by_case.json()] == narrowed
    assert changed.json() == shown["action"]
    assert [("open", ""), ("done", "Done on Monday.")] == [
        (one["state"], one["note"]) for one in shown["history"]
    ]
    assert [by_area.json()["id"]] == [
        one["id"] for one in office.get("/v1/actions?state=done", by="MANAGER").json()["items"]
    ]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"areas": ["*"], "recommendation": "made-up"},
        {"areas": ["*"], "owner": " "},
        {"areas": ["*"], "x": 1},
    ],
)
def test_action_for_nothing_is_refused(office: Office, more: dict[str, Any]) -> None:
    """And so is one of no known recommendation, or of nobody."""
    answer = office.post("/v1/actions", by="MANAGER", json={"text": "A", "owner": "B"} | more)

    assert 422 == answer.status_code
    assert [] == office.get("/v1/actions", by="MANAGER").json()["items"]


def test_access_is_granted_with_a_reason_and_never_beyond_ones_own(office: Office) -> None:
    """It counts with the next request; an administrator of York gives York, and no other area."""
    york = all_roles(office, "READER")
    asked = {"roles": ["ROLE_ABOVELINE__AUDIT__RO"], "areas": ["YRK"], "reason": "New in the team."}
    before = office.get("/v1/cases", by="NOBODY").status_code
    granted = office.ask("PUT", "/v1/users/NOBODY", headers=york, json=asked)
    after = office.get("/v1/cases", by="NOBODY").status_code
    beyond = office.ask("PUT", "/v1/users/NOBODY", headers=york, json=asked | {"areas": ["YRK", "SCA"]})
    everything = office.ask("PUT", "/v1/users/NOBODY", headers=york, json=asked | {"areas": ["*"]})
    silent = office.ask("PUT", "/v1/users/NOBODY", by="ADMIN", json=asked | {"reason": ""})
    shown = office.get("/v1/users/NOBODY", by="ADMIN").json()

    assert (403, 200, 200) == (before, granted.status_code, after)
    assert [403, 403, 422] == [one.status_code for one in (beyond, everything, silent)]
    assert (["YRK"], ["ROLE_ABOVELINE__AUDIT__RO"]) == (shown["areas"], shown["roles"])
    assert {("READER", True)} == {(one["who"], one["granted"]) for one in shown["history"]}
    assert "NOBODY" in {one["name"] for one in office.get("/v1/users", by="ADMIN").json()["items"]}
    trail = office.get("/v1/trail?limit=1", by="ADMIN").json()["items"][0]
    assert ("access_changed", {"reason": "New in the team."}) == (trail["what"], trail["details"])


def test_trail_is_paged_and_verified(office: Office) -> None:
    """Every entry once; what was written down before is still there, and what was not is missed."""
    send_cases(office)
    seen: list[int] = []
    before = ""
    while True:
        page = office.get(f"/v1/trail?limit=3{before}", by="ADMIN").json()
        seen += [one["seq"] for one in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    told = office.get("/v1/trail/verification", by="ADMIN").json()
    known = office.get(
        f"/v1/trail/verification?entries={told['entries']}&hash={told['hash']}", by="ADMIN"
    ).json()
    other = office.get(f"/v1/trail/verification?entries={told['entries']}&hash={'0' * 64}", by="ADMIN").json()
    half = office.get("/v1/trail/verification?entries=1", by="ADMIN")

    assert list(range(told["entries"], 0, -1)) == seen
    assert (True, True, False) == (told["whole"], known["whole"], other["whole"])
    assert (told["entries"], 400) == (other["broken_at"], half.status_code)


@pytest.mark.parametrize("how", ["whole", "changes", "zip"])
def test_impact_of_a_draft_is_that_of_the_engine(stocked: Office, tmp_path: Path, how: str) -> None:
    """Sent whole, as the files that change, or as a zip: the same that the engine says of the same cases."""
    path, text = draft()
    asked: dict[str, Any] = {"as_of": "2013-12-02"}
    if how == "zip":
        answer = stocked.post(
            "/v1/impact/zip?as_of=2013-12-02&base=shipped",
            by="ADMIN",
            content=zipped({path: text}),
            headers={"content-type": "application/zip"},
        )
    else:
        files = {path: text} if how == "changes" else shipped() | {path: text}
        asked |= {"files": files, "base": "shipped" if how == "changes" else "nothing"}
        answer = stocked.post("/v1/impact", by="ADMIN", json=asked)
    for name, content in (shipped() | {path: text}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    with stocked.database.reading() as session:
        until = extent(session)
    everything = AreaScope.everything()
    wanted = assess(
        lambda: caseload(stocked.database, everything, until),
        load_rulebook(),
        load_rulebook(tmp_path),
        dt.date(2013, 12, 2),
    )

    assert 200 == answer.status_code, answer.text
    assert wanted.changes_anything
    assert json.loads(wanted.to_json()) == answer.json()


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
    ],
)
def test_draft_with_a_name_that_rules_do_not_have_is_refused(stocked: Office, files: dict[str, str]) -> None:
    """In JSON and in a zip: nothing is written anywhere."""
    answer = stocked.post("/v1/impact", by="ADMIN", json={"files": files})
    packed = stocked.post("/v1/impact/zip", by="ADMIN", content=zipped(files))

    assert (422, 422) == (answer.status_code, packed.status_code)


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['true']",
        "a: &a [x]\nb: [*a, *a]",
        "{{{{",
        "[" * 5000,
        "id: 1\nid: 2",
        "\ud800",
    ],
)
def test_draft_that_is_no_rule_is_refused_and_not_run(stocked: Office, text: str) -> None:
    """Tags, aliases, depth and broken text are told with file and line, and nothing of this machine."""
    path, _ = draft()
    answer = stocked.post(
        "/v1/impact",
        by="ADMIN",
        content=json.dumps({"files": {path: text}, "base": "shipped"}),
        headers={"content-type": "application/json"},
    )

    assert answer.status_code in {400, 422}
    assert "/tmp" not in answer.text  # noqa: S108 - it is what must not be told
    if answer.json()["errorCode"] == "UNFIT_DRAFT":
        assert answer.json()["errors"][0]["path"].startswith(path)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"PK\x03\x04nothing",
        zipped({"A.yaml": " " * (drafting.LARGEST_DRAFT + 1)}),
        zipped({f"A{n}.yaml": "" for n in range(1001)}),
    ],
    ids=["empty", "broken", "bomb", "many"],
)
def test_zip_that_is_none_or_too_large_is_refused(stocked: Office, packed: bytes) -> None:
    """However small it came."""
    assert 422 == stocked.post("/v1/impact/zip", by="ADMIN", content=packed).status_code


def test_draft_is_tried_on_so_many_cases_at_most(stocked: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above that the command line is the place, and says so."""
    path, text = draft()
    monkeypatch.setattr(drafting, "MOST_CASES", 48)
    answer = stocked.post("/v1/impact", by="ADMIN", json={"files": {path: text}, "base": "shipped"})

    assert 409 == answer.status_code
    assert "aboveline impact" in answer.json()["userMessage"]


def test_day_for_which_rules_have_no_numbers_is_refused(stocked: Office) -> None:
    """422 with the reason, for a case live as for a draft."""
    case = case_key(stocked, first_case()["case"])
    answer = stocked.post(f"/v1/cases/{case}/audit", by="MANAGER", json={"as_of": "1901-01-01"})

    assert (422, "UNFIT") == (answer.status_code, answer.json()["errorCode"])
