"""One case live: answered in the request, with facts that open and close things; explained, and judged with a reason."""

import datetime as dt
import json
from typing import Any

import pytest

from aboveline.audit import Auditor
from aboveline.case import CaseRecord, read_cases
from aboveline.explain import explain
from aboveline.rulebook import load_rulebook
from service.api import AS_OF, all_roles, audit_of, case_key, first_case, send_cases
from service.office import CASES, Office


@pytest.fixture
def stocked(office: Office) -> Office:
    """Return the service with the sample uploaded."""
    send_cases(office)
    return office


def records() -> list[CaseRecord]:
    """Return the records of the sample."""
    return [one for one in read_cases([CASES]) if isinstance(one, CaseRecord)]


def live(office: Office, case: str, **asked: Any) -> Any:
    """Answer a case just now."""
    return office.post(
        f"/v1/cases/{case_key(office, case)}/audit", by="MANAGER", json={"as_of": AS_OF} | asked
    )


def test_answers_are_those_of_the_engine(stocked: Office) -> None:
    """The same for every case that is asked about; with no facts nothing opens or closes."""
    auditor = Auditor(load_rulebook(), dt.date.fromisoformat(AS_OF))
    for record in records()[:5]:
        answered = live(stocked, record.case).json()
        wanted = [one.model_dump(mode="json") for one in auditor.answer(auditor.facts(record))]
        assert wanted == answered["answers"]
        assert ([], [], []) == (answered["opened"], answered["closed"], answered["changed"])


def test_fact_closes_what_was_found_and_another_opens_something(stocked: Office) -> None:
    """Taking a fact from the stored record and adding it again closes what that left open; nothing is stored by it."""
    record = first_case()
    for kind in ("assessment", "contact", "plan", "induction", "rosh"):
        facts = record.get(kind)
        if not facts:
            continue
        without = {name: value for name, value in record.items() if name != kind}
        send_cases(stocked, json.dumps(without).encode())
        bare = live(stocked, record["case"]).json()
        added = live(stocked, record["case"], facts={kind: facts})
        again = live(stocked, record["case"]).json()
        send_cases(stocked, json.dumps(record).encode())
        whole = live(stocked, record["case"]).json()

        assert 200 == added.status_code, added.text
        assert whole["answers"] == added.json()["answers"]
        assert bare == again
        before, after = found(bare), found(whole)
        assert before - after == names(added.json()["closed"]) - names(added.json()["opened"])
        assert after - before == names(added.json()["opened"]) - names(added.json()["closed"])
        changed = {one["question"] for one in added.json()["changed"]}
        assert changed == {
            was["question"]
            for was, now in zip(bare["answers"], whole["answers"], strict=True)
            if was["answer"] != now["answer"]
        }
        if changed:
            return
    pytest.fail("no fact of the first case makes a difference to it")


def found(answered: dict[str, Any]) -> set[str]:
    """Return the deficiencies of a case."""
    return names([one for answer in answered["answers"] for one in answer["findings"]])


def names(findings: list[dict[str, Any]]) -> set[str]:
    """Return what they are called."""
    return {one["deficiency"] for one in findings}


def test_what_falls_due_next_comes_first(stocked: Office) -> None:
    """In the order of days, and all of it."""
    seen = 0
    for record in records():
        answered = live(stocked, record.case).json()
        days = [one["due"] for one in answered["due_next"]]
        assert days == sorted(days)
        assert len(days) == sum(len(one["due_soon"]) for one in answered["answers"])
        seen += len(days)
        if seen:
            break

    assert seen


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"contact": [{"colour": "red"}]}, "body.facts.contact"),
        ({"judgement": []}, "body.facts.judgement"),
        ({"case": {}}, "body.facts.case"),
        ({"nothing": []}, "body.facts.?"),
    ],
)
def test_facts_that_no_record_can_hold_are_refused(
    stocked: Office, facts: dict[str, Any], place: str
) -> None:
    """With the place in the record; what was sent is not repeated."""
    answer = live(stocked, first_case()["case"], facts=facts)

    assert (422, "UNFIT_FACTS") == (answer.status_code, answer.json()["errorCode"])
    assert answer.json()["errors"][0]["path"].startswith(place)
    assert "red" not in answer.text


def test_cases_are_listed_in_pages(stocked: Office) -> None:
    """By key, and no id in an address; who sees York sees York's."""
    seen: list[str] = []
    after = ""
    while True:
        page = stocked.get(f"/v1/cases?limit=20{after}", by="MANAGER").json()
        seen += [one["case"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
        assert "YNY-" not in after
    york = stocked.get("/v1/cases?limit=100", by="READER").json()

    assert (sorted(one.case for one in records()), 49) == (seen, page["total"])
    assert {"YRK"} == {one["area"] for one in york["items"]}
    assert len(york["items"]) == york["total"] < 49
    assert 0 == stocked.get("/v1/cases?area=SCA", by="READER").json()["total"]


def test_record_is_shown_as_it_was_uploaded(stocked: Office) -> None:
    """Every fact of it."""
    record = records()[0]
    shown = stocked.get(f"/v1/cases/{case_key(stocked, record.case)}", by="MANAGER").json()

    assert record == CaseRecord.model_validate_json(json.dumps(shown["record"]))


def test_explanation_is_that_of_the_engine(stocked: Office) -> None:
    """As at the day that is asked for."""
    record = records()[0]
    shown = stocked.get(
        f"/v1/cases/{case_key(stocked, record.case)}/questions/AS-01/explanation?as_of={AS_OF}", by="MANAGER"
    ).json()

    wanted = explain(record, "AS-01", load_rulebook(), dt.date.fromisoformat(AS_OF))
    assert wanted.model_dump(mode="json") == shown


def test_override_has_a_reason_and_counts_from_today(stocked: Office) -> None:
    """The live answer has it beside the computed one, the list tells it, and an earlier day leaves it out."""
    case = records()[0].case
    key = case_key(stocked, case)
    computed = next(
        one for one in live(stocked, case, as_of="2026-03-02").json()["answers"] if one["question"] == "AS-01"
    )
    other = "insufficient" if computed["computed"] == "sufficient" else "sufficient"
    asked = {"question": "AS-01", "answer": other, "reason": "Seen on paper."}
    said = stocked.post(f"/v1/cases/{key}/judgements", by="ASSESSOR_1", json=asked)
    now = next(
        one for one in live(stocked, case, as_of="2026-03-02").json()["answers"] if one["question"] == "AS-01"
    )
    listed = stocked.get(f"/v1/cases/{key}/judgements", by="MANAGER").json()["items"]
    everywhere = stocked.get("/v1/judgements?question=AS-01", by="MANAGER").json()["items"]

    assert (201, "override") == (said.status_code, said.json()["kind"])
    assert (other, computed["computed"], "override", "Seen on paper.") == (
        now["answer"],
        now["computed"],
        now["by"],
        now["reason"],
    )
    assert [said.json()] == listed == everywhere
    assert said.json() == stocked.get(said.headers["location"], by="MANAGER").json()
    early = next(one for one in live(stocked, case).json()["answers"] if one["question"] == "AS-01")
    assert "override" != early["by"]


@pytest.mark.parametrize(
    "asked",
    [
        {"question": "AS-01", "answer": "insufficient"},
        {"question": "AS-01", "answer": "insufficient", "reason": "  "},
        {"question": "AS-01", "answer": "maybe", "reason": "Because."},
    ],
)
def test_answer_without_a_reason_is_not_kept(stocked: Office, asked: dict[str, str]) -> None:
    """Nothing is kept of it."""
    key = case_key(stocked, records()[0].case)
    answer = stocked.post(f"/v1/cases/{key}/judgements", by="ASSESSOR_1", json=asked)

    assert 422 == answer.status_code
    assert [] == stocked.get("/v1/judgements", by="MANAGER").json()["items"]


def test_question_that_is_not_asked_is_not_there(stocked: Office) -> None:
    """404 for its explanation, and for a judgement of it."""
    key = case_key(stocked, records()[0].case)
    asked = {"question": "ZZ-99", "answer": "sufficient", "reason": "Because."}

    assert 404 == stocked.get(f"/v1/cases/{key}/questions/ZZ-99/explanation", by="MANAGER").status_code
    assert 404 == stocked.post(f"/v1/cases/{key}/judgements", by="ASSESSOR_1", json=asked).status_code
    assert 404 == stocked.get("/v1/rules/ZZ-99", by="MANAGER").status_code


def test_rules_and_their_pages_are_told(office: Office) -> None:
    """Every question of the rulebook, each with its page."""
    rules = office.get("/v1/rules", by="READER").json()
    shipped = load_rulebook()
    page = office.get("/v1/rules/AS-01/page", by="READER")

    assert [one.id for one in shipped.questions] == [one["id"] for one in rules["questions"]]
    assert shipped.hash == rules["rulebook"]
    assert office.get("/v1/rules/AS-01", by="READER").json() in rules["questions"]
    assert "AS-01" in page.text
    assert page.headers["content-type"].startswith("text/markdown")


def test_two_audits_are_compared(stocked: Office) -> None:
    """With pseudonyms, unless ids are asked for by who may have them; an audit of another area is not there."""
    before, after = audit_of(stocked, as_of="2013-06-03"), audit_of(stocked)
    shown = stocked.get(f"/v1/comparisons/{before}/{after}", by="MANAGER")
    named = stocked.get(f"/v1/comparisons/{before}/{after}?cases=ids", by="MANAGER").json()
    york = stocked.get(f"/v1/comparisons/{before}/{after}", headers=all_roles(stocked, "READER"))

    assert named["flips"]
    assert len(named["flips"]) == len(shown.json()["flips"])
    assert "YNY-" not in shown.text
    assert {**named, "flips": 0, "deficiencies": 0, "only_before": 0, "only_after": 0} == {
        **shown.json(),
        "flips": 0,
        "deficiencies": 0,
        "only_before": 0,
        "only_after": 0,
    }
    assert 404 == york.status_code
