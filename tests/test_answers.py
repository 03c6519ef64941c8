"""Answers come in their order, findings say what they rest on, and nothing that is not recorded is passed over."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aboveline.answers import Answer, EvidenceGap, QuestionAnswer, answer_case, in_words
from aboveline.audit import Auditor
from aboveline.case import CaseRecord, read_record
from aboveline.facts import Scalar
from books import book, deficiency

# The sentence starts on Friday 1 March 2013; five working days later is Friday 8 March.
DUE = dt.date(2013, 3, 8)
AS_OF = dt.date(2013, 12, 2)
DAY = dt.timedelta(days=1)
ASKED = """\
applies: [concern: {kind: child_protection}]
except: [transfer: {direction: out}]
needs: [concern.kind, transfer.direction, sentence.started_on, check.made_on]
deficiencies:
  - id: PP-01.1
    severity: high
    when: [sentence: {as: s}]
    without: [check: {agency: police, made_on|at_most: s.started_on + few working_days}]
    due: s.started_on + few working_days
    finding: The police were not asked by {due}.
    put_right: Ask the police.
    recommendation: R1
"""
JUDGED = ASKED.replace("PP-01", "PP-02") + "judged: true\n"

CONCERN = {"concern": [{"kind": "child_protection"}]}
SENTENCE = {"sentence": {"started_on": "2013-03-01"}}
IN_TIME = {"check": [{"agency": "police", "made_on": "2013-03-08"}]}
LATE = {"check": [{"agency": "police", "made_on": "2013-03-09"}]}
UNDATED = {"check": [{"agency": "police"}]}
OUT = {"transfer": [{"direction": "out"}]}
SOMEWHERE: dict[str, Any] = {"transfer": [{}]}
ABOUT = CONCERN | SENTENCE

Ask = Callable[..., QuestionAnswer]


def record(**facts: Any) -> CaseRecord:
    """Make a record of facts."""
    made = read_record(json.dumps({"case": "A-1", **facts}).encode(), "test")
    assert isinstance(made, CaseRecord), made.problems
    return made


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return what answers one question for a record as at a day."""

    def answered(
        facts: dict[str, Any], text: str = ASKED, *, as_of: dt.date = AS_OF, question: str = "PP-01"
    ) -> QuestionAnswer:
        auditor = Auditor(book(tmp_path, {question: text}), as_of)
        (answer,) = auditor.answer(auditor.facts(record(**facts)))
        return answer

    return answered


def said(kind: str, answer: str, question: str = "PP-01") -> dict[str, Any]:
    """Return what an assessor said of a question."""
    what = {"question": question, "answer": answer, "made_on": "2013-11-01", "assessor": "QA-1"}
    return {kind: [what | {"reason": f"It is {answer}."}]}


def gaps(answer: QuestionAnswer) -> list[str]:
    """Return the fields that would decide."""
    return [f"{gap.kind}.{gap.field}" for gap in answer.gaps]


# The order of answers


@pytest.mark.parametrize(
    ("facts", "answer", "named"),
    [
        # 1. Excused: whatever else is found, or not recorded.
        (ABOUT | OUT, Answer.NOT_APPLICABLE, []),
        (ABOUT | OUT | UNDATED, Answer.NOT_APPLICABLE, []),
        ({"concern": [{}]} | OUT, Answer.NOT_APPLICABLE, []),
        # 2. Insufficient: it applies, and the work was not done in time.
        (ABOUT, Answer.INSUFFICIENT, []),
        (ABOUT | LATE, Answer.INSUFFICIENT, []),
        (ABOUT | {"concern": [{"kind": "child_protection"}, {}]}, Answer.INSUFFICIENT, []),
        # 3. Not assessed: something that is not recorded could change the answer.
        (ABOUT | SOMEWHERE, Answer.NOT_ASSESSED, ["transfer.direction"]),
        (ABOUT | IN_TIME | SOMEWHERE, Answer.NOT_ASSESSED, ["transfer.direction"]),
        (ABOUT | UNDATED, Answer.NOT_ASSESSED, ["check.made_on"]),
        (ABOUT | UNDATED | SOMEWHERE, Answer.NOT_ASSESSED, ["check.made_on", "transfer.direction"]),
        (CONCERN, Answer.NOT_ASSESSED, ["sentence.started_on"]),
        (SENTENCE | {"concern": [{}]}, Answer.NOT_ASSESSED, ["concern.kind"]),
        (SENTENCE | IN_TIME | {"concern": [{}]}, Answer.NOT_ASSESSED, ["concern.kind"]),
        (SENTENCE | {"concern": [{}, {}]}, Answer.NOT_ASSESSED, ["concern.kind", "concern.kind"]),
        (SENTENCE | SOMEWHERE | {"concern": [{}]}, Answer.NOT_ASSESSED, ["concern.kind", "transfer.direction"]),
        # 4. Not applicable: it is not about this case, and nothing unrecorded could make it.
        (SENTENCE, Answer.NOT_APPLICABLE, []),
        (SENTENCE | {"concern": [{"kind": "domestic_abuse"}]}, Answer.NOT_APPLICABLE, []),
        (SENTENCE | UNDATED, Answer.NOT_APPLICABLE, []),
        (SENTENCE | SOMEWHERE, Answer.NOT_APPLICABLE, []),
        # 6. Sufficient: and what is not recorded does not matter.
        (ABOUT | IN_TIME, Answer.SUFFICIENT, []),
        (ABOUT | {"check": IN_TIME["check"] + UNDATED["check"]}, Answer.SUFFICIENT, []),
        (ABOUT | IN_TIME | {"concern": [{"kind": "child_protection"}, {}]}, Answer.SUFFICIENT, []),
    ],
)  # fmt: skip
def test_first_answer_that_holds_is_given(
    ask: Ask, facts: dict[str, Any], answer: Answer, named: list[str]
) -> None:
    """Excused, insufficient, not assessed, not applicable, sufficient: in this order, naming what would decide."""
    found = ask(facts)

    assert (answer, answer, "rule", named) == (found.answer, found.computed, found.by, gaps(found))
    assert (answer is Answer.INSUFFICIENT) == bool(found.findings)


@pytest.mark.parametrize(
    ("facts", "answer", "by"),
    [
        (ABOUT | IN_TIME, Answer.NOT_ASSESSED, "rule"),
        (ABOUT | IN_TIME | said("judgement", "sufficient", "PP-02"), Answer.SUFFICIENT, "judgement"),
        (ABOUT | IN_TIME | said("judgement", "insufficient", "PP-02"), Answer.INSUFFICIENT, "judgement"),
        (ABOUT | IN_TIME | said("judgement", "not_applicable", "PP-02"), Answer.NOT_APPLICABLE, "judgement"),
        (ABOUT | IN_TIME | said("judgement", "sufficient", "PP-03"), Answer.NOT_ASSESSED, "rule"),
        (ABOUT | said("judgement", "sufficient", "PP-02"), Answer.INSUFFICIENT, "rule"),
        (ABOUT | UNDATED | said("judgement", "sufficient", "PP-02"), Answer.NOT_ASSESSED, "rule"),
        (ABOUT | OUT | said("judgement", "sufficient", "PP-02"), Answer.NOT_APPLICABLE, "rule"),
        (SENTENCE | said("judgement", "sufficient", "PP-02"), Answer.NOT_APPLICABLE, "rule"),
    ],
)
def test_question_that_is_judged_is_answered_by_the_assessor_last_of_all(
    ask: Ask, facts: dict[str, Any], answer: Answer, by: str
) -> None:
    """5. Where nothing else settles it the judgement does, and without one it is not assessed, with nothing missing."""
    found = ask(facts, JUDGED, question="PP-02")

    assert (answer, answer, by) == (found.answer, found.computed, found.by)
    assert ("QA-1" if by == "judgement" else None) == found.assessor
    assert (by == "judgement") == (found.reason is not None)
    assert (UNDATED["check"][0] in facts.get("check", [])) == bool(found.gaps)


def test_judgement_that_is_insufficient_has_no_finding(ask: Ask) -> None:
    """What an assessor judged insufficient is no deficiency of a rule."""
    found = ask(ABOUT | IN_TIME | said("judgement", "insufficient", "PP-02"), JUDGED, question="PP-02")

    assert () == found.findings
    assert "It is insufficient." == found.reason


def test_question_that_is_not_judged_takes_no_judgement(ask: Ask) -> None:
    """A judgement that no rule asks for changes nothing."""
    found = ask(ABOUT | IN_TIME | said("judgement", "insufficient"))

    assert (Answer.SUFFICIENT, "rule", None, None) == (found.answer, found.by, found.assessor, found.reason)


@pytest.mark.parametrize(
    ("facts", "computed", "deficiencies", "named"),
    [
        (ABOUT, Answer.INSUFFICIENT, ["PP-01.1"], []),
        (ABOUT | IN_TIME, Answer.SUFFICIENT, [], []),
        (ABOUT | UNDATED, Answer.NOT_ASSESSED, [], ["check.made_on"]),
        (SENTENCE, Answer.NOT_APPLICABLE, [], []),
    ],
)
@pytest.mark.parametrize("answer", ["sufficient", "insufficient", "not_applicable"])
def test_override_stands_and_what_was_computed_is_kept(
    ask: Ask,
    facts: dict[str, Any],
    computed: Answer,
    deficiencies: list[str],
    named: list[str],
    answer: str,
) -> None:
    """The override is the answer, with who and why; the computed answer, its findings and its gaps stay beside it."""
    found = ask(facts | said("override", answer))

    assert (answer, computed) == (found.answer, found.computed)
    assert ("override", "QA-1", f"It is {answer}.") == (found.by, found.assessor, found.reason)
    assert deficiencies == [finding.deficiency for finding in found.findings]
    assert named == gaps(found)


def test_override_goes_before_a_judgement(ask: Ask) -> None:
    """Where there are both, the override is the answer and the judgement what it overrides."""
    both = said("judgement", "sufficient", "PP-02") | said("override", "insufficient", "PP-02")

    found = ask(ABOUT | IN_TIME | both, JUDGED, question="PP-02")

    assert (Answer.INSUFFICIENT, Answer.SUFFICIENT) == (found.answer, found.computed)
    assert ("override", "It is insufficient.") == (found.by, found.reason)


def test_override_of_another_question_is_of_another_question(ask: Ask) -> None:
    """Each question has its own overrides."""
    assert Answer.SUFFICIENT is ask(ABOUT | IN_TIME | said("override", "insufficient", "PP-02")).answer


# Due dates


@pytest.mark.parametrize(
    ("as_of", "answer", "soon", "found"),
    [
        (DUE - DAY, Answer.SUFFICIENT, [DUE], []),
        (DUE, Answer.SUFFICIENT, [DUE], []),
        (DUE + DAY, Answer.INSUFFICIENT, [], [DUE]),
        (DUE + 3 * DAY, Answer.INSUFFICIENT, [], [DUE]),
    ],
    ids=str,
)
def test_work_is_due_until_the_end_of_its_day(
    ask: Ask, as_of: dt.date, answer: Answer, soon: list[dt.date], found: list[dt.date]
) -> None:
    """On the day itself it is due soon and counts for nothing; from the day after, it is a finding."""
    answered = ask(ABOUT, as_of=as_of)

    assert answer is answered.answer
    assert soon == [one.due for one in answered.due_soon]
    assert found == [one.due for one in answered.findings]


@pytest.mark.parametrize(
    ("as_of", "named"), [(DUE, []), (DUE + DAY, ["check.made_on"])], ids=["due", "overdue"]
)
def test_gap_matters_only_once_the_work_is_overdue(ask: Ask, as_of: dt.date, named: list[str]) -> None:
    """A check without its day decides nothing while there is still time to make one."""
    assert named == gaps(ask(ABOUT | UNDATED, as_of=as_of))


def test_due_date_that_starts_from_what_is_not_recorded_leaves_it_open(ask: Ask) -> None:
    """Where the day that a due date is counted from is missing, nothing is late and nothing in time."""
    text = ASKED.replace(", made_on|at_most: s.started_on + few working_days", "").replace(
        ", check.made_on]", "]"
    )

    found = ask(CONCERN, text)

    assert (Answer.NOT_ASSESSED, ["sentence.started_on"]) == (found.answer, gaps(found))
    assert ((), ()) == (found.findings, found.due_soon)


def test_deficiency_without_a_due_date_holds_at_once(ask: Ask) -> None:
    """Where nothing is said of when, it is a finding as soon as it is so."""
    text = f"deficiencies: [{deficiency('PP-01.1', 'when: [home_visit: {}]')}]"

    found = ask({"home_visit": [{"visited_on": str(AS_OF)}]}, text)

    assert [("PP-01.1", None)] == [(one.deficiency, one.due) for one in found.findings]


@pytest.mark.parametrize(
    "facts",
    [
        ABOUT | OUT,
        SENTENCE,
        SENTENCE | {"concern": [{}]},
    ],
    ids=["excused", "not about it", "perhaps about it"],
)
def test_nothing_is_due_of_a_case_that_the_question_is_not_surely_about(
    ask: Ask, facts: dict[str, Any]
) -> None:
    """Who is excused, or not known to be meant, is not chased."""
    assert () == ask(facts, as_of=DUE).due_soon


def test_what_is_due_soon_comes_by_day_and_once(ask: Ask) -> None:
    """Of two visits, the earlier due date comes first; two that fall due on one day are one."""
    body = "when: [home_visit: {as: v}], without: [contact: {made_on|at_least: v.visited_on}], due: v.visited_on + some days"
    text = f"deficiencies: [{deficiency('PP-01.1', body)}, {deficiency('PP-01.2', body)}]"
    days = ["2013-12-01", "2013-11-30", "2013-12-01"]

    found = ask({"home_visit": [{"visited_on": day} for day in days]}, text)

    first, second = dt.date(2013, 12, 10), dt.date(2013, 12, 11)
    assert [("PP-01.1", first), ("PP-01.2", first), ("PP-01.1", second), ("PP-01.2", second)] == [
        (one.deficiency, one.due) for one in found.due_soon
    ]
    assert {("A-1", "PP-01")} == {(one.case, one.question) for one in found.due_soon}


def test_one_deficiency_may_be_late_while_another_is_due(ask: Ask) -> None:
    """What is late is found and what is not yet late is due soon, of one question in one answer."""
    text = f"""\
deficiencies:
  - {deficiency("PP-01.1", "when: [home_visit: {as: v}], due: v.visited_on + some days")}
"""
    found = ask({"home_visit": [{"visited_on": "2013-11-01"}, {"visited_on": "2013-12-01"}]}, text)

    assert [dt.date(2013, 11, 11)] == [one.due for one in found.findings]
    assert [dt.date(2013, 12, 11)] == [one.due for one in found.due_soon]


# Gaps


def test_gap_says_what_is_missing_of_which_fact(ask: Ask) -> None:
    """Each gap is a field of a fact, with why it cannot be told; they come in the order of kind, id and field."""
    text = f"""\
applies: [offence: {{code|in: grave}}]
needs: [offence.code, offence.committed_on]
deficiencies: [{deficiency("PP-01.1", "when: [offence: {committed_on|before: 2013-01-01}]")}]
"""
    offences = [{"id": "b", "code": "77777"}, {"id": "a"}, {"id": "c", "code": "10500"}]

    assert (
        EvidenceGap(kind="offence", id="a", field="code", reason="not recorded"),
        EvidenceGap(kind="offence", id="b", field="code", reason="code not mapped"),
    ) == ask({"offence": offences}, text).gaps
    assert (
        EvidenceGap(kind="offence", id="a", field="committed_on", reason="not recorded"),
        EvidenceGap(kind="offence", id="b", field="committed_on", reason="not recorded"),
    ) == ask({"offence": [{"id": i, "code": "00100"} for i in ("b", "a")]}, text).gaps


def test_gap_that_could_make_no_difference_is_not_named(ask: Ask) -> None:
    """An undated check with another agency does not matter, nor does one that cannot be the one looked for."""
    other = {"check": [{"agency": "health"}]}

    assert (Answer.INSUFFICIENT, []) == (ask(ABOUT | other).answer, gaps(ask(ABOUT | other)))


def test_what_is_needed_of_each_fact_is_named_of_each(ask: Ask) -> None:
    """Two undated checks are two gaps: either may be the one."""
    found = ask(ABOUT | {"check": [{"agency": "police"}, {"agency": "police", "id": "N:7"}]})

    assert [("check", "N:7"), ("check", "check-1")] == [(gap.kind, gap.id) for gap in found.gaps]


# Findings


def test_finding_says_what_is_missing_and_rests_on_facts(ask: Ask) -> None:
    """A finding has its words filled in, and the facts that it rests on with all that is recorded of them."""
    (finding,) = ask(ABOUT | LATE).findings

    assert ("A-1", "PP-01", "PP-01.1", "high", "R1") == (
        finding.case,
        finding.question,
        finding.deficiency,
        finding.severity,
        finding.recommendation,
    )
    assert "The police were not asked by 8 March 2013." == finding.finding
    assert "Ask the police." == finding.put_right
    assert DUE == finding.due
    assert [("sentence", "sentence", {"started_on": dt.date(2013, 3, 1)})] == [
        (fact.kind, fact.id, fact.fields) for fact in finding.evidence
    ]


def test_places_in_a_text_are_filled_as_a_person_would_write_them(ask: Ask) -> None:
    """A date, a code, yes or no, a number, a parameter with its unit, and what is not recorded."""
    words = "{v.visited_on} {v.purposeful} {t.level} {r.level} {few} {limit} {v.id} {due}"
    body = "when: [home_visit: {as: v}, tier: {as: t}, rosh: {as: r}], due: v.visited_on + 1 months"
    text = f"deficiencies: [{deficiency('PP-01.1', body, words, '{some}, {c.kind}.').replace('{c.kind}', '{r.level}')}]"
    facts = {
        "home_visit": [{"visited_on": "2013-01-31"}],
        "tier": [{"level": 3, "assigned_on": "2013-03-01"}],
        "rosh": [{"level": "very_high", "classified_on": "2013-03-01"}],
    }

    (finding,) = ask(facts, text).findings

    assert (
        "31 January 2013 not recorded 3 very high 5 working days 12 home_visit-1 28 February 2013"
        == finding.finding.replace("home visit-1", "home_visit-1")
    )
    assert "10 days, very high." == finding.put_right


def test_findings_that_read_alike_are_one_on_all_their_facts(ask: Ask) -> None:
    """Two changes on one day are one finding that rests on both; a change on another day is another."""
    body = "when: [significant_change: {as: c}, audit: {as: a}]"
    text = f"deficiencies: [{deficiency('PP-01.1', body, 'Nothing followed on {c.occurred_on}, as at {a.as_of}.')}]"
    days = ["2013-05-02", "2013-05-01", "2013-05-02"]

    first, second = ask({"significant_change": [{"occurred_on": day} for day in days]}, text).findings

    assert [["significant_change-2"], ["significant_change-1", "significant_change-3"]] == [
        [fact.id for fact in finding.evidence] for finding in (first, second)
    ]
    assert "Nothing followed on 1 May 2013, as at 2 December 2013." == first.finding


def test_findings_come_by_deficiency_then_by_due_date(ask: Ask) -> None:
    """They have one order, whatever order the engine finds them in: a deficiency without a due date first."""
    dated = "when: [home_visit: {as: v}], due: v.visited_on + some days"
    text = f"""\
deficiencies:
  - {deficiency("PP-01.2", dated, "{v.visited_on}")}
  - {deficiency("PP-01.1", "when: [home_visit: {as: v}]", "{v.visited_on}")}
"""
    days = ["2013-06-02", "2013-06-01", "2013-10-01"]

    found = ask({"home_visit": [{"visited_on": day} for day in days]}, text).findings

    assert [
        ("PP-01.1", "1 June 2013"),
        ("PP-01.1", "1 October 2013"),
        ("PP-01.1", "2 June 2013"),
        ("PP-01.2", "1 June 2013"),
        ("PP-01.2", "2 June 2013"),
        ("PP-01.2", "1 October 2013"),
    ] == [(one.deficiency, one.finding) for one in found]


def test_alternatives_that_both_hold_are_one_finding(ask: Ask) -> None:
    """Where two alternatives hold, what they read alike is said once."""
    body = "when: [any: [home_visit: {}, tier: {level: 3}]]"
    text = f"deficiencies: [{deficiency('PP-01.1', body)}]"

    (finding,) = ask(
        {
            "home_visit": [{"visited_on": "2013-06-01"}],
            "tier": [{"level": 3, "assigned_on": "2013-06-01"}],
        },
        text,
    ).findings

    assert ["home_visit", "tier"] == [fact.kind for fact in finding.evidence]


def test_only_active_questions_are_answered_in_the_order_of_their_ids(tmp_path: Path) -> None:
    """Drafts and what is retired are not answered, and matches of another question do not count."""
    rulebook = book(
        tmp_path,
        {
            "PP-03": f"deficiencies: [{deficiency('PP-03.1', 'when: [home_visit: {}]')}]",
            "PP-01": f"deficiencies: [{deficiency('PP-01.1', 'when: [tier: {}]')}]",
            "PP-02": f"status: draft\ndeficiencies: [{deficiency('PP-02.1', 'when: [home_visit: {}]')}]",
        },
    )
    auditor = Auditor(rulebook, AS_OF)
    facts = auditor.facts(record(home_visit=[{"visited_on": "2013-06-01"}]))

    assert [("PP-01", Answer.SUFFICIENT), ("PP-03", Answer.INSUFFICIENT)] == [
        (one.question, one.answer) for one in auditor.answer(facts)
    ]


def test_answers_do_not_depend_on_the_order_of_matches(tmp_path: Path) -> None:
    """Whatever order matches and facts come in, the answer is the same to the byte."""
    auditor = Auditor(book(tmp_path, {"PP-01": ASKED}), AS_OF)
    checks = [{"agency": "police", "id": f"N:{n}"} for n in range(5)]
    facts = auditor.facts(record(**ABOUT, check=checks, transfer=[{}, {}]))
    matches = sorted(auditor.backend.matches(facts), key=repr)
    backwards = replace(facts, facts=tuple(reversed(facts.facts)))

    first = answer_case(facts, matches, auditor.rulebook)

    assert first == answer_case(facts, matches[::-1], auditor.rulebook) == auditor.answer(backwards)
    assert 7 == len(first[0].gaps)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not recorded"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (12, "12"),
        (dt.date(2013, 3, 8), "8 March 2013"),
        (dt.date(2013, 12, 31), "31 December 2013"),
        ("risk_management_plan", "risk management plan"),
        ("police", "police"),
    ],
)
def test_values_are_written_as_a_person_would(value: Scalar | None, words: str) -> None:
    """No code, no ISO date, no True or None reaches a reader."""
    assert words == in_words(value)
