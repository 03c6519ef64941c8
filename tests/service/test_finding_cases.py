"""Cases are found in the list by id, area, question and answer, and no id of one gets into an address."""

import re
from html import unescape

import pytest

from service.office import Office, heading, told


def cases(page: str) -> list[str]:
    """Return the addresses of the cases that a page lists."""
    return list(dict.fromkeys(re.findall(r'href="(/cases/[^"/?]+)"', unescape(page))))


@pytest.fixture
def listed(office: Office) -> Office:
    """Return the service with the sample audited, for the manager."""
    office.sign_in("MANAGER")
    office.upload()
    office.audit()
    return office


def ids(page: str) -> list[str]:
    """Return the ids of the cases that a page lists."""
    return re.findall(r'href="/cases/[^"/?]+">([^<]+)</a>', unescape(page))


def test_whole_id_leads_to_the_case_and_a_part_to_those_that_begin_so(listed: Office) -> None:
    """With a key in the address where the part of an id would have stood."""
    (first, second, *_) = ids(listed.get("/cases").text)
    whole = listed.send("/cases", {"case": first})
    part = listed.send("/cases", {"case": first[:-1]})
    page = listed.get(part.headers["location"]).text
    none = listed.send("/cases", {"case": "no-such"})

    assert heading(listed.get(whole.headers["location"]).text) == f"Case {first}"
    assert {first[:-1]} == {one[: len(first) - 1] for one in ids(page)}
    assert {first, second} & set(ids(page)) or second[:-1] != first[:-1]
    assert first[:-1] in re.findall(r'name="case"[^>]*value="([^"]*)"', page)
    for sent in (whole, part, none):
        assert 303 == sent.status_code
        assert first[:-1] not in sent.headers["location"]
        assert "no-such" not in sent.headers["location"]
    assert "No case fits what you look for" in told(listed.get(none.headers["location"]).text)


def test_question_and_answer_find_those_that_fall_short(listed: Office) -> None:
    """As many as the audit counts; what was chosen is chosen again on every page of the list."""
    audits = re.findall(r'href="(/audits/[0-9a-f][^"/]+)"', listed.get("/audits").text)
    result = listed.get(f"{audits[0]}/report.json?cases=ids").json()
    question = max(result["questions"], key=lambda one: one["insufficient"])
    form = {"question": question["id"], "answer": "insufficient"}
    sent = listed.send("/cases", form)
    page = listed.get(sent.headers["location"]).text
    found = ids(page)
    while onward := re.findall(r'rel="next" href="([^"]+)"', page):
        page = listed.get(unescape(onward[0])).text
        assert f'value="{question["id"]}" selected' in page
        found += ids(page)
    york = listed.send("/cases", form | {"area": "YRK"})
    york_found = ids(listed.get(york.headers["location"]).text)

    short = [one["case"] for one in result["answers"] if question["id"] in one["insufficient"]]
    assert sorted(short) == found
    assert question["insufficient"] == len(found) > 25
    assert "are those of the audit as at 2 December 2013" in told(page)
    assert 0 < len(york_found) < len(found)
    assert set(york_found) <= set(found)


def test_what_is_not_in_the_list_cannot_be_chosen(listed: Office) -> None:
    """A question that is not asked, an answer that is none, an id that is too long: each says so, all at once."""
    sent = listed.send("/cases", {"case": "x" * 65, "question": "XX-99", "answer": "maybe"})

    assert 422 == sent.status_code
    for wrong in ("An id has 64 characters or fewer", "Choose a question", "Choose an answer"):
        assert wrong in told(sent.text)
    for address in ("/cases?answer=maybe", "/cases?begins=made-up", "/cases?after=made-up"):
        assert 404 == listed.get(address).status_code


def test_case_of_another_area_is_not_found(listed: Office) -> None:
    """By its id, or by a key that somebody else was given."""
    result = listed.get("/cases?area=HGT").text
    (elsewhere, *_) = ids(result)
    key = listed.app.state.desk.keys.of(elsewhere)
    listed.sign_in("READER")
    sent = listed.send("/cases", {"case": elsewhere})

    assert [] == ids(listed.get(sent.headers["location"]).text)
    assert [] == ids(listed.get(f"/cases?begins={key}").text)
    assert [] == ids(listed.get("/cases?area=HGT").text)
    assert 'value="HGT"' not in listed.get("/cases").text
