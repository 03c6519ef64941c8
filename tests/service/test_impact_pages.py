"""The pages on which a draft of the rules is sent, and what it would do is told."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from aboveline.store import Act, Database, impacts, users
from service.api import AS_OF, send_cases
from service.drafts import draft, zipped
from service.office import Office, heading, told
from service.world import NOW
from stored import ALL

PATH, TEXT = draft()
FORM = {
    "label": "Assessed the next day",
    "base": "shipped",
    "text": TEXT,
    "path": "",
    "standards": "report-2014",
    "average": "questions",
} | dict(zip(("as_of-year", "as_of-month", "as_of-day"), AS_OF.split("-"), strict=True))


@pytest.fixture
def admin(office: Office) -> Office:
    """Return the service with the sample uploaded, and an administrator signed in."""
    send_cases(office)
    office.sign_in("ADMIN")
    return office


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return the same, for tests that keep nothing."""
    with Database.open(f"sqlite:///{tmp_path_factory.mktemp('asked') / 'aboveline.db'}") as database:
        database.migrate()
        with Office(database) as office:
            send_cases(office)
            office.sign_in("ADMIN")
            yield office


def send(office: Office, file: tuple[str, bytes] | None = None, **more: Any) -> httpx2.Response:
    """Send the form, by default with a draft that changes answers."""
    office.clock.go_on(seconds=1)
    return office.send("/impact", FORM | more, files={"file": file or ("", b"")})


def test_administrator_goes_from_rule_to_what_a_change_of_it_would_do(admin: Office) -> None:
    """From the navigation and the rule to the form, which has the rule in it; then progress, and the result in words."""
    assert 'href="/impact"' in admin.get("/rules").text
    assert 'href="/impact?question=RR-02"' in admin.get("/rules/RR-02").text
    assert "sentence_plan_days" in admin.get("/impact?question=RR-02").text
    sent = send(admin)
    assert 303 == sent.status_code, told(sent.text)
    address = sent.headers["location"]
    waiting = admin.get(address)
    assert "Assessed the next day is being tried" == heading(waiting.text)
    assert 'http-equiv="refresh"' in waiting.text
    admin.work()
    page = admin.get(address)
    with admin.database.reading() as session:
        impact = impacts.load(session, ALL, address.rpartition("/")[2])
    words = told(page.text)

    assert "Impact of Assessed the next day" == heading(page.text)
    assert "49 cases audited twice as at 2 December 2013" in words
    assert f"differs {len(impact.moved)} times, in {len({one.case for one in impact.moved})} cases" in words
    (question,) = impact.questions
    assert question.before is not None
    assert question.after is not None
    for side in (question.before, question.after):
        assert f"{side.score}% ({side.sufficient} of {side.n})" in words
    assert re.search(
        r"Now found \(RR-02\.1\): The assessment of the likelihood of reoffending was not completed by \d+ \w+ 201\d\.",
        words,
    )
    assert {one.case for one in impact.moved} == set(re.findall(r">(YNY-\d+)</a>", page.text))
    assert "Assessed the next day" in told(admin.get("/impact").text)


def test_impact_and_draft_can_be_downloaded(admin: Office) -> None:
    """The cases with pseudonyms, the draft as it was sent."""
    address = send(admin).headers["location"]
    admin.work()
    found = list(csv.DictReader(io.StringIO(admin.get(f"{address}/cases.csv").text)))
    packed = admin.get(f"{address}/draft.zip").content

    assert found
    assert all(one["case"] and "YNY" not in one["case"] for one in found)
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        assert [PATH] == folder.namelist()
        assert TEXT == folder.read(PATH).decode()


@pytest.mark.parametrize("how", ["yaml", "zip"])
def test_draft_is_sent_as_a_file(admin: Office, how: str) -> None:
    """A rule finds its place by its id; a zip has the places in it."""
    file = ("any.yaml", TEXT.encode()) if how == "yaml" else ("any.zip", zipped({PATH: TEXT}))
    sent = send(admin, file, text="")

    assert 303 == sent.status_code, told(sent.text)
    files = admin.get(f"/v1{sent.headers['location']}/files", by="ADMIN").json()["files"]
    assert files == {PATH: TEXT}


def test_every_problem_of_a_draft_is_shown(asked: Office) -> None:
    """With file and line and the nearest name; what was sent is in the form again."""
    wrong = TEXT.replace("status:", "statsu:").replace("criteria:", "criteriae:")
    page = send(asked, text=wrong)
    rows = re.findall(r'<tr class="govuk-table__row".*?</tr>', page.text, re.DOTALL)
    words = [told(one) for one in rows]
    line = 1 + wrong.split("\n").index(next(one for one in wrong.split("\n") if one.startswith("statsu")))

    assert (422, True) == (page.status_code, "see what is wrong with it above the form" in told(page.text))
    assert any(PATH in one and f" {line} " in one and "did you mean 'status'?" in one for one in words)
    assert any("did you mean 'criteria'?" in one for one in words)
    assert "statsu" in page.text
    assert "No draft has been sent yet." in told(page.text)


@pytest.mark.parametrize(
    ("more", "file", "said"),
    [
        ({"label": " "}, None, "Give the draft a name"),
        ({"label": "x" * 201}, None, "Give the draft a label of 1 to 200 characters"),
        ({"text": ""}, None, "Paste the text of a file, or choose a file"),
        ({}, ("a.yaml", b"id: x"), "and not both"),
        ({"text": "id: XX-99"}, None, "Say where this text belongs"),
        ({"path": "../x.yaml"}, None, "A file of a draft is called as those of the rules"),
        ({"text": ""}, ("a.zip", b"PK"), "This is no zip that can be read"),
        ({"text": "", "path": "victims/A.yaml"}, ("a.yaml", b"\xff\xfe"), "is not UTF-8 text"),
        ({"as_of-day": "40"}, None, "The day must be a real date"),
        ({"standards": "x"}, None, "Choose the time standards"),
        ({"average": "x"}, None, "Choose what an outcome"),
    ],
)
def test_form_says_what_is_wrong(
    asked: Office, more: dict[str, str], file: tuple[str, bytes] | None, said: str
) -> None:
    """Beside the field, so that a person can put it right."""
    page = send(asked, file, **more)

    assert (422, True) == (page.status_code, said in told(page.text))


def test_draft_can_be_stopped(admin: Office) -> None:
    """From its page; that is told once, and the page says so from then on."""
    address = send(admin).headers["location"]
    stopped = admin.send(address, {}, to=f"{address}/cancel")

    assert (303, address) == (stopped.status_code, stopped.headers["location"])
    assert "Assessed the next day was stopped" == heading(admin.get(address).text)
    assert 0 == admin.work() or "was stopped" in admin.get(address).text
    assert "was stopped" in heading(admin.get(address).text)


def test_cases_are_links_for_those_who_may_open_them(admin: Office) -> None:
    """An administrator who reads no audits sees which cases change, and no link that would be refused."""
    with admin.database.begin() as session:
        act = Act("test", NOW, "")
        users.change(session, act, "NOBODY", users.Grantable.AREA, "*", granted=True)
    token = admin.token("NOBODY", authorities=["ROLE_ABOVELINE__ADMIN"])
    address = send(admin).headers["location"]
    admin.work()
    page = admin.get(address, headers={"authorization": f"Bearer {token}"})

    assert (200, []) == (page.status_code, re.findall(r'href="/cases/', page.text))
    assert re.findall(r'href="/cases/', admin.get(address).text)


def test_others_see_nothing_of_it(office: Office) -> None:
    """Neither in the navigation nor by its address."""
    office.sign_in("MANAGER")

    assert 'href="/impact' not in office.get("/rules").text + office.get("/rules/RR-02").text
    assert 403 == office.get("/impact").status_code
