"""Self-assessment and moderation by the API: from what was seen, by oneself, and then side by side."""

import re

import pytest

from aboveline.rulebook import load_rulebook
from service.api import all_roles, audit_of, case_key, first_case, send_cases
from service.assessed import as_the_engine, assess, mine, questions
from service.office import Office, told

FIRST, SECOND, MODERATOR = "ASSESSOR_1", "ASSESSOR_2", "ADMIN"
GOOD = {"answers": {"AS-01": {"answer": "not_applicable", "note": "No contact was wanted."}}}


@pytest.fixture
def key(office: Office) -> str:
    """Upload the sample and return the key of its first case."""
    send_cases(office)
    return case_key(office, first_case()["case"])


def test_questions_come_in_the_inspectors_order_with_answer_and_evidence(office: Office, key: str) -> None:
    """All that are asked, each once, under their stages; the engine's answers are those of the case answered live."""
    shown = office.get(f"/v1/cases/{key}/assessments/questions", by=FIRST)
    asked = questions(office, key, FIRST)
    live = {
        one["question"]: one for one in office.post(f"/v1/cases/{key}/audit", by="MANAGER").json()["answers"]
    }
    framework = load_rulebook().framework

    assert 200 == shown.status_code
    assert list(framework.stages) == [one["stage"] for one in shown.json()["stages"]]
    assert set(live) == set(asked)
    assert all(one["engine"] == live[question] for question, one in asked.items())
    assert any(
        one["engine"]["findings"] and one["engine"]["findings"][0]["evidence"] for one in asked.values()
    )
    assert {None} == {one["own"] for one in asked.values()}
    again = office.get(
        f"/v1/cases/{key}/assessments/questions", by=FIRST, headers={"if-none-match": shown.headers["etag"]}
    )
    assert 304 == again.status_code


def test_assessor_saves_and_comes_back(office: Office, key: str) -> None:
    """What was saved is there, with what is left; it changes what it is known by, and nothing else of the assessment."""
    empty = office.get(mine(key), by=FIRST)
    saved = office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers={"if-match": empty.headers["etag"]})
    back = office.get(mine(key), by=FIRST)
    listed = office.get("/v1/assessments", by=FIRST).json()["items"]
    asked = office.get(f"/v1/cases/{key}/assessments/questions", by=FIRST).json()

    assert ("draft", None, {}) == tuple(empty.json()[name] for name in ("state", "started", "answers"))
    assert (200, back.json(), back.headers["etag"]) == (
        saved.status_code,
        saved.json(),
        saved.headers["etag"],
    )
    assert empty.headers["etag"] != saved.headers["etag"] == asked["tag"]
    assert GOOD["answers"]["AS-01"].items() <= back.json()["answers"]["AS-01"].items()
    assert set(empty.json()["left"]) - {"AS-01"} == set(back.json()["left"])
    assert [(key, FIRST, "draft", 1)] == [
        (one["key"], one["assessor"], one["state"], one["answered"]) for one in listed
    ]
    assert "No contact was wanted." == questions(office, key, FIRST)["AS-01"]["own"]["note"]
    assert "No contact was wanted." in told(_page(office, key, "1.1"))


def test_two_tabs_cannot_save_over_each_other(office: Office, key: str) -> None:
    """The second is told that what it saw is no more; nothing of it is saved, and it can save from what it sees then."""
    seen = office.get(mine(key), by=FIRST).headers["etag"]
    other = {"answers": {"AS-01": {"answer": "sufficient", "note": "Other tab."}}}
    first = office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers={"if-match": seen})
    second = office.ask("PATCH", mine(key), by=FIRST, json=other, headers={"if-match": seen})
    kept = office.get(mine(key), by=FIRST)
    now = office.ask("PATCH", mine(key), by=FIRST, json=other, headers={"if-match": kept.headers["etag"]})

    assert [200, 412, 200] == [one.status_code for one in (first, second, now)]
    assert "PRECONDITION_FAILED" == second.json()["errorCode"]
    assert "not_applicable" == kept.json()["answers"]["AS-01"]["answer"]
    assert "sufficient" == now.json()["answers"]["AS-01"]["answer"]


def test_note_by_itself_is_not_saved_over_either(office: Office, key: str) -> None:
    """Another note to the same answer is another state."""
    seen = office.get(mine(key), by=FIRST).headers["etag"]
    first = office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers={"if-match": seen})
    tag = {"if-match": first.headers["etag"]}
    notes = [
        office.ask(
            "PATCH",
            mine(key),
            by=FIRST,
            json={"answers": {"AS-01": GOOD["answers"]["AS-01"] | {"note": note}}},
            headers=tag,
        ).status_code
        for note in ("One tab.", "Another tab.")
    ]

    assert [200, 412] == notes
    assert "One tab." == office.get(mine(key), by=FIRST).json()["answers"]["AS-01"]["note"]


@pytest.mark.parametrize("tag", [None, "", "*", " , * "], ids=["none", "empty", "any", "any of a list"])
def test_what_does_not_say_what_it_saw_is_not_saved(office: Office, key: str, tag: str | None) -> None:
    """Neither saved nor handed in: `*` would be to save over whatever there is."""
    headers = {} if tag is None else {"if-match": tag}
    saved = office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers=headers)
    sent = office.post(f"{mine(key)}/submit", by=FIRST, headers=headers)

    assert [(428, "PRECONDITION_REQUIRED")] * 2 == [
        (one.status_code, one.json()["errorCode"]) for one in (saved, sent)
    ]
    assert None is office.get(mine(key), by=FIRST).json()["started"]


def test_weak_or_made_up_tag_matches_nothing(office: Office, key: str) -> None:
    """`If-Match` compares strongly; of several one is enough."""
    seen = office.get(mine(key), by=FIRST).headers["etag"]
    wrong = [
        office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers={"if-match": one})
        for one in (f"W/{seen}", seen.strip('"'), '"made-up"')
    ]
    right = office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers={"if-match": f'"made-up", {seen}'})

    assert [412, 412, 412, 200] == [one.status_code for one in (*wrong, right)]


def test_answer_that_is_not_the_engines_wants_a_reason(office: Office, key: str) -> None:
    """And one to a question that is not asked is none; of several answers with one unfit none is saved."""
    asked = questions(office, key, FIRST)
    differs = next(one for one, it in asked.items() if it["engine"]["computed"] == "insufficient")
    seen = {"if-match": office.get(mine(key), by=FIRST).headers["etag"]}
    good = GOOD["answers"]
    no_reason = office.ask(
        "PATCH",
        mine(key),
        by=FIRST,
        headers=seen,
        json={"answers": good | {differs: {"answer": "sufficient", "note": " "}}},
    )
    unknown = office.ask(
        "PATCH",
        mine(key),
        by=FIRST,
        headers=seen,
        json={"answers": good | {"KANARIE-1": {"answer": "sufficient"}}},
    )
    nothing = office.ask("PATCH", mine(key), by=FIRST, headers=seen, json={"answers": {}})

    assert [(422, f"body.answers.{differs}.note")] == [
        (no_reason.status_code, one["path"]) for one in no_reason.json()["errors"]
    ]
    assert (422, "unknown_question") == (unknown.status_code, unknown.json()["errors"][0]["code"])
    assert "KANARIE" not in unknown.text
    assert 422 == nothing.status_code
    assert {} == office.get(mine(key), by=FIRST).json()["answers"]


def test_assessment_is_handed_in_once_and_whole(office: Office, key: str) -> None:
    """Not before every question is answered, nor from what is no more; after that it stays as it is."""
    answers = as_the_engine(questions(office, key, FIRST))
    last = list(answers)[-1]
    most = {question: one for question, one in answers.items() if question != last}
    empty = office.get(mine(key), by=FIRST).headers["etag"]
    some = office.ask("PATCH", mine(key), by=FIRST, json={"answers": most}, headers={"if-match": empty})
    early = office.post(f"{mine(key)}/submit", by=FIRST, headers={"if-match": some.headers["etag"]})
    whole = office.ask(
        "PATCH",
        mine(key),
        by=FIRST,
        json={"answers": {last: answers[last]}},
        headers={"if-match": some.headers["etag"]},
    )
    late = office.post(f"{mine(key)}/submit", by=FIRST, headers={"if-match": some.headers["etag"]})
    sent = office.post(f"{mine(key)}/submit", by=FIRST, headers={"if-match": whole.headers["etag"]})
    after = {"if-match": sent.headers["etag"]}
    twice = office.post(f"{mine(key)}/submit", by=FIRST, headers=after)
    changed = office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers=after)
    unaware = office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers={"if-match": whole.headers["etag"]})

    assert [last] == some.json()["left"]
    assert [409, 412, 200, 409, 409] == [one.status_code for one in (early, late, sent, twice, changed)]
    assert 412 == unaware.status_code
    assert ("draft", "handed_in") == (whole.json()["state"], sent.json()["state"])
    assert whole.json()["answers"] == office.get(mine(key), by=FIRST).json()["answers"]


def test_nobody_sees_anothers_draft(office: Office, key: str) -> None:
    """Not even that there is one; once handed in it is known of, and its answers are for moderation."""
    seen = {"if-match": office.get(mine(key), by=FIRST).headers["etag"]}
    office.ask("PATCH", mine(key), by=FIRST, json=GOOD, headers=seen)
    while_draft = office.get(f"/v1/cases/{key}/assessments", by=SECOND).json()["items"]
    assess(office, key, FIRST)
    after = office.get(f"/v1/cases/{key}/assessments", by=SECOND)
    alone = office.get(f"/v1/cases/{key}/moderation", by=SECOND)

    assert [] == while_draft
    assert [(FIRST, "handed_in")] == [(one["assessor"], one["state"]) for one in after.json()["items"]]
    assert "No contact was wanted." not in after.text
    assert {} == office.get(mine(key), by=SECOND).json()["answers"]
    assert 404 == alone.status_code


def test_two_assessors_are_compared_and_what_differs_is_settled(office: Office, key: str) -> None:
    """Agreement is that of the answers, kappa and prevalence with it; settled with a reason, and again, and none is lost."""
    assess(office, key, FIRST)
    assess(office, key, SECOND, every="sufficient")
    before = office.get(f"/v1/cases/{key}/moderation", by=MODERATOR).json()
    differing = [one["question"] for one in before["questions"] if one["differs"]]
    agreed = {one: {"answer": "insufficient", "reason": "Nothing is recorded."} for one in differing[:2]}
    settled = office.post(f"/v1/cases/{key}/moderation", by=MODERATOR, json={"settled": agreed})
    again = office.post(
        f"/v1/cases/{key}/moderation",
        by=MODERATOR,
        json={"settled": {differing[0]: {"answer": "sufficient", "reason": "It was found."}}},
    )
    overview = office.get("/v1/moderation", by=MODERATOR).json()
    page = told(_moderation_page(office, key))

    first = {one["question"]: one["first"]["answer"] for one in before["questions"]}
    agreement = before["agreement"]
    assert [FIRST, SECOND] == before["assessors"]
    assert len(first) == agreement["compared"] == sum(one["count"] for one in agreement["pairs"])
    assert list(first.values()).count("sufficient") == agreement["agreed"]
    assert agreement["agreed"] / agreement["compared"] == pytest.approx(agreement["raw"])
    assert 0 == pytest.approx(agreement["kappa"])  # one of them said the same of everything: it is chance
    assert 1 == pytest.approx(sum(one["share"] for one in agreement["prevalence"]))
    assert (200, 2, 3) == (settled.status_code, len(settled.json()["settled"]), len(again.json()["settled"]))
    assert {(MODERATOR, "Nothing is recorded.")} == {
        (one["moderator"], one["reason"]) for one in settled.json()["settled"]
    }
    assert before["questions"][0]["first"] == again.json()["questions"][0]["first"]
    assert (1, agreement) == (overview["total"], overview["agreement"])
    assert [(key, differing[2:])] == [(one["key"], one["open"]) for one in overview["items"]]
    assert f"{agreement['agreed']} of {agreement['compared']}" in page


def test_only_what_differs_is_settled(office: Office, key: str) -> None:
    """With a reason; of several with one unfit none is."""
    assess(office, key, FIRST)
    assess(office, key, SECOND, every="sufficient")
    compared = office.get(f"/v1/cases/{key}/moderation", by=MODERATOR).json()["questions"]
    differs = next(one["question"] for one in compared if one["differs"])
    same = next(one["question"] for one in compared if not one["differs"])
    good = {"answer": "sufficient", "reason": "Agreed."}
    answers = [
        office.post(f"/v1/cases/{key}/moderation", by=MODERATOR, json={"settled": settled})
        for settled in (
            {differs: good, same: good},
            {differs: good, "XX-99": good},
            {differs: good | {"reason": ""}},
            {differs: good | {"reason": "  "}},
            {},
        )
    ]

    assert [422] * 5 == [one.status_code for one in answers]
    assert [] == office.get(f"/v1/cases/{key}/moderation", by=MODERATOR).json()["settled"]


def test_list_of_moderated_cases_goes_on(office: Office) -> None:
    """A page at a time, in the order of the cases, with what is over all of them on each."""
    send_cases(office)
    keys = [one["key"] for one in office.get("/v1/cases?limit=3", by="MANAGER").json()["items"]]
    for key in keys:
        assess(office, key, FIRST)
        assess(office, key, SECOND)
    first = office.get("/v1/moderation?limit=2", by=MODERATOR).json()
    rest = office.get(f"/v1/moderation?limit=2&after={first['next']}", by=MODERATOR).json()
    wrong = office.get("/v1/moderation?after=made-up", by=MODERATOR)

    assert keys == [one["key"] for one in (*first["items"], *rest["items"])]
    assert (3, 3, None) == (first["total"], rest["total"], rest["next"])
    assert first["agreement"] == rest["agreement"]
    assert (1.0, 422) == (first["agreement"]["raw"], wrong.status_code)


def test_self_view_stands_beside_the_findings(office: Office, key: str) -> None:
    """One who says sufficient throughout is kinder than the findings, and never harder; the page says the same."""
    assess(office, key, FIRST, every="sufficient")
    audit = audit_of(office)
    seen = office.get(f"/v1/audits/{audit}/self-view", by="MANAGER").json()
    office.sign_in("MANAGER")
    page = told(office.get(f"/audits/{audit}/self-view").text)

    overall = seen["overall"]
    assert (1, 0) == (seen["cases"], overall["harder"])
    assert overall["kinder"] > 0
    assert overall["compared"] == overall["own"] == overall["same"] + overall["kinder"]
    assert overall["found"] == overall["same"]
    assert overall["compared"] == sum(one["answers"]["compared"] for one in seen["questions"])
    (kinder,) = re.findall(r"Kinder than the findings \d+% \((\d+) of", page)
    assert int(kinder) == overall["kinder"]


def test_assessing_is_for_those_who_judge_in_the_areas_of_the_case(office: Office, key: str) -> None:
    """A reader may not; with the role and another area the case is not there, whatever is sent."""
    york = all_roles(office, "READER")
    seen = {"if-match": office.get(mine(key), by=FIRST).headers["etag"]}
    assert 403 == office.get(mine(key), by="READER").status_code
    for method, path, body in (
        ("GET", mine(key), None),
        ("GET", f"/v1/cases/{key}/assessments", None),
        ("GET", f"/v1/cases/{key}/assessments/questions", None),
        ("PATCH", mine(key), GOOD),
        ("POST", f"{mine(key)}/submit", None),
        ("GET", f"/v1/cases/{key}/moderation", None),
    ):
        assert 404 == office.ask(method, path, headers=york | seen, json=body).status_code, (method, path)


def _page(office: Office, key: str, criterion: str) -> str:
    office.sign_in(FIRST)
    return office.get(f"/cases/{key}/assessment/{criterion}").text


def _moderation_page(office: Office, key: str) -> str:
    office.sign_in(MODERATOR)
    return office.get(f"/moderation/{key}").text
