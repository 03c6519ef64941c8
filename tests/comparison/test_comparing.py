"""Two audits compared: what is claimed, and what is not."""

import datetime as dt
from collections.abc import Callable

import pytest

from aboveline.answers import Answer
from aboveline.comparison import compare
from aboveline.comparison.model import Became, Overlap, Side, Standing, Verdict
from aboveline.result import AuditResult, FailedCase, Overridden, ParameterUsed, RejectedRecord
from aboveline.scoring import Average

Build = Callable[..., AuditResult]
THREE = ("AS-01", "AS-02", "AS-03")


def test_same_audit_has_no_change(build: Build) -> None:
    """An audit compared with itself: the same cases, no flip, no deficiency, no difference, no clear change."""
    audit = build({"A": "s", "B": "i"}, deficiencies=(("B", "AS-01.1"),))

    found = compare(audit, audit)

    assert (Overlap.SAME, 2, True) == (found.overlap, found.cases_in_both, found.same_records)
    assert ((), (), (), (), ()) == (
        found.flips,
        found.deficiencies,
        found.only_before,
        found.only_after,
        found.differences,
    )
    assert [(0.0, Verdict.NO_CLEAR_CHANGE)] == [
        (c.points, c.verdict) for q in found.questions if (c := q.change)
    ]


def test_clear_change_is_called_clear_and_a_small_one_is_not(build: Build) -> None:
    """Where the interval leaves out zero the change is clear; where it covers zero it is not."""
    poor = build({f"A{n}": "i" if n < 30 else "s" for n in range(40)})
    good = build({f"B{n}": "s" if n < 30 else "i" for n in range(40)})
    slightly = build({f"B{n}": "s" if n < 12 else "i" for n in range(40)})

    better, worse, neither = compare(poor, good), compare(good, poor), compare(poor, slightly)

    assert [50.0, -50.0, 5.0] == [one.questions[0].change.points for one in (better, worse, neither)]  # type: ignore[union-attr]
    assert [Verdict.BETTER, Verdict.WORSE, Verdict.NO_CLEAR_CHANGE] == [
        one.questions[0].change.verdict  # type: ignore[union-attr]
        for one in (better, worse, neither)
    ]
    assert [Verdict.BETTER, Verdict.WORSE, Verdict.NO_CLEAR_CHANGE] == [
        one.outcomes[0].change.verdict  # type: ignore[union-attr]
        for one in (better, worse, neither)
    ]


def test_flips_are_told_for_cases_and_questions_of_both(build: Build) -> None:
    """A flip has the case, the question, from and to; a case or a question of one audit only has none."""
    before = build({"A": "si", "B": "ss", "C": "gn"}, questions=("AS-01", "AS-02"))
    after = build({"B": "ii", "C": "sn", "D": "ii"}, questions=("AS-01", "AS-03"))

    found = compare(before, after)

    assert [
        ("B", "AS-01", Answer.SUFFICIENT, Answer.INSUFFICIENT),
        ("C", "AS-01", Answer.NOT_ASSESSED, Answer.SUFFICIENT),
    ] == [(one.case, one.question, one.before, one.after) for one in found.flips or ()]
    assert (("A",), ("D",), Overlap.PART) == (found.only_before, found.only_after, found.overlap)
    assert {"AS-01": Standing.BOTH, "AS-02": Standing.REMOVED, "AS-03": Standing.ADDED} == {
        one.id: one.standing for one in found.questions
    }


def test_without_answers_nothing_is_said_of_cases(build: Build) -> None:
    """An audit that does not list its answers is named, and flips are not known rather than none."""
    before, after = build({"A": "s"}, listed=False), build({"A": "i"})

    found = compare(before, after)

    assert ((Side.BEFORE,), Overlap.UNKNOWN) == (found.without_answers, found.overlap)
    assert [None] * 5 == [
        found.flips,
        found.deficiencies,
        found.only_before,
        found.only_after,
        found.cases_in_both,
    ]
    assert found.questions[0].change is not None
    assert found.outcomes[0].change is not None


def test_audit_of_no_cases_lists_all_its_answers(build: Build) -> None:
    """No cases, no answers: nothing is missing, and nothing can be compared."""
    found = compare(build({}), build({"A": "s"}))

    assert ((), Overlap.NONE, ("A",)) == (found.without_answers, found.overlap, found.only_after)
    assert found.questions[0].change is None


def test_answer_that_no_longer_counts_is_no_change_in_the_work(build: Build) -> None:
    """A case in both is compared where its answer counts in both: judgements not yet made pull no score down."""
    before = build({"A": "s", "B": "s", "C": "i"})
    after = build({"A": "g", "B": "n", "C": "i"})

    (question,) = compare(before, after).questions

    assert ((0, 1), (0, 1)) == question.compared
    assert [(2, 3), (0, 1)] == [(one.sufficient, one.n) for one in (question.before, question.after) if one]
    assert question.change is not None
    assert (0.0, Verdict.NO_CLEAR_CHANGE) == (question.change.points, question.change.verdict)


def test_outcome_is_compared_over_the_questions_of_both(build: Build) -> None:
    """A question that nobody answered in one audit stays out of the change of its outcome."""
    before = build({"A": "si", "B": "si"}, questions=("AS-01", "AS-02"))
    after = build({"C": "sn", "D": "sg"}, questions=("AS-01", "AS-02"))

    (outcome,) = compare(before, after).outcomes

    assert (50, 100) == (outcome.before.score, outcome.after.score)  # type: ignore[union-attr]
    assert ("AS-01",) == outcome.questions
    assert [(100, 1, 2), (100, 1, 2)] == [(one.score, one.questions, one.n) for one in outcome.compared or ()]
    assert outcome.change is not None
    assert 0.0 == outcome.change.points


@pytest.mark.parametrize(("average", "points"), [(Average.QUESTIONS, 33.3), (Average.CRITERIA, 25.0)])
def test_outcome_changes_by_the_average_of_the_audits(build: Build, average: Average, points: float) -> None:
    """Over criteria, a question weighs by its place in each: AS-01 is half of one of two."""
    before = build({"A": "iss"}, questions=THREE, average=average)
    after = build({"B": "sss"}, questions=THREE, average=average)

    (outcome,) = compare(before, after).outcomes

    assert outcome.change is not None
    assert points == outcome.change.points


def test_what_the_audits_were_made_of_is_told_where_it_differs(build: Build) -> None:
    """Rules, numbers, dates and averages that differ are named with both values; the cases are not among them."""
    number = ParameterUsed(value=7, unit="working_days", start=dt.date(2013, 1, 1), source="our reading")
    before = build({"A": "s"})
    after = build(
        {"B": "s"},
        records="d",
        rulebook="q",
        as_of=dt.date(2014, 3, 3),
        average=Average.CRITERIA,
        parameters={"few": number},
    )

    found = compare(before, after)

    assert {
        "rulebook": ("r", "q"),
        "as_of": ("2013-12-02", "2014-03-03"),
        "average": ("questions", "criteria"),
        "parameters.few": (
            "5 working_days from 1990-01-01 (our reading)",
            "7 working_days from 2013-01-01 (our reading)",
        ),
    } == {one.what: (one.before, one.after) for one in found.differences}


@pytest.mark.parametrize(
    ("after", "rulebook", "became"),
    [
        ("s", "r", Became.MENDED),
        ("i", "r", Became.MENDED),
        ("n", "r", Became.NO_LONGER_COUNTED),
        ("g", "r", Became.NO_LONGER_COUNTED),
        ("s", "q", Became.NO_LONGER_FOUND),
    ],
)
def test_deficiency_is_mended_only_by_the_same_rules(
    build: Build, after: str, rulebook: str, became: Became
) -> None:
    """Gone under the same rules is mended; not if the question is no longer answered, or the rules are others."""
    before = build({"A": "i"}, deficiencies=(("A", "AS-01.1"),))

    found = compare(before, build({"A": after}, rulebook=rulebook))

    assert [("A", "AS-01.1", became)] == [(d.case, d.deficiency, d.change) for d in found.deficiencies or ()]


def test_overridden_deficiency_is_not_mended(build: Build) -> None:
    """What an assessor overrode was found all the same."""
    override = Overridden(
        case="A",
        question="AS-01",
        answer="sufficient",
        computed="insufficient",
        assessor="QA-1",
        reason="Seen on paper.",
        deficiencies=("AS-01.1",),
    )
    after = build({"A": "s"}).model_copy(update={"overrides": (override,)})

    found = compare(build({"A": "i"}, deficiencies=(("A", "AS-01.1"),)), after)

    assert [Became.NO_LONGER_COUNTED] == [one.change for one in found.deficiencies or ()]


def test_deficiency_is_new_where_the_case_was_there_before(build: Build) -> None:
    """A deficiency of a case that only the later audit holds is not new: nobody looked before."""
    after = build({"A": "i", "B": "i"}, deficiencies=(("A", "AS-01.1"), ("B", "AS-01.1")))

    found = compare(build({"A": "s"}), after)

    assert [("A", Became.NEW)] == [(one.case, one.change) for one in found.deficiencies or ()]


def test_same_comparison_is_the_same_bytes(build: Build) -> None:
    """The order of the cases in an audit changes nothing."""
    before = build({f"A{n}": "sin"[n % 3] for n in range(7)})
    after = build({f"A{n}": "isg"[n % 3] for n in range(7)})
    turned = after.model_copy(update={"answers": tuple(reversed(after.answers))})

    assert compare(before, after).to_json() == compare(before, turned).to_json()


def test_records_that_an_audit_could_not_read_are_counted(build: Build) -> None:
    """An audit that is not whole is told, a record once however much is wrong with it."""
    wrong = tuple(
        RejectedRecord(source="c.jsonl", line=line, path=path, reason="there is no such field")
        for line, path in ((4, "chek"), (4, "plann"), (9, "chek"))
    )

    found = compare(build({"A": "s"}), build({"A": "s"}).model_copy(update={"rejected": wrong}))

    assert (0, 2) == (found.rejected_before, found.rejected_after)


def test_cases_that_an_audit_could_not_audit_are_counted(build: Build) -> None:
    """They are told where there are any; a comparison without them has the same bytes as before there could be."""
    whole = build({"A": "s"})
    less = whole.model_copy(update={"failed": (FailedCase(case="B", reason="the engine failed"),)})

    found = compare(whole, less)

    assert (0, 1) == (found.failed_before, found.failed_after)
    assert "failed" not in compare(whole, whole).to_json()
