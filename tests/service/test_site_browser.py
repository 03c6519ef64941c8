"""The whole site in a real browser, from a process started as a person starts it: the main journeys, by pointer and by keyboard."""

import re
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service.drafts import draft
from service.office import CASES
from service.site import FIRST, SECOND, Site, check, link, reach, sign_in

pytestmark = pytest.mark.browser


def test_service_says_that_it_is_for_development(site: Site, page: Page) -> None:
    """On the terminal with its address and who one can be, in its log, and on every page."""
    said = site.said.read_text(encoding="utf-8")
    page.goto("/cookies")

    assert site.url in said
    assert "ANYBODY ON THIS MACHINE CAN SIGN IN AS ANYBODY" in said
    assert "Invented manager" in said
    expect(page.locator(".ab-notice")).to_contain_text("anybody on this machine can sign in")
    assert '"development_identity"' in site.log.read_text(encoding="utf-8")


def test_new_user_goes_from_upload_to_report(site: Site, page: Page, tmp_path: Path) -> None:  # noqa: ARG001 - it serves
    """Uploads a file with a mistake in it, audits, follows a finding to its evidence, downloads the report."""
    line = CASES.read_text(encoding="utf-8").splitlines()[1].replace(SECOND, f"NEW-{time.monotonic_ns()}")
    file = tmp_path / "records.jsonl"
    file.write_text(f'{line}\n{{"case": "X-1"\n', encoding="utf-8")
    sign_in(page, "Invented manager")
    check(page, "Dashboard")
    page.goto("/uploads/new")
    check(page, "Upload case records")
    page.get_by_role("button", name="Upload").click()
    check(page, "Upload case records")
    expect(page.get_by_role("alert")).to_contain_text("Give the upload a name")
    page.get_by_label("What to call this upload").fill("One more case")
    page.get_by_label("File of case records").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    check(page, "Upload: One more case")
    expect(page.get_by_text("1 record accepted, 1 rejected")).to_be_visible()
    with page.expect_download() as problems:
        link(page, "Every problem as CSV")
    assert problems.value.path().read_text(encoding="utf-8").startswith("line,path,reason")
    link(page, "Start an audit")
    check(page, "Start an audit")
    for part, value in (("Day", "2"), ("Month", "12"), ("Year", "2013")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Start the audit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Audit as at 2 December 2013"), timeout=60_000
    )
    check(page, "Audit as at 2 December 2013")
    link(page, r"^2\.1 ")
    check(page, re.compile(r"^2\.1 "))
    link(page, r"^[A-Z]{2}-\d\d ")
    check(page, re.compile(r"^[A-Z]{2}-\d\d "))
    page.go_back()
    page.go_back()
    with page.expect_download() as report:
        link(page, r"Report \(PDF\)$")
    assert report.value.path().read_bytes().startswith(b"%PDF")


def test_finding_leads_to_its_evidence_and_an_answer_is_overridden(site: Site, page: Page) -> None:  # noqa: ARG001 - it serves
    """An assessor opens a case, asks why, and answers differently with a reason; it is told, and stands there."""
    sign_in(page, "First invented assessor")
    page.get_by_role("navigation", name="Main").get_by_role(
        "link", name="Cases", include_hidden=True
    ).evaluate("one => one.click()")
    check(page, "Cases")
    link(page, f"^{FIRST}$")
    check(page, f"Case {FIRST}")
    link(page, "^Why [A-Z]")  # another one than the last time: that answer is not a finding any more
    check(page, re.compile("^Why "))
    link(page, "Answer differently")
    check(page, re.compile("^Answer .* differently$"))
    page.get_by_role("button", name="Save your answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why the computed answer is wrong")
    page.get_by_label("Not applicable").check()
    page.get_by_label("Why is the computed answer wrong?").fill("The report was for another court.")
    page.get_by_role("button", name="Save your answer").click()
    expect(page.get_by_role("main")).to_contain_text("Your answer was saved")
    check(page, re.compile("^Why "))
    expect(page.get_by_role("main")).to_contain_text("The report was for another court.")
    page.reload()
    expect(page.get_by_role("main")).not_to_contain_text("Your answer was saved")


def test_administrator_tries_a_change_of_a_rule(site: Site, page: Page) -> None:  # noqa: ARG001 - it serves
    """From the rule to the form with it in it; a mistake is shown with its line; then what it would do, and to which cases."""
    path, text = draft()
    sign_in(page, "Invented administrator")
    page.goto("/rules/RR-02")
    link(page, "See what a change of this rule would do")
    check(page, "Impact of a change of rules")
    box = page.get_by_label("Text of one file")
    assert "id: RR-02" in box.input_value()
    page.get_by_label("What to call this draft").fill("Assessed the next day")
    for part, value in (("Day", "2"), ("Month", "12"), ("Year", "2013")):
        page.get_by_label(part, exact=True).fill(value)
    box.fill(text.replace("status:", "statsu:"))
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("alert")).to_contain_text("The draft has", timeout=30_000)
    check(page, "Impact of a change of rules")
    expect(page.get_by_role("row").filter(has_text="did you mean 'status'?")).to_contain_text(path)
    box.fill(text)
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("^(Assessed the next day is being tried|Impact of)"), timeout=30_000
    )
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Impact of Assessed the next day", timeout=90_000
    )
    check(page, "Impact of Assessed the next day")
    expect(page.get_by_role("main")).to_contain_text("Now found (RR-02.1)")
    with page.expect_download() as cases:
        link(page, "The cases that change")
    assert cases.value.path().read_text(encoding="utf-8").startswith("case,question,before,after")
    page.get_by_role("link", name="All drafts").click()
    check(page, "Impact of a change of rules")


def test_everybody_finds_their_pages_and_none_is_missing(site: Site, page: Page) -> None:  # noqa: ARG001 - it serves
    """The administrator follows every link of the navigation and the foot: each is a page, and axe finds nothing on it."""
    sign_in(page, "Invented administrator")
    links = page.evaluate(
        "[...document.querySelectorAll('nav a, footer a')].map(one => one.getAttribute('href'))"
    )
    more = ["/compare", "/actions/new", "/audits/start", "/users/READER", "/rules/DS-01"]
    own = [one for one in [*dict.fromkeys(links), *more] if one.startswith("/")]
    for address in own:
        answer = page.goto(address)
        assert answer is not None
        assert 200 == answer.status, address
        check(page, re.compile("."))

    assert 14 < len(own)


def test_whole_way_by_keyboard(site: Site, page: Page) -> None:  # noqa: ARG001 - it serves
    """Signing in, past the navigation to the content, and out again, without a pointer."""
    page.goto("/rules")
    reach(page, "Invented reader")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The rules")
    page.keyboard.press("Tab")
    assert "Skip to main content" == page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("Enter")
    reach(page, "AS-01")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("AS-01")
    reach(page, "Sign out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")


def test_probes_answer(site: Site) -> None:
    """As an orchestrator asks."""
    with urllib.request.urlopen(f"{site.url}/health", timeout=10) as answer:  # noqa: S310 - our own address
        assert b'"status":"UP"' in answer.read()
