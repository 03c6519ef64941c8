"""What an explanation says: the step that decided, who said what, what was read; in text that reads without colour."""

import datetime as dt
from collections.abc import Callable

import pytest
from rich.console import Console
from structlog.testing import capture_logs

from aboveline.answers import Answer
from aboveline.case import CaseRecord
from aboveline.explain import DecidedBy, Explanation, State, explain, lines, render
from aboveline.problems import InputError
from aboveline.rulebook import Rulebook

AS_OF = dt.date(2013, 12, 2)
SENTENCE = {"started_on": "2013-03-01"}
CONCERN = {"id": "c1", "kind": "child_protection"}
LATE = {"id": "csc-1", "agency": "childrens_social_care", "made_on": "2013-03-12"}
POLICE = {"id": "police-1", "agency": "police", "made_on": "2013-03-04"}
PLAN = {
    "id": "p",
    "type": "risk_management_plan",
    "status": "complete",
    "completed_on": "2013-03-04",
    "contingency": True,
}
JUDGED = {
    "question": "PP-04",
    "answer": "sufficient",
    "made_on": "2013-10-01",
    "assessor": "QA-2",
    "reason": "It is thorough.",
}

Case = Callable[..., CaseRecord]

LATE_IN_WORDS = """\
PP-01 Children's social care services were asked
Case A-1 as at 2 December 2013
Source: report, O4 3.2

Answer: insufficient
Why: The question is about this case: there is concern c1 (kind child protection). No check with children's social care services by 8 March 2013.

Whom the question is about: holds
  The question is about this case: there is concern c1 (kind child protection).
  - There is a concern with kind child protection, 'ended on' not recorded: yes
      matched: concern c1 (kind child protection)

Who is excused: does not hold
  Nobody is excused from this question.

Deficiency PP-01.1 (high): holds
  Found, and past due: it was due by 8 March 2013.
  - There is the sentence: yes
      matched: the sentence (started on 1 March 2013)
  - There is no check with agency childrens social care, made on or before 8 March 2013 (5 working days after the sentence started on 1 March 2013): yes
      nearest: check csc-1: made on 12 March 2013, not on or before 8 March 2013 (5 working days after the sentence started on 1 March 2013)
      nearest: check police-1: agency is police, not childrens social care
  - Due by 8 March 2013: past due

What would alter this answer
  The due date has passed. This is what the record would have had to show:
  - This would be sufficient if check csc-1 had been made on or before 8 March 2013 (it is recorded as 12 March 2013).
  - This would be sufficient if the record showed a check with agency childrens social care, made on or before 8 March 2013 (5 working days after the sentence started on 1 March 2013).
  - This would be not applicable if concern c1 had ended on or before 2 December 2013 (it is not recorded).

What to do now
  - Ask children's social care services and record the reply.

What this question cannot see
  - Checks by the court team may be held in another record."""


def text(explanation: Explanation) -> str:
    """Return an explanation as text."""
    return "\n".join(lines(explanation))


def test_a_late_check_in_words(book: Rulebook, case: Case) -> None:
    """The whole text of an explanation, as a manager reads it."""
    record = case(sentence=SENTENCE, concern=[CONCERN], check=[LATE, POLICE])

    assert text(explain(record, "PP-01", book, AS_OF)) == LATE_IN_WORDS


@pytest.mark.parametrize(
    ("question", "facts", "answer", "decided_by", "reason"),
    [
        ("PP-02", {"rosh": [{"level": "high", "classified_on": "2013-03-01"}], "transfer": [{"id": "t", "direction": "out"}]}, "not_applicable", DecidedBy.EXCEPT, "This case is excused: there is transfer t (direction out)."),
        ("PP-01", {"sentence": SENTENCE, "concern": [CONCERN], "check": [LATE]}, "insufficient", DecidedBy.DEFICIENCY, "The question is about this case: there is concern c1 (kind child protection). No check with children's social care services by 8 March 2013."),
        ("PP-01", {"sentence": SENTENCE, "concern": [{"id": "c1"}]}, "not_assessed", DecidedBy.GAP, "What is not recorded would decide the answer: 'kind' of concern c1 (not recorded)."),
        ("PP-01", {"sentence": SENTENCE, "concern": [CONCERN], "incomplete": ["check"]}, "not_assessed", DecidedBy.GAP, "What is not recorded would decide the answer: any check (not in this source)."),
        ("PP-01", {"sentence": SENTENCE}, "not_applicable", DecidedBy.APPLIES, "The question is not about this case: there is no concern with kind child protection, 'ended on' not recorded."),
        ("PP-04", {"plan": [PLAN]}, "not_assessed", DecidedBy.JUDGEMENT_WANTED, "No deficiency is past its due date. An assessor's judgement is wanted, and nobody has judged it."),
        ("PP-04", {"plan": [PLAN], "judgement": [JUDGED]}, "sufficient", DecidedBy.JUDGEMENT, "No deficiency is past its due date, so the assessor's judgement decides: QA-2 judged it sufficient on 1 October 2013."),
        ("PP-01", {"sentence": {"started_on": "2013-11-29"}, "concern": [CONCERN]}, "sufficient", DecidedBy.NO_DEFICIENCY, "The question is about this case: there is concern c1 (kind child protection). No deficiency is past its due date; due soon: PP-01.1 by 6 December 2013."),
        ("PP-05", {"home_visit": [{"visited_on": "2013-11-01"}]}, "sufficient", DecidedBy.NO_DEFICIENCY, "The question is about every case. No deficiency is past its due date."),
    ],
)  # fmt: skip
def test_the_step_that_decided_is_said(
    book: Rulebook,
    case: Case,
    question: str,
    facts: dict[str, object],
    answer: str,
    decided_by: DecidedBy,
    reason: str,
) -> None:
    """Each step of the answer order has its sentence."""
    explanation = explain(case(**facts), question, book, AS_OF)

    assert explanation.answer.computed == answer
    assert (explanation.decided_by, explanation.reason) == (decided_by, reason)


def test_judgement_and_override_are_kept_apart(book: Rulebook, case: Case) -> None:
    """An override stands in place of the computed answer, and both are told with who said what and why."""
    override = {**JUDGED, "answer": "insufficient", "assessor": "QA-7", "reason": "It is a copy."}
    explanation = explain(case(plan=[PLAN], judgement=[JUDGED], override=[override]), "PP-04", book, AS_OF)

    assert (explanation.answer.answer, explanation.answer.computed) == (
        Answer.INSUFFICIENT,
        Answer.SUFFICIENT,
    )
    assert explanation.judgement is not None
    assert explanation.override is not None
    assert (explanation.judgement.assessor, explanation.override.assessor) == ("QA-2", "QA-7")
    assert (
        "Overridden: insufficient, by QA-7 on 1 October 2013: It is a copy.\nComputed answer: sufficient"
        in text(explanation)
    )
    assert explanation.outlook.startswith("The override stands whatever the record shows")


def test_what_a_sufficient_answer_rests_on_is_named(book: Rulebook, case: Case) -> None:
    """The fact that stands under ``without`` is what the answer rests on."""
    record = case(sentence=SENTENCE, concern=[CONCERN], check=[{**LATE, "made_on": "2013-03-08"}])
    part = explain(record, "PP-01", book, AS_OF).parts[-1]

    assert part.state is State.NOT
    assert (
        part.said == "Not found: there is check csc-1 (agency childrens social care, made on 8 March 2013)."
    )


def test_work_to_come_is_due_soon(book: Rulebook, case: Case) -> None:
    """A deficiency before its due date holds, and counts for nothing yet."""
    part = explain(
        case(sentence={"started_on": "2013-11-29"}, concern=[CONCERN]), "PP-01", book, AS_OF
    ).parts[-1]

    assert part.branches[0].ways[0].timing == "due soon"
    assert part.said == "Due soon, by 6 December 2013: it counts for nothing yet."


def test_every_way_is_told_with_its_own_dates(book: Rulebook, case: Case) -> None:
    """Two changes make two deadlines, each with what was found for it."""
    changes = [
        {"id": "a", "raises_risk": True, "occurred_on": "2013-03-01"},
        {"id": "b", "raises_risk": True, "occurred_on": "2013-06-01"},
    ]
    told = text(explain(case(significant_change=changes), "PP-02", book, AS_OF))

    assert "With significant change a (occurred on 1 March 2013): holds" in told
    assert "on or before 1 May 2013 (2 months after the significant change occurred on 1 March 2013)" in told
    assert (
        "on or before 1 August 2013 (2 months after the significant change occurred on 1 June 2013)" in told
    )


def test_many_facts_are_counted_and_not_all_shown(book: Rulebook, case: Case) -> None:
    """A case with many facts is explained by the nearest few; the rest are counted."""
    checks = [{"agency": "police", "made_on": f"2013-03-{day:02}"} for day in range(1, 21)]
    told = text(explain(case(sentence=SENTENCE, concern=[CONCERN], check=checks), "PP-01", book, AS_OF))

    assert "and 17 more" in told


def test_only_an_active_question_is_explained(book: Rulebook, case: Case) -> None:
    """A draft has no answers; a question that is not there is named with the nearest."""
    with pytest.raises(InputError, match="PP-06 is draft: only an active question has answers"):
        explain(case(), "PP-06", book, AS_OF)
    with pytest.raises(InputError, match="there is no question PP-99"):
        explain(case(), "PP-99", book, AS_OF)


def test_text_is_the_same_with_and_without_colour(book: Rulebook, case: Case) -> None:
    """Nothing is told by colour."""
    explanation = explain(case(sentence=SENTENCE, concern=[CONCERN]), "PP-01", book, AS_OF)
    console = Console(width=400, force_terminal=True, color_system="truecolor")
    with console.capture() as shown:
        console.print(render(explanation), highlight=False)

    assert shown.get() == text(explanation) + "\n"


def test_nothing_recorded_is_logged(book: Rulebook, case: Case) -> None:
    """What is recorded of a person is shown and never logged."""
    with capture_logs() as logs:
        explain(case(plan=[PLAN], judgement=[JUDGED]), "PP-04", book, AS_OF)

    assert not any(said in str(logs) for said in ("thorough", "QA-2", "risk_management_plan", "2013-03-04"))


def test_an_explanation_is_data(book: Rulebook, case: Case) -> None:
    """An explanation goes to JSON and back."""
    explanation = explain(case(sentence=SENTENCE, concern=[CONCERN], check=[LATE]), "PP-01", book, AS_OF)

    assert Explanation.model_validate_json(explanation.model_dump_json()).reason == explanation.reason
