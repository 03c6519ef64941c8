"""One case: what happened, what is expected next, what was found; why; and an answer put in place of the computed one."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from aboveline.answers import Answer, QuestionAnswer, in_words
from aboveline.case.base import Record
from aboveline.explain import Explanation, State, lines
from aboveline.facts import CaseFacts, FlatFact
from aboveline.reports.words import gap, label
from aboveline.rulebook import Rulebook
from aboveline.service.pages import urls
from aboveline.service.pages.views.audits import evidence
from aboveline.service.pages.views.parts import (
    Colour,
    FieldError,
    Link,
    Option,
    Pager,
    Pair,
    Table,
    Tag,
    View,
    answer_tag,
    cell,
    columns,
    page_of,
    pair,
    severity_tag,
)  # fmt: skip
from aboveline.vocabulary import VOCABULARY

__all__ = [
    "CaseFinding", "CaseList", "CasePage", "CaseRow", "Event", "ExplanationPage", "OverridePage", "PartSaid", "ReasonedAnswer",
    "case_list", "case_page", "explanation_page", "override_page",
]  # fmt: skip

_SOURCES = {"audit"}
_STATES: Mapping[State, Colour] = {State.HOLDS: "blue", State.OPEN: "yellow", State.NOT: "grey"}
_CHOICES = (Answer.SUFFICIENT, Answer.INSUFFICIENT, Answer.NOT_APPLICABLE)


class CaseRow(Record):
    """A case in a list: its key and id, its area, the day its record was last uploaded, and its insufficient answers."""

    key: str
    case: str
    area: str | None
    uploaded: dt.date
    insufficient: int | None


class CaseList(View):
    """The cases that the caller may see."""

    table: Table
    pager: Pager


class Event(Record):
    """Something that happened, or is to happen, on a day."""

    on: dt.date
    title: str
    details: str = ""


class CaseFinding(Record):
    """A finding of a case: what is missing, since when, how to put it right, on what evidence."""

    question: str
    severity: Tag
    finding: str
    put_right: str
    due: str | None
    evidence: tuple[str, ...]
    why: Link


class CasePage(View):
    """A case as at a day. ``audit`` is the audit that it is seen in, none where it is seen as it stands now.

    ``judged`` counts insufficient answers without a finding: an assessor gave them.
    ``links`` lead to what the caller may do with the case.
    """

    key: str
    audit: str | None
    pairs: tuple[Pair, ...]
    findings: tuple[CaseFinding, ...]
    judged: int
    expected: Table
    answers: Table
    events: tuple[Event, ...]
    left_out: int
    links: tuple[Link, ...]


class PartSaid(Record):
    """A part of a rule with how it stood, a line each under it with its depth."""

    title: str
    state: Tag
    said: str
    lines: tuple[tuple[int, str], ...]


class ExplanationPage(View):
    """Why a question has its answer for a case, and what would alter it."""

    back: str
    key: str
    question: str
    pairs: tuple[Pair, ...]
    answer: Tag
    reason: str
    parts: tuple[PartSaid, ...]
    outlook: str
    changes: tuple[str, ...]
    put_right: tuple[str, ...]
    known_gaps: tuple[str, ...]
    override: str
    rule: str


class ReasonedAnswer(Record):
    """An answer that somebody gave, with the reason and the day."""

    by: str
    at: dt.datetime
    answer: Answer
    reason: str


class OverridePage(View):
    """The form that puts an assessor's answer in place of the computed one: fields ``answer`` and ``reason``, both required."""

    key: str
    question: str
    computed: Tag
    reason: str
    choices: tuple[Option, ...]
    values: dict[str, str]
    earlier: Table
    back: str


def case_list(cases: Sequence[CaseRow], page: int = 1) -> CaseList:
    """Build the list of cases."""
    shown, pager = page_of(cases, page, urls.CASES)
    return CaseList(
        title="Cases",
        table=Table(
            caption="Cases in your areas",
            columns=columns(
                "Case", "Area", "Last uploaded", "Insufficient answers", numbers=["Insufficient answers"]
            ),
            rows=tuple(
                (
                    cell(one.case, urls.case(one.key)),
                    cell(one.area),
                    cell(one.uploaded),
                    cell("not audited yet" if one.insufficient is None else one.insufficient),
                )
                for one in shown
            ),
            empty="There is no case in your areas yet. Upload case records to begin.",
        ),
        pager=pager,
    )


def case_page(
    key: str, facts: CaseFacts, answers: Sequence[QuestionAnswer], rulebook: Rulebook, *,
    area: str | None = None, audit: str | None = None, may_judge: bool = False,
) -> CasePage:  # fmt: skip
    """Build the page of a case from its facts as at a day and its answers on that day."""

    def why(question: str) -> str:
        return urls.audit_case_question(audit, key, question) if audit else urls.case_question(key, question)

    counts = {answer: sum(one.answer is answer for one in answers) for answer in Answer}
    titles = {one.id: one.title for one in rulebook.active}
    return CasePage(
        title=f"Case {facts.case}",
        key=key,
        audit=audit,
        pairs=(
            pair("As at", facts.as_of),
            pair("Area", area),
            *_of_the_case(facts),
            pair("Answers", ", ".join(f"{n} {in_words(answer)}" for answer, n in counts.items())),
        ),
        findings=tuple(
            CaseFinding(
                question=f"{one.question} {titles[one.question]}",
                severity=severity_tag(finding.severity),
                finding=finding.finding,
                put_right=finding.put_right,
                due=in_words(finding.due) if finding.due else None,
                evidence=evidence(finding),
                why=Link(text=f"Why {one.question} is insufficient", href=why(one.question)),
            )
            for one in answers
            if one.answer is Answer.INSUFFICIENT
            for finding in one.findings
        ),
        judged=sum(one.answer is Answer.INSUFFICIENT and not one.findings for one in answers),
        expected=_expected(facts, answers, titles, why),
        answers=Table(
            caption="Every question",
            columns=columns("Question", "Answer", "What is missing or was said"),
            rows=tuple(
                (
                    cell(f"{one.question} {titles[one.question]}", why(one.question)),
                    cell("", tag=answer_tag(one.answer)),
                    cell(_beside(one)),
                )
                for one in answers
                if one.answer is not Answer.NOT_APPLICABLE
            ),
            empty="No question is about this case.",
        ),
        events=tuple(sorted(_events(facts), key=lambda event: event.on, reverse=True)),
        left_out=facts.left_out,
        links=(
            *([Link(text="Assess this case yourself", href=urls.assessment(key))] if may_judge else []),
            *([Link(text="This case as it stands today", href=urls.case(key))] if audit else []),
        ),
    )


def _of_the_case(facts: CaseFacts) -> Iterator[Pair]:
    for fact in facts.facts:
        if fact.kind == "sentence":
            if "type" in fact.values:
                yield pair("Sentence", in_words(fact.values["type"]))
            if "started_on" in fact.values:
                yield pair("Started", fact.values["started_on"])


def _beside(one: QuestionAnswer) -> str:
    if one.by == "override":
        return f"overridden by {one.assessor}; the record alone says {in_words(one.computed)}"
    if one.gaps:
        return "; ".join(map(gap, one.gaps))
    if one.answer is Answer.NOT_ASSESSED:
        return "an assessor's judgement is wanted"
    return f"judged by {one.assessor}" if one.by == "judgement" else ""


def _expected(
    facts: CaseFacts, answers: Sequence[QuestionAnswer], titles: Mapping[str, str], why: Callable[[str], str]
) -> Table:
    due = [
        (
            soon.due,
            f"{one.question} {titles[one.question]}",
            why(one.question),
            "becomes a finding if not done by then",
        )
        for one in answers
        for soon in one.due_soon
    ]
    planned = [
        (day, f"{label(fact.kind)}, {in_words(name).removesuffix(' on')}", None, "planned in the record")
        for fact in facts.facts
        if fact.kind not in _SOURCES
        for name, field in VOCABULARY[fact.kind].fields.items()
        if field.tense == "planned"
        and isinstance(day := fact.values.get(name), dt.date)
        and day > facts.as_of
    ]
    return Table(
        caption="Expected next",
        columns=columns("By", "What", "Why it is here"),
        rows=tuple(
            (cell(day), cell(what, href), cell(reason))
            for day, what, href, reason in sorted([*due, *planned], key=lambda one: (one[0], one[1]))
        ),
        empty="Nothing falls due soon, and nothing is planned in the record.",
    )


def _events(facts: CaseFacts) -> Iterator[Event]:
    for fact in facts.facts:
        if fact.kind in _SOURCES:
            continue
        for name, field in VOCABULARY[fact.kind].fields.items():
            day = fact.values.get(name)
            if isinstance(day, dt.date) and (field.tense != "planned" or day <= facts.as_of):
                yield Event(
                    on=day,
                    title=f"{label(fact.kind)}: {in_words(name).removesuffix(' on')}",
                    details=_details(fact),
                )


def _details(fact: FlatFact) -> str:
    return "; ".join(
        f"{in_words(name)}: {in_words(value)}"
        for name, value in fact.values.items()
        if name != "id" and not isinstance(value, dt.date)
    )


def explanation_page(
    explanation: Explanation, key: str, *, audit: str | None = None, area: str | None = None
) -> ExplanationPage:
    """Build the page that says why a question has its answer for a case."""
    asked, answer = explanation.question, explanation.answer
    return ExplanationPage(
        title=f"Why {asked.id} is {in_words(answer.answer)}",
        back=urls.audit_case(audit, key) if audit else urls.case(key),
        key=key,
        question=f"{asked.id} {asked.title}",
        pairs=(
            pair("Case", explanation.case),
            pair("As at", explanation.as_of),
            *([pair("Area", area)] if area else []),
            pair("Source", "; ".join(asked.sources)),
            *([pair("Level", explanation.level)] if explanation.level else []),
            *([pair("Computed answer", answer.computed)] if explanation.override else []),
            *(
                pair(name, f"{in_words(said.answer)}, by {said.assessor} on {in_words(said.made_on)}" + (f": {said.reason}" if said.reason else ""))
                for name, said in (("Judged", explanation.judgement), ("Overridden", explanation.override))
                if said
            ),
        ),
        answer=answer_tag(answer.answer),
        reason=explanation.reason,
        parts=tuple(_parts(explanation)),
        outlook=explanation.outlook,
        changes=tuple(change.text for change in explanation.changes),
        put_right=explanation.put_right,
        known_gaps=asked.known_gaps,
        override=urls.override(key, asked.id),
        rule=urls.rule(asked.id),
    )  # fmt: skip


def _parts(explanation: Explanation) -> Iterator[PartSaid]:
    """Yield each part with the lines that the explanation's text has under it, so that page and terminal say the same."""
    text = list(lines(explanation))
    for part in explanation.parts:
        start = text.index(f"{part.title}: {part.state}")
        inner = []
        for line in text[start + 2 :]:
            if not line:
                break
            inner.append((min(3, (len(line) - len(line.lstrip())) // 2), line.strip().removeprefix("- ")))
        yield PartSaid(
            title=part.title,
            state=Tag(text=label(part.state), colour=_STATES[part.state]),
            said=part.said,
            lines=tuple(inner),
        )


def override_page(
    key: str, explanation: Explanation, earlier: Sequence[ReasonedAnswer] = (),
    values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = (),
) -> OverridePage:  # fmt: skip
    """Build the form that puts an assessor's answer in place of the computed one. What was said before stays."""
    asked, answer = explanation.question, explanation.answer
    return OverridePage(
        title=f"Answer {asked.id} differently",
        errors=tuple(errors),
        key=key,
        question=f"{asked.id} {asked.title}",
        computed=answer_tag(answer.computed),
        reason=explanation.reason,
        choices=tuple(Option(value=str(one), text=label(one)) for one in _CHOICES if one is not answer.computed),
        values={"answer": "", "reason": ""} | dict(values or {}),
        earlier=Table(
            caption="What was said before",
            columns=columns("When", "By", "Answer", "Reason"),
            rows=tuple(
                (cell(in_words(one.at.date()), note=f"{one.at:%H:%M}"), cell(one.by), cell("", tag=answer_tag(one.answer)), cell(one.reason))
                for one in earlier
            ),
            empty="Nobody has answered this question differently for this case.",
        ),
        back=urls.case_question(key, asked.id),
    )  # fmt: skip
