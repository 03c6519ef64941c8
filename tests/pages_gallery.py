"""Every page of the service from the York and North Yorkshire fixture, rendered without a server.

``python tests/pages_gallery.py FOLDER`` writes them to look at.
"""

import datetime as dt
import shutil
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from aboveline.answers import Answer
from aboveline.audit import Auditor, audit
from aboveline.case import CaseRecord, read_cases
from aboveline.case.planning import Review
from aboveline.comparison import compare
from aboveline.explain import explain
from aboveline.impact import weigh
from aboveline.problems import Problem
from aboveline.result import AuditResult, RejectedRecord
from aboveline.rulebook import Rulebook, load_rulebook
from aboveline.rulepages import rule_pages
from aboveline.service.pages import context, urls
from aboveline.service.pages.assets import STATIC
from aboveline.service.pages.context import PageContext, Site
from aboveline.service.pages.rendering import render
from aboveline.service.pages.views import (
    actions,
    administration,
    assessments,
    audits,
    case,
    case_list,
    comparing,
    dashboard,
    impact,
    judged,
    moderating,
    overriding,
    plain,
    retention,
    rules,
    self_view,
    trail,
    uploads,
)  # fmt: skip
from aboveline.service.pages.views import (
    explanation as explaining,
)
from aboveline.service.pages.views import (
    facts as trying,
)
from aboveline.service.pages.views.parts import FieldError, View
from aboveline.service.work.live import live
from aboveline.vocabulary import known_field

ROOT = Path(__file__).parents[1]
CASES = ROOT / "fixtures/york-and-north-yorkshire-2014/cases.jsonl"
AS_OF = dt.date(2013, 12, 2)
NOW = dt.datetime(2013, 12, 2, 9, 30, tzinfo=dt.UTC)
EVERYTHING = frozenset({context.READ, context.WRITE, context.JUDGE, context.ADMIN})
SITE = Site(
    feedback="aboveline@example.org", notice="Development identity: anybody on this machine can sign in."
)


def key_of(case: str) -> str:
    """Return a key for a case that is not its id."""
    return "k" + "".join(format(ord(one) ^ 5, "02x") for one in case)


@cache
def records() -> tuple[CaseRecord, ...]:
    """Return the cases of the fixture."""
    return tuple(one for one in read_cases([CASES]) if isinstance(one, CaseRecord))


@cache
def rulebook() -> Rulebook:
    """Return the shipped rules."""
    return load_rulebook()


@cache
def result(as_of: dt.date = AS_OF, standards: str = "report-2014") -> AuditResult:
    """Return the audit of the fixture as at a day."""
    book = rulebook() if standards == "report-2014" else rulebook().under(standards)
    return audit(records(), book, as_of)


def summary(
    identifier: str, as_of: dt.date, state: audits.AuditState = audits.AuditState.DONE, n: int | None = 49
) -> audits.AuditSummary:
    """Return an audit in a list."""
    return audits.AuditSummary(
        id=identifier,
        as_of=as_of,
        areas=("York", "North Yorkshire"),
        state=state,
        started_by="PERF-1",
        started_at=NOW,
        cases=n,
    )


def fact() -> View:
    """Return the form for a fact, with what came of it."""
    fields = {
        name: (known_field(name, info), info.description or "")
        for name, info in Review.model_fields.items()
        if name != "id"
    }
    found = live(records()[0], {"warning": [{"issued_on": "2013-06-03"}]}, AS_OF)
    told = trying.fact_told(
        result().findings[:1], result().findings[1:2], [("DS-01", Answer.INSUFFICIENT, Answer.SUFFICIENT)], found.due_next, rulebook(), AS_OF, left_out=1
    )  # fmt: skip
    return trying.fact_form(
        "k1", "review", "A review of earlier work.", fields, AS_OF, {"registration": ["R1"]}, {"completed_on-day": "40"},
        [FieldError(field="completed_on", text="Completed must be a real date")], told,
    )  # fmt: skip


@cache
def views() -> dict[str, tuple[str, View, str]]:
    """Return every page by a name of its own: its template, its view and its address."""
    found = result()
    book = rulebook()
    earlier = [dt.date(2013, 6, 3), dt.date(2013, 9, 2)]
    points = [dashboard.trend_point(f"A{n}", result(day)) for n, day in enumerate(earlier)]
    done = summary("A9", AS_OF)
    auditor = Auditor(book, AS_OF)
    by_case = {one.case: one for one in records()}
    worst = max(found.answers, key=lambda one: (len(one.insufficient), one.case)).case
    soon = result(earlier[0]).due_soon[0].case
    key = key_of(worst)
    facts = auditor.facts(by_case[worst])
    answers = auditor.answer(facts)
    facts_soon = Auditor(book, earlier[0]).facts(by_case[soon])
    finding = next(one for one in found.findings if one.case == worst)
    explanation = explain(by_case[worst], finding.question, book, AS_OF)
    open_ = next(iter(result(earlier[0]).not_assessed))
    most = max(found.questions, key=lambda one: one.insufficient)
    given = {
        one.question: assessments.AssessedAnswer(
            answer=one.computed if one.computed is not Answer.NOT_ASSESSED else Answer.SUFFICIENT
        )
        for one in answers
    }
    other = given | {
        question: assessments.AssessedAnswer(
            answer=Answer.SUFFICIENT, reason="The plan was in the paper file."
        )
        for question in list(given)[3:40:7]
        if given[question].answer is Answer.INSUFFICIENT
    }
    counted = [
        q
        for q in given
        if given[q].answer is not Answer.NOT_APPLICABLE and other[q].answer is not Answer.NOT_APPLICABLE
    ]
    agreement = moderating.Agreement(
        n=len(counted),
        agreed=sum(given[q].answer is other[q].answer for q in counted),
        kappa=0.81,
        prevalence=(
            sum(given[q].answer is Answer.SUFFICIENT for q in counted),
            sum(other[q].answer is Answer.SUFFICIENT for q in counted),
        ),
    )
    own = {
        one.case: dict.fromkeys((*one.sufficient, *one.insufficient), Answer.SUFFICIENT)
        for one in found.answers[:12]
    }
    action = actions.Action(
        id="P1",
        text="Ask children's social care in every case, before the first plan",
        recommendation="R1",
        area="York",
        owner="TEAM-3",
        due=dt.date(2013, 11, 29),
        state=actions.ActionState.IN_PROGRESS,
    )
    upload = uploads.UploadSummary(
        id="U1",
        label="November sample",
        state=uploads.UploadState.DONE,
        by="PERF-1",
        at=NOW,
        accepted=49,
        rejected=31,
    )
    wrong = [
        RejectedRecord(
            source="upload",
            line=n,
            path=f"concern[{n}].kind",
            reason="this is not one of child_protection, domestic_abuse - did you mean 'domestic_abuse'?",
        )
        for n in range(1, 32)
    ]
    user = administration.UserSummary(name="TEAM-3", roles=(context.READ, context.JUDGE), areas=("York",))
    entries = [
        trail.TrailEntry(
            number=n, at=NOW, by="PERF-1", what="audit_started", subject=f"audit A{n}", hash=f"{n:064x}"
        )
        for n in range(80, 0, -1)
    ]
    days = book.parameters["sentence_plan_days"]
    sooner = replace(days, values=(replace(days.values[-1], value=1),), pinned=None)
    weighed = weigh(records, book, replace(book, parameters={**book.parameters, days.name: sooner}), AS_OF)
    moved = weighed.impact
    findings: dict[str, dict[str, str]] = {}
    for one in weighed.after.findings:
        findings.setdefault(one.case, {})[one.deficiency] = one.finding
    draft = impact.DraftSummary(
        id="D1", label="Assessed the next day", as_of=AS_OF, areas=("All areas",), standards="The report's own", average="questions",
        on_shipped=True, state=audits.AuditState.DONE, sent_by="ADMIN-1", sent_at=NOW, cases=1256, erased=1,
    )  # fmt: skip
    drafts = [
        draft.model_copy(update={"id": f"E{n}", "state": state, "cases": None})
        for n, state in enumerate(audits.AuditState)
    ]
    recommendations = {one.id: one.text for one in book.framework.recommendations.values()}
    audit_states = [
        summary(f"A{n}", AS_OF - dt.timedelta(weeks=n), state) for n, state in enumerate(audits.AuditState)
    ]
    empty: tuple[str, View, str] = (
        "dashboard",
        dashboard.dashboard(None, None, (), "York", key_of),
        urls.DASHBOARD,
    )
    said = [
        overriding.ReasonedAnswer(
            case=worst,
            question=finding.question,
            holds_from=AS_OF,
            by="QA-7",
            at=NOW,
            answer=Answer.SUFFICIENT,
            reason="It was done, and is in the paper file.",
        )
    ]
    section = assessments.assessment_section(key, worst, "2.1", book, answers, given, as_of=AS_OF, audit="A9")
    return {
        "dashboard": ("dashboard", dashboard.dashboard("A9", found, points, "York and North Yorkshire", key_of), urls.DASHBOARD),
        "dashboard-empty": empty,
        "audits": ("audits", audits.audit_list([done, *audit_states]), urls.AUDITS),
        "audits-empty": ("audits", audits.audit_list([]), urls.AUDITS),
        "audit-start": ("audit-start", audits.audit_start({"York": "York", "North Yorkshire": "North Yorkshire"}, book, AS_OF), urls.AUDIT_START),
        "audit-start-wrong": (
            "audit-start",
            audits.audit_start(
                {"York": "York", "North Yorkshire": "North Yorkshire"}, book, AS_OF, {"as_of-day": "31", "as_of-month": "2"}, [],
                errors=[FieldError(field="as_of", text="The day must be a real date"), FieldError(field="areas", text="Choose at least one area")],
            ),
            urls.AUDIT_START,
        ),
        "audit-running": ("progress", audits.audit_progress(summary("A9", AS_OF, audits.AuditState.RUNNING), 17, 49), urls.audit("A9")),
        "audit-failed": ("progress", audits.audit_progress(summary("A9", AS_OF, audits.AuditState.FAILED), 17, 49), urls.audit("A9")),
        "audit": ("audit", audits.audit_page(done, found, may_name=True), urls.audit("A9")),
        "judged": ("judged", judged.judged_page("A9", said, result(earlier[0]), found, None, key_of, may_name=True), urls.audit_judgements("A9")),
        "audit-judged": ("audit", audits.audit_page(done, found).model_copy(update={"judged": judged.judged_part("A9", said, result(earlier[0]), found)}), urls.audit("A9")),
        "judged-large": ("judged", judged.judged_page("A9", said, found, None, "the audit has more than 2,000 cases: start another as at the same day to have the scores with judgements", key_of), urls.audit_judgements("A9")),
        "criterion": ("criterion", audits.criterion_page("A9", found, "2.1"), urls.audit_criterion("A9", "2.1")),
        "question": ("question", audits.question_page("A9", found, most.id, book, key_of), urls.audit_question("A9", most.id)),
        "cases": (
            "cases",
            case_list.case_list(
                [case_list.CaseRow(key=key_of(one.case), case=one.case, area="York", uploaded=AS_OF, insufficient=len(one.insufficient)) for one in found.answers],
                len(found.answers), areas=["York"], questions={one.id: one.title for one in book.active}, audited=AS_OF, onward="/cases?after=k", first="/cases",
            ),
            urls.CASES,
        ),
        "case": ("case", case.case_page(key, facts, answers, book, area="York", audit="A9", may_judge=True), urls.audit_case("A9", key)),
        "case-now": ("case", case.case_page(key_of(soon), facts_soon, Auditor(book, earlier[0]).answer(facts_soon), book, area="York"), urls.case(key_of(soon))),
        "explanation": ("explanation", explaining.explanation_page(explanation, key, audit="A9"), urls.audit_case_question("A9", key, finding.question)),
        "explanation-open": ("explanation", explaining.explanation_page(explain(by_case[open_.case], open_.question, book, earlier[0]), key_of(open_.case)), urls.case_question(key_of(open_.case), open_.question)),
        "override": ("override", overriding.override_page(key, explanation), urls.override(key, finding.question)),
        "override-wrong": (
            "override",
            overriding.override_page(
                key, explanation, [overriding.ReasonedAnswer(case=worst, question=finding.question, holds_from=AS_OF, by="QA-7", at=NOW, answer=Answer.SUFFICIENT, reason="It was done, and is in the paper file.")],
                {"answer": "sufficient"}, [FieldError(field="reason", text="Say why the computed answer is wrong")],
            ),
            urls.override(key, finding.question),
        ),
        "assessment": ("assessment", assessments.assessment_page(key, worst, book, dict(list(given.items())[:40]), started=AS_OF, finished=None), urls.assessment(key)),
        "assessment-section": ("assessment-section", section, urls.assessment_section(key, "2.1")),
        "assessment-section-wrong": (
            "assessment-section",
            assessments.assessment_section(
                key, worst, "2.1", book, answers, given, {"answer-DS-02": "not_applicable"},
                [FieldError(field="reason-DS-02", text="Say why your answer to DS-02 is not the engine's")], as_of=AS_OF,
            ),
            urls.assessment_section(key, "2.1"),
        ),
        "moderation-list": (
            "moderation-list",
            moderating.moderation_list([moderating.ModerationRow(key=key, case=worst, assessors=("QA-7", "QA-8"), agreement=agreement, moderated=False)], agreement),
            urls.MODERATION,
        ),
        "moderation": ("moderation", moderating.moderation_page(key, worst, ("QA-7", "QA-8"), book, given, other, answers, agreement, as_of=AS_OF, audited=True), urls.moderation(key)),
        "self-view": ("self-view", self_view.self_view("A9", found, own), urls.audit_self_view("A9")),
        "uploads": ("uploads", uploads.upload_list([upload]), urls.UPLOADS),
        "upload-new": ("upload-new", uploads.upload_form("200 MB"), urls.UPLOAD_NEW),
        "upload-new-wrong": ("upload-new", uploads.upload_form("200 MB", errors=[FieldError(field="label", text="Give the upload a name"), FieldError(field="file", text="Choose a file of case records")]), urls.UPLOAD_NEW),
        "upload": ("upload", uploads.upload_page(upload, wrong, 2), urls.upload("U1")),
        "upload-reading": ("upload", uploads.upload_page(upload.model_copy(update={"state": uploads.UploadState.READING}), []), urls.upload("U1")),
        "actions": ("actions", actions.action_list([action, action.model_copy(update={"id": "P2", "state": actions.ActionState.DONE})], AS_OF), urls.ACTIONS),
        "action-new": ("action", actions.action_form(None, {"York": "York", "North Yorkshire": "North Yorkshire"}, recommendations), urls.ACTION_NEW),
        "action": (
            "action",
            actions.action_form(
                action, {"York": "York"}, recommendations, [actions.ActionChange(by="PERF-1", at=NOW, state=actions.ActionState.OPEN, owner="TEAM-2", due=AS_OF, note=None)],
                {"due-day": "40"}, [FieldError(field="due", text="The day must be a real date")],
            ),
            urls.action("P1"),
        ),
        "rules": ("rules", rules.rules_page(book), urls.RULES),
        "rule": ("rule", rules.rule_page(book.question("DS-01"), rule_pages(book)["DS-01.md"]), urls.rule("DS-01")),
        "compare": ("compare", comparing.compare_form([done]), urls.COMPARE),
        "compare-wrong": ("compare", comparing.compare_form([done], {"before": "A9"}, [FieldError(field="after", text="Choose the later audit")]), urls.COMPARE),
        "comparison": ("comparison", comparing.comparison_page(compare(result(earlier[0]), found), "A0", "A9"), urls.comparison("A0", "A9")),
        "impact-form": ("impact-form", impact.impact_form([draft, *drafts], book, AS_OF, "1 MiB"), urls.IMPACT),
        "impact-form-wrong": (
            "impact-form",
            impact.impact_form(
                [], book, AS_OF, "1 MiB", {"text": "id: VW-01\nstatsu: active", "as_of-day": "40"},
                [FieldError(field="label", text="Give the draft a name"), FieldError(field="as_of", text="The day must be a real date"), FieldError(field="text", text="The draft has 2 problems: see what is wrong with it above the form"), FieldError(field="path", text="Say where this text belongs"), FieldError(field="file", text="Choose a file")],
                [Problem("victims/VW-01-attention-to-victims.yaml", 2, "statsu", "there is no such key - did you mean 'status'?"), Problem("victims/VW-01-attention-to-victims.yaml", None, "", "this is not UTF-8 text")],
            ),
            urls.IMPACT,
        ),
        "impact-running": ("progress", impact.impact_progress(drafts[1], 61, 98), urls.impact("D1")),
        "impact-failed": ("progress", impact.impact_progress(drafts[3], 61, 98, reason="It was stopped, because it took longer than 300 seconds."), urls.impact("D1")),
        "impact": ("impact", impact.impact_page(draft, moved, findings, key_of), urls.impact("D1")),
        "trail": ("trail", trail.trail_page(entries[25:50], 80, trail.TrailChecked(at=NOW, by="ADMIN-1", upto=78, hash="0" * 64, broken=None), 56), urls.TRAIL),
        "trail-broken": ("trail", trail.trail_page(entries[:25], 80, trail.TrailChecked(at=NOW, by="ADMIN-1", upto=78, hash="0" * 64, broken=17)), urls.TRAIL),
        "trail-never": ("trail", trail.trail_page((), 0, None), urls.TRAIL),
        "retention": ("retention", retention.retention_page([retention.Erased(at=NOW, by="ADMIN-1", why="age", rows=80, audits=2)], onward="T1"), urls.RETENTION),
        "retention-wrong": ("retention", retention.retention_page([], {"case": "X"}, [FieldError(field="sure", text="Confirm that you know that it cannot be undone"), FieldError(field="why", text="Choose why it is erased")]), urls.RETENTION_CASE),
        "retention-age": ("retention-age", retention.retention_age(AS_OF, 700, 500), urls.RETENTION_AGE),
        "facts": ("facts", trying.fact_kinds(key, worst, {"contact": "Any other contact.", "warning": "A formal warning."}, errors=[FieldError(field="kind", text="Choose what kind of fact it is")]), urls.case_facts(key)),
        "fact": ("fact", fact(), urls.case_facts_of(key, "review")),
        "users": ("users", administration.user_list([user, administration.UserSummary(name="PERF-1", roles=(context.ADMIN,), areas=("*",))]), urls.USERS),
        "user": ("user", administration.user_form(user, ["York", "North Yorkshire"], errors=[FieldError(field="reason", text="Say why this changes")]), urls.user("TEAM-3")),
        "signed-out": ("message", plain.signed_out(), urls.SIGNED_OUT),
        "not-found": ("message", plain.not_found(), "/nowhere"),
        "not-allowed": ("message", plain.not_allowed(), urls.TRAIL),
        "expired": ("message", plain.expired(), urls.AUDIT_START),
        "too-many": ("message", plain.too_many(), urls.DASHBOARD),
        "problem": ("message", plain.problem("3f1c9a5e0b7d4c12"), urls.DASHBOARD),
        "cookies": ("cookies", plain.cookies("__Host-aboveline", "__Host-aboveline-sign-in", "__Host-aboveline-done", "until you sign out, 12 hours at most"), urls.COOKIES),
        "accessibility": ("message", plain.accessibility("aboveline@example.org"), urls.ACCESSIBILITY),
    }  # fmt: skip


SIGNED_OUT = frozenset({"signed-out"})


def page(name: str, site: Site = SITE, roles: frozenset[str] = EVERYTHING) -> str:
    """Return a page as HTML, as the service would send it."""
    template, view, path = views()[name]
    known = name not in SIGNED_OUT
    context_of_page = PageContext(
        csp_nonce="n0nce",
        csrf_token="t0ken",
        path=path,
        user="PERF-1" if known else None,
        roles=roles if known else frozenset(),
        done="Your answer was saved." if name == "case" else None,
        site=site,
    )
    return render(template, view, context_of_page)


def write(folder: Path) -> None:
    """Write every page, with its assets, into a folder where it can be opened as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC, folder / "assets", dirs_exist_ok=True)
    for name in views():
        html = (
            page(name)
            .replace('"/assets/', '"assets/')
            .replace('http-equiv="refresh"', 'http-equiv="x-refresh"')
        )
        (folder / f"{name}.html").write_text(html, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
