"""Every change that is reported, made, gives the answer that it says; and it says what the record would have had to show."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboveline.answers import Answer, QuestionAnswer
from aboveline.audit import Auditor
from aboveline.case import CaseRecord
from aboveline.explain import Change, Edit, Explanation, changed, explain, lines
from aboveline.rulebook import Rulebook
from aboveline.rulecases import RuleCase

AS_OF = dt.date(2013, 12, 2)
SENTENCE = {"started_on": "2013-03-01"}
CONCERN = {"id": "c1", "kind": "child_protection"}
CSC = {"id": "csc-1", "agency": "childrens_social_care"}

Case = Callable[..., CaseRecord]


def answered(record: CaseRecord, question: str, rulebook: Rulebook, as_of: dt.date) -> QuestionAnswer:
    """Return the audit's answer to one question."""
    auditor = Auditor(replace(rulebook, questions=(rulebook.question(question),)), as_of)
    (answer,) = auditor.answer(auditor.facts(record))
    return answer


def proven(record: CaseRecord, question: str, rulebook: Rulebook, as_of: dt.date) -> Explanation:
    """Explain an answer, having held every change to the audit of the record with the change made."""
    explanation = explain(record, question, rulebook, as_of)
    before = answered(record, question, rulebook, as_of)

    assert explanation.answer == before
    for change in explanation.changes:
        other = changed(record, change.edits, change.additions)
        assert other is not None
        after = answered(other, question, rulebook, as_of)
        assert (after.computed, after.gaps) == (change.answer, change.gaps)
        assert (after.computed, bool(after.gaps)) != (before.computed, bool(before.gaps))
    return explanation


def texts(changes: tuple[Change, ...]) -> list[str]:
    """Return changes in words."""
    return [change.text for change in changes]


def test_a_rule_case_is_explained(rule_case: RuleCase, shipped: Rulebook) -> None:
    """A shipped question's case is told in words, without the marks of code, and every change gives the answer it says."""
    explanation = proven(rule_case.record, rule_case.question, shipped, rule_case.as_of)
    told = "\n".join(lines(explanation))

    assert explanation.answer.answer is rule_case.answer
    assert explanation.reason in told
    assert not any(mark in told for mark in ("{", "Reference(", "CodeList(", "unfinished_"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_changes_are_proven_whatever_is_left_out(
    data: st.DataObject, shipped: Rulebook, rule_cases: list[RuleCase]
) -> None:
    """It is so when fields and facts of the case are left out."""
    one = data.draw(st.sampled_from(rule_cases))
    raw = json.loads(one.record.model_dump_json(exclude_defaults=True))
    for kind in data.draw(st.lists(st.sampled_from(sorted(raw)), max_size=2)):
        if isinstance(raw[kind], list) and raw[kind]:
            raw[kind] = raw[kind][1:]
        elif isinstance(raw[kind], dict) and raw[kind]:
            del raw[kind][data.draw(st.sampled_from(sorted(raw[kind])))]
    try:
        record = CaseRecord.model_validate_json(json.dumps(raw))
    except ValueError:
        return
    proven(record, one.question, shipped, one.as_of)


def test_a_late_check_says_by_when_it_would_have_been_in_time(book: Rulebook, case: Case) -> None:
    """Of a late deficiency, the record would have had to show the work by the last day; what to do now is said apart."""
    record = case(sentence=SENTENCE, concern=[CONCERN], check=[{**CSC, "made_on": "2013-03-12"}])
    explanation = proven(record, "PP-01", book, AS_OF)

    assert texts(explanation.changes) == [
        "This would be sufficient if check csc-1 had been made on or before 8 March 2013 (it is recorded as 12 March 2013).",
        "This would be sufficient if the record showed a check with agency childrens social care, made on or before 8 March 2013 (5 working days after the sentence started on 1 March 2013).",
        "This would be not applicable if concern c1 had ended on or before 2 December 2013 (it is not recorded).",
    ]
    assert explanation.changes[0].edits[0].value == dt.date(2013, 3, 8)
    assert explanation.outlook == "The due date has passed. This is what the record would have had to show:"
    assert explanation.put_right == ("Ask children's social care services and record the reply.",)


def test_evidence_is_not_rewritten_where_something_else_will_do(book: Rulebook, case: Case) -> None:
    """A check with the police is not put down as one with social care while another could be recorded."""
    record = case(
        sentence=SENTENCE, concern=[CONCERN], check=[{"id": "p", "agency": "police", "made_on": "2013-03-04"}]
    )

    assert not any(
        change.edits and change.edits[0].id == "p" for change in explain(record, "PP-01", book, AS_OF).changes
    )


def test_an_undated_check_is_tried_on_both_sides(book: Rulebook, case: Case) -> None:
    """Of a field that is not recorded, the changes say what answer each way gives."""
    record = case(sentence=SENTENCE, concern=[CONCERN], check=[CSC])
    first, second, *_ = proven(record, "PP-01", book, AS_OF).changes

    assert (first.answer, second.answer) == (Answer.SUFFICIENT, Answer.INSUFFICIENT)
    assert first.text.endswith("if check csc-1 had been made on or before 8 March 2013 (it is not recorded).")
    assert second.text.endswith("if check csc-1 had been made after 8 March 2013 (it is not recorded).")


def test_a_date_that_others_are_held_against_is_tried_on_both_sides(book: Rulebook, case: Case) -> None:
    """Where the start is not recorded, the days are worked back from the check, to the boundary."""
    record = case(concern=[CONCERN], check=[{**CSC, "made_on": "2013-03-12"}])

    assert texts(proven(record, "PP-01", book, AS_OF).changes)[:2] == [
        "This would be sufficient if the sentence had started on 5 March 2013 (it is not recorded).",
        "This would be insufficient if the sentence had started on 4 March 2013 (it is not recorded).",
    ]


def test_two_changes_are_found_where_one_is_not_enough(book: Rulebook, case: Case) -> None:
    """Where the kind of the concern is open and a check may be elsewhere, both have to be recorded."""
    record = case(sentence=SENTENCE, concern=[{"id": "c1"}], incomplete=["check"])
    nearest = proven(record, "PP-01", book, AS_OF).changes[0]

    assert nearest.answer is Answer.SUFFICIENT
    assert len(nearest.edits) == len(nearest.additions) == 1


def test_an_unfinished_plan_can_be_completed(book: Rulebook, case: Case) -> None:
    """Work that is begun and not complete is the nearest to work that is done."""
    record = case(
        significant_change=[{"id": "a", "raises_risk": True, "occurred_on": "2013-03-01"}],
        plan=[{"id": "p", "type": "sentence_plan", "status": "open"}],
    )

    assert texts(proven(record, "PP-02", book, AS_OF).changes)[0] == (
        "This would be sufficient if plan p had been complete (it is recorded as open) and "
        "had been completed after 1 March 2013 (it is not recorded)."
    )


def test_a_code_that_is_not_mapped_is_tried_both_ways(book: Rulebook, case: Case) -> None:
    """A code in neither part of a closed list may be in either."""
    record = case(
        offence=[{"id": "o", "code": "55555"}],
        plan=[
            {"id": "p", "type": "risk_management_plan", "status": "complete", "completed_on": "2013-03-04"}
        ],
    )
    found = {change.text for change in proven(record, "PP-03", book, AS_OF).changes}

    assert (
        "This would be insufficient if offence o had code in the list grave (it is recorded as 55555)."
        in found
    )
    assert any("offence o had code not in the list grave, such as 10500" in text for text in found)


def test_a_question_that_does_not_apply_says_what_would_make_it(book: Rulebook, case: Case) -> None:
    """A case that the question is not about says what would bring it in, and the answer it would have then."""
    nearest = proven(case(sentence=SENTENCE), "PP-01", book, AS_OF).changes[0]

    assert (
        nearest.text
        == "This would be insufficient if the record showed a concern with kind child protection, 'ended on' not recorded."
    )


def test_what_no_record_can_alter_is_said(book: Rulebook, case: Case) -> None:
    """Where nothing was found that alters the answer, that is said plainly."""
    visits = [{"visited_on": "2013-11-20"}, {"visited_on": "2013-11-21"}, {"visited_on": "2013-11-22"}]
    explanation = proven(case(home_visit=visits), "PP-05", book, AS_OF)

    assert explanation.changes == ()
    assert explanation.outlook == "No single change to the record was found that alters the answer."


def test_a_range_is_said_only_where_both_ends_were_tried(book: Rulebook, case: Case) -> None:
    """A day that would do is not said of all the days on its side, where one far from it would not do."""
    changes = [{"id": day, "raises_risk": True, "occurred_on": day} for day in ("2013-03-01", "2013-04-20")]
    found = texts(proven(case(significant_change=changes), "PP-02", book, AS_OF).changes)

    assert (
        "This would be sufficient if the record showed a review of sentence plan, completed on 1 May 2013."
        in found
    )
    assert any("a plan with type sentence plan, completed after 20 April 2013" in text for text in found)


def test_what_else_the_question_needs_of_an_added_fact_is_recorded_with_it(
    book: Rulebook, case: Case
) -> None:
    """A fact that would only leave another gap is not what would alter the answer."""
    record = case(
        offence=[{"code": "00100"}],
        plan=[
            {"id": "p", "type": "risk_management_plan", "status": "complete", "completed_on": "2013-03-04"}
        ],
    )
    nearest = proven(record, "PP-03", book, AS_OF).changes[0]

    assert nearest.answer is Answer.SUFFICIENT
    assert nearest.additions[0].fields == {"plan": "p", "set_on": dt.date(2013, 3, 4)}


def test_a_change_that_no_record_can_hold_is_none(case: Case) -> None:
    """A change is made on a copy that is validated as any record is."""
    record = case(check=[{"id": "a", "agency": "police"}])
    edit = Edit(kind="check", id="a", field="agency", was="police", value="nobody", words="agency nobody")

    assert changed(record, [edit]) is None


@pytest.mark.parametrize("question", ["PP-01", "PP-02", "PP-03", "PP-04", "PP-05"])
def test_explanations_are_the_same_every_time(question: str, book: Rulebook, case: Case) -> None:
    """The same record, rules and date give the same explanation to the byte."""
    record = case(
        sentence=SENTENCE,
        concern=[CONCERN],
        check=[CSC],
        offence=[{"code": "00100"}],
        home_visit=[{"visited_on": "2013-01-01"}],
    )

    first, second = (explain(record, question, book, AS_OF).model_dump_json() for _ in range(2))
    assert first == second
