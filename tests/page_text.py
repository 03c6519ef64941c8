"""The text of a report's page, piece by piece, and the numbers that each piece may show.

A number on the page is found in the result's JSON, where its piece says that it
comes from: a sentence or row that names a question shows that question's
numbers; one that names a deficiency, outcome, criterion, stage, factor, group,
parameter or recommendation shows theirs; any other shows totals. Besides:

- text that the JSON holds as text is copied as it is (ids, titles, sources, reasons);
- dates are those of the JSON, in words;
- an outcome is numbered by its place;
- what can only be counted is counted from the JSON's lists: cases with a
  deficiency, cases that lack the same thing, answers in all, rows of a list that is cut;
- 95 (a confidence interval) and 256 (a digest) are part of a name.
"""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple

from aboveline.answers import in_words
from aboveline.reports.document.following import MOST_ROWS
from aboveline.reports.groups import characteristic_name, group_name

__all__ = ["Piece", "Reading", "pieces"]

_QUESTION = re.compile(r"\b[A-Z]{2}-\d{2}\b(?!\.)")
_DEFICIENCY = re.compile(r"\b[A-Z]{2}-\d{2}\.\d+\b")
_NAMED = re.compile(r"^Outcome \d+:|interval of 95%|SHA-256")
_SHOWN = 6
"""Cases that are named before the rest are counted."""


class Piece(NamedTuple):
    """A piece of text, and what it stands under: heading, caption, row and column."""

    tag: str
    text: str
    headings: tuple[str, ...]
    caption: str
    row: str
    column: str


class _Pieces(HTMLParser):
    _TAGS = frozenset({"h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "th", "td"})
    _SILENT = frozenset({"style", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Piece] = []
        self._open: list[tuple[str, list[str], str]] = []
        self._headings: dict[str, str] = {}
        self._caption = self._row = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silent += 1
        if tag in self._TAGS:
            self._open.append((tag, [], dict(attrs).get("data-label") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT:
            self._silent -= 1
        if tag == "table":
            self._caption = self._row = ""
        if tag not in self._TAGS:
            return
        opened, words, column = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        text = " ".join("".join(words).split())
        if tag in {"h1", "h2", "h3", "h4"}:
            self._headings = {level: told for level, told in self._headings.items() if level < tag}
            self._headings[tag] = text
        elif tag == "caption":
            self._caption = text
        elif tag == "th":
            self._row = text
        if text:
            headings = tuple(self._headings.values())
            self.found.append(Piece(tag, text, headings, self._caption, self._row, column))

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent:
            self._open[-1][1].append(data)


def pieces(page: str) -> list[Piece]:
    """Return every piece of text of a page."""
    reader = _Pieces()
    reader.feed(page)
    reader.close()
    return reader.found


class Reading:
    """A result's JSON, as what a page may say of it."""

    def __init__(self, text: str) -> None:
        self.result: dict[str, Any] = json.loads(text)
        told = sorted(set(_texts(self.result)), key=lambda one: (-len(one), one))
        dates = [
            in_words(dt.date.fromisoformat(one)) for one in told if re.fullmatch(r"\d{4}-\d\d-\d\d", one)
        ]
        lists = [", ".join(case for case in self._cases()[:_SHOWN])]
        texts = [" ".join(one.split()) for one in told if re.search(r"\d", one)]
        clauses = [_clause(one) for one in texts if len(one) > _SHOWN]
        self._copied = {
            one: re.compile(rf"(?<!\w){re.escape(one)}(?!\w)")
            for one in (*lists, *dates, *texts, *clauses)
            if one
        }
        self._scopes = dict(self._all_scopes())

    def numbers(self, piece: Piece) -> list[str]:
        """Return the numbers that a piece says by itself, less names, dates and copied text."""
        text = _NAMED.sub(" ", piece.text)
        for copied, whole in self._copied.items():
            if copied in text:
                text = whole.sub(" ", text)
        return re.findall(r"\d+", text)

    def unknown(self, piece: Piece) -> list[str]:
        """Return the numbers of a piece that the JSON does not hold where the piece comes from."""
        allowed = self._allowed(piece)
        return [number for number in self.numbers(piece) if int(number) not in allowed]

    def _allowed(self, piece: Piece) -> set[int]:
        for key in self._keys(piece):
            if key in self._scopes:
                return self._scopes[key]
        return self._totals()

    def _keys(self, piece: Piece) -> Iterator[str]:
        """Yield what a piece may come from, the closest first."""
        for caption in (piece.caption, piece.caption.split(": ", 1)[0]):
            yield f"{caption}|{piece.row}|{piece.column}"
        if piece.caption.startswith("Questions not answered"):
            yield f"missing|{piece.row}"
        for text in (piece.text if piece.tag in {"p", "li"} else "", piece.row):
            yield from _DEFICIENCY.findall(text)
            yield from _QUESTION.findall(text)
            yield text
        for heading in reversed(piece.headings):
            yield heading.split(":")[0] if heading.startswith("R") else heading
            yield heading.split(": ", 1)[-1]

    def _cases(self) -> list[str]:
        return sorted({one["case"] for one in self.result["findings"]})

    def _totals(self) -> set[int]:
        result = self.result
        answered = sum(one["sufficient"] + one["insufficient"] for one in result["questions"])
        above = sum(one["sufficient"] for one in result["questions"])
        unread = len({(one["source"], one["line"]) for one in result["rejected"]})
        names = (
            "questions",
            "findings",
            "not_assessed",
            "due_soon",
            "judged_insufficient",
            "overrides",
            "rejected",
            "failed",
        )
        lists = {*(len(result.get(name, ())) for name in names), len(list(self._gaps())), MOST_ROWS}
        kept = {result["cases"], *_ints(result["manifest"]), *_ints(result["rejected"])}
        return {answered, above, unread, *lists, *kept}

    def _all_scopes(self) -> Iterator[tuple[str, set[int]]]:
        result = self.result
        cases: dict[str, set[str]] = defaultdict(set)
        for one in result["findings"]:
            cases[one["deficiency"]].add(one["case"])
        for name, of in cases.items():
            yield name, {len(of), len(of) - _SHOWN}
        for one in result["questions"]:
            yield one["id"], {*_ints(one), one["sufficient"] + one["insufficient"]}
            for level in one["levels"]:
                yield f"{one['id']}, by level: {one['title']}|{level['title']}|Cases", {level["cases"]}
        for one in result["criteria"]:
            yield one["id"], set(_ints(one))
        for one in (*result["outcomes"], *result["stages"]):
            yield one.get("title") or _label(one["id"]), set(_ints(one))
        for one in result["factors"]:
            yield _label(one["factor"]), set(_ints(one))
        unknown = [one["cases_unknown"] for one in result["factors"]]
        yield "Factors linked to offending", {max(unknown, default=0)}
        for name, used in result["manifest"]["parameters"].items():
            yield name, {used["value"]}
        for one in result["recommendations"]:
            yield one["id"], {len(one["cases"]), len(one["cases"]) - _SHOWN}
        yield from self._missing()
        yield from self._groups()

    def _missing(self) -> Iterator[tuple[str, set[int]]]:
        counts: dict[str, set[int]] = defaultdict(set)
        for (question, *_), cases in self._gaps().items():
            counts[question] |= {len(cases), len(cases) - _SHOWN}
        for question, found in counts.items():
            yield f"missing|{question}", found

    def _gaps(self) -> dict[tuple[str, ...], set[str]]:
        """Return the cases that lack the same thing for the same question."""
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for one in self.result["not_assessed"]:
            for gap in one["gaps"] or [{}]:
                what = (str(gap.get(name)) for name in ("kind", "field", "reason"))
                found[one["question"], *what].add(one["case"])
        return found

    def _groups(self) -> Iterator[tuple[str, set[int]]]:
        titles = {one["id"]: one["title"] for one in self.result["outcomes"]}
        for of in self.result["sample"]:
            name = _label(characteristic_name(of["by"]))
            yield (
                f"The sample, by characteristic|{name}|Cases",
                {group["cases"] or 0 for group in of["groups"]},
            )
        for of in self.result["breakdowns"]:
            by = characteristic_name(of["by"])
            yield f"By {by}", {of["threshold"], *(group["cases"] or 0 for group in of["groups"])}
            for group in of["groups"]:
                column = _label(group_name(of["by"], group["value"]))
                for one in group["outcomes"]:
                    yield f"Outcomes by {by}|{titles[one['id']]}|{column}", set(_ints(one))
                for one in group["questions"]:
                    n = (one["sufficient"] or 0) + (one["insufficient"] or 0)
                    yield f"Questions by {by}|{one['id']}|{column}", {*_ints(one), n}


def _ints(value: Any) -> Iterator[int]:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _ints(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ints(inner)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _label(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def _clause(title: str) -> str:
    return title[:1].lower() + title[1:]
