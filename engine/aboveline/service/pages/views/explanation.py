"""Why a question has its answer for a case, part by part, and what would alter it."""

from collections.abc import Iterator, Mapping

from aboveline.answers import in_words
from aboveline.case.base import Record
from aboveline.explain import Explanation, State, lines
from aboveline.reports.words import label
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import Colour, Pair, Table, Tag, View, answer_tag, pair

__all__ = ["ExplanationPage", "PartSaid", "explanation_page"]

_STATES: Mapping[State, Colour] = {State.HOLDS: "blue", State.OPEN: "yellow", State.NOT: "grey"}


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
    since: Table | None
    rule: str


def explanation_page(
    explanation: Explanation,
    key: str,
    *,
    audit: str | None = None,
    area: str | None = None,
    since: Table | None = None,
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
        override=urls.audit_override(audit, key, asked.id) if audit else urls.override(key, asked.id),
        since=since,
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
