"""The rulebook as pages to read: one for each question, and an index.

They say what the rules say and nothing else, so they are made and never
edited: whom a question is about, what is expected, by whom it is said, how to
put it right, which numbers it uses, and how invented cases come out. Markdown,
the same bytes from the same rules.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from aboveline.answers import in_words
from aboveline.explain import words
from aboveline.explain.holds import Reading
from aboveline.problems import InputError, Problem
from aboveline.rulebook import Deficiency, Question, Rulebook
from aboveline.rulebook.language import AllOf, AnyOf, Item, Pattern, Reference, Without
from aboveline.rulecases import RuleCase, read_rule_cases

__all__ = ["INDEX", "rule_pages"]

INDEX = "README.md"
"""The file that lists the pages."""

_MADE = "<!-- Made from the rulebook by `aboveline pages`. Change the rule, not this page. -->"
_LATEST = dt.date.max
"""Numbers are shown as in force from their last start date on; the page's table has every value."""


def rule_pages(rulebook: Rulebook) -> dict[str, str]:
    """Return every page by its file name.

    Raises:
        InputError: the cases beside the rules cannot be read.
    """
    problems: list[Problem] = []
    cases: dict[str, list[RuleCase]] = defaultdict(list)
    for case in read_rule_cases(rulebook, problems):
        cases[case.question].append(case)
    if problems:
        raise InputError(problems)
    pages = {
        f"{question.id}.md": _text(_Page(question, rulebook, cases[question.id]).blocks())
        for question in rulebook.questions
    }
    return pages | {INDEX: _text(_index(rulebook))}


def _text(blocks: Iterable[str]) -> str:
    return "\n\n".join((_MADE, *blocks)) + "\n"


def _index(rulebook: Rulebook) -> Iterator[str]:
    yield "# The questions"
    yield (
        f"{len(rulebook.active)} questions are asked of each case. "
        "A question with two outcomes among its criteria counts to both."
    )
    for outcome in rulebook.framework.outcomes.values():
        yield f"## {outcome.title}"
        yield _table(
            ("Question", "Criteria", "Answered by"),
            (
                (
                    f"[{question.id}]({question.id}.md) {question.title}"
                    + ("" if question.scored else " (not scored)"),
                    ", ".join(question.criteria),
                    _answered_by(question),
                )
                for question in rulebook.questions
                if question.outcome == outcome.id
            ),
        )


def _answered_by(question: Question) -> str:
    if not question.judged:
        return "the record"
    return "the record, then an assessor" if question.deficiencies else "an assessor"


class _Page:
    """One question's page."""

    def __init__(self, question: Question, rulebook: Rulebook, cases: list[RuleCase]) -> None:
        self.question = question
        self.rulebook = rulebook
        self.cases = cases
        self.reading = Reading(question, rulebook, _LATEST)

    def blocks(self) -> Iterator[str]:
        question, framework = self.question, self.rulebook.framework
        yield f"# {question.id} {question.title}"
        yield _bullets(
            [
                f"Outcome: {framework.outcomes[question.outcome].title}",
                *(f"Criterion {one}: {framework.criteria[one]}" for one in question.criteria),
                f"Answered by {_answered_by(question)}",
                *([] if question.scored else ["Reported, but not part of a score"]),
                *([] if question.status == "active" else [f"Status: {question.status}"]),
            ]
        )
        yield "## Whom it is about"
        yield _bullets(self._items(question.applies.items)) or "Every case."
        if question.excepts.items:
            yield "Excused, where any of these holds:"
            yield _bullets(self._items(question.excepts.items))
        yield from self._expected()
        yield from self._rest()

    def _expected(self) -> Iterator[str]:
        yield "## What is expected"
        if not self.question.deficiencies:
            yield "No record can show this. An assessor judges it."
        for deficiency in self.question.deficiencies:
            yield f"### {deficiency.id} ({deficiency.severity})"
            yield "It is a deficiency where all of these hold:"
            yield _bullets(self._items(deficiency.body.items)) or "- in every case that the question is about"
            if deficiency.due:
                yield (
                    f"The work is in time until {self._due(deficiency.due)}. "
                    "Until that day is over, it is listed as due soon and counts for nothing."
                )
            yield f"**Finding.** {_places(deficiency.finding)}"
            yield f"**How to put it right.** {_places(deficiency.put_right)}"
            if deficiency.recommendation:
                yield f"**Recommendation {deficiency.recommendation}.** {self._recommendation(deficiency)}"
        if self.question.judged and self.question.deficiencies:
            yield "Where none of these is found, an assessor judges the work."
        if self.question.needs:
            yield (
                "Where one of these is not recorded and could change the answer, the question is not assessed: "
                + words.joined(f"`{need.kind}.{need.field}`" for need in self.question.needs)
                + "."
            )

    def _recommendation(self, deficiency: Deficiency) -> str:
        return self.rulebook.framework.recommendations[deficiency.recommendation or ""].text

    def _rest(self) -> Iterator[str]:
        if self.question.levels:
            yield "## Levels"
            yield "Reported beside the answer. A case is at the first of these that holds."
            for level in self.question.levels:
                yield f"### {level.title}"
                yield _bullets(self._items(level.body.items)) or "Whatever is left."
        numbers = sorted(self.rulebook.mentions[self.question.id].parameters)
        if numbers:
            yield "## Numbers"
            yield _table(("Parameter", "Value", "From", "Source"), self._numbers(numbers))
        lists = sorted(self.rulebook.mentions[self.question.id].lists)
        if lists:
            yield "## Code lists"
            yield _bullets(
                f"`{name}`: {self.rulebook.lists[name].description} ({self.rulebook.lists[name].source})"
                for name in lists
            )
        yield "## Cases"
        yield _table(
            ("Situation", "Answer", "Found or missing"),
            (
                (
                    case.name,
                    in_words(str(case.answer)),
                    ", ".join([*sorted(case.deficiencies), *(f"`{gap}`" for gap in sorted(case.gaps))]),
                )
                for case in self.cases
            ),
        )
        if self.question.known_gaps:
            yield "## What it cannot see"
            yield _bullets(self.question.known_gaps)
        yield "## Sources"
        yield _bullets(f"{source.document}, {source.paragraph}" for source in self.question.sources)

    def _numbers(self, names: Iterable[str]) -> Iterator[tuple[str, ...]]:
        for name in names:
            parameter = self.rulebook.parameters[name]
            for value in parameter.values:
                yield f"`{name}`", parameter.said(value.value), in_words(value.start), value.source

    def _due(self, due: Reference) -> str:
        return words.source(due, {}, self.reading)

    def _items(self, items: Iterable[Item], depth: int = 0) -> Iterator[str]:
        for item in items:
            yield from self._item(item, depth)

    def _item(self, item: Item, depth: int) -> Iterator[str]:
        indent = "  " * depth
        match item:
            case Pattern():
                if not _only_gives_a_name(item):
                    yield indent + "there is " + words.pattern(item, {}, self.reading)
            case Without(patterns):
                for pattern in patterns:
                    yield indent + "there is " + words.pattern(pattern, {}, self.reading, none=True)
            case AnyOf(items):
                yield indent + "any of these:"
                yield from self._items(items, depth + 1)
            case AllOf(items):
                yield indent + "all of these:"
                yield from self._items(items, depth + 1)


def _only_gives_a_name(pattern: Pattern) -> bool:
    """Tell whether a pattern is there for its alias alone: every case has a sentence, and is audited."""
    return pattern.kind in {"audit", "sentence"} and not pattern.conditions


def _places(text: str) -> str:
    """Set the places that a finding fills in apart from its words."""
    return text.replace("{", "`{").replace("}", "}`")


def _bullets(texts: Iterable[str]) -> str:
    lines = []
    for text in texts:
        words_of = text.lstrip(" ")
        lines.append(" " * (len(text) - len(words_of)) + f"- {words_of}")
    return "\n".join(lines)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines)
