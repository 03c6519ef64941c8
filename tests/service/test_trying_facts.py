"""A fact is tried out on a case by a form: what it opens, closes and makes due next, as the API says, and nothing is stored."""

import re
from html import unescape

import pytest

from service.office import Office, day, heading, told


@pytest.fixture
def case(office: Office) -> tuple[Office, str]:
    """Return the service with the sample uploaded, and the address of its first case, for a reader of all areas."""
    office.sign_in("MANAGER")
    office.upload()
    return office, re.findall(r'href="(/cases/[^"/?]+)"', office.get("/cases").text)[0]


def test_form_has_the_fields_of_the_kind_with_what_they_mean(case: tuple[Office, str]) -> None:
    """Chosen from a list of kinds; days as three fields, codes as a list, yes or no as it can be recorded."""
    office, address = case
    kinds = office.get(f"{address}/facts").text
    nothing = office.send(f"{address}/facts", {})
    chosen = office.send(f"{address}/facts", {"kind": "referral"})
    page = office.get(chosen.headers["location"]).text
    links = office.get(f"{address}/facts/review").text

    assert f'href="{address}/facts"' in office.get(address).text
    for kind in ("contact", "referral", "sentence"):
        assert f'value="{kind}"' in kinds
    for kind in ("override", "judgement", "area"):
        assert f'value="{kind}"' not in kinds
        assert 404 == office.get(f"{address}/facts/{kind}").status_code
    assert (422, True) == (nothing.status_code, "Choose what kind of fact it is" in told(nothing.text))
    assert "Try out: Referral" == heading(page)
    assert "Day it was followed up; left out while it is not" in told(page)
    assert {"agency", "made_on-day", "followed_up_on-year", "as_of-month"} <= set(
        re.findall(r'name="([^"]+)"', page)
    )
    assert 'name="registration"' in links


def test_every_problem_is_told_at_once(case: tuple[Office, str]) -> None:
    """What is missing, what is no day and what is no number, each at its field, with what was sent."""
    office, address = case
    form = {
        "made_on-day": "31",
        "made_on-month": "2",
        "made_on-year": "2013",
        "shares_risk_information": "no",
    }
    contact = office.send(f"{address}/facts/contact", form | day("as_of", "2013-12-02"))
    mappa = office.send(
        f"{address}/facts/mappa", {"category": "two", "level": "9"} | day("as_of", "2013-12-02")
    )

    assert (422, 422) == (contact.status_code, mappa.status_code)
    assert "Made must be a real date" in told(contact.text)
    assert 'value="31"' in contact.text
    text = told(mappa.text)
    assert "Category must be a whole number" in text
    assert "Level:" in text
    assert "Identified: this must be recorded" in text
    assert 3 == len(re.findall(r'<li>\s*<a href="#', mappa.text))


def test_page_says_what_the_api_says(case: tuple[Office, str]) -> None:
    """Of the same fact as at the same day: every finding, every answer and all that falls due; the record stays as it was."""
    office, address = case
    before = office.get(f"/v1{address}", by="MANAGER").json()
    form = {"level": "high"} | day("classified_on", "2013-05-01")
    page = office.send(f"{address}/facts/rosh", form | day("as_of", "2013-12-02"))
    api = office.post(
        f"/v1{address}/audit",
        by="MANAGER",
        json={
            "as_of": "2013-12-02",
            "facts": {"rosh": [{"level": "high", "classified_on": "2013-05-01"}]},
        },
    ).json()
    text = told(page.text)

    assert 200 == page.status_code
    assert api["changed"] or api["opened"] or api["closed"]
    assert f"Opened ({len(api['opened'])})" in text
    assert f"Closed ({len(api['closed'])})" in text
    for one in [*api["opened"], *api["closed"]]:
        assert re.sub(r"\s+", " ", one["finding"]) in text
    for one in api["changed"]:
        assert one["question"] in text
    assert len(api["due_next"]) == len(
        re.findall("<tr", unescape(page.text).partition("Falls due next")[2].partition("</table>")[0])
    ) - (1 if api["due_next"] else 0)
    assert "Nothing was stored" in text
    assert before == office.get(f"/v1{address}", by="MANAGER").json()


def test_fact_of_a_later_day_is_said_to_be_left_out(case: tuple[Office, str]) -> None:
    """It changes nothing, and why is told."""
    office, address = case
    form = {"level": "high"} | day("classified_on", "2014-05-01")
    page = told(office.send(f"{address}/facts/rosh", form | day("as_of", "2013-12-02")).text)

    assert "0 findings opened, 0 closed, 0 answers changed" in page
    assert "of a later day than 2 December 2013 and was left out" in page


def test_single_parts_are_set_and_not_added_to(case: tuple[Office, str]) -> None:
    """Of the sentence and the person a case has one: what is filled in stands in place of what is recorded."""
    office, address = case
    form = day("ended_on", "2013-06-01") | day("as_of", "2013-12-02")
    page = office.send(f"{address}/facts/sentence", form)

    assert 200 == page.status_code, told(page.text)
    assert "Nothing was stored" in told(page.text)


def test_case_of_another_area_cannot_be_tried(case: tuple[Office, str]) -> None:
    """Its forms are not there, and read as those of no case."""
    office, address = case  # of Harrogate
    office.sign_in("READER")
    for path in (f"{address}/facts", f"{address}/facts/rosh"):
        assert (404, "Page not found") == (
            (answer := office.get(path)).status_code,
            heading(answer.text),
        ), path
