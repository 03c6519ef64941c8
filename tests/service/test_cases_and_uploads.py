"""A file is uploaded, its problems are told, its cases are listed, and one is read, explained and answered differently."""

import gzip
import json
import re
from html import unescape

import pytest

from service.office import CASES, Office, day, heading, told
from service.world import settings_of

FIRST = json.loads(CASES.read_bytes().splitlines()[0])["case"]

BAD = b'{"case": "X-1", "kind": 1}\nnot json\n'


def links(page: str, pattern: str) -> list[str]:
    """Return the addresses on a page that fit a pattern, each once."""
    return list(dict.fromkeys(re.findall(f'href="({pattern})"', unescape(page))))


def test_file_is_uploaded_and_its_cases_are_listed(office: Office) -> None:
    """The form leads to what came of it; each case is then in the list, under an address without its id."""
    office.sign_in("MANAGER")
    sent = office.upload()
    page = office.get(sent.headers["location"])
    first = office.get("/cases").text
    (onward,) = links(first, r"/cases\?after=[^\"]+")
    second = office.get(onward).text

    assert 303 == sent.status_code
    assert "49 records accepted, 0 rejected" in told(page.text)
    assert 49 == len(links(first + second, '/cases/[^/"?]+'))
    assert "YNY-" not in "".join(links(first + second, '/cases/[^"]+'))


@pytest.mark.parametrize("packed", [False, True])
def test_every_problem_is_told_on_the_page_and_as_csv(office: Office, *, packed: bool) -> None:
    """Good records beside bad ones are kept; each problem has its line, its place and its reason, and no value."""
    office.sign_in("MANAGER")
    body = CASES.read_bytes().splitlines()[0] + b"\n" + BAD
    sent = office.upload(gzip.compress(body) if packed else body)
    address = sent.headers["location"]
    page, csv = office.get(address).text, office.get(f"{address}/problems.csv")

    assert "1 record accepted, 2 rejected" in told(page)
    assert "text/csv; charset=utf-8" == csv.headers["content-type"]
    lines = csv.text.splitlines()
    assert "line,path,reason" == lines[0]
    assert {"2", "3"} == {line.split(",")[0] for line in lines[1:]}
    assert "a-name-that-is-not-kept" not in page + csv.text


@pytest.mark.parametrize(
    ("content", "label", "wrong"),
    [
        (b"", "Sample", "Choose a file of case records"),
        (b"x", "", "Give the upload a name"),
        (b"\n\n", "Sample", "The file is empty"),
        (b"x", "n" * 201, "label of 1 to 200"),
    ],
)
def test_upload_that_cannot_be_taken_says_what_to_do(
    office: Office, content: bytes, label: str, wrong: str
) -> None:
    """The form comes back with what is wrong, and nothing is kept."""
    office.sign_in("MANAGER")
    answer = office.upload(content, label)

    assert (422, True) == (answer.status_code, wrong in told(answer.text))
    assert "Nothing has been uploaded yet" in told(office.get("/uploads").text)


def test_packed_file_that_is_not_whole_or_too_large_is_refused(office: Office) -> None:
    """Half of a gzip, and one that would unpack to more than is allowed."""
    office.sign_in("MANAGER")
    half = office.upload(gzip.compress(CASES.read_bytes())[:2000])
    settings = settings_of(inflated_limit_mib=1)
    object.__setattr__(office.app.state.desk, "settings", settings)
    bomb = office.upload(gzip.compress(b" " * 2_000_000))

    assert (400, 413) == (half.status_code, bomb.status_code)
    assert "not whole" in told(half.text)
    assert "Nothing has been uploaded yet" in told(office.get("/uploads").text)


def test_cases_of_other_areas_are_not_there(office: Office) -> None:
    """A reader of York sees York's cases; another's page is the page of one that does not exist."""
    office.sign_in("MANAGER")
    office.upload()
    first = office.get("/cases").text
    (onward,) = links(first, r"/cases\?after=[^\"]+")
    everything = links(first + office.get(onward).text, '/cases/[^/"?]+')
    office.sign_in("READER")
    mine = links(office.get("/cases").text, '/cases/[^/"?]+')
    answers = {address: office.get(address) for address in everything}
    absent = office.get("/cases/made-up")
    questions = [office.get(f"{one}/questions/AS-01").status_code for one in everything if one not in mine]

    assert 22 == len(mine)
    assert set(mine) == {address for address, one in answers.items() if one.status_code == 200}
    others = [one for address, one in answers.items() if address not in mine]
    assert {(404, told(absent.text))} == {(one.status_code, told(one.text)) for one in others}
    assert {404} == set(questions)


def test_case_is_read_explained_and_answered_differently(office: Office) -> None:
    """From a finding to why, to another answer with its reason; the computed one stays beside it."""
    office.sign_in("MANAGER")
    office.upload()
    office.sign_in("ASSESSOR_1")
    case = links(office.get("/cases").text, '/cases/[^/"?]+')[0]
    page = office.get(case).text
    why = links(page, f"{case}/questions/[A-Z0-9-]+")[0]
    explained = office.get(why).text
    (override,) = links(explained, f"{why}/override")
    nothing = office.send(override, {"answer": "", "reason": ""})
    computed = re.findall(r"The computed answer <strong[^>]*>([^<]+)<", office.get(override).text)[0]
    other = "sufficient" if computed != "Sufficient" else "insufficient"
    form = {"answer": other, "reason": "It stands in the paper file."} | day("holds", "2026-03-02")
    saved = office.send(override, form)
    after = office.get(saved.headers["location"])
    again = office.get(why).text

    assert heading(page) == f"Case {FIRST}"
    assert 422 == nothing.status_code
    assert "Say why the computed answer is wrong" in told(nothing.text)
    assert (303, why) == (saved.status_code, saved.headers["location"])
    assert "Your answer was saved" in told(after.text)
    assert "Your answer was saved" not in told(again)
    assert "It stands in the paper file." in told(again)
    assert computed.lower() in told(again).lower()
    assert "It stands in the paper file." in told(office.get(override).text)


def test_reader_cannot_answer_differently_and_is_offered_nothing(office: Office) -> None:
    """Neither link nor form is theirs."""
    office.sign_in("MANAGER")
    office.upload()
    office.sign_in("READER")
    case = links(office.get("/cases").text, '/cases/[^/"?]+')[0]
    why = links(office.get(case).text, f"{case}/questions/[A-Z0-9-]+")[0]

    assert [] == links(office.get(why).text, ".*/override")
    assert 403 == office.get(f"{why}/override").status_code
    assert 403 == office.get("/uploads/new").status_code
