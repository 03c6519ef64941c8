"""What the inspection of February 2014 printed of each question, and whether an audit says the same.

``questions.yaml`` holds every figure; ``differences`` holds one entry of it to
an audit's JSON and returns what does not agree, in words. It knows the kinds of
figure, and refuses one that it does not know, so that none is passed over.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

__all__ = ["CONTRACT", "contract", "differences", "expected_n"]

CONTRACT = Path(__file__).parents[2] / "shared" / "domain" / "questions.yaml"

Json = dict[str, Any]


def contract() -> Json:
    """Return the published figures."""
    loaded: Json = YAML(typ="safe", pure=True).load(CONTRACT)
    return loaded


def expected_n(entry: Json) -> int | None:
    """Return how many cases the report says a question is about, where ``applies`` ends in one number."""
    found = re.search(r"^(?:[^()]*\((\d+)\)|(\d+) cases)$", entry.get("applies", ""))
    return int(found[1] or found[2]) if found else None


def differences(entry: Json, audited: Json) -> list[str]:
    """Return how an audit differs from what was published of one question."""
    (row,) = [question for question in audited["questions"] if question["id"] == entry["id"]]
    published = entry["published"]
    wrong = [
        f"{kind}: {said}"
        for kind, wanted in published.items()
        for said in _FIGURES[kind](wanted, row, audited)
    ]
    n = expected_n(entry)
    if n is not None and n != _n(row):
        wrong.append(f"it is about {n} cases, and {_n(row)} were counted")
    return wrong


def _n(row: Json) -> int:
    return int(row["sufficient"] + row["insufficient"])


def _count(name: str) -> Callable[[Any, Json, Json], Iterator[str]]:
    def held(wanted: int, row: Json, _: Json) -> Iterator[str]:
        if row[name] != wanted:
            yield f"{wanted} were printed, and {row[name]} found"

    return held


def _percent(wanted: int, row: Json, _: Json) -> Iterator[str]:
    if row["score"] != wanted:
        yield f"{wanted}% was printed, and {row['score']}% found ({row['sufficient']} of {_n(row)})"


def _share(wanted: list[float], row: Json, _: Json) -> Iterator[str]:
    low, high = wanted
    share = row["sufficient"] / _n(row) if _n(row) else -1.0
    if not low <= share <= high:
        yield f"{low} to {high} was printed, and {share:.3f} found ({row['sufficient']} of {_n(row)})"


def _words(wanted: str, row: Json, _: Json) -> Iterator[str]:
    """Prose without a figure says at least that the question was asked of somebody."""
    if not _n(row):
        yield f"the report says '{wanted}', and nobody was asked"


def _groups(wanted: Json, row: Json, audited: Json) -> Iterator[str]:
    (by_gender,) = [one for one in audited["breakdowns"] if one["by"] == "gender"]
    for name, figures in wanted.items():
        value = {"women": "female", "men": "male"}[name]
        (group,) = [one for one in by_gender["groups"] if one["value"] == value]
        (found,) = [one for one in group["questions"] if one["id"] == row["id"]]
        for figure, number in figures.items():
            counted = found["score" if figure == "percent" else figure]
            if counted != number:
                yield f"{name}: {number} {figure} was printed, and {counted} found"


def _levels(wanted: Json, row: Json, _: Json) -> Iterator[str]:
    counted = {level["level"]: level["cases"] for level in row["levels"]}
    if counted != wanted:
        yield f"{wanted} was printed, and {counted} found"


def _level_percent(name: str) -> Callable[[Any, Json, Json], Iterator[str]]:
    def held(wanted: int, row: Json, _: Json) -> Iterator[str]:
        counted = {level["level"]: level["cases"] for level in row["levels"]}
        share = (200 * counted[name] + _n(row)) // (2 * _n(row))
        if share != wanted:
            yield f"{wanted}% was printed, and {share}% found ({counted[name]} of {_n(row)})"

    return held


_DETAILS = {
    ("PP-04", "not recorded"): {"PP-04.1"},
    ("PP-12", "none"): {"PP-12.1"},
    ("PP-34", "none"): {"PP-34.1", "PP-34.2", "PP-34.3"},
    ("PP-34", "ineffective"): {"PP-34.4"},
}
"""The deficiencies that the report counts under a word of its own; any other word counts what an assessor found."""


def _detail(wanted: str, row: Json, audited: Json) -> Iterator[str]:
    """Hold each part of a count, as ``4 ineffective, 8 none``."""
    for part in wanted.split(", "):
        number, word = part.split(" ", 1)
        of_word = _DETAILS.get((row["id"], word))
        if of_word is None:
            cases = {one["case"] for one in audited["judged_insufficient"] if one["question"] == row["id"]}
        else:
            cases = {one["case"] for one in audited["findings"] if one["deficiency"] in of_word}
        if len(cases) != int(number):
            yield f"{part} was printed, and {len(cases)} found"


_FIGURES: dict[str, Callable[[Any, Json, Json], Iterator[str]]] = {
    "sufficient": _count("sufficient"),
    "insufficient": _count("insufficient"),
    "percent": _percent,
    "share": _share,
    "words": _words,
    "groups": _groups,
    "levels": _levels,
    "fully_percent": _level_percent("fully"),
    "partly_percent": _level_percent("partly"),
    "detail": _detail,
}
