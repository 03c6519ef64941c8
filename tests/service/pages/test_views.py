"""Views say what the engine found, and no more."""

import datetime as dt
import gc
import weakref

import pytest

import pages_gallery as gallery
from aboveline.answers import Answer
from aboveline.audit import Auditor, audit
from aboveline.breakdowns import wilson
from aboveline.comparison import compare
from aboveline.explain import explain, lines
from aboveline.facts import flatten
from aboveline.reports.words import many
from aboveline.result import RejectedRecord
from aboveline.scoring import Average
from aboveline.service.pages import urls
from aboveline.service.pages.views import (
    assessments,
    audits,
    case,
    comparing,
    dashboard,
    explanation,
    intervals,
    moderating,
    overriding,
    self_view,
    uploads,
)
from aboveline.service.pages.views.charts import interval_chart, trend_chart
from aboveline.service.pages.views.intervals import answers_behind, outcome_interval
from aboveline.service.pages.views.parts import (
    TOO_FEW,
    Pager,
    Table,
    cell,
    moment,
    of_n,
    page_of,
    pair,
    share,
)
from aboveline.service.work.in_order import in_order

RESULT, BOOK = gallery.result(), gallery.rulebook()


def _texts(table: Table) -> list[list[str]]:
    return [[one.tag.text if one.tag else one.text for one in row] for row in table.rows]


def test_percentages_come_with_n() -> None:
    """A share is told with what it is of; what is suppressed is said to be; nothing counted is no nought."""
    assert "90% (44 of 49)" == share(44, 49)
    assert "63% (5 of 8)" == share(5, 8)
    assert "97% (1,218 of 1,256)" == share(1218, 1256)
    assert TOO_FEW == share(None, None)
    assert TOO_FEW == share(3, None)
    assert "no answer" == share(0, 0)
    assert "53% to 98%" == of_n(7, 8)
    assert "" == of_n(0, 0)


def test_numbers_and_days_are_written_as_people_write_them() -> None:
    """Thousands are set apart, wherever a number stands; a day has its month in words; a truth is no number."""
    at = dt.datetime(2013, 12, 2, 9, 5, tzinfo=dt.UTC)

    assert ("1,256", "0", "yes") == (cell(1256).text, cell(0).text, cell(True).text)  # noqa: FBT003 - a value like others
    assert ("12,345", "2 December 2013") == (pair("Cases", 12345).value, cell(at.date()).text)
    assert ("1,256 answers", "1 answer") == (many(1256, "answer"), many(1, "answer"))
    assert "2 December 2013 at 09:05" == moment(at)


def test_pages_of_a_list() -> None:
    """Each item is on one page; a page that is not there is the nearest; the pager leaves out the middle."""
    items = list(range(103))
    seen = [one for n in range(1, 6) for one in page_of(items, n, "/x")[0]]

    assert items == seen
    assert (5, list(items[100:])) == (page_of(items, 99, "/x")[1].page, list(page_of(items, 99, "/x")[0]))
    assert 1 == page_of(items, -3, "/x")[1].page
    assert (1, None, 4, 5, 6, None, 9) == Pager(page=5, pages=9, total=1, address="/x").numbers
    assert ("/x", "/x?page=2") == (urls.page_of("/x", 1), urls.page_of("/x", 2))


@pytest.mark.parametrize("average", list(Average))
def test_outcome_interval_is_about_its_score(average: Average) -> None:
    """The interval holds the score, is wider than that of all its answers as cases, and never wider than of its least question."""
    result = (
        RESULT if average is Average.QUESTIONS else audit(gallery.records(), BOOK, gallery.AS_OF, average)
    )
    for outcome in result.outcomes:
        interval = outcome_interval(result, outcome)
        assert interval is not None
        assert outcome.score is not None
        low, high = interval
        assert low <= outcome.score <= high
        n = answers_behind(result, outcome)
        narrowest = wilson(round(n * outcome.score / 100), n)
        assert high - low >= narrowest[1] - narrowest[0] - 1


def test_outcome_interval_without_answers_is_no_narrower() -> None:
    """Where an audit does not list its answers the interval is the widest that its counts allow."""
    bare = audit(gallery.records(), BOOK, gallery.AS_OF, keep_answers=False)
    for outcome in RESULT.outcomes:
        known, unknown = outcome_interval(RESULT, outcome), outcome_interval(bare, outcome)
        assert known is not None
        assert unknown is not None
        assert unknown[1] - unknown[0] >= known[1] - known[0]


def test_interval_is_worked_out_once_and_goes_with_its_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same result, the same interval, without looking at answers again; a result that is gone is held by nothing."""
    mine = RESULT.model_copy()
    first = [outcome_interval(mine, one) for one in mine.outcomes]
    monkeypatch.setattr(intervals, "measure", None)

    assert first == [outcome_interval(mine, one) for one in mine.outcomes]
    with pytest.raises(TypeError):
        outcome_interval(RESULT.model_copy(), RESULT.outcomes[0])
    held = weakref.ref(mine)
    del mine
    gc.collect()
    assert held() is None


def test_dashboard_tells_the_audit() -> None:
    """Scores, answers and intervals are the audit's; the trend has a point for each audit; a chart says what its table says."""
    point = dashboard.trend_point("A1", gallery.result(dt.date(2013, 6, 3)))
    view = dashboard.dashboard("A9", RESULT, [point], "York", gallery.key_of)

    assert view.outcomes is not None
    assert view.chart is not None
    assert view.trend_table is not None
    for row, one in zip(_texts(view.outcomes), RESULT.outcomes, strict=True):
        assert [one.title, f"{one.score}%"] == row[:2]
        assert f"{one.title}: {one.score}%" in view.chart.description
    assert 2 == len(view.trend_table.rows)
    assert len(RESULT.outcomes) == len(view.trend.lines if view.trend else ())
    assert dashboard.dashboard("A9", RESULT, [], "York", gallery.key_of).trend is None
    assert dashboard.dashboard(None, None, [], "York", gallery.key_of).audit is None


def test_charts_leave_out_what_has_no_score() -> None:
    """A score that is none is drawn nowhere and said to be none; a day without a score has no point."""
    chart = interval_chart("Scores", [("One", None, None), ("Two", 50, (40, 60))])
    trend = trend_chart("Trend", [dt.date(2013, 1, 1), dt.date(2013, 2, 1)], [("A", "One", [None, 40])])

    assert [None, 320.0] == [bar.at for bar in chart.bars]
    assert "One: no answer" in chart.description
    assert trend is not None
    assert 1 == len(trend.lines[0].dots)
    assert "One: no answer, 40%" in trend.description
    assert trend_chart("Trend", [dt.date(2013, 1, 1)], []) is None


def test_suppressed_groups_are_not_told() -> None:
    """A group that is too small is said to be; the number behind it is nowhere on the page."""
    small = audit(gallery.records()[:12], BOOK, gallery.AS_OF, suppress_below=10)
    (breakdown,) = small.breakdowns
    hidden = [group for group in breakdown.groups if group.cases is None]
    assert hidden

    view = audits.audit_page(gallery.summary("A1", gallery.AS_OF), small)

    told = {row[0].lower(): row for table in view.groups for row in _texts(table)}
    assert all(TOO_FEW == told[group.value][1] for group in hidden)
    assert "Numbers below 10 are not shown" in view.groups_told


def test_question_page_has_every_finding_once() -> None:
    """Over its pages a question shows each of its findings, with evidence, and all who were judged or not assessed."""
    question = max(RESULT.questions, key=lambda one: one.insufficient).id
    found = [one for one in RESULT.findings if one.question == question]
    pages = [
        audits.question_page("A9", RESULT, question, BOOK, gallery.key_of, n + 1)
        for n in range(-(-len(found) // 25))
    ]

    assert len(pages) > 1
    assert [one.finding for one in found] == [one.finding for page in pages for one in page.findings]
    assert all(one.evidence and one.put_right for page in pages for one in page.findings)
    judged = RESULT.judged_insufficient[0]
    told = audits.question_page("A9", RESULT, judged.question, BOOK, gallery.key_of).judged
    assert told is not None
    assert [judged.case, judged.assessor, "judged insufficient"] in [row[:3] for row in _texts(told)]
    with pytest.raises(KeyError):
        audits.question_page("A9", RESULT, "XX-99", BOOK, gallery.key_of)


def test_case_page_says_what_happened_and_what_is_next() -> None:
    """Every recorded day up to the audit's is an event and none after it; what falls due is expected; nothing is left out in silence."""
    day = dt.date(2013, 6, 3)
    record = next(one for one in gallery.records() if one.case == gallery.result(day).due_soon[0].case)
    answers = Auditor(BOOK, day).answer(flatten(record, day))
    view = case.case_page("k1", flatten(record, day), answers, BOOK)

    days = {
        value
        for fact in flatten(record, day).facts
        if fact.kind != "audit"
        for value in fact.values.values()
        if isinstance(value, dt.date)
    }
    assert {one for one in days if one <= day} == {event.on for event in view.events}
    assert [event.on for event in view.events] == sorted((event.on for event in view.events), reverse=True)
    expected = [row[1] for row in _texts(view.expected)]
    for answer in answers:
        assert all(any(told.startswith(soon.question) for told in expected) for soon in answer.due_soon)
    assert sum(len(one.findings) for one in answers if one.answer is Answer.INSUFFICIENT) == len(
        view.findings
    )
    assert view.judged == sum(one.answer is Answer.INSUFFICIENT and not one.findings for one in answers)
    assert view.left_out == flatten(record, day).left_out > 0


def test_explanation_page_says_what_the_terminal_says() -> None:
    """Every line of an explanation's parts and changes is on the page."""
    finding = RESULT.findings[0]
    record = next(one for one in gallery.records() if one.case == finding.case)
    found = explain(record, finding.question, BOOK, gallery.AS_OF)
    view = explanation.explanation_page(found, "k1")

    text = [one.strip().removeprefix("- ") for one in lines(found)]
    for part in view.parts:
        assert all(line in text for _, line in part.lines)
        assert part.said in text
    first = text.index(f"{found.parts[0].title}: {found.parts[0].state}")
    last = text.index("What would alter this answer")
    told = {line for part in view.parts for _, line in part.lines} | {part.said for part in view.parts}
    heads = {f"{part.title}: {part.state}" for part in found.parts}
    assert set(text[first:last]) - {""} == told | heads
    assert tuple(change.text for change in found.changes) == view.changes


def test_override_offers_another_answer_only() -> None:
    """The computed answer is no choice: to put it in place of itself says nothing."""
    finding = RESULT.findings[0]
    record = next(one for one in gallery.records() if one.case == finding.case)
    view = overriding.override_page("k1", explain(record, finding.question, BOOK, gallery.AS_OF))

    assert ["sufficient", "not_applicable"] == [one.value for one in view.choices]


def test_assessment_asks_every_question_once_in_order() -> None:
    """Stages and criteria come as the framework has them, and each active question is asked under one of them."""
    order = in_order(BOOK)
    asked = [one.id for _, criteria in order for _, questions in criteria for one in questions]

    assert list(BOOK.framework.stages) == [stage for stage, _ in order]
    assert sorted(one.id for one in BOOK.active) == sorted(asked)
    assert len(asked) == len(set(asked))


def test_engine_beside_the_assessor_says_who_decided() -> None:
    """A judged answer is said to be judged: it never passes for what the record shows."""
    judged = RESULT.judged_insufficient[0]
    record = next(one for one in gallery.records() if one.case == judged.case)
    answers = Auditor(BOOK, gallery.AS_OF).answer(flatten(record, gallery.AS_OF))
    criterion = next(
        name
        for _, found in in_order(BOOK)
        for name, questions in found
        if judged.question in {one.id for one in questions}
    )
    given = {judged.question: assessments.AssessedAnswer(answer=Answer.SUFFICIENT, reason="It was seen.")}
    view = assessments.assessment_section(
        "k1",
        judged.case,
        criterion,
        BOOK,
        answers,
        given,
        {f"reason-{judged.question}": "Sent"},
        as_of=gallery.AS_OF,
    )

    shown = next(one for one in view.questions if one.id == judged.question)
    assert ("No rule found a shortfall. An assessor judged the work insufficient.",) == shown.engine_says
    assert ("sufficient", "Sent") == (shown.answer, shown.reason)


def test_kappa_that_is_not_defined_says_so() -> None:
    """Where both gave one answer throughout there is no kappa, and no nought in its place."""
    pairs, _ = moderating.agreement_pairs(moderating.Agreement(n=4, agreed=4, kappa=None, prevalence=(4, 4)))

    assert "not defined: both gave one answer throughout (n = 4)" == pairs[1].value
    assert "100% (4 of 4)" == pairs[0].value


def test_moderation_shows_where_assessors_differ() -> None:
    """Questions on which they differ are to be agreed, the others are listed, and one that only one answered is in neither."""
    record = gallery.records()[0]
    answers = Auditor(BOOK, gallery.AS_OF).answer(flatten(record, gallery.AS_OF))
    good, bad = (assessments.AssessedAnswer(answer=one) for one in (Answer.SUFFICIENT, Answer.INSUFFICIENT))
    agreement = moderating.Agreement(n=2, agreed=1, kappa=0.0, prevalence=(2, 1))
    view = moderating.moderation_page(
        "k1", record.case, ("QA-7", "QA-8"), BOOK, {"DS-01": good, "DS-02": good, "DS-03": bad}, {"DS-01": good, "DS-02": bad}, answers, agreement, as_of=gallery.AS_OF,
    )  # fmt: skip

    assert ["DS-02"] == [one.id for one in view.differing]
    assert ["DS-01"] == [row[0].split()[0] for row in _texts(view.same)]


def test_self_view_compares_only_what_both_answered() -> None:
    """Answers that count on one side only are left out of every n."""
    one = RESULT.answers[0]
    own = {
        one.case: {
            one.sufficient[0]: Answer.SUFFICIENT,
            one.insufficient[0]: Answer.SUFFICIENT,
            one.sufficient[1]: Answer.NOT_APPLICABLE,
        }
    }
    view = self_view.self_view("A9", RESULT, own)

    assert ["50% (1 of 2)", "50% (1 of 2)", "0% (0 of 2)"] == [pair.value for pair in view.pairs]
    assert 2 == len(view.table.rows)


def test_problems_as_csv_are_no_formulas() -> None:
    """Every problem is in the CSV, and none can be taken for a formula."""
    problems = [RejectedRecord(source="upload", line=n, path="", reason="=cmd|x") for n in range(60)]
    text = uploads.problems_csv(problems)

    assert 61 == len(text.splitlines())
    assert ",=cmd" not in text
    assert "'=cmd|x" in text


def test_comparison_page_shows_clear_changes() -> None:
    """A question is listed where its interval does not cover nought, and a change of nothing has no sign."""
    comparison = compare(RESULT, RESULT)
    view = comparing.comparison_page(comparison, "A1", "A9")

    assert () == view.questions.rows
    assert all(row[3].startswith("0.0 points (") for row in _texts(view.outcomes))
    moved = compare(gallery.result(dt.date(2013, 6, 3)), RESULT)
    clear = [one.id for one in moved.questions if one.change and (one.change.low > 0 or one.change.high < 0)]
    assert clear == [
        row[0].split()[0] for row in _texts(comparing.comparison_page(moved, "A1", "A9").questions)
    ]
