"""Every number of a report is drawn from the result: what page_text says of them holds."""

import json
import re
from typing import Any

import pytest

from aboveline.reports.document import build
from aboveline.reports.html import to_html
from aboveline.result import AuditResult
from page_text import Piece, Reading, pieces

WRONG = "7919"
"""A number that no result of these tests holds."""

SENTENCE = re.compile(r"In (\d+) of (\d+) cases? \((\d+)%\) .+? \(([A-Z]{2}-\d{2})\)\.")


def test_every_number_of_the_page_is_in_the_json(result: AuditResult, page: str) -> None:
    """Each number stands in the JSON, where its sentence or row says that it comes from."""
    reading = Reading(result.to_json())

    assert [] == [(piece, unknown) for piece in pieces(page) if (unknown := reading.unknown(piece))]


def test_a_wrong_number_is_caught_wherever_it_stands(result: AuditResult, page: str) -> None:
    """Whatever number is changed, in whatever piece of text, it is found to be wrong."""
    reading = Reading(result.to_json())
    tried = 0

    for piece in pieces(page):
        for number in set(reading.numbers(piece)):
            changed = re.sub(rf"(?<!\d){number}(?!\d)", WRONG, piece.text)
            assert WRONG in reading.unknown(piece._replace(text=changed)), piece
            tried += 1

    assert tried > 100


def test_sentences_say_the_counts_of_their_question(result: AuditResult, page: str) -> None:
    """Cases, of how many, and what percentage: in that order, for the question that is named."""
    questions = _by_id(result)
    told = [match for piece in pieces(page) for match in SENTENCE.finditer(piece.text)]

    assert {q for q, one in questions.items() if one["score"] is not None} == {one[4] for one in told}
    for one in told:
        assert _counts(questions[one[4]]) == tuple(int(number) for number in one.groups()[:3])


def test_bars_say_the_counts_of_their_question(result: AuditResult, page: str) -> None:
    """The row of each bar has the question's counts, and the bar is as long as they are."""
    questions = _by_id(result)
    rows = re.findall(
        r'\(<span class="whole">([A-Z]{2}-\d{2})</span>\)<svg class="bar"[^>]*><rect class="above" width="([\d.]+)%"[^>]*/>'
        r'<rect class="below" x="([\d.]+)%" width="([\d.]+)%"[^>]*/></svg></th>'
        r"<td[^>]*>(\d+)</td><td[^>]*>(\d+)</td><td[^>]*>(\d+)%</td>",
        page,
    )

    assert {q for q, one in questions.items() if one["score"] is not None} == {row[0] for row in rows}
    for name, above, start, below, *numbers in rows:
        one = questions[name]
        assert [one["sufficient"], one["insufficient"], one["score"]] == [int(number) for number in numbers]
        assert above == start
        assert float(above) == pytest.approx(100 * one["sufficient"] / result.cases, abs=0.01)
        assert float(below) == pytest.approx(100 * one["insufficient"] / result.cases, abs=0.01)


def test_the_numbers_of_another_question_are_caught(full: AuditResult) -> None:
    """A sentence with the counts of one question under the name of another is found to be wrong."""
    reading = Reading(full.to_json())
    scored = [one for one in full.questions if one.score is not None]
    first, second = scored[0], next(one for one in scored if one.score != scored[0].score)
    sentence = f"In {second.sufficient} of {second.sufficient + second.insufficient} cases ({second.score}%)"

    piece = Piece("li", f"{sentence} it was so ({first.id}).", (), "", "", "")

    assert reading.unknown(piece)
    assert [] == reading.unknown(piece._replace(text=f"{sentence} it was so ({second.id})."))


def test_a_result_that_changed_is_not_the_page_it_was(full: AuditResult) -> None:
    """A page held to the JSON of another result is found to be wrong in each part that changed."""
    page = pieces(to_html(build(full)))
    changed = json.loads(full.to_json())
    changed["outcomes"][0] |= {"score": 1000, "by_questions": 1000, "by_criteria": 1000, "score_range": None}
    changed["factors"][1] |= {name: 1000 for name in changed["factors"][1] if name != "factor"}
    group = changed["breakdowns"][0]["groups"][1]
    shown = next(one for one in group["questions"] if one["score"] is not None)
    shown |= {"sufficient": 1000, "insufficient": 1000, "score": 1000, "interval": None}
    changed["manifest"]["parameters"]["csc_check_days"]["value"] += 1000

    reading = Reading(json.dumps(changed))
    wrong = {(piece.caption, piece.row) for piece in page if reading.unknown(piece)}

    factor = changed["factors"][1]["factor"].replace("_", " ").capitalize()
    assert {
        ("Work done well enough, by outcome", full.outcomes[0].title),
        ("Factors linked to offending: work (interventions) and progress", factor),
        ("Questions by gender", shown["id"]),
        ("Numbers that the rules used", "csc_check_days"),
    } <= wrong


def _by_id(result: AuditResult) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(result.to_json())["questions"]}


def _counts(one: dict[str, Any]) -> tuple[int, int, int]:
    return one["sufficient"], one["sufficient"] + one["insufficient"], one["score"]
