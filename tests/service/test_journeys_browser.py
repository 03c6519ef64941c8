"""The journeys of a performance team in a real browser, from an upload to a report with judgements, each page looked at."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chromium import PHONE
from service.office import CASES
from service.site import FIRST, SECOND, Site, check, day_by_keyboard, link, look, reach, sign_in

pytestmark = pytest.mark.browser

REASON = "The report stands in the paper file."
NAV = {"name": "Main"}


def menu(page: Page, name: str) -> None:
    """Follow a link of the navigation, which on a phone is behind a button."""
    page.get_by_role("navigation", **NAV).get_by_role("link", name=name, include_hidden=True).evaluate(  # type: ignore[arg-type]
        "one => one.click()"
    )


def put_day(page: Page, iso: str, name: str) -> None:
    """Put a day into the fields of a form."""
    year, month, date = iso.split("-")
    for part, value in (("day", date), ("month", month), ("year", year)):
        page.locator(f'[name="{name}-{part}"]').fill(value)


def newest_audit(page: Page) -> str:
    """Return the address of the audit that was started last."""
    page.goto("/audits")
    found = page.get_by_role("main").locator('a[href^="/audits/0"]').first.get_attribute("href")
    assert found is not None
    return found


def enter(page: Page, heading: str | re.Pattern[str]) -> None:
    """Press Enter, and wait for the page that it leads to."""
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def with_findings(page: Page, address: str) -> tuple[str, str]:
    """Return a criterion of an audit and a question of it that counts and has findings."""
    result = json.loads(page.request.get(f"{address}/report.json").body())
    found = {one["question"] for one in result["findings"]}
    question = next(one for one in result["questions"] if one["scored"] and one["id"] in found)
    return question["criteria"][0], question["id"]


def upload_by_keyboard(page: Page, site: Site, folder: Path) -> None:
    """Upload a file with mistakes in it, and read what is wrong, on the page and in a file."""
    line = CASES.read_text(encoding="utf-8").splitlines()[1].replace(SECOND, f"NEW-{time.monotonic_ns()}")
    file = folder / "records.jsonl"
    file.write_text(f'{line}\n{{"case": "X-1"\n{{"case": "X-2", "colour": 1}}\n', encoding="utf-8")
    reach(page, "Uploads")
    enter(page, "Uploads")
    look(page, site, "Uploads", "uploads")
    reach(page, "Upload case records")
    enter(page, "Upload case records")
    reach(page, "What to call this upload")
    page.keyboard.type("By keyboard")
    reach(page, "File of case records")
    page.get_by_label("File of case records").set_input_files(
        file
    )  # the system's own window cannot be driven
    reach(page, "Upload")
    enter(page, "Upload: By keyboard")
    look(page, site, "Upload: By keyboard", "upload")
    expect(page.get_by_role("table").filter(has_text="colour")).to_contain_text("there is no such field")
    reach(page, "Every problem as CSV")
    with page.expect_download() as told:
        page.keyboard.press("Enter")
    assert "colour" in told.value.path().read_text(encoding="utf-8")


def audit_by_keyboard(page: Page, site: Site) -> str:
    """Start an audit as at a day, wait for it, and return its address."""
    reach(page, "Start an audit")
    enter(page, "Start an audit")
    look(page, site, "Start an audit", "audit-start")
    day_by_keyboard(page, "2013-12-02")
    reach(page, "Start the audit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit as at 2 December 2013", timeout=60_000)
    return page.url


def judge_by_keyboard(page: Page, site: Site, criterion: str, question: str) -> None:
    """Go from the audit down to a finding and its evidence, and answer differently with a reason."""
    reach(page, f"{criterion} ")
    enter(page, re.compile(rf"^{re.escape(criterion)} "))
    look(page, site, re.compile(rf"^{re.escape(criterion)} "), "criterion")
    reach(page, f"{question} ")
    enter(page, re.compile(f"^{question} "))
    look(page, site, re.compile(f"^{question} "), "question")
    reach(page, "Evidence for ")
    page.keyboard.press("Enter")
    expect(page.locator("details[open] li").first).to_be_visible()
    reach(page, "Why the answer is insufficient")
    enter(page, f"Why {question} is insufficient")
    look(page, site, f"Why {question} is insufficient", "why")
    reach(page, "Answer differently")
    enter(page, f"Answer {question} differently")
    look(page, site, f"Answer {question} differently", "override")
    expect(page.get_by_role("main")).to_contain_text("the answer of the audit as at 2 December 2013")
    reach(page, "Sufficient")
    page.keyboard.press("Space")
    reach(page, "Why is the computed answer wrong?")
    page.keyboard.type(REASON)
    reach(page, "Save your answer")
    enter(page, f"Why {question} is insufficient")
    expect(page.get_by_role("main")).to_contain_text("Your answer was saved")
    look(page, site, f"Why {question} is insufficient", "why-judged")
    expect(page.get_by_role("main")).to_contain_text(REASON)


def test_upload_to_report_with_a_judgement_by_keyboard(site: Site, desktop: Page, tmp_path: Path) -> None:
    """Sign in, upload with mistakes, audit, follow a finding to its evidence, judge it, see the score, find it in the report."""
    page = desktop
    page.goto("/")
    reach(page, "Invented administrator")
    enter(page, "Dashboard")
    look(page, site, "Dashboard", "dashboard")
    upload_by_keyboard(page, site, tmp_path)
    criterion, question = with_findings(page, audit_by_keyboard(page, site))
    reach(page, "Dashboard")
    enter(page, "Dashboard")
    reach(page, "See this audit")
    enter(page, "Audit as at 2 December 2013")
    look(page, site, "Audit as at 2 December 2013", "audit")
    judge_by_keyboard(page, site, criterion, question)
    reach(page, "Dashboard")
    enter(page, "Dashboard")
    expect(page.get_by_role("main")).to_contain_text("Scores with judgements")
    look(page, site, "Dashboard", "dashboard-judged")
    reach(page, "Who judged what, when and why")
    enter(page, "What was judged since")
    look(page, site, "What was judged since", "judged")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    expect(page.get_by_role("main")).to_contain_text("by ADMIN")
    reach(page, "The audit")
    enter(page, "Audit as at 2 December 2013")
    look(page, site, "Audit as at 2 December 2013", "audit-judged")
    reach(page, "Report (web page), with judgements")
    with page.expect_download() as report:
        page.keyboard.press("Enter")
    text = report.value.path().read_text(encoding="utf-8")
    assert report.value.suggested_filename == "audit-2013-12-02-with-judgements.html"
    assert REASON in text
    assert "With judgements: 1 answer was judged by 1 assessor" in text
    reach(page, "Sign out")
    enter(page, "You are signed out")
    check(page, "You are signed out")


def test_what_was_judged_reads_well_on_a_phone(site: Site, page: Page) -> None:
    """The answer is given by pointer, and every page that has it is looked at, on a desktop and on a phone."""
    sign_in(page, "First invented assessor")
    menu(page, "Audits")
    look(page, site, "Audits", "audits")
    audit = newest_audit(page)
    _, question = with_findings(page, audit)
    page.goto(f"{audit}/questions/{question}")
    link(page, "^Why the answer is insufficient")
    look(page, site, re.compile("^Why "), "why")
    link(page, "Answer differently")
    put_day(page, "2013-12-25", "holds")
    page.get_by_role("button", name="Save your answer").click()
    look(page, site, re.compile("^Answer "), "override-wrong")
    for wrong in ("Choose an answer", "Say why", "The day must be 2 December 2013 or before"):
        expect(page.get_by_role("alert")).to_contain_text(wrong)
    page.get_by_label("Not applicable").check()
    page.get_by_label("Why is the computed answer wrong?").fill(REASON)
    put_day(page, "2013-12-02", "holds")
    page.get_by_role("button", name="Save your answer").click()
    look(page, site, re.compile("^Why "), "why-judged")
    page.goto(newest_audit(page))
    look(page, site, "Audit as at 2 December 2013", "audit-judged")
    link(page, "Who judged what")
    look(page, site, "What was judged since", "judged")
    page.goto("/")
    look(page, site, "Dashboard", "dashboard-judged")


def fill_section(page: Page, *, every: str | None, note: str) -> None:
    """Answer every question of a section as the engine does, or with one answer, with a note where it is another."""
    page.evaluate(
        """([every, note]) => {
            for (const one of document.querySelectorAll(".ab-question")) {
                const engine = one.querySelector(".ab-answer .govuk-tag").textContent.trim().toLowerCase().replaceAll(" ", "_");
                const answer = every || (engine === "not_assessed" ? "sufficient" : engine);
                one.querySelector(`input[value="${answer}"]`).checked = true;
                one.querySelector("textarea").value = answer === engine ? "" : note;
            }
        }""",
        [every, note],
    )


def assess(page: Page, site: Site, case: str, *, every: str | None, picture: bool) -> None:
    """Assess a case from its first section to the last, and finish."""
    page.goto(f"{case}/assessment")
    sections = page.locator(".govuk-task-list__link").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    for number, section in enumerate(sections):
        page.goto(section)
        fill_section(page, every=every, note="Seen on the file.")
        if picture and not number:
            look(page, site, re.compile(r"^\d"), "assessment-section")
        page.get_by_role("button", name="Save and come back later").click()
    page.get_by_role("button", name="Finish the assessment").click()
    expect(page.get_by_role("main")).to_contain_text("Your assessment is finished")


def test_two_assessors_are_moderated_and_what_is_settled_counts(site: Site, desktop: Page) -> None:
    """One saves and comes back; another assesses; kappa is told; what is settled stands beside the audit, with both named."""
    page = desktop
    sign_in(page, "First invented assessor")
    menu(page, "Cases")
    link(page, f"^{FIRST}$")
    case = page.url
    link(page, "Assess this case yourself")
    look(page, site, re.compile("^Your assessment"), "assessment")
    page.locator(".govuk-task-list__link").first.click()
    fill_section(page, every="not_applicable", note="Another team's.")
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_role("main")).to_contain_text("Your answers were saved")
    page.goto(case)
    link(page, "Assess this case yourself")
    page.locator(".govuk-task-list__link").first.click()
    expect(page.locator("textarea").first).to_have_value(re.compile("Another team's.|^$"))
    assert 0 < page.locator('input[value="not_applicable"]:checked').count()
    assess(page, site, case, every=None, picture=True)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "Second invented assessor")
    assess(page, site, case, every="sufficient", picture=False)
    menu(page, "Moderation")
    look(page, site, "Moderation", "moderation-list")
    expect(page.get_by_role("main")).to_contain_text("Cohen's kappa")
    link(page, f"^{FIRST}$")
    look(page, site, f"Moderate case {FIRST}", "moderation")
    differing = page.locator(".ab-question").filter(has=page.get_by_text("The engine Insufficient"))
    first = differing.first
    name = str(first.locator("textarea").get_attribute("name")).removeprefix("reason-")
    first.get_by_label("Sufficient", exact=True).check()
    first.locator("textarea").fill("Both looked at the file.")
    page.get_by_role("button", name="Save what was agreed").click()
    expect(page.get_by_role("main")).to_contain_text("What you agreed was saved")
    page.set_viewport_size({"width": PHONE, "height": 900})
    look(page, site, f"Moderate case {FIRST}", "moderation")
    page.goto(f"{newest_audit(page)}/judgements")
    expect(page.get_by_role("main")).to_contain_text(f"{FIRST}, {name}")
    expect(page.get_by_role("main")).to_contain_text(
        "Both looked at the file. Settled between the assessments of ASSESSOR_1 (insufficient) and ASSESSOR_2 (sufficient)."
    )
    page.goto(f"{case}/assessment")
    look(page, site, re.compile("^Your assessment"), "assessment-finished")


def test_action_is_put_owned_dated_and_done(site: Site, page: Page) -> None:
    """An item of the plan has an owner, a day and a state; its changes stay."""
    sign_in(page, "Invented manager")
    menu(page, "Action plan")
    look(page, site, "Action plan", "actions")
    link(page, "Add an action")
    page.get_by_label("What is to be done").fill("Ask for the report in every case")
    page.get_by_label("Who owns it").fill("TEAM-3")
    page.locator('[name="area"]').first.check()
    put_day(page, "2027-03-01", "due")
    look(page, site, re.compile("action plan|action|item", re.IGNORECASE), "action-new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("The action plan was changed")
    expect(page.get_by_role("table")).to_contain_text("TEAM-3")
    link(page, "^Ask for the report")
    page.get_by_label("Done", exact=True).check()
    page.get_by_role("button", name="Save").click()
    look(page, site, "Action plan", "actions-done")
    expect(page.get_by_role("table")).to_contain_text("Done")


def test_fact_is_tried_out_on_a_live_case(site: Site, page: Page) -> None:
    """What is wrong is told all at once; then what it opens, closes and makes due next."""
    sign_in(page, "Invented manager")
    menu(page, "Cases")
    look(page, site, "Cases", "cases")
    page.get_by_text("Find a case, or choose which are shown").click()
    look(page, site, "Cases", "cases-find")
    page.get_by_label("Question").select_option(index=3)
    page.get_by_label("Answer").select_option("insufficient")
    page.get_by_role("button", name="Find cases").click()
    look(page, site, "Cases", "cases-found")
    page.get_by_role("main").locator("table a").first.click()
    link(page, "Try out what a fact would change")
    look(page, site, re.compile("^Try out a fact"), "facts")
    page.get_by_label("Risk of serious harm").check()
    page.get_by_role("button", name="Continue").click()
    put_day(page, "2013-02-31", "classified_on")
    page.get_by_role("button", name="See what it comes to").click()
    look(page, site, "Try out: Risk of serious harm", "fact-wrong")
    expect(page.get_by_role("alert")).to_contain_text("Classified must be a real date")
    expect(page.get_by_role("alert")).to_contain_text("Level: this must be recorded")
    page.get_by_label("Level").select_option("very_high")
    put_day(page, "2013-05-01", "classified_on")
    put_day(page, "2013-12-02", "as_of")
    page.get_by_role("button", name="See what it comes to").click()
    look(page, site, "Try out: Risk of serious harm", "fact")
    expect(page.get_by_role("status")).to_contain_text("Nothing was stored")
    expect(
        page.get_by_role("heading", name="Falls due next").or_(page.get_by_text("Falls due next")).first
    ).to_be_visible()


def test_administrator_checks_the_trail_and_erases_by_age_having_been_told(site: Site, page: Page) -> None:
    """The trail is checked when asked; erasing says how many, and wants to be confirmed."""
    sign_in(page, "Invented administrator")
    menu(page, "Trail")
    page.get_by_role("button", name="Check every entry now").click()
    look(page, site, "Audit trail", "trail")
    expect(page.get_by_role("main")).to_contain_text("fits the one before it")
    menu(page, "Retention")
    look(page, site, "Retention", "retention")
    page.get_by_role("button", name="Erase this case").click()
    look(page, site, "Retention", "retention-wrong")
    today = time.gmtime()
    put_day(page, f"{today.tm_year}-{today.tm_mon:02}-{today.tm_mday:02}", "before")
    page.get_by_role("button", name="See how many").click()
    look(page, site, "Nothing to erase", "retention-age")
