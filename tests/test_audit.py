"""The audit as a whole: a contract in JSON, the same bytes for the same inputs, and nothing lost on the way."""

import datetime as dt
import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from aboveline.audit import audit
from aboveline.backends import BackendError, DurableBackend, Match
from aboveline.case import CaseRecord, Rejected, read_cases, read_record
from aboveline.facts import CaseFacts
from aboveline.problems import InputError, Problem
from aboveline.result import AuditResult, FailedCase
from aboveline.rulebook import Rulebook, load_rulebook, shipped_rules

DEMONSTRATION = Path(__file__).parents[1] / "fixtures" / "demonstration" / "cases.jsonl"
AS_OF = dt.date(2013, 12, 2)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the shipped rules."""
    return load_rulebook()


@pytest.fixture(scope="module")
def records() -> list[CaseRecord | Rejected]:
    """Return the demonstration cases."""
    return list(read_cases([DEMONSTRATION]))


@pytest.fixture(scope="module")
def result(rulebook: Rulebook, records: list[CaseRecord | Rejected]) -> AuditResult:
    """Return the audit of the demonstration cases."""
    return audit(records, rulebook, AS_OF)


def record(**facts: Any) -> CaseRecord:
    """Make a record of facts."""
    made = read_record(json.dumps({"case": "A-1", **facts}).encode(), "test")
    assert isinstance(made, CaseRecord)
    return made


def test_json_keeps_its_contract(result: AuditResult) -> None:
    """Every key that readers were promised is there."""
    found = json.loads(result.to_json())

    assert {"aboveline", "rulebook", "cases", "as_of", "engine"} <= set(found["manifest"])
    assert 16 == found["cases"]
    promised = {
        "questions": {
            *("id", "criteria", "scored", "sufficient", "insufficient", "not_applicable", "not_assessed"),
            *("score", "score_range", "levels", "without_level"),
        },
        "criteria": {"id", "score"},
        "stages": {"id", "score"},
        "outcomes": {"id", "score", "score_range"},
        "factors": {
            *("factor", "cases", "cases_unknown", "linked", "interventions", "interventions_percent"),
            *("interventions_unknown", "progress", "progress_percent", "progress_unknown"),
        },
        "strengths": {"outcome", "question", "title", "sufficient", "insufficient", "score"},
        "improvements": {"outcome", "question", "title", "sufficient", "insufficient", "score"},
        "answers": {"case", "sufficient", "insufficient", "not_assessed", "levels"},
        "due_soon": {"case", "question", "deficiency", "due"},
        "findings": {
            *("case", "question", "deficiency", "severity", "finding", "put_right", "due", "recommendation"),
            "evidence",
        },
    }
    for name, keys in promised.items():
        assert found[name], name
        assert all(keys <= set(one) for one in found[name]), name
    assert all({"kind", "id"} <= set(fact) for finding in found["findings"] for fact in finding["evidence"])


def test_counts_of_a_question_add_up_to_the_cases(result: AuditResult) -> None:
    """Every case has one of the four answers to every question."""
    for one in result.questions:
        assert result.cases == one.sufficient + one.insufficient + one.not_applicable + one.not_assessed


def test_order_of_records_does_not_matter(
    rulebook: Rulebook, records: list[CaseRecord | Rejected], result: AuditResult
) -> None:
    """The same records in another order give the same bytes."""
    assert result.to_json() == audit(reversed(records), rulebook, AS_OF).to_json()


def test_manifest_tells_what_went_in(tmp_path: Path, rulebook: Rulebook) -> None:
    """The rulebook's hash follows the rules and not their cases; the cases' hash follows the records."""
    copy = tmp_path / "rules"
    shutil.copytree(shipped_rules(), copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "protecting-the-public" / "PP-39.cases.yaml").unlink()
    rule = next((copy / "protecting-the-public").glob("PP-39-*.yaml"))
    same = load_rulebook(copy).hash
    rule.write_text(rule.read_text(encoding="utf-8") + "# a word more\n", encoding="utf-8")
    other = load_rulebook(copy).hash
    one, two = (
        audit([record(tier=[{"level": n, "assigned_on": "2013-03-01"}])], rulebook, AS_OF) for n in (1, 2)
    )

    assert rulebook.hash == same != other
    assert one.manifest.cases != two.manifest.cases
    assert "our reading" in {used.source for used in one.manifest.parameters.values()}


def test_rejected_records_are_listed_and_not_counted(rulebook: Rulebook) -> None:
    """What could not be read is in the result, and not among the cases."""
    wrong = Rejected([Problem("cases.jsonl", 7, "chek", "there is no such field")])

    result = audit([wrong, record()], rulebook, AS_OF)

    assert 1 == result.cases
    assert [("cases.jsonl", 7, "chek", "there is no such field")] == [
        (one.source, one.line, one.path, one.reason) for one in result.rejected
    ]


def test_what_had_not_happened_and_what_was_not_asked_is_counted(rulebook: Rulebook) -> None:
    """Entries later than the audit's date are counted, and judgements that no rule asks for are named."""
    judgement = {"question": "PP-39", "answer": "sufficient", "made_on": "2013-11-01", "assessor": "QA-1"}

    result = audit(
        [record(check=[{"agency": "police", "made_on": "2014-01-01"}], judgement=[judgement])],
        rulebook,
        AS_OF,
    )

    assert 1 == result.manifest.left_out
    assert ("PP-39",) == result.manifest.judgements_unused


def test_parameter_without_a_value_stops_the_audit(rulebook: Rulebook) -> None:
    """An audit at a date before a standard was in force is refused: any number taken instead would be a guess."""
    with pytest.raises(InputError, match="has no value on 1999-01-01"):
        audit([record()], rulebook, dt.date(1999, 1, 1))


def test_case_that_cannot_be_answered_is_named(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing engine is a case that failed, by its name, and never an empty answer."""

    def fail(_: DurableBackend, facts: CaseFacts) -> Collection[Match]:
        raise BackendError(facts.case, "it failed")

    monkeypatch.setattr(DurableBackend, "matches", fail)

    result = audit([record()], rulebook, AS_OF)

    assert (0, (FailedCase(case="A-1", reason="it failed"),)) == (result.cases, result.failed)
    assert {0} == {
        q.sufficient + q.insufficient + q.not_assessed + q.not_applicable for q in result.questions
    }


def test_answers_of_every_case_are_listed(result: AuditResult) -> None:
    """Cases stand in order, and what their lists hold adds up to the counts of every question."""
    cases = [one.case for one in result.answers]

    assert result.cases == len(cases)
    assert sorted(cases) == cases
    for question in result.questions:
        for name in ("sufficient", "insufficient", "not_assessed"):
            assert getattr(question, name) == sum(question.id in getattr(one, name) for one in result.answers)


def test_answers_can_be_left_out(
    rulebook: Rulebook, records: list[CaseRecord | Rejected], result: AuditResult
) -> None:
    """Without the list of answers, all else is the same."""
    without = audit(records, rulebook, AS_OF, keep_answers=False)

    assert () == without.answers
    assert result.model_copy(update={"answers": ()}) == without
