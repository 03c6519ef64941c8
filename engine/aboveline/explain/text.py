"""Write an explanation as plain text that reads well without colour."""

from collections.abc import Iterable, Iterator
from textwrap import fill

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from aboveline.answers import in_words
from aboveline.vocabulary import VOCABULARY

from . import words
from .model import BranchShown, Explanation, FactShown, PartShown, PatternShown, Said, State, WayShown
from .shown import fact_in_words, gaps_in_words

__all__ = ["lines", "render"]

_THE_AUDIT = "the audit"
"""What is always there, and there only for its date."""


class _Wrapped:
    """Lines that are wrapped to the width there is, each under its own indent."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text in self.texts:
            indent = " " * (len(text) - len(text.lstrip(" -")))
            wrapped = fill(text, options.max_width, subsequent_indent=indent, break_on_hyphens=False)
            yield Text(wrapped)


def render(explanation: Explanation) -> RenderableType:
    """Return an explanation for a terminal. Nothing in it is told by colour."""
    return _Wrapped(lines(explanation))


def lines(explanation: Explanation) -> Iterator[str]:
    """Yield an explanation line by line: the answer and why, how each part stood, what would alter it."""
    question, answer = explanation.question, explanation.answer
    yield f"{question.id} {question.title}"
    yield f"Case {explanation.case} as at {in_words(explanation.as_of)}"
    yield f"Source: {'; '.join(question.sources)}"
    yield ""
    yield f"Answer: {in_words(answer.answer)}"
    if explanation.override:
        yield f"Overridden: {_said(explanation.override)}"
        yield f"Computed answer: {in_words(answer.computed)}"
    yield f"Why: {explanation.reason}"
    if explanation.level:
        yield f"Level: {explanation.level}"
    if explanation.judgement:
        yield f"Judged: {_said(explanation.judgement)}"
    for part in explanation.parts:
        yield ""
        yield from _part(part)
    yield ""
    yield "What would alter this answer"
    yield f"  {explanation.outlook}"
    for change in explanation.changes:
        yield f"  - {change.text}"
    if explanation.put_right:
        yield ""
        yield "What to do now"
        for put_right in explanation.put_right:
            yield f"  - {put_right}"
    if question.known_gaps:
        yield ""
        yield "What this question cannot see"
        for gap in question.known_gaps:
            yield f"  - {gap}"


def _said(said: Said) -> str:
    reason = f": {said.reason}" if said.reason else ""
    return f"{in_words(said.answer)}, by {said.assessor} on {in_words(said.made_on)}{reason}"


def _part(part: PartShown) -> Iterator[str]:
    yield f"{part.title}: {part.state}"
    yield f"  {part.said}"
    for n, branch in enumerate(part.branches, 1):
        if len(part.branches) > 1:
            yield f"  Branch {n} of {len(part.branches)}, of which one is enough: {branch.state}"
        yield from _branch(branch)


def _branch(branch: BranchShown) -> Iterator[str]:
    for pattern in branch.there:
        if pattern.text != _THE_AUDIT:
            yield from _pattern(pattern, yes=bool(pattern.matched))
    if not branch.ways:
        for text in branch.without:
            yield f"  - There is {text}: not looked for"
    for way in branch.ways:
        yield from _way(way, many=len(branch.ways) + branch.more > 1)
    if branch.more:
        yield f"  - and {branch.more} more"


def _way(way: WayShown, *, many: bool) -> Iterator[str]:
    told = [fact_in_words(fact) for fact in way.facts if not VOCABULARY[fact.kind].single]
    inner = "  " if many and told else ""
    if inner:
        yield f"  - With {words.joined(told)}: {way.state}"
    for pattern in way.without:
        yield from (inner + line for line in _pattern(pattern, yes=not pattern.matched))
    if way.due and way.state is not State.NOT:
        yield f"{inner}  - Due by {in_words(way.due)}: {way.timing}"


def _pattern(pattern: PatternShown, *, yes: bool) -> Iterator[str]:
    is_open = bool(pattern.open) and not pattern.matched
    yield f"  - There is {pattern.text}: {'open' if is_open else in_words(yes)}"
    for fact in pattern.matched:
        yield f"      matched: {fact_in_words(fact)}"
    for fact in pattern.open:
        yield f"      open: {gaps_in_words(fact.open) or fact_in_words(fact)}"
    if not pattern.matched:
        for fact in pattern.nearest:
            yield f"      nearest: {_near(fact)}"
    if pattern.more:
        yield f"      and {pattern.more} more"


def _near(fact: FactShown) -> str:
    name = fact_in_words(fact.model_copy(update={"fields": {}}))
    told = [failed.text for failed in fact.failed]
    told += [
        gaps_in_words([gap]) for gap in fact.open if gap.field not in {failed.field for failed in fact.failed}
    ]
    return f"{name}: {'; '.join(dict.fromkeys(told))}"
