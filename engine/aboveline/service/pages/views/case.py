"""One case: what happened, what is expected next, what was found, and how to put it right."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from aboveline.answers import Answer, QuestionAnswer, in_words
from aboveline.case.base import Record
from aboveline.facts import CaseFacts, FlatFact
from aboveline.reports.words import gap, label
from aboveline.rulebook import Rulebook
from aboveline.service.pages import urls
from aboveline.service.pages.views.audits import evidence
from aboveline.service.pages.views.parts import (
    Link,
    Pair,
    Table,
    Tag,
    View,
    answer_tag,
    cell,
    columns,
    pair,
    severity_tag,
)  # fmt: skip
from aboveline.vocabulary import VOCABULARY

__all__ = ["CaseFinding", "CasePage", "Event", "case_page"]

_SOURCES = {"audit"}


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
    ``since`` has what was judged after the audit, and ``links`` lead to what
    the caller may do with the case.
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
    since: Table | None
    links: tuple[Link, ...]


def case_page(
    key: str, facts: CaseFacts, answers: Sequence[QuestionAnswer], rulebook: Rulebook, *,
    area: str | None = None, audit: str | None = None, may_judge: bool = False, since: Table | None = None,
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
        since=since,
        links=(
            *([] if audit else [Link(text="Try out what a fact would change", href=urls.case_facts(key))]),
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
