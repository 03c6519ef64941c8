"""Two assessors answer one case by themselves, what differs is settled, and their view stands beside the findings."""

import re
from html import unescape

import pytest

from service.office import Office, day, heading, told


def case_of(office: Office) -> str:
    """Return the address of the first case."""
    return str(re.findall(r'href="(/cases/[^/"?]+)"', office.get("/cases").text)[0])


def fill(
    office: Office, section: str, *, every: str | None = None, reason: str = "Seen on the file."
) -> dict[str, str]:
    """Return a section filled in as the engine has it, or with one answer throughout."""
    page = office.get(section).text
    form = {"go": "list"}
    for part in page.split('<div class="ab-question">')[1:]:
        (question,) = set(re.findall(r'name="answer-([A-Z0-9-]+)"', part))
        engine = unescape(re.findall(r"The engine <strong[^>]*>([^<]+)<", part)[0]).lower().replace(" ", "_")
        answer = every or ("sufficient" if engine == "not_assessed" else engine)
        form[f"answer-{question}"] = answer
        form[f"reason-{question}"] = reason if answer != engine else ""
    return form


def assess(office: Office, case: str, *, every: str | None = None) -> None:
    """Fill in every section of a case and finish it."""
    sections = re.findall(rf'href="({case}/assessment/[^"]+)"', office.get(f"{case}/assessment").text)
    for section in sections:
        sent = office.send(section, fill(office, section, every=every))
        assert 303 == sent.status_code, told(sent.text)
    finished = office.send(f"{case}/assessment", {}, to=f"{case}/assessment/finish")
    assert 303 == finished.status_code, told(finished.text)


@pytest.fixture
def uploaded(office: Office) -> Office:
    """Return the service with the sample uploaded, and the first assessor signed in."""
    office.sign_in("MANAGER")
    office.upload()
    office.sign_in("ASSESSOR_1")
    return office


def test_assessor_saves_comes_back_and_cannot_finish_too_early(uploaded: Office) -> None:
    """What was saved is there again; a differing answer wants a reason; all must be answered to finish."""
    case = case_of(uploaded)
    sections = re.findall(rf'href="({case}/assessment/[^"]+)"', uploaded.get(f"{case}/assessment").text)
    form = fill(uploaded, sections[0], every="not_applicable", reason="")
    wrong = uploaded.send(sections[0], form)
    nothing = told(uploaded.get(f"{case}/assessment").text)
    good = fill(uploaded, sections[0], every="not_applicable")
    saved = uploaded.send(sections[0], good | {"go": "next"})
    back = uploaded.get(sections[0]).text
    early = uploaded.send(f"{case}/assessment", {}, to=f"{case}/assessment/finish")

    assert 422 == wrong.status_code
    assert "is not the engine's" in told(wrong.text)
    assert "Answered 0 of" in nothing
    assert (303, sections[1]) == (saved.status_code, saved.headers["location"])
    assert "Seen on the file." in back
    assert 409 == early.status_code


def test_two_assessors_are_moderated(uploaded: Office) -> None:
    """Neither sees the other's before both are finished; then agreement is told with its n and what differs is settled."""
    case = case_of(uploaded)
    key = case.removeprefix("/cases/")
    assess(uploaded, case)
    changed = uploaded.send("/cases", {"answer-AS-01": "sufficient"}, to=f"{case}/assessment/1.1")
    uploaded.sign_in("ASSESSOR_2")
    others = told(uploaded.get(f"{case}/assessment").text)
    alone = uploaded.get(f"/moderation/{key}").status_code
    assess(uploaded, case, every="sufficient")
    listed = told(uploaded.get("/moderation").text)
    page = uploaded.get(f"/moderation/{key}").text
    questions = list(dict.fromkeys(re.findall(r'name="agreed-([A-Z0-9-]+)"', page)))
    no_reason = uploaded.send(f"/moderation/{key}", {f"agreed-{questions[0]}": "sufficient"})
    form = day("holds", "2026-03-02")
    form |= {f"agreed-{one}": "sufficient" for one in questions} | {
        f"reason-{one}": "Agreed." for one in questions
    }
    saved = uploaded.send(f"/moderation/{key}", form)

    assert changed.status_code in {404, 409}
    assert "Answered 0 of" in others
    assert 404 == alone
    assert "ASSESSOR_1 and ASSESSOR_2" in listed
    assert "To do" in listed
    assert "Cohen's kappa" in told(page)
    assert 5 < len(questions)
    assert (422, True) == (no_reason.status_code, "Say why" in told(no_reason.text))
    assert 303 == saved.status_code
    assert "Moderated" in told(uploaded.get("/moderation").text)
    assert "Agreed." in told(uploaded.get(f"/moderation/{key}").text)


def test_what_is_settled_is_an_answer_that_counts(uploaded: Office) -> None:
    """From the day of the latest audit, with a reason that names both assessments; where it is as computed nothing is put in its place."""
    uploaded.sign_in("MANAGER")
    address = uploaded.audit()
    uploaded.clock.go_on(days=1)
    uploaded.sign_in("ASSESSOR_1")
    case = case_of(uploaded)
    key = case.removeprefix("/cases/")
    assess(uploaded, case)
    uploaded.sign_in("ASSESSOR_2")
    assess(uploaded, case, every="sufficient")
    page = uploaded.get(f"/moderation/{key}").text
    engine = dict(
        zip(
            re.findall(r'name="agreed-([A-Z0-9-]+)" type="radio" value="sufficient"', page),
            re.findall(r"The engine</strong> <strong[^>]*>([^<]+)<", page),
            strict=True,
        )
    )
    short = [one for one, answer in engine.items() if answer == "Insufficient"][:2]
    form = day("holds", "2013-12-02") | {f"reason-{one}": "Seen by both." for one in short}
    form |= {f"agreed-{short[0]}": "sufficient", f"agreed-{short[1]}": "insufficient"}
    late = uploaded.send(f"/moderation/{key}", form | day("holds", "2026-03-04"))
    long = uploaded.send(f"/moderation/{key}", form | {f"reason-{short[0]}": "x" * 1501})
    saved = uploaded.send(f"/moderation/{key}", form)
    since = told(uploaded.get(f"{address}/judgements").text)
    again = uploaded.send(f"/moderation/{key}", form)

    assert "are as at 2 December 2013, the day of the latest audit" in told(page)
    assert ("2", "12") == (
        re.findall(r'name="holds-day"[^>]*value="(\d+)"', page)[0],
        re.findall(r'name="holds-month"[^>]*value="(\d+)"', page)[0],
    )
    assert (422, 422, 303) == (late.status_code, long.status_code, saved.status_code), told(saved.text)
    assert "today or before" in told(late.text)
    assert "1 answer of this audit was judged since by 1 assessor" in since
    assert (
        "Seen by both. Settled between the assessments of ASSESSOR_1 (insufficient) and ASSESSOR_2 (sufficient)."
        in since
    )
    assert f", {short[0]}" in since
    assert f", {short[1]}" not in since
    assert (422, True) == (again.status_code, "Choose at least one agreed answer" in told(again.text))


def test_self_view_stands_beside_the_findings(uploaded: Office) -> None:
    """An assessor who says sufficient throughout is kinder than the findings, and never harder."""
    assess(uploaded, case_of(uploaded), every="sufficient")
    uploaded.sign_in("MANAGER")
    address = uploaded.audit()
    page = told(uploaded.get(f"{address}/self-view").text)

    assert "Self-view against findings" in page
    assert "1 case assessed by practitioners" in page
    (kinder,) = re.findall(r"Kinder than the findings \d+% \((\d+) of", page)
    (harder,) = re.findall(r"Harder than the findings \d+% \((\d+) of", page)
    assert int(kinder) > 0
    assert 0 == int(harder)


def test_assessment_is_of_cases_in_ones_areas_and_for_those_who_judge(uploaded: Office) -> None:
    """A reader may not; another area's case is not there."""
    case = case_of(uploaded)  # of Harrogate
    uploaded.sign_in("READER")
    assert 403 == uploaded.get(f"{case}/assessment").status_code
    judge = {"authorization": f"Bearer {uploaded.token('READER', authorities=['ROLE_ABOVELINE__JUDGE'])}"}
    for address in (
        f"{case}/assessment",
        f"{case}/assessment/1.1",
        f"/moderation/{case.removeprefix('/cases/')}",
        f"{case}/questions/AS-01/override",
    ):
        answer = uploaded.get(address, headers=judge)
        assert (404, "Page not found") == (answer.status_code, heading(answer.text)), address
    for address, form in (
        (f"{case}/assessment/1.1", {"answer-AS-01": "sufficient"}),
        (f"{case}/assessment/finish", {}),
        (f"{case}/questions/AS-01/override", {"answer": "sufficient", "reason": "x"}),
    ):
        assert 404 == uploaded.post(address, data=form, headers=judge).status_code, address
